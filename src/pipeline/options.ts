/**
 * How often and when to send again.
 *
 * @example
 * connect({ ...tenant.options, retry: { maxRetries: 3, maxDelay: 2000 } })
 */
export interface RetryOptions {
  /** Most retries after the first attempt; 9 when left out, and never beyond the deadline. */
  readonly maxRetries?: number
  /** Longest first back-off in milliseconds; 500. It doubles with each retry, and a random part of it is waited. */
  readonly initialDelay?: number
  /** Longest back-off in milliseconds; 8 000. */
  readonly maxDelay?: number
}

/**
 * A ceiling for requests to the tenant.
 *
 * @example
 * connect({ ...tenant.options, rateLimit: { burst: 10, perSecond: 2, headroom: 0.2 } })
 */
export interface RateLimitOptions {
  /** Most requests at once. */
  readonly burst: number
  readonly perSecond: number
  /** Share of the server's bucket that is left to others, from 0 to below 1; 0 when left out. */
  readonly headroom?: number
}

/** Names of the published limits per Auth0 plan. */
export type RateLimitPreset = 'free' | 'essentials' | 'professional' | 'enterprise' | 'enterprise-dev'
