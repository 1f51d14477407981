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
  ValidationError,
  type ValidationIssue,
} from '../../plan/index.ts'
import { type Converter, converter, loadedConverter } from './convert.ts'
import { describeIssues, issueText, type OpenPaths, type RawIssue } from './issues.ts'
import { alternativesOf, findUnknown, typesOf } from './schemas.ts'

/**
 * What happens to parts of a request that Auth0's documents do not know. `refuse`: an error. `tell`: they go out and are
 * told; a name that is surely misspelt is an error. `allow`: they go out, misspelt or not.
 */
export type UnknownPolicy = 'refuse' | 'tell' | 'allow'

/** How a plan is checked. */
export interface Checking {
  readonly unknown?: UnknownPolicy | undefined
  /** Told of what the documents do not know and goes out all the same. */
  tell?(parts: readonly UnknownPart[]): void
}

/** What there is to say about the arguments of a plan. */
export interface Findings {
  /** Rules that are broken: the plan is not sent. */
  readonly issues: readonly ValidationIssue[]
  /** What the documents do not know, and goes out all the same. */
  readonly unknown: readonly UnknownPart[]
}

/**
 * Plans about which there was nothing to say, with the row they were checked by: a plan never changes, so that sending it
 * again checks nothing again. Those with secrets are checked with the values of each run.
 */
const sound = new WeakMap<PlanData, OperationRow>()

/**
 * Checks the arguments of a plan against the catalogue's schemas: before anything is sent, and without waiting once zod
 * has been loaded. `raw` plans and the Authentication API, whose words check their arguments themselves, pass.
 *
 * @param secrets Values of the plan's secrets; they are checked, and no message shows them.
 * @returns A promise only while zod is being loaded.
 * @throws ValidationError (or rejects with it) naming every rule that was broken.
 */
export function validatePlan(
  plan: PlanData,
  row: OperationRow,
  secrets: SecretValues = {},
  checking: Checking = {},
): Promise<void> | undefined {
  if (sound.get(plan) === row) return undefined
  if (!isChecked(plan)) {
    if (row.body?.required === true && isManagement(plan, row)) settle(plan, row, bodyMissing(row), checking)
    return undefined
  }
  if (!isManagement(plan, row)) return undefined
  const now = loadedConverter()
  const check = (by: Converter): undefined => {
    const found = findings(plan, row, secrets, by)
    if (found.issues.length + found.misspelt.length + found.parts.length > 0) return settle(plan, row, found, checking)
    if (Object.isFrozen(plan) && !holdsSlot(plan)) sound.set(plan, row)
  }
  return now === undefined ? converter().then(check) : check(now)
}

/**
 * What `validatePlan` would say, without waiting and without the values of secrets.
 *
 * @returns Nothing where all is well.
 */
export function inspectPlan(plan: PlanData, row: OperationRow, unknown: UnknownPolicy = 'tell'): Findings {
  if (!isManagement(plan, row)) return { issues: [], unknown: [] }
  const found = isChecked(plan) ? findings(plan, row, {}, loadedConverter(true)) : bodyMissing(row)
  return judged(found, unknown)
}

function isManagement(plan: PlanData, row: OperationRow): boolean {
  return plan.op !== 'raw' && row.api === 'management'
}

/** Whether a plan has arguments at all. */
function isChecked({ body, query, options }: PlanData): boolean {
  return body !== undefined || query !== undefined || options?.query !== undefined
}

/** What stands in the way, and what is only told. */
function judged({ issues, misspelt, parts }: Found, unknown: UnknownPolicy): Findings {
  if (unknown === 'tell') return { issues: [...issues, ...misspelt], unknown: parts }
  if (unknown === 'refuse') return { issues: [...issues, ...misspelt, ...parts.map(refusalOf)], unknown: [] }
  const passed = misspelt.map(({ path, suggestion }): UnknownPart => {
    return { path, what: 'field', ...(suggestion !== undefined && { suggestion }) }
  })
  return { issues, unknown: [...passed, ...parts] }
}

const REFUSALS: Readonly<Record<UnknownPart['what'], string>> = {
  field: 'is not a field that Auth0 documents here',
  parameter: 'is not a parameter that Auth0 documents here',
  value: 'is not one of the values that Auth0 documents',
  null: 'may not be null, as far as Auth0 documents it',
  body: 'is not as Auth0 documents it',
}

function refusalOf({ path, what, suggestion }: UnknownPart): ValidationIssue {
  return { path, rule: REFUSALS[what], ...(suggestion !== undefined && { suggestion }) }
}

function settle(plan: PlanData, row: OperationRow, found: Found, { unknown = 'tell', tell }: Checking): undefined {
  const { issues, unknown: parts } = judged(found, unknown)
  if (issues.length > 0) refuse(plan, row, issues, found, unknown)
  if (unknown === 'tell' && parts.length > 0) tell?.(parts)
  return undefined
}

function refuse(
  plan: PlanData,
  row: OperationRow,
  issues: readonly ValidationIssue[],
  { misspelt, parts }: Found,
  unknown: UnknownPolicy,
): never {
  const sendable = unknown === 'allow' ? 0 : misspelt.length + (unknown === 'refuse' ? parts.length : 0)
  const option = unknown === 'refuse' && misspelt.length === 0 ? 'tell' : 'allow'
  const way = sendable === 0 ? '' : ` connect({ unknown: '${option}' }) sends such names as they are.`
  throw new ValidationError(
    `${plan.op}: ${issues.map(issueText).join('; ')}. Nothing was sent. Correct the argument and run it again; ` +
      `${row.docs} lists the fields.${way}`,
    { plan, attempts: 0, issues },
  )
}

/** What the arguments of a plan break, and what of them the documents do not know. */
interface Found {
  readonly issues: readonly ValidationIssue[]
  readonly misspelt: readonly ValidationIssue[]
  readonly parts: readonly UnknownPart[]
}

/** What there is to find in the arguments of a plan; without checks, only the names are looked at. */
function findings(plan: PlanData, row: OperationRow, secrets: SecretValues, check: Converter | undefined): Found {
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
  const issues = broken(check, schema, asBody(value, row), open)
  return { issues, misspelt, parts }
}

const NOTHING: Found = { issues: [], misspelt: [], parts: [] }

/** A body may be missing where an empty one would do: the documents never say which of both they mean. */
function bodyMissing(row: OperationRow): Found {
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

function broken(check: Converter, name: string, value: Json, open?: OpenPaths): readonly ValidationIssue[] {
  const result = check.named(name).safeParse(value)
  return result.success ? [] : describeIssues(result.error.issues as unknown as RawIssue[], value, open)
}

/** The body with the values of its secrets; `open` are the paths whose value is not known here, and not checked. */
function resolved(body: Json, secrets: SecretValues): { readonly value: Json; readonly open: OpenPaths } {
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
