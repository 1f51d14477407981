// The front door of the sandbox's Management API: token, scope, custom domain and schema are checked here, in Auth0's
// order and words, before the handler of an operation sees a call.

export { parseBody } from './body.ts'
export { handleManagement, type ManagementOutcome } from './front-door.ts'
export { FrontDoorRefusal } from './refusal.ts'
