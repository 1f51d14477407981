import type { JsonObject } from '../../plan/index.ts'
import { isJsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import type { Core } from '../core.ts'
import { QUOTA_COUNTS } from '../tenant/index.ts'
import { AuthenticationFailure } from './call.ts'

type Entity = 'client' | 'organization'
type Bucket = 'per_hour' | 'per_day'

interface Window {
  readonly entity: Entity
  readonly id: string
  readonly bucket: Bucket
  readonly quota: number
  readonly enforce: boolean
  readonly used: number
  /** Start of the window and milliseconds until it ends. */
  readonly start: number
  readonly left: number
}

const LENGTHS: Record<Bucket, number> = { per_hour: 3_600_000, per_day: 86_400_000 }
const WARN_AT = [60, 80, 100]
const HEADERS: Record<Entity, string> = {
  client: 'Auth0-Client-Quota-Limit',
  organization: 'Auth0-Organization-Quota-Limit',
}

/**
 * Counts one client_credentials token against the quotas that apply: the application's own or the tenant's default
 * for applications, and the same for the organization where there is one. Windows are UTC hours and days.
 * @returns the quota headers of the answer
 * @throws 429 `too_many_requests` when an enforced quota is used up
 */
export function spendTokenQuota(core: Core, client: JsonObject, organization?: JsonObject): Record<string, string> {
  const windows = [
    ...windowsOf(core, 'client', String(client.client_id), client.token_quota),
    ...(organization ? windowsOf(core, 'organization', String(organization.id), organization.token_quota) : []),
  ]
  const exhausted = windows.filter((window) => window.enforce && window.used >= window.quota)
  const latest = exhausted.toSorted((a, b) => b.left - a.left)[0]
  if (latest) throw quotaExceeded(latest, windows, core.clock.now())
  const spent = windows.map((window) => count(core, window))
  return headersOf(spent)
}

function windowsOf(core: Core, entity: Entity, id: string, own: unknown): readonly Window[] {
  const settings = isJsonObject(own) ? own : tenantDefault(core, entity)
  const quota = isJsonObject(settings) ? settings.client_credentials : undefined
  if (!isJsonObject(quota)) return []
  const now = core.clock.now()
  return (['per_hour', 'per_day'] as const).flatMap((bucket) => {
    const size = quota[bucket]
    if (typeof size !== 'number') return []
    const start = Math.floor(now / LENGTHS[bucket]) * LENGTHS[bucket]
    // Auth0 counts late: a burst may pass a quota that is used up.
    const counts = collection(core.tables, QUOTA_COUNTS)
    const seen = core.lag.counts === 0 ? counts : counts.asOf(now - core.lag.counts)
    const counted = seen.get(`${entity} ${id} ${bucket}`)
    const used = counted?.start === start ? Number(counted.used) : 0
    const left = start + LENGTHS[bucket] - now
    return [{ entity, id, bucket, quota: size, enforce: quota.enforce !== false, used, start, left }]
  })
}

function tenantDefault(core: Core, entity: Entity): unknown {
  const defaults = core.tables.documents.get('tenant')?.default_token_quota
  return isJsonObject(defaults) ? defaults[`${entity}s`] : undefined
}

function count(core: Core, window: Window): Window {
  const { entity, id, bucket, quota, start } = window
  const counts = collection(core.tables, QUOTA_COUNTS)
  const before = counts.get(`${entity} ${id} ${bucket}`)
  const used = (before?.start === start ? Number(before.used) : 0) + 1
  counts.set(`${entity} ${id} ${bucket}`, { start, used })
  for (const percent of WARN_AT) {
    const reached = (share: number) => share * 100 >= percent * quota
    if (!reached(used) || reached(window.used)) continue
    core.log({
      type: 'token_quota_consumption_warning',
      description: `${percent}% of ${entity} ${bucket} quota consumed`,
      ...(entity === 'client' ? { client_id: id } : { organization_id: id }),
      details: {
        bucket,
        entity_type: entity,
        entity_id: id,
        quota,
        quota_consumption_percentage: percent,
        quota_consumption: used,
      },
    })
  }
  return { ...window, used }
}

function headersOf(windows: readonly Window[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const { entity, bucket, quota, used, left } of windows) {
    const part = `b=${bucket};q=${quota};r=${Math.max(quota - used, 0)};t=${Math.ceil(left / 1000)}`
    const before = headers[HEADERS[entity]]
    headers[HEADERS[entity]] = before === undefined ? part : `${before},${part}`
  }
  return headers
}

function quotaExceeded(window: Window, all: readonly Window[], now: number): AuthenticationFailure {
  const name = window.entity === 'client' ? 'Client' : 'Organization'
  const seconds = Math.ceil(window.left / 1000)
  return new AuthenticationFailure(429, 'too_many_requests', `${name} quota exceeded`, {
    headers: {
      ...headersOf(all),
      'X-RateLimit-Limit': String(window.quota),
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': String(Math.ceil((now + window.left) / 1000)),
      'Retry-After': String(seconds),
    },
  })
}
