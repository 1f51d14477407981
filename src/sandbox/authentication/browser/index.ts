// Logins in a browser: the authorization endpoint, its pages, the session that a browser keeps, and logout.
export { authorize } from './authorize.ts'
export { allowsOrigin } from './callbacks.ts'
export { logout, oidcLogout } from './logout.ts'
export * from './pages/index.ts'
export { RESPONSE_MODES, RESPONSE_TYPES } from './request.ts'
