import { meantClause, nearest } from '../../catalogue/index.ts'
import {
  isJsonObject,
  isSecretName,
  type Json,
  type JsonObject,
  jsonOf,
  messageOf,
  SECRET_MARK,
  ValidationError,
  type ValidationIssue,
} from '../../plan/index.ts'
import type { ParamsSchema, Redactor, Runbook } from '../../run/index.ts'
import { alternatives, withDates } from './schema.ts'

/** One parameter, as far as its schema tells. */
export interface Parameter {
  readonly name: string
  /** `--per-day` for `perDay`. */
  readonly flag: string
  /** `TENANTLAB_PARAM_PER_DAY` */
  readonly variable: string
  /** `value` where several types are taken. */
  readonly type: 'text' | 'number' | 'boolean' | 'list' | 'json' | 'value'
  /** Its JSON Schema. */
  readonly schema: JsonObject
  readonly required: boolean
  readonly description?: string
  readonly choices?: readonly string[]
  readonly fallback?: Json
  /** By its name, or by `.meta({ secret: true })`. */
  readonly secret: boolean
}

/** Parameters that are missing or cannot be read. Which ones they are is data, so that a front end can say how each is given. */
export class ParameterError extends ValidationError {
  readonly parameters: readonly Parameter[]

  constructor(message: string, parameters: readonly Parameter[], issues: readonly ValidationIssue[]) {
    super(message, { issues })
    this.parameters = parameters
  }
}

/** The parameters of a schema that can tell its JSON Schema, as zod's can; none for any other. */
export function parametersOf(schema: ParamsSchema<unknown> | undefined): readonly Parameter[] {
  const { toJSONSchema } = (schema ?? {}) as { toJSONSchema?: (options: object) => unknown }
  if (typeof toJSONSchema !== 'function') return []
  const tree = toJSONSchema.call(schema, { io: 'input', unrepresentable: 'any' })
  const properties = isJsonObject(tree) && isJsonObject(tree.properties) ? tree.properties : {}
  const required = isJsonObject(tree) && Array.isArray(tree.required) ? tree.required : []
  const made = toJSONSchema.call(schema, { io: 'output', unrepresentable: 'any' })
  const results = isJsonObject(made) && isJsonObject(made.properties) ? made.properties : {}
  return Object.entries(properties).map(([name, property]) => {
    const known = isJsonObject(property) ? property : {}
    const kebab = name
      .replace(/_/g, '-')
      .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
      .toLowerCase()
    return {
      name,
      flag: kebab,
      variable: `TENANTLAB_PARAM_${kebab.replace(/-/g, '_').toUpperCase()}`,
      type: typeOf(known, results[name]),
      schema: known,
      required: required.includes(name),
      ...(typeof known.description === 'string' && { description: known.description }),
      ...choicesOf(known),
      ...(known.default !== undefined && { fallback: known.default }),
      secret: known.secret === true || isSecretName(name) || isSecretName(kebab),
    }
  })
}

/** The names of all parameters, where the schema takes no others; `undefined` where that is not known. */
export function knownParams(schema: ParamsSchema<unknown> | undefined): readonly string[] | undefined {
  const { toJSONSchema } = (schema ?? {}) as { toJSONSchema?: (options: object) => unknown }
  if (typeof toJSONSchema !== 'function') return undefined
  const tree = toJSONSchema.call(schema, { io: 'input', unrepresentable: 'any' })
  if (!isJsonObject(tree) || !isJsonObject(tree.properties)) return undefined
  const open = tree.additionalProperties !== undefined && tree.additionalProperties !== false
  return open || tree.allOf !== undefined || tree.anyOf !== undefined ? undefined : Object.keys(tree.properties)
}

/** @param result the schema of what it makes of a value. */
function typeOf(schema: JsonObject, result: Json | undefined): Parameter['type'] {
  // A text that is made a boolean, as by zod's stringbool(), is given as a boolean is.
  if (schema.type === 'string' && isJsonObject(result) && result.type === 'boolean') return 'boolean'
  const kinds = new Set(alternatives(schema).map((each) => ('const' in each ? 'const' : (each.type ?? 'string'))))
  kinds.delete('null')
  const [kind, other] = kinds
  if (other !== undefined) return 'value'
  if (kind === 'number' || kind === 'integer') return 'number'
  if (kind === 'boolean') return 'boolean'
  return kind === 'array' ? 'list' : kind === 'object' ? 'json' : 'text'
}

function choicesOf(schema: JsonObject): Pick<Parameter, 'choices'> {
  const all = alternatives(schema)
  return all.every((each) => 'const' in each) ? { choices: all.map((each) => String(each.const)) } : {}
}

/**
 * Parameters as the runbook's schema gives them; secrets among them are told to the redactor before anything is shown.
 *
 * @throws ValidationError naming each parameter and rule, without a value.
 */
export function checkParams<P>(runbook: Runbook<P>, given: unknown, redactor: Redactor): P {
  const input = (given ?? {}) as Readonly<Record<string, unknown>>
  const names = Object.keys(input)
  if (names.length === 0 && runbook.params === undefined) return input as P
  const secret = secretParams(runbook)
  for (const [name, value] of Object.entries(input)) if (secret(name)) redactor.add(value)
  refuseUnknown(runbook, names)
  if (runbook.params === undefined) return input as P
  try {
    const params = runbook.params.parse(withDates(runbook.params, input))
    // A default, and what a schema makes of a text, may be a secret as well.
    for (const [name, value] of Object.entries(params ?? {})) if (secret(name)) redactor.add(value)
    return params
  } catch (cause) {
    const known = parametersOf(runbook.params)
    const lacking = (path: string) => input[path] === undefined && known.some(({ name }) => name === path)
    const issues = issuesOf(cause).map(({ path, rule }) => ({ path, rule: lacking(path) ? 'is missing' : rule }))
    const list = issues.map(({ path, rule }) => `${path === '' ? 'the parameters' : `"${path}"`}: ${rule}`).join('; ')
    throw new ParameterError(
      `The parameters of "${runbook.name}" do not hold: ${redactor.text(list)}. Nothing was sent.`,
      known.filter(({ name }) => issues.some(({ path }) => path === name && lacking(path))),
      issues,
    )
  }
}

/** A parameter that the runbook does not have would do nothing, and its default would be taken. */
function refuseUnknown<P>(runbook: Runbook<P>, given: readonly string[]): void {
  const known = knownParams(runbook.params)
  const unknown = known === undefined ? [] : given.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  const issues = unknown.map((name) => {
    const near = nearest(name, known ?? [])
    return { path: name, rule: `is not a parameter of it${meantClause(near)}` }
  })
  const list = issues.map(({ path, rule }) => `"${path}" ${rule}`).join('; ')
  const there = known?.length === 0 ? 'it has none' : `it has ${known?.join(', ')}`
  const message = `The parameters of "${runbook.name}" do not hold: ${list} (${there}). Nothing was sent.`
  throw new ParameterError(message, [], issues)
}

/** Parameters as they may be shown: every secret is a mark, of whatever type and however short. */
export function shownParams<P>(runbook: Runbook<P>, params: P, redactor: Redactor): Json | undefined {
  if (params === undefined) return undefined
  if (isJsonObject(params) && Object.keys(params).length === 0) return {}
  // As JSON: a date would be shown as an object of nothing.
  const shown = redactor.redacted(jsonOf(params) ?? {})
  if (!isJsonObject(shown)) return shown
  const secret = secretParams(runbook)
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => [name, secret(name) && value !== null ? SECRET_MARK : value]),
  )
}

function secretParams<P>(runbook: Runbook<P>): (name: string) => boolean {
  const names = new Set(parametersOf(runbook.params).flatMap((each) => (each.secret ? [each.name] : [])))
  return (name) => names.has(name) || isSecretName(name)
}

/** The rules that a schema's error names. */
export function issuesOf(error: unknown): readonly ValidationIssue[] {
  const { issues } = (error ?? {}) as { issues?: readonly { path?: readonly PropertyKey[]; message?: string }[] }
  if (!Array.isArray(issues)) return [{ path: '', rule: messageOf(error) }]
  return issues.map(({ path = [], message = 'does not hold' }) => ({ path: path.map(String).join('.'), rule: message }))
}
