import { meantClause, nearest } from '../../catalogue/index.ts'
import type { UnknownPart, ValidationIssue } from '../../plan/index.ts'
import { NEW_SHAPE } from './choice.ts'

/** What of a zod issue is read here. */
export interface RawIssue {
  readonly code?: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly expected?: unknown
  readonly origin?: string
  readonly minimum?: unknown
  readonly maximum?: unknown
  readonly values?: readonly unknown[]
  readonly pattern?: string
  readonly errors?: readonly (readonly RawIssue[])[]
}

const SHOWN = 12

/** Paths whose values are not known here, so that no rule about them is checked. */
export type OpenPaths = ReadonlySet<string>

/** Says in words which rules a value broke, without the value: it may be a secret. */
export function describeIssues(
  issues: readonly RawIssue[],
  value: unknown,
  open: OpenPaths = new Set(),
): readonly ValidationIssue[] {
  return issues.flatMap((issue) => describe(issue, [], value, open))
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.')
}

function describe(
  issue: RawIssue,
  above: readonly PropertyKey[],
  value: unknown,
  open: OpenPaths,
): readonly ValidationIssue[] {
  const at = [...above, ...issue.path]
  const path = pathOf(at)
  if (open.has(path)) return []
  switch (issue.code) {
    case 'invalid_union':
      return describeUnion(issue, at, value, open)
    case 'invalid_type': {
      if (valueAt(value, at) === undefined) return [{ path, rule: 'is required' }]
      return [{ path, rule: `must be ${article(String(issue.expected))}` }]
    }
    case 'invalid_value': {
      const values = (issue.values ?? []).map(String)
      const given = valueAt(value, at)
      if (given === undefined) return [{ path, rule: 'is required' }]
      const suggestion = typeof given === 'string' ? nearest(given, values) : undefined
      const list = values.slice(0, SHOWN).join(', ') + (values.length > SHOWN ? ' …' : '')
      const rule = values.length === 1 ? `must be ${list}` : `must be one of ${list}`
      return [{ path, rule, ...(suggestion !== undefined && { suggestion }) }]
    }
    case 'too_small':
      return [{ path, rule: size(issue.origin, issue.minimum, 'least') }]
    case 'too_big':
      return [{ path, rule: size(issue.origin, issue.maximum, 'most') }]
    case 'invalid_format':
      return [{ path, rule: patternRule(issue.pattern) }]
    case 'custom':
      return [{ path, rule: issue.message }]
    default:
      return [{ path, rule: 'has the wrong form' }]
  }
}

/** Of several schemas that may hold, the one that the value comes nearest to is the one that was meant. */
function describeUnion(
  issue: RawIssue,
  at: readonly PropertyKey[],
  value: unknown,
  open: OpenPaths,
): readonly ValidationIssue[] {
  const path = pathOf(at)
  const meant = (issue.errors ?? []).filter((errors) => !errors.some(({ message }) => message === NEW_SHAPE))
  const branches = meant.map((errors) => errors.flatMap((each) => describe(each, at, value, open)))
  // A shape that only a value breaks which is not known here may hold.
  if (open.size > 0 && branches.some((issues, index) => issues.length === 0 && meant[index]?.length !== 0)) return []
  const atTop = (issues: readonly ValidationIssue[]): number => issues.filter((each) => each.path === path).length
  const ranked = branches
    .filter((issues) => issues.length > 0)
    .sort((a, b) => atTop(a) - atTop(b) || a.length - b.length || lacking(a) - lacking(b) || depth(b) - depth(a))
  const [best] = ranked
  if (best === undefined) return [{ path, rule: 'fits none of the shapes that it may have' }]
  if (atTop(best) === 0) return best
  const rules = [
    ...new Set(ranked.flat().map((each) => (each.path === path ? each.rule : `${each.path} ${each.rule}`))),
  ]
  return [{ path, rule: rules.slice(0, SHOWN).join(', or ') }]
}

function lacking(issues: readonly ValidationIssue[]): number {
  return issues.filter(({ rule }) => rule === 'is required').length
}

function depth(issues: readonly ValidationIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.split('.').length))
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = value
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Record<PropertyKey, unknown>)[key]
  }
  return at
}

function size(origin: string | undefined, bound: unknown, which: 'least' | 'most'): string {
  const number = String(bound)
  if (origin === 'string') return `must have at ${which} ${number} ${number === '1' ? 'character' : 'characters'}`
  if (origin === 'array') return `must have at ${which} ${number} ${number === '1' ? 'item' : 'items'}`
  return which === 'least' ? `must be ${number} or more` : `must be ${number} or less`
}

function patternRule(pattern: string | undefined): string {
  return pattern === undefined || pattern.length > 80 ? 'has the wrong format' : `must match ${pattern}`
}

function article(kind: string): string {
  const name = kind === 'int' ? 'whole number' : kind === 'record' ? 'object' : kind
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`
}

/** One broken rule as a clause: `emial is not a field here (did you mean email?)`. */
export function issueText({ path, rule, suggestion }: ValidationIssue): string {
  const where = path === '' ? 'the body' : path
  return `${where} ${rule}${meantClause(suggestion)}`
}

const TOLD: Readonly<Record<UnknownPart['what'], string>> = {
  field: 'is not among the fields',
  parameter: 'is not among the query parameters',
  value: 'has a value that is not among those',
  null: 'is null, which is not',
  body: 'is not',
}

/** What is not documented, as a sentence. */
export function unknownText({ path, what, suggestion }: UnknownPart): string {
  const hint = meantClause(suggestion)
  if (path === 'body' && what === 'body') {
    return 'The body is not as Auth0 documents it: one is sent where none is documented, or none where one is.'
  }
  return `${path} ${TOLD[what]} that Auth0 documents here; it is sent as it is${hint}.`
}
