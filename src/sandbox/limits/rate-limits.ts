import type { SandboxPlan, SandboxRateLimit } from '../types.ts'
import { type BucketState, createBucket } from './bucket.ts'
import { ownLimits, planLimits } from './plans.ts'

/** Whether a request may pass, and the headers of its answer. */
export interface LimitVerdict {
  readonly allowed: boolean
  /** Headers of every answer that a limit covered; empty where none did. */
  readonly headers: Readonly<Record<string, string>>
  /** True when the API's global bucket refused. */
  readonly global: boolean
  readonly limit?: number
  /** True when this request took the bucket to four fifths used. */
  readonly nearlyUsedUp: boolean
}

/** The limits of one sandbox. */
export interface RateLimits {
  /**
   * Counts one request.
   * @param key the catalogue's rate key
   * @param who what the endpoint's limit counts by besides the tenant: an address or a user
   */
  take(api: 'management' | 'authentication', key: string, now: number, who?: string): LimitVerdict
  /** The buckets that were drawn from, as they stand now. */
  view(now: number): readonly (BucketState & { readonly name: string })[]
  reset(): void
}

const WARNING_SHARE = 0.8

/** Buckets of a plan, or of the numbers given; the global bucket is asked first, then the endpoint's. */
export function createRateLimits(setting: SandboxPlan | SandboxRateLimit | undefined): RateLimits {
  const limits =
    setting === undefined ? { endpoints: {} } : typeof setting === 'string' ? planLimits(setting) : ownLimits(setting)
  const buckets = new Map<string, ReturnType<typeof createBucket>>()
  return {
    take(api, key, now, who = '') {
      const states: { state: BucketState; global: boolean }[] = []
      const global = limits[api]
      const own = limits.endpoints[key] ? key : api
      const endpoint = limits.endpoints[own]
      for (const [name, size] of [
        [`global ${api}`, global],
        [`endpoint ${own} ${who}`, endpoint],
      ] as const) {
        if (!size) continue
        const bucket = buckets.get(name) ?? createBucket(size)
        buckets.set(name, bucket)
        const state = bucket(now)
        states.push({ state, global: size === global })
        if (!state.allowed) break
      }
      return verdict(states)
    },
    view: (now) => [...buckets].map(([name, bucket]) => ({ ...bucket(now, 0), name: name.trim() })),
    reset: () => buckets.clear(),
  }
}

function verdict(states: readonly { state: BucketState; global: boolean }[]): LimitVerdict {
  const refused = states.find(({ state }) => !state.allowed)
  const tightest = refused ?? states.toSorted((a, b) => a.state.remaining - b.state.remaining)[0]
  if (!tightest) return { allowed: true, headers: {}, global: false, nearlyUsedUp: false }
  const { limit, remaining, resetAt } = tightest.state
  return {
    allowed: refused === undefined,
    global: tightest.global,
    limit,
    nearlyUsedUp: remaining === limit - Math.ceil(limit * WARNING_SHARE),
    headers: {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': String(Math.ceil(resetAt / 1000)),
    },
  }
}
