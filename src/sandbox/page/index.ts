// The sandbox's own web page on loopback: inbox, requests, state, clock, faults and gauges of the running tenant.
export { createPage } from './page.ts'
