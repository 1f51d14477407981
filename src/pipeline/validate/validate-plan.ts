import { type JsonSchema, loadSchemas, type OperationRow, type SchemaLookup } from '../../catalogue/index.ts'
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type PlanData,
  resolveSecrets,
  type SecretValues,
  ValidationError,
  type ValidationIssue,
} from '../../plan/index.ts'
import { Converter } from './convert.ts'
import { describeIssues, type RawIssue } from './issues.ts'

/** Checks a value; gives the rules it broke. */
type Validator = (value: unknown) => readonly ValidationIssue[]

interface Tools {
  readonly converter: Converter
  readonly lookup: SchemaLookup
}

let tools: Tools | undefined
let loading: Promise<Tools> | undefined
const validators = new Map<string, Validator>()

/**
 * Checks the arguments of a plan against the catalogue's schemas: before anything is sent, and without waiting once zod
 * and the schemas have been loaded. `raw` plans and the Authentication API, whose words check their arguments
 * themselves, pass.
 *
 * @param secrets Values of the plan's secrets; they are checked, and no message shows them.
 * @returns A promise only while the schemas are being loaded.
 * @throws ValidationError (or rejects with it) naming every rule that was broken.
 */
export function validatePlan(plan: PlanData, row: OperationRow, secrets: SecretValues = {}): Promise<void> | undefined {
  if (plan.op === 'raw' || row.api !== 'management') return undefined
  const { body, query } = plan
  if (body === undefined && query === undefined) {
    if (row.body?.required === true) refuse(plan, row, [{ path: 'body', rule: 'is required' }])
    return undefined
  }
  if (tools !== undefined) return check(tools, plan, row, secrets)
  loading ??= load()
  return loading.then((ready) => check(ready, plan, row, secrets))
}

async function load(): Promise<Tools> {
  const [z, lookup] = await Promise.all([import('zod'), loadSchemas()])
  tools = { converter: new Converter(z, lookup), lookup }
  return tools
}

function check(ready: Tools, plan: PlanData, row: OperationRow, secrets: SecretValues): undefined {
  const issues: ValidationIssue[] = []
  const { body, query } = plan
  if (query !== undefined) {
    if (row.querySchema === undefined) issues.push({ path: 'query', rule: 'is not taken by this operation' })
    else {
      const schema = ready.lookup(row.querySchema)
      issues.push(...validator(ready, row.querySchema)(asQuery(query, schema, ready.lookup)))
    }
  }
  if (body !== undefined) {
    if (row.body === undefined) issues.push({ path: 'body', rule: 'is not taken by this operation' })
    else {
      const value = resolved(body, secrets)
      // Without the value of a secret there is nothing to check; sending refuses such a plan by itself.
      if (value !== undefined) issues.push(...validator(ready, row.body.schema)(asBody(value, row)))
    }
  } else if (row.body?.required === true) issues.push({ path: 'body', rule: 'is required' })
  if (issues.length > 0) refuse(plan, row, issues)
  return undefined
}

function validator({ converter, lookup }: Tools, name: string): Validator {
  let known = validators.get(name)
  if (known === undefined) {
    const check = converter.named(name)
    known = (value) => {
      const result = check.safeParse(value)
      return result.success
        ? []
        : describeIssues(result.error.issues as unknown as RawIssue[], value, lookup(name), lookup)
    }
    validators.set(name, known)
  }
  return known
}

function resolved(body: Json, secrets: SecretValues): Json | undefined {
  let missing = false
  const value = resolveSecrets(body, (name) => {
    if (!Object.hasOwn(secrets, name)) missing = true
    return secrets[name] ?? ''
  })
  return missing ? undefined : value
}

/** Query values travel as text, so that the text of a number or of a boolean is as good as the thing itself. */
function asQuery(query: JsonObject, schema: JsonSchema, lookup: SchemaLookup): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const entries = Object.entries(query).map(([key, value]): [string, Json] => {
    const declared = properties[key]
    const type = isJsonObject(declared) ? typeOf(declared, lookup) : undefined
    if (type === 'array' && !Array.isArray(value)) return [key, [value]]
    if (typeof value !== 'string') return [key, value]
    if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(value)) return [key, Number(value)]
    if (type === 'boolean' && (value === 'true' || value === 'false')) return [key, value === 'true']
    return [key, value]
  })
  return Object.fromEntries(entries)
}

function typeOf(schema: JsonSchema, lookup: SchemaLookup): Json | undefined {
  const { type } = typeof schema.$ref === 'string' ? lookup(schema.$ref) : schema
  return Array.isArray(type) ? (type.find((kind: Json) => kind !== 'null') as Json) : type
}

/** In a multipart body a record or a file stands for the text that is sent of it. */
function asBody(body: Json, row: OperationRow): Json {
  if (row.body?.encoding !== 'multipart' || !isJsonObject(body)) return body
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, typeof value === 'object' && value !== null ? '…' : value]),
  )
}

function refuse(plan: PlanData, row: OperationRow, issues: readonly ValidationIssue[]): never {
  const said = issues.map(({ path, rule, suggestion }) => {
    const where = path === '' ? 'the body' : path
    return suggestion === undefined ? `${where} ${rule}` : `${where} ${rule} (did you mean ${suggestion}?)`
  })
  throw new ValidationError(
    `${plan.op}: ${said.join('; ')}. Nothing was sent. Correct the argument and run it again; ${row.docs} lists the fields.`,
    { plan, attempts: 0, issues },
  )
}
