// Network ACLs: the Management API's operations on them, and their evaluation on every request of a tenant.
export { evaluateNetworkAcls } from './evaluate.ts'
export { networkAclHandlers } from './network-acls.ts'
