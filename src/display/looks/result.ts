import { hintsOfQuery, type OperationRow } from '../../catalogue/index.ts'
import type { PlanData } from '../../plan/index.ts'
import type { Card } from '../card.ts'
import { fields, notes } from '../card.ts'
import { chartOf } from '../charts/index.ts'
import type { Look } from '../look.ts'
import { lookOf } from '../look.ts'
import { secretPlaces, withoutSecrets } from '../secrets.ts'
import { inLine } from '../summary.ts'
import { counted, isRecord, listCard, recordCard } from './values.ts'

/** What is known of a result beside its value. */
export interface ResultContext {
  readonly row?: OperationRow
  readonly plan?: PlanData
}

/**
 * The look of a value that the server sent: a table for a list, fields for a record, and never a secret in it.
 */
export function showResult(value: unknown, context: ResultContext = {}): Look {
  const places = secretPlaces(context.row)
  const safe = (): unknown => withoutSecrets(value, places)
  return lookOf(
    () => resultCard(value, safe(), context),
    () => (value === undefined ? null : safe()),
    { rows: true },
  )
}

function resultCard(value: unknown, safe: unknown, { row, plan }: ResultContext): Card {
  const title = row?.id ?? plan?.op ?? 'Result'
  if (safe === undefined) return { title: nothingTitle(title, plan), tone: 'good', blocks: [] }
  if (Array.isArray(safe)) {
    const card = listCard(`${safe.length} ${counted(safe.length, row)}`, safe, whyEmpty(safe, plan))
    return row?.id === 'stats.getDaily' ? withChart(card, safe) : card
  }
  if (!isRecord(safe)) return { title, blocks: [fields(['value', inLine(safe), { code: true }])] }
  if (isPage(safe)) {
    const total = typeof safe.total === 'number' ? ` of ${safe.total}` : ''
    const more = typeof value === 'object' && value !== null && 'next' in value && value.next !== undefined
    const last = typeof safe.total === 'number' ? safe.total : safe.items.length
    return listCard(
      `${safe.items.length}${total} ${counted(last, row)}`,
      safe.items,
      more ? (safe.total === safe.items.length ? MAYBE : MORE) : whyEmpty(safe.items, plan),
    )
  }
  if (Object.keys(safe).length === 0) return { title: `${title} · done, the answer is empty`, tone: 'good', blocks: [] }
  if (isJobErrors(safe)) return jobErrorsCard(safe)
  if (typeof safe.access_token === 'string') return tokensCard(safe)
  return recordCard(heading(title, safe), safe)
}

/** What in a search that found nobody is likely not what was meant. */
function whyEmpty(items: readonly unknown[], plan: PlanData | undefined): string | undefined {
  if (items.length > 0 || plan === undefined) return undefined
  const hints = hintsOfQuery(plan.op, plan.query)
  return hints.length === 0 ? undefined : hints.join(' ')
}

/** Why there is nothing: the operation answers without content, the list is empty, or the part that was asked for is not set. */
function nothingTitle(title: string, plan: PlanData | undefined): string {
  if (plan?.pick !== undefined) return `${title} · ${plan.pick} is not set`
  return plan?.repeat === undefined ? `${title} · done, no content` : `${title} · the list is empty`
}

/** Numbers of days are read as a picture first. */
function withChart(card: Card, days: readonly unknown[]): Card {
  const chart = chartOf(days)
  return chart === undefined ? card : { ...card, blocks: [{ kind: 'chart', chart }, ...card.blocks] }
}

const MORE = 'There is more: run page.next, or .all() of the list plan.'
/** A total that is the length of the page may be told of the page alone. */
const MAYBE = 'There may be more: run page.next, or .all() of the list plan.'

function heading(title: string, record: Readonly<Record<string, unknown>>): string {
  const id = ['user_id', 'client_id', 'custom_domain_id', 'id', 'name'].map((key) => record[key])
  const first = id.find((candidate) => typeof candidate === 'string')
  return first === undefined ? title : `${title} · ${String(first)}`
}

function isPage(value: Readonly<Record<string, unknown>>): value is { items: readonly unknown[]; total?: unknown } {
  return (
    Array.isArray(value.items) &&
    Object.keys(value).every((key) => key === 'items' || key === 'total' || key === 'next')
  )
}

function tokensCard(tokens: Readonly<Record<string, unknown>>): Card {
  const seconds = tokens.expires_in
  return {
    title: 'Tokens',
    tone: 'good',
    blocks: [
      fields(
        ...Object.entries(tokens).map(([name, value]) => {
          if (name === 'expires_in' && typeof seconds === 'number') return [name, `${seconds} s`] as const
          return [name, name === 'scope' && typeof value === 'string' ? scopesText(value) : inLine(value)] as const
        }),
      ),
      ...notes('plain', ['The values are real in your code and hidden here; reveal(value) shows one.']),
    ],
  }
}

const MOST_SCOPES = 6

function scopesText(scope: string): string {
  const scopes = scope.split(' ')
  if (scopes.length <= MOST_SCOPES) return scope
  return `${scopes.slice(0, MOST_SCOPES).join(' ')} … (${scopes.length} scopes)`
}

interface ImportErrors {
  readonly kind: 'import'
  readonly errors: readonly unknown[]
}

function isJobErrors(value: Readonly<Record<string, unknown>>): boolean {
  if (value.kind === 'none') return Object.keys(value).length === 1
  if (value.kind === 'import') return Array.isArray(value.errors)
  return value.kind === 'generic' && typeof value.status === 'string'
}

function jobErrorsCard(value: Readonly<Record<string, unknown>>): Card {
  if (value.kind === 'none') return { title: 'Job errors · none', tone: 'good', blocks: [] }
  if (value.kind === 'generic') return { ...recordCard(`Job errors · the job is ${value.status}`, value), tone: 'bad' }
  const { errors } = value as unknown as ImportErrors
  const rows = errors.flatMap((entry) => {
    const record = isRecord(entry) ? entry : {}
    const user = isRecord(record.user) ? inLine(record.user.email ?? record.user.user_id ?? record.user) : ''
    const list = Array.isArray(record.errors) ? record.errors : []
    return list.map((item: unknown) => {
      const error = isRecord(item) ? item : {}
      return [user, inLine(error.code), inLine(error.path), inLine(error.message)]
    })
  })
  return {
    title: `Job errors · ${errors.length} ${errors.length === 1 ? 'user' : 'users'} not imported`,
    tone: 'bad',
    blocks: [{ kind: 'table', columns: ['user', 'code', 'path', 'message'], rows }],
  }
}
