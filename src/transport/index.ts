// The room of transports: each sends one request and gives its reply as a Subscribable; unsubscribing aborts. undici is
// used here and nowhere else outside the sandbox.
export { type TransportChoice, type TransportPerApi, toTransport } from './choose.ts'
export { fetchTransport } from './fetch.ts'
export type { ReplyFunction } from './own.ts'
