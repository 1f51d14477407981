// The sockets of the sandbox: HTTP and HTTPS servers, certificates, the dispatcher that reaches them, faults on demand,
// and the list of requests.
export { type Certificates, createCertificates } from './certificates.ts'
export { createDispatcher } from './dispatcher.ts'
export { createFaults } from './faults.ts'
export { createServe } from './serve.ts'
export { type Listening, listenPlain, listenSecure } from './server.ts'
