// The sandbox's rate limits: fixed-window buckets, the numbers of Auth0's plans, and the headers that tell about them.
export { createRateLimits, type LimitVerdict, type RateLimits } from './rate-limits.ts'
