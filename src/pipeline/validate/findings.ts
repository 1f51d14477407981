import { type JsonSchema, type OperationRow, schemaOf } from '../../catalogue/index.ts'
import {
  holdsSlot,
  isJsonObject,
  isSecretSlot,
  type Json,
  type JsonObject,
  type PlanData,
  resolveSecrets,
  type SecretValues,
  type UnknownPart,
  type ValidationIssue,
} from '../../plan/index.ts'
import type { Converter } from './convert.ts'
import { describeIssues, type RawIssue } from './issues.ts'
import { alternativesOf, typesOf } from './schemas.ts'
import { findUnknown } from './unknown.ts'

/** What the arguments of a plan break, and what of them the documents do not know. */
export interface Found {
  readonly issues: readonly ValidationIssue[]
  readonly misspelt: readonly ValidationIssue[]
  readonly parts: readonly UnknownPart[]
}

/** What there is to find in the arguments of a plan; without checks, only the names are looked at. */
export function findings(
  plan: PlanData,
  row: OperationRow,
  secrets: SecretValues,
  check: Converter | undefined,
): Found {
  const query = plan.options?.query === undefined ? plan.query : { ...plan.query, ...plan.options.query }
  const inBody = plan.body === undefined ? bodyMissing(row) : ofBody(plan.body, row, secrets, check)
  if (query === undefined) return inBody
  const inQuery = ofQuery(query, row, check)
  return {
    issues: [...inQuery.issues, ...inBody.issues],
    misspelt: [...inQuery.misspelt, ...inBody.misspelt],
    parts: [...inQuery.parts, ...inBody.parts],
  }
}

function ofQuery(query: JsonObject, row: OperationRow, check: Converter | undefined): Found {
  if (row.querySchema === undefined) {
    return { ...NOTHING, parts: Object.keys(query).map((path) => ({ path, what: 'parameter' })) }
  }
  const schema = schemaOf(row.querySchema)
  const value = asQuery(query, schema)
  const { misspelt, parts } = findUnknown(value, schema, 'parameter')
  return { issues: check === undefined ? [] : broken(check, row.querySchema, value), misspelt, parts }
}

function ofBody(body: Json, row: OperationRow, secrets: SecretValues, check: Converter | undefined): Found {
  if (row.body === undefined) {
    // A GET takes no body on the wire either; of others Auth0 may know more than its document says.
    if (row.method === 'GET') return { ...NOTHING, issues: [{ path: 'body', rule: 'is not taken by this operation' }] }
    return { ...NOTHING, parts: [{ path: 'body', what: 'body' }] }
  }
  const { schema } = row.body
  const { misspelt, parts } = findUnknown(body, schemaOf(schema), 'field')
  if (check === undefined) return { issues: [], misspelt, parts }
  const { value, open } = resolved(body, secrets)
  const issues = broken(check, schema, asBody(value, row)).filter(({ path }) => !open.has(path))
  return { issues, misspelt, parts }
}

const NOTHING: Found = { issues: [], misspelt: [], parts: [] }

/** A body may be missing where an empty one would do: the documents never say which of both they mean. */
export function bodyMissing(row: OperationRow): Found {
  if (row.body?.required !== true) return NOTHING
  if (takesEmpty(schemaOf(row.body.schema))) return { ...NOTHING, parts: [{ path: 'body', what: 'body' }] }
  return { ...NOTHING, issues: [{ path: 'body', rule: 'is required' }] }
}

function takesEmpty(schema: JsonSchema): boolean {
  const shapes = alternativesOf(schema)
  return shapes.every(({ required, minItems, minProperties, ...shape }) => {
    if (Array.isArray(required) && required.length > 0) return false
    if (typeof minItems === 'number' && minItems > 0) return false
    if (typeof minProperties === 'number' && minProperties > 0) return false
    const types = typesOf(shape)
    return types.length === 0 || types.includes('object') || types.includes('array')
  })
}

function broken(check: Converter, name: string, value: Json): readonly ValidationIssue[] {
  const result = check.named(name).safeParse(value)
  return result.success ? [] : describeIssues(result.error.issues as unknown as RawIssue[], value)
}

/** The body with the values of its secrets; `open` are the paths whose value is not known here, and not checked. */
function resolved(body: Json, secrets: SecretValues): { readonly value: Json; readonly open: ReadonlySet<string> } {
  const open = new Set<string>()
  if (!holdsSlot(body)) return { value: body, open }
  const note = (value: Json, path: string): void => {
    if (isSecretSlot(value)) {
      if (!Object.hasOwn(secrets, value.$secret)) open.add(path)
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) note(member as Json, path === '' ? key : `${path}.${key}`)
    }
  }
  note(body, '')
  return { value: resolveSecrets(body, (name) => secrets[name] ?? ''), open }
}

/** Query values travel as text, so that the text of a number or of a boolean is as good as the thing itself. */
function asQuery(query: JsonObject, schema: JsonSchema): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const entries = Object.entries(query).map(([key, value]): [string, Json] => {
    const declared = properties[key]
    const type = isJsonObject(declared) ? typeIn(declared) : undefined
    if (value === undefined || (type === 'array' && !Array.isArray(value) && value !== null))
      return [key, [value ?? null]]
    if (typeof value !== 'string') return [key, value]
    if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(value)) return [key, Number(value)]
    if (type === 'boolean' && (value === 'true' || value === 'false')) return [key, value === 'true']
    return [key, value]
  })
  return Object.fromEntries(entries)
}

function typeIn(schema: JsonSchema): string | undefined {
  return typesOf(typeof schema.$ref === 'string' ? schemaOf(schema.$ref) : schema).find((type) => type !== 'null')
}

/** In a multipart body a record or a file stands for the text that is sent of it. */
function asBody(body: Json, row: OperationRow): Json {
  if (row.body?.encoding !== 'multipart' || !isJsonObject(body)) return body
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, typeof value === 'object' && value !== null ? '…' : value]),
  )
}
