import { type JsonSchema, type OperationRow, openNames, schemaOf } from '../catalogue/index.ts'
import type { BasePlan, Bind, Json, JsonObject, PlanData, SecretValues } from '../plan/index.ts'
import { isJsonObject, planData, readLocalFile, sha256, ValidationError } from '../plan/index.ts'
import { cleanArgument, NotJson } from './tree-json.ts'

const places = new WeakMap<OperationRow, string>()

/** `auth0.users(id).update(body)`: how a place in the tree is written, for messages. */
export function placeOf(row: OperationRow): string {
  let place = places.get(row)
  if (place === undefined) {
    place = writePlace(row)
    places.set(row, place)
  }
  return place
}

function writePlace(row: OperationRow): string {
  const groups = row.group.map((segment, index) => {
    const names = row.parameters.filter((place) => place.segment === index).map((place) => place.name)
    return names.length === 0 ? segment : `${segment}(${names.join(', ')})`
  })
  return `auth0.${[...groups, row.verb].join('.')}`
}

/** What a verb takes, as it is written: `(body)`, `(name)`, `(query?)`. */
export function signatureOf(row: OperationRow): string {
  const names = ownParameters(row)
  if (row.body !== undefined) names.push(row.body.required ? 'body' : 'body?')
  else if (row.query.length > 0) names.push('query?')
  return `(${names.join(', ')})`
}

const ownParameters = (row: OperationRow): string[] =>
  row.parameters.filter((place) => place.segment === -1).map((place) => place.name)

/**
 * An identifier that a path can carry.
 *
 * @throws ValidationError that names the place, the parameter and the next step.
 */
export function requireId(place: string, name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  const rule = `must be a string that is not empty, not ${show(value)}`
  throw new ValidationError(`${place}: ${name} ${rule}. Pass the identifier as Auth0 shows it.`, {
    issues: [{ path: name, rule }],
  })
}

/** Gives the words that a plan of an operation offers besides its own, if it has some. */
export type PlanWords = (row: OperationRow, data: PlanData, secrets: SecretValues) => object | undefined

/**
 * The plan of a verb: path values from the calls before it, then its own arguments.
 *
 * @param calls Arguments of the calls, by index of the group segment.
 * @throws ValidationError for a missing or superfluous argument, or one that JSON cannot carry.
 */
export function planOf(
  row: OperationRow,
  calls: readonly (readonly string[])[],
  args: readonly unknown[],
  bind: Bind,
  planWords?: PlanWords,
): BasePlan<unknown> {
  const place = placeOf(row)
  const own = ownParameters(row)
  const takesObject = row.body !== undefined || row.query.length > 0
  const most = own.length + (takesObject ? 1 : 0)
  if (args.length > most) {
    const rule = `takes ${most === 0 ? 'no argument' : most === 1 ? 'one argument' : `${most} arguments`}, not ${args.length}`
    throw new ValidationError(`${place}${signatureOf(row)} ${rule}. ${superfluous(row, most)}`, {
      issues: [{ path: '', rule }],
    })
  }
  const params = paramsOf(row, place, calls, args)
  const { json, secrets } = objectOf(row, place, args[own.length])
  const data = planData({
    op: row.id,
    params,
    ...(row.body === undefined ? { query: json as JsonObject | undefined } : { body: hashFiles(row, place, json) }),
  })
  return row.paging === undefined ? bind(data, secrets, planWords?.(row, data, secrets)) : bind.list(data, secrets)
}

function superfluous(row: OperationRow, most: number): string {
  if (most === 0 && row.query.length === 0) return 'Call it without.'
  return 'Options such as headers or a timeout go to .with({…}) of the plan.'
}

function paramsOf(
  row: OperationRow,
  place: string,
  calls: readonly (readonly string[])[],
  args: readonly unknown[],
): Record<string, string> {
  const params: Record<string, string> = {}
  const used = new Map<number, number>()
  let position = 0
  for (const { name, segment } of row.parameters) {
    if (segment === -1) {
      params[name] = requireId(place, name, args[position])
      position += 1
    } else {
      const index = used.get(segment) ?? 0
      used.set(segment, index + 1)
      params[name] = requireId(place, name, calls[segment]?.[index])
    }
  }
  return params
}

function objectOf(row: OperationRow, place: string, argument: unknown) {
  const what = row.body === undefined ? 'query' : 'body'
  if (argument === undefined) {
    if (row.body?.required === true) {
      throw new ValidationError(`${place}: the body is missing. Pass an object with the fields of ${row.docs}`, {
        issues: [{ path: 'body', rule: 'is missing' }],
      })
    }
    return { json: undefined, secrets: {} }
  }
  const list = row.body !== undefined && Array.isArray(argument)
  // The template of the login page is a text of its own.
  if (typeof argument === 'string' && takesText(row)) return { json: argument, secrets: {} }
  if (typeof argument !== 'object' || argument === null || (Array.isArray(argument) && !list)) {
    const rule = `must be an object, not ${show(argument)}`
    throw new ValidationError(`${place}: the ${what} ${rule}. Pass its fields by name, as in ${row.docs}`, {
      issues: [{ path: what, rule }],
    })
  }
  try {
    return cleanArgument(argument, row.secretBody, openNames(row)) as { json: Json; secrets: Record<string, string> }
  } catch (cause) {
    if (!(cause instanceof NotJson)) throw cause
    const path = cause.path === '' ? what : cause.path
    throw new ValidationError(`${place}: ${path} cannot be sent: ${cause.rule}.`, {
      issues: [{ path, rule: cause.rule }],
    })
  }
}

function takesText({ body }: OperationRow): boolean {
  if (body === undefined) return false
  const { oneOf, anyOf } = schemaOf(body.schema)
  const choices = [oneOf, anyOf].flatMap((list) => (Array.isArray(list) ? (list as readonly JsonSchema[]) : []))
  return choices.some(({ type }) => type === 'string')
}

/**
 * Names the content of files in a multipart body: `{ file }` becomes `{ file, sha256 }`, so that a plan says exactly
 * what it will send, and sending notices when the file has changed since. The file is read and nothing is kept of it.
 *
 * @throws ValidationError when a file cannot be read.
 */
function hashFiles(row: OperationRow, place: string, body: Json | undefined): Json | undefined {
  if (row.body?.encoding !== 'multipart' || !isJsonObject(body)) return body
  const hashed = Object.entries(body).map(([name, value]) => {
    if (!isJsonObject(value) || typeof value.file !== 'string' || value.sha256 !== undefined) return [name, value]
    return [name, { ...value, sha256: hashOf(place, name, value.file) }]
  })
  return Object.fromEntries(hashed) as Json
}

function hashOf(place: string, name: string, file: string): string {
  try {
    return sha256(readLocalFile(file))
  } catch (cause) {
    const rule = 'must name a file that can be read'
    throw new ValidationError(
      `${place}: ${name}.file ${rule}, and ${JSON.stringify(file)} does not: ${(cause as Error).message}. Check the path; it is taken from the folder that the process runs in.`,
      { cause, issues: [{ path: `${name}.file`, rule }] },
    )
  }
}

// Says what was passed without printing it: it may be a secret.
function show(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (value === '') return 'an empty string'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
