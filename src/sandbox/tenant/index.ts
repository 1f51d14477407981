// The state of a local tenant: its tables, its time, its ids, its keys, its hosts and its logs.
export { createClock } from './clock.ts'
export { type Host, hostOf, managementAudience, verifiedDomains } from './hosts.ts'
export { createSigningKeys, type SigningKey } from './keys.ts'
export { keepHistories, type LagName, QUOTA_COUNTS, readLag } from './lag.ts'
export { createLog } from './logs.ts'
export { createRandom } from './random.ts'
export type * from './records.ts'
export { Table } from './table.ts'
export {
  collection,
  createTables,
  dumpTables,
  fillTables,
  NAMED_TABLES,
  removeNested,
  type TablesData,
} from './tables.ts'
