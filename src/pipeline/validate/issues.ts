import { type JsonSchema, nearest, type SchemaLookup } from '../../catalogue/index.ts'
import { isJsonObject, type Json, type ValidationIssue } from '../../plan/index.ts'
import { MISSPELT } from './convert.ts'

/** What of a zod issue is read here. */
export interface RawIssue {
  readonly code?: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly expected?: unknown
  readonly origin?: string
  readonly minimum?: unknown
  readonly maximum?: unknown
  readonly keys?: readonly string[]
  readonly values?: readonly unknown[]
  readonly pattern?: string
  readonly errors?: readonly (readonly RawIssue[])[]
  readonly params?: Readonly<Record<string, unknown>>
}

const SHOWN = 12

/** Says in words which rules a value broke, without the value: it may be a secret. */
export function describeIssues(
  issues: readonly RawIssue[],
  value: unknown,
  schema: JsonSchema,
  lookup: SchemaLookup,
): readonly ValidationIssue[] {
  // How many fields an object has means nothing while some of them are none.
  const strange = new Set(
    issues.filter((issue) => issue.code === 'unrecognized_keys').map((issue) => pathOf(issue.path)),
  )
  return issues
    .filter((issue) => issue.code !== 'custom' || !strange.has(pathOf(issue.path)))
    .flatMap((issue) => describe(issue, [], value, schema, lookup))
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.')
}

function describe(
  issue: RawIssue,
  above: readonly PropertyKey[],
  value: unknown,
  schema: JsonSchema,
  lookup: SchemaLookup,
): readonly ValidationIssue[] {
  const at = [...above, ...issue.path]
  const path = pathOf(at)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownNames(schema, at, lookup)
      return (issue.keys ?? []).map((key) => {
        const suggestion = nearest(key, known)
        const inside = path === '' ? key : `${path}.${key}`
        return { path: inside, rule: 'is no field here', ...(suggestion !== undefined && { suggestion }) }
      })
    }
    case 'invalid_union':
      return describeUnion(issue, at, value, schema, lookup)
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
    case 'custom': {
      if (issue.message !== MISSPELT) return [{ path, rule: issue.message }]
      const suggestion = String(issue.params?.suggestion)
      return [{ path, rule: 'is no field here', suggestion }]
    }
    default:
      return [{ path, rule: 'is not right' }]
  }
}

/** Of several schemas that may hold, the one that the value comes nearest to is the one that was meant. */
function describeUnion(
  issue: RawIssue,
  at: readonly PropertyKey[],
  value: unknown,
  schema: JsonSchema,
  lookup: SchemaLookup,
): readonly ValidationIssue[] {
  const path = pathOf(at)
  const branches = (issue.errors ?? []).map((errors) =>
    errors.flatMap((each) => describe(each, at, value, schema, lookup)),
  )
  const atTop = (issues: readonly ValidationIssue[]): number => issues.filter((each) => each.path === path).length
  const ranked = branches
    .filter((issues) => issues.length > 0)
    .sort((a, b) => atTop(a) - atTop(b) || a.length - b.length || depth(b) - depth(a))
  const [best] = ranked
  if (best === undefined) return [{ path, rule: 'fits none of the shapes that it may have' }]
  if (atTop(best) === 0) return best
  const rules = [
    ...new Set(ranked.flat().map((each) => (each.path === path ? each.rule : `${each.path} ${each.rule}`))),
  ]
  return [{ path, rule: rules.slice(0, SHOWN).join(', or ') }]
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

/** Names of the fields that an object at a path may have, over all shapes it may have. */
export function knownNames(schema: JsonSchema, path: readonly PropertyKey[], lookup: SchemaLookup): readonly string[] {
  let shapes = alternatives(schema, lookup)
  for (const key of path) {
    shapes = shapes.flatMap((shape) => {
      const properties = isJsonObject(shape.properties) ? shape.properties : {}
      const inner = properties[String(key)] ?? (typeof key === 'number' ? shape.items : shape.additionalProperties)
      return isJsonObject(inner) ? alternatives(inner, lookup) : []
    })
  }
  return [...new Set(shapes.flatMap((shape) => (isJsonObject(shape.properties) ? Object.keys(shape.properties) : [])))]
}

function alternatives(schema: JsonSchema, lookup: SchemaLookup): JsonSchema[] {
  if (typeof schema.$ref === 'string') return alternatives(lookup(schema.$ref), lookup)
  const inner = [schema.oneOf, schema.anyOf, schema.allOf].flatMap((list: Json | undefined) =>
    Array.isArray(list) ? (list as unknown as JsonSchema[]) : [],
  )
  return [schema, ...inner.flatMap((each) => alternatives(each, lookup))]
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
