// The Management API of the tenant: a door that lets calls in, a handler per operation that has rules of its own, and
// one for all others.
export { newClient, newResourceServer } from './applications/index.ts'
export { connectionOptions } from './connections/index.ts'
export { breachOfUser, handleManagement } from './door/index.ts'
export { genericHandler, seedManagement } from './generic/index.ts'
export { managementHandlers } from './handlers.ts'
export { exportFile } from './jobs/index.ts'
export { evaluateNetworkAcls } from './network/index.ts'
export { publicRecord } from './records.ts'
export { createTicket, redeemTicket } from './tickets.ts'
export { addUser, checkPassword, withPassword } from './users/index.ts'
