// What the tenant tells others about what happens in it: events, the streams that follow them, and log streams.

export { createDeliveries } from './deliveries.ts'
export { createEvents } from './events.ts'
