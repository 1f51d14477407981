// The room of the console: a session as `auth0`, TypeScript with top-level await, completion that runs nothing, commands
// that speak of the plan shown last, and a history without secrets.
export type { ConsoleTenants } from './command-desk.ts'
export { openConsole } from './console.ts'
export { writeFresh } from './file-output.ts'
export { historyFile } from './history.ts'
export { jsonOf } from './present.ts'
export { logFolder } from './session-log.ts'
export { startupFile } from './startup.ts'
export { logLine, tailLogs } from './tail.ts'
