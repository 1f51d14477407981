// The buckets: one per tenant and rate key, shared by all plans of a process, corrected by what the server says.
export type {
  BucketState,
  Ceiling,
  LeastWait,
  LimitedTenant,
  OpenLimiter,
  RateLimiter,
  SlotAnswer,
  SlotRequest,
  SlotTicket,
} from './contract.ts'
export { limiterFor, noLimiter } from './registry.ts'
export { SharedLimiter } from './shared.ts'
