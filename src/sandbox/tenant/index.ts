// The state of a local tenant: its tables, its time, its ids, its keys, its hosts and its logs.
export { createClock, type MovableClock, type SandboxClock } from './clock.ts'
export type * from './collections.ts'
export { type Host, hostOf, managementAudience, verifiedDomains } from './hosts.ts'
export { createSigningKeys, type SigningKey, type SigningKeys } from './keys.ts'
export { keepHistories, type Lag, type LagName, QUOTA_COUNTS, readLag } from './lag.ts'
export { sessionLifetime } from './lifetimes.ts'
export { createLog, logRecord, MOST_EVENTS } from './logs.ts'
export { createRandom, type SandboxRandom, type StatefulRandom } from './random.ts'
export type * from './records.ts'
export { Table } from './table.ts'
export {
  collection,
  createTables,
  dumpTables,
  fillTables,
  isTablesData,
  NAMED_TABLES,
  removeNested,
  type Tables,
} from './tables.ts'
