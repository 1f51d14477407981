// The room of transports: each sends one request and gives its reply as a Subscribable; unsubscribing aborts. undici is
// used here and nowhere else outside the sandbox.
export { type TransportChoice, type TransportPerApi, toTransport } from './choose.ts'
export { fetchTransport } from './fetch.ts'
export { networkError } from './network-error.ts'
export type { ReplyFunction } from './own.ts'
export { ownTransport } from './own.ts'
export { undiciTransport } from './undici.ts'
