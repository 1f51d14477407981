// The room of the embedded tenant: a local Auth0 with real sockets, for notebooks, tests and other SDKs.
export type { OutboxMessage, SandboxClock } from './contract.ts'
export { sandbox } from './sandbox.ts'
export type * from './types.ts'
