// The front door of the sandbox's Management API: token, scope, custom domain and schema are checked here, in Auth0's
// order and words, before the handler of an operation sees a call.
export { handleManagement } from './front-door.ts'
export { breachOfUser } from './validation.ts'
