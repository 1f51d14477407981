import type { Card, Field, Tone } from '../card.ts'
import { fields, notes } from '../card.ts'
import type { Look } from '../look.ts'
import { lookOf } from '../look.ts'
import { withoutSecrets } from '../secrets.ts'
import { durationText, inLine } from '../summary.ts'

/** What is known of a token; it does not hold the token itself. */
export interface TokenView {
  readonly kind: 'jwt' | 'opaque'
  readonly use: 'access token' | 'ID token' | 'unknown'
  readonly algorithm?: string
  readonly issuer?: string
  readonly subject?: string
  readonly audience?: readonly string[]
  readonly client?: string
  /** ISO 8601. */
  readonly issuedAt?: string
  readonly expiresAt?: string
  /** Milliseconds that it is still valid for. */
  readonly validFor?: number
  /** Milliseconds since it expired. */
  readonly expiredSince?: number
  readonly scopes?: readonly string[]
  readonly claims: object
  readonly operations: readonly string[]
  readonly notes: readonly string[]
}

/** Claims that have a line of their own. */
const TOLD = new Set(['iss', 'sub', 'aud', 'azp', 'client_id', 'iat', 'exp', 'scope'])
const MOST_VERBS = 8

/** The card of a token: what it says, how long it lasts, and which operations it may call. */
export function showToken(token: TokenView): Look {
  return lookOf(
    () => tokenCard(token),
    () => withoutSecrets(token),
  )
}

function tokenCard(token: TokenView): Card {
  if (token.kind === 'opaque') return { title: 'Opaque token', tone: 'plain', blocks: notes('plain', token.notes) }
  const { scopes } = token
  const blocks = [
    fields(
      ['issuer', token.issuer],
      ['subject', token.subject],
      ['audience', token.audience?.join(', ')],
      ['application', token.client],
      ['algorithm', token.algorithm],
      ['issued at', token.issuedAt],
      ['expires at', token.expiresAt],
      ['valid for', durationText(token.validFor)],
      ['expired since', durationText(token.expiredSince)],
      ['scopes', scopes && (scopes.length === 0 ? 'none' : scopes.join(' ')), folded(scopes)],
      ...Object.entries(withoutSecrets(token.claims))
        .filter(([name]) => !TOLD.has(name))
        .map(([name, value]) => [name, inLine(value)] as const),
    ),
    fields(...callable(token.operations)),
    ...notes(token.expiredSince === undefined ? 'plain' : 'warn', token.notes),
  ].filter((block) => block.kind !== 'fields' || block.fields.length > 0)
  return { title: titleOf(token), tone: toneOf(token), blocks }
}

function titleOf({ expiredSince, use }: TokenView): string {
  const name = use === 'unknown' ? 'Token' : use === 'ID token' ? use : 'Access token'
  return expiredSince === undefined ? name : `${name} · expired`
}

function toneOf({ expiredSince }: TokenView): Tone {
  return expiredSince === undefined ? 'good' : 'warn'
}

const MANY_SCOPES = 12

function folded(scopes: readonly string[] | undefined): Partial<Field> {
  if (scopes === undefined || scopes.length <= MANY_SCOPES) return {}
  return { code: true, fold: `${scopes.length} scopes: ${scopes.slice(0, MANY_SCOPES).join(' ')} …` }
}

/** One line for each group of operations. */
function callable(operations: readonly string[]): readonly (readonly [string, string, Partial<Field>?])[] {
  if (operations.length === 0) return []
  const groups = new Map<string, string[]>()
  for (const id of operations) {
    const at = id.lastIndexOf('.')
    const group = id.slice(0, at)
    groups.set(group, [...(groups.get(group) ?? []), id.slice(at + 1)])
  }
  const all = [...groups].map(([group, verbs]) => `${group}: ${verbs.join(' ')}`).join('\n')
  const first = [...groups].slice(0, MOST_VERBS).map(([group, verbs]) => `${group} (${verbs.length})`)
  const rest = groups.size > MOST_VERBS ? ` and ${groups.size - MOST_VERBS} groups more` : ''
  return [['may call', all, { code: true, fold: `${operations.length} operations: ${first.join(', ')}${rest}` }]]
}
