// The room of the console: a session as `auth0`, top-level await, completion that runs nothing, a history without secrets.
export type { CompletionSource } from './completion.ts'
export { complete } from './completion.ts'
export type { ConsoleOptions } from './console.ts'
export { openConsole } from './console.ts'
export { historyFile, isPrivateLine, openHistory } from './history.ts'
export { runPiped } from './piped.ts'
