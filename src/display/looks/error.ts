import { meantClause } from '../../catalogue/index.ts'
import type { RateLimitState, TenantlabError } from '../../plan/index.ts'
import { isTenantlabError } from '../../plan/index.ts'
import type { Card } from '../card.ts'
import { fields } from '../card.ts'
import type { Look } from '../look.ts'
import { lookOf } from '../look.ts'
import { withoutSecrets } from '../secrets.ts'
import { durationText, timeText } from '../summary.ts'

/** The card of an error: what kind, what the server said, how often it was tried, and what to do next. */
export function showError(error: unknown): Look {
  return lookOf(
    () => errorCard(error),
    () => (isTenantlabError(error) ? error.toJSON() : { name: foreign(error).name, message: foreign(error).message }),
  )
}

// Members that only some of the classes have, read by name, so that errors of another copy of this package are shown.
interface AnyError extends TenantlabError {
  readonly status?: number
  readonly code?: string
  readonly serverMessage?: string
  readonly requestId?: string
  readonly retryAt?: number
  readonly rateLimit?: RateLimitState
  readonly expected?: readonly string[] | string
  readonly granted?: readonly string[]
  readonly issues?: readonly { readonly path: string; readonly rule: string; readonly suggestion?: string }[]
  readonly names?: readonly string[]
  readonly check?: string
  readonly timeout?: number
}

function errorCard(given: unknown): Card {
  if (!isTenantlabError(given)) {
    const { name, message } = foreign(given)
    return { title: name, tone: 'bad', blocks: [fields(['message', message, { code: true }])] }
  }
  const error = given as AnyError
  const status = error.status === undefined ? '' : ` · ${error.status}`
  const code = error.code === undefined ? '' : ` ${error.code}`
  return {
    title: `${error.name}${status}${code}`,
    tone: 'bad',
    blocks: [
      { kind: 'notes', tone: 'plain', notes: [error.message] },
      fields(
        ['kind', error.kind],
        ['operation', error.plan?.op],
        ['server said', differs(error.serverMessage, error.message)],
        ['scopes', Array.isArray(error.expected) ? error.expected.join(' or ') : undefined],
        ['granted', error.granted?.join(' ')],
        ['rules', error.issues?.map(issueLine).join('\n') || undefined, { code: true }],
        ['secrets', error.names?.join(', ')],
        ['check', error.check],
        ['deadline', durationText(error.timeout)],
        ['applied', error.applied === 'maybe' ? 'maybe: the server may have carried the request out' : undefined],
        ['attempts', error.attempts === undefined ? undefined : String(error.attempts)],
        ['retry at', timeText(error.retryAt)],
        ['rate limit', bucketText(error.rateLimit)],
        ['request id', error.requestId],
      ),
    ],
  }
}

function issueLine(issue: { readonly path: string; readonly rule: string; readonly suggestion?: string }): string {
  const hint = meantClause(issue.suggestion)
  return `${issue.path === '' ? '(all)' : issue.path}: ${issue.rule}${hint}`
}

function differs(said: string | undefined, message: string): string | undefined {
  return said === undefined || said === '' || message.includes(said) ? undefined : said
}

/** A server bucket in words. */
export function bucketText(state: RateLimitState | undefined): string | undefined {
  if (state === undefined) return undefined
  const parts: string[] = []
  if (state.remaining !== undefined)
    parts.push(`${state.remaining}${state.limit === undefined ? '' : ` of ${state.limit}`} left`)
  const reset = timeText(state.resetAt)
  if (reset !== undefined) parts.push(`more at ${reset}`)
  if (state.retryAfter !== undefined) parts.push(`retry after ${durationText(state.retryAfter)}`)
  return parts.length === 0 ? undefined : parts.join(', ')
}

function foreign(error: unknown): { readonly name: string; readonly message: string } {
  if (error instanceof Error) return { name: error.name, message: error.message }
  const shown = withoutSecrets(error)
  return { name: 'Thrown value', message: typeof shown === 'string' ? shown : (JSON.stringify(shown) ?? String(shown)) }
}
