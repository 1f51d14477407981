// The sandbox's Authentication API: tokens, MFA, user info, logout and what surrounds them, as Auth0 answers them.

export { allowsOrigin } from './browser/index.ts'
export { type AuthenticationCall, AuthenticationFailure, type AuthenticationReply } from './call.ts'
export { findEndpoint } from './routes.ts'
export { findUser } from './users.ts'
