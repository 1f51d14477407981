import type { QuotaState, RateLimitState } from '../../plan/index.ts'
import type { Block, Gauge } from '../card.ts'
import { fields, notes } from '../card.ts'
import type { Look } from '../look.ts'
import { lookOf } from '../look.ts'
import { withoutSecrets } from '../secrets.ts'
import { durationText, timeText } from '../summary.ts'
import { bucketText } from './error.ts'

/** What a session tells of itself. It holds no secret. */
export interface SessionView {
  readonly domain: string
  readonly tenantDomain?: string
  readonly clientId?: string
  readonly audience?: string
  readonly customDomain?: string
  /** Where its tokens come from. */
  readonly tokens: string
  readonly writes: string
  readonly transport?: string
  /** Names of the stages, in order. */
  readonly pipeline?: readonly string[]
  /** Milliseconds. */
  readonly timeout?: number
}

/** The card of a session: which tenant, as which application, and whether it may write. */
export function showSession(session: SessionView): Look {
  return lookOf(
    () => ({
      title: `tenantlab session · ${session.domain}`,
      tone: session.writes === 'allow' ? 'plain' : 'good',
      blocks: [
        fields(
          ['tenant', session.tenantDomain],
          ['application', session.clientId],
          ['tokens', session.tokens],
          ['audience', session.audience],
          ['custom domain', session.customDomain],
          ['writes', session.writes],
          ['transport', session.transport],
          ['pipeline', session.pipeline?.join(' → ')],
          ['deadline', durationText(session.timeout)],
        ),
      ],
    }),
    () => ({ ...session }),
  )
}

/** One bucket of the local rate limit, as it stands. */
export interface BucketView extends RateLimitState {
  readonly rateKey: string
  /** Plans that wait for a slot. */
  readonly queued?: number
  readonly inFlight?: number
  /** Learned or given rate. */
  readonly perSecond?: number
}

/** What `auth0.limits()` tells. */
export interface LimitsView {
  readonly buckets: readonly BucketView[]
  readonly quotas: {
    readonly client: readonly QuotaState[]
    readonly organization: readonly QuotaState[]
    readonly rateLimit?: RateLimitState
  }
}

/** Gauges of the rate-limit buckets and of the token quotas, as far as the server told them. */
export function showLimits(limits: LimitsView): Look {
  return lookOf(
    () => {
      const { client, organization, rateLimit } = limits.quotas
      const gauges = [
        ...limits.buckets.filter(isMeasured).map(bucketGauge),
        ...client.map((quota) => quotaGauge('client', quota)),
        ...organization.map((quota) => quotaGauge('organization', quota)),
      ]
      const blind = limits.buckets.filter((bucket) => !isMeasured(bucket)).map((bucket) => bucket.rateKey)
      const blocks: Block[] = gauges.length === 0 ? [] : [{ kind: 'gauges', gauges }]
      const tokenBucket = bucketText(rateLimit)
      if (tokenBucket !== undefined) blocks.push(fields(['token endpoint', tokenBucket]))
      blocks.push(
        ...notes('plain', [
          blind.length === 0 ? undefined : `The server has told no limit for ${blind.join(', ')}.`,
          gauges.length + blind.length === 0 ? 'Nothing is known yet: limits come with the answers.' : undefined,
        ]),
      )
      return { title: 'Rate limits and token quotas', blocks }
    },
    () => withoutSecrets(limits),
  )
}

function isMeasured(bucket: BucketView): bucket is BucketView & { limit: number; remaining: number } {
  return bucket.limit !== undefined && bucket.remaining !== undefined
}

function bucketGauge(bucket: BucketView & { limit: number; remaining: number }): Gauge {
  const parts: string[] = []
  if (bucket.perSecond !== undefined) parts.push(`${Number(bucket.perSecond.toFixed(2))} per second`)
  if (bucket.queued !== undefined && bucket.queued > 0) parts.push(`${bucket.queued} waiting`)
  const reset = timeText(bucket.resetAt)
  if (reset !== undefined) parts.push(`more at ${reset}`)
  const gauge: Gauge = { name: bucket.rateKey, left: bucket.remaining, size: bucket.limit }
  return parts.length === 0 ? gauge : { ...gauge, note: parts.join(', ') }
}

function quotaGauge(owner: string, quota: QuotaState): Gauge {
  const next = timeText(quota.resetAt)
  const gauge: Gauge = { name: `tokens ${owner} ${quota.bucket}`, left: quota.remaining, size: quota.quota }
  return next === undefined ? gauge : { ...gauge, note: `new window at ${next}` }
}
