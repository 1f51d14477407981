import { isJsonObject, type JsonObject } from '../../../plan/index.ts'
import { collection } from '../../contract.ts'
import { html, type Markup } from '../../markup/index.ts'
import type { View } from '../parts.ts'
import { clockText } from '../words.ts'

interface Gauge {
  readonly name: string
  readonly left: number
  readonly size: number
  /** Epoch milliseconds when something is added. */
  readonly moreAt: number
}

const LENGTHS = { per_hour: 3_600_000, per_day: 86_400_000 } as const

/** Rate-limit buckets that were drawn from, and token quotas. */
export function gauges(view: View): Markup {
  const now = view.core.clock.now()
  const buckets = view.limits.view(now).map(({ limit, name, remaining, resetAt }) => ({
    name: `Rate limit, ${name}`,
    left: remaining,
    size: limit,
    moreAt: resetAt,
  }))
  const all = [...buckets, ...quotas(view, now)]
  if (all.length === 0) {
    return html`<p class="empty">No limit was touched yet. Start the sandbox with a rate limit, or give an application a token quota.</p>`
  }
  return html`<table><caption class="away">What is left</caption><thead><tr><th scope="col">Limit</th><th scope="col">Left</th>
<th scope="col">More at</th></tr></thead><tbody>${all.map(line)}</tbody></table>`
}

function line({ left, moreAt, name, size }: Gauge): Markup {
  const label = `${left} of ${size} left`
  return html`<tr><th scope="row">${name}</th><td><meter min="0" max="${size}" low="${size / 5}" optimum="${size}" value="${left}" aria-label="${name}">${label}</meter> ${label}</td>
<td><time>${clockText(moreAt)}</time></td></tr>`
}

function quotas({ core }: View, now: number): readonly Gauge[] {
  const { clients, documents, organizations } = core.tables
  const settings = documents.get('tenant')?.default_token_quota
  const defaults = isJsonObject(settings) ? settings : {}
  return [
    ...[...clients.values()].map((client) => ['client', client, client.client_id, defaults.clients] as const),
    ...[...organizations.values()].map((each) => ['organization', each, each.id, defaults.organizations] as const),
  ].flatMap(([entity, owner, id, fallback]) => {
    const own = limitsOf(owner.token_quota)
    const limits = own ?? limitsOf(fallback) ?? {}
    return (['per_hour', 'per_day'] as const).flatMap((bucket) => {
      const size = limits[bucket]
      if (typeof size !== 'number') return []
      const start = Math.floor(now / LENGTHS[bucket]) * LENGTHS[bucket]
      const counted = collection(core.tables, 'sandbox/token-quota').get(`${entity} ${String(id)} ${bucket}`)
      // A default counts for everybody; only who has used some of it is worth a line.
      if (own === undefined && counted === undefined) return []
      const used = counted?.start === start ? Number(counted.used) : 0
      const name = `Token quota ${bucket.replace('_', ' ')}, ${entity} ${String(owner.name ?? id)}`
      return [{ name, left: Math.max(size - used, 0), size, moreAt: start + LENGTHS[bucket] }]
    })
  })
}

function limitsOf(quota: unknown): JsonObject | undefined {
  const limits = isJsonObject(quota) ? quota.client_credentials : undefined
  return isJsonObject(limits) ? limits : undefined
}
