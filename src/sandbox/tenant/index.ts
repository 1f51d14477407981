// The state of a local tenant: its tables, its time, its ids, its keys, its hosts and its logs.
export { createClock, type MovableClock } from './clock.ts'
export { type Host, hostOf, isVerified, verifiedDomains } from './hosts.ts'
export { type SigningKey, signingKey } from './keys.ts'
export { createLog } from './logs.ts'
export { createRandom, type StatefulRandom } from './random.ts'
export { createTables, dumpTables, fillTables, type TablesData } from './tables.ts'
