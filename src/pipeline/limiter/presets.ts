import { limitWindows, type PublishedLimit, publishedLimits } from '../../catalogue/index.ts'
import type { RateLimitOptions, RateLimitPreset } from '../options.ts'
import type { Ceiling } from './contract.ts'

/** The ceilings that bind a rate key under a preset, or under numbers of the caller's own. */
export function ceilingsOf(options: RateLimitPreset | RateLimitOptions, rateKey: string): readonly Ceiling[] {
  const api = rateKey.startsWith('authentication') ? 'authentication' : 'management'
  if (typeof options !== 'string') return [{ bucket: api, burst: options.burst, perSecond: options.perSecond }]
  const limits = publishedLimits[options]
  const own = limits.endpoints[rateKey]
  if (own === undefined) return [ceiling(api, limits[api])]
  if (api === 'management' && limits.management.covers === 'rest') return [ceiling(rateKey, own)]
  return [ceiling(api, limits[api]), ceiling(rateKey, own)]
}

/** Share of the server's bucket that is left to others. */
export function headroomOf(options: RateLimitPreset | RateLimitOptions | undefined): number {
  return typeof options === 'object' ? (options.headroom ?? 0) : 0
}

function ceiling(bucket: string, { burst, count, per }: PublishedLimit): Ceiling {
  return { bucket, burst, perSecond: (count * 1000) / limitWindows[per] }
}
