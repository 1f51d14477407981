import { limiterFor, noLimiter, type RateLimiter, SharedLimiter } from '../../pipeline/index.ts'
import type { Clock } from '../../plan/index.ts'
import { toTransport } from '../../transport/index.ts'
import { type Transport, telemetry } from '../../wire/index.ts'
import type { FlowRuns } from '../internals.ts'
import { version } from '../version.ts'
import type { ConnectOptions } from './options.ts'
import type { Settings } from './settings.ts'

/** What a session and its `as()` siblings share: the way out, the tenant's limits, and the options. */
export interface SharedParts {
  readonly options: ConnectOptions
  readonly transport: Transport
  /** Stands for where the bytes go, for what is cached beside it. */
  readonly way: object
  readonly limiter: RateLimiter
  readonly runs: FlowRuns | undefined
  /** Whether flows keep a journal without being told to. */
  readonly journals: { kept: boolean }
  /** Whose buckets are used. */
  readonly tenant: string
  readonly telemetry: string | undefined
  /** Headers of requests that no plan makes. */
  readonly headers: Readonly<Record<string, string>>
}

const usualWay = {}

/** Makes what several sessions share. */
export function sharedParts(options: ConnectOptions, settings: Settings, runs?: FlowRuns): SharedParts {
  const { transport, dispatcher, maxAnswerSize } = options
  const tenant = settings.tenantDomain ?? settings.domain
  const named = options.telemetry === false ? undefined : telemetry(version)
  return {
    options,
    runs,
    journals: { kept: false },
    transport: toTransport({
      ...(transport && { transport }),
      ...(dispatcher && { dispatcher }),
      ...(maxAnswerSize !== undefined && { maxAnswerSize }),
    }),
    way: dispatcher ?? (typeof transport === 'function' || typeof transport === 'object' ? transport : usualWay),
    limiter: limiterOf(options, tenant, settings.clock),
    tenant,
    telemetry: named,
    headers: { 'user-agent': `tenantlab/${version}`, ...(named !== undefined && { 'auth0-client': named }) },
  }
}

function limiterOf({ rateLimit, stores }: ConnectOptions, tenant: string, clock: Clock): RateLimiter {
  if (rateLimit === false) return noLimiter
  if (stores?.limiter !== undefined) return new SharedLimiter(stores.limiter, tenant, clock, rateLimit)
  return limiterFor(tenant, clock, rateLimit)
}
