// The room of the console: a session as `auth0`, TypeScript with top-level await, completion that runs nothing, commands
// that speak of the plan shown last, and a history without secrets.
export { openConsole } from './console.ts'
export { historyFile } from './history.ts'
export { logFolder } from './session-log.ts'
