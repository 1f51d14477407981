// The state of a local tenant: its tables, its time, its ids, its keys, its hosts and its logs.
export { createClock } from './clock.ts'
export { hostOf, verifiedDomains } from './hosts.ts'
export { signingKey } from './keys.ts'
export { createLog } from './logs.ts'
export { createRandom } from './random.ts'
export { createTables, dumpTables, fillTables, NAMED_TABLES, type TablesData } from './tables.ts'
