import { row } from '../catalogue/index.ts'
import type { PlanData } from '../plan/index.ts'
import type { TokenStatus } from '../session/index.ts'

/** Scopes of a token, and whether they allow a plan. */
export function scopesText(status: TokenStatus, plan: PlanData | undefined): string {
  const { scopes } = status
  const lines =
    scopes === undefined
      ? ['The token does not show its scopes.']
      : [`${scopes.length} ${scopes.length === 1 ? 'scope' : 'scopes'} for ${status.audience}`, ...grouped(scopes)]
  const needed = plan === undefined ? undefined : row(plan.op)
  if (needed !== undefined && needed.scopes.length > 0)
    lines.push('', verdict(needed.id, needed.scopes, needed.allScopes, scopes))
  return lines.join('\n')
}

/** `clients: create delete read update` */
function grouped(scopes: readonly string[]): readonly string[] {
  const byResource = new Map<string, string[]>()
  for (const scope of scopes) {
    const [verb = '', resource = ''] = scope.split(':')
    byResource.set(resource, [...(byResource.get(resource) ?? []), verb])
  }
  return [...byResource]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, verbs]) => `  ${name === '' ? '' : `${name}: `}${verbs.sort().join(' ')}`)
}

function verdict(id: string, needed: readonly string[], all: boolean, has: readonly string[] | undefined): string {
  const list = needed.join(all ? ' and ' : ' or ')
  if (has === undefined) return `${id} needs ${list}; the server will tell whether the token has it.`
  const allowed = all ? needed.every((scope) => has.includes(scope)) : needed.some((scope) => has.includes(scope))
  return allowed
    ? `${id} is allowed: it needs ${list}.`
    : `${id} is not allowed: it needs ${list}. Grant it to the application, and connect again.`
}

/** `12 scopes, expires in 23 h` */
export function tokenText(status: TokenStatus, now: number): string {
  const scopes = status.scopes === undefined ? 'scopes not shown' : `${status.scopes.length} scopes`
  return status.expiresAt === undefined ? scopes : `${scopes}, expires ${timeText(status.expiresAt, now)}`
}

const MINUTE = 60_000

function timeText(at: number, now: number): string {
  const minutes = Math.round((at - now) / MINUTE)
  const clock = new Date(at).toISOString().slice(0, 16).replace('T', ' ')
  const left = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
  return `${clock} UTC (in ${left})`
}
