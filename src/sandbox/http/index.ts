// The sockets of the sandbox: HTTP and HTTPS servers, certificates, the dispatcher that reaches them, faults on demand,
// and the list of requests.
export { addressesOf, isLoopback } from './addresses.ts'
export { createCertificates, givenCertificates } from './certificates.ts'
export { TenantDispatcher } from './dispatcher.ts'
export { createFaults } from './faults.ts'
export { createServe } from './serve.ts'
export { listenPlain, listenSecure, type Serve } from './server.ts'
