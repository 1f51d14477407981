import { ValidationError } from './errors.ts'
import type { Json, JsonObject } from './json.ts'
import { isJsonObject } from './json.ts'
import type { PlanData } from './plan-data.ts'
import { normalRoute } from './route.ts'
import { isSecretSlot } from './secret.ts'

// Plan data: made, read from JSON, and hashed.

/** Freezes a value and everything in it that is not frozen yet; returns the same value. */
export function freezeDeep<T>(value: T): T {
  const inside: unknown[] = [value]
  for (const each of inside) {
    if (typeof each !== 'object' || each === null || Object.isFrozen(each)) continue
    for (const member of Object.values(each)) if (typeof member === 'object') inside.push(member)
    Object.freeze(each)
  }
  return value
}

/** A frozen plan with its members in the canonical order and empty members left out. */
export function planData(fields: Omit<PlanData, 'v'>): PlanData {
  const data: Record<string, unknown> = { v: 1, op: fields.op }
  for (const key of MEMBERS) {
    const value = fields[key as keyof typeof fields]
    if (value === undefined) continue
    if (key !== 'body' && isJsonObject(value) && Object.keys(value).length === 0) continue
    data[key] = value
  }
  return freezeDeep(data) as unknown as PlanData
}

const MEMBERS = ['params', 'query', 'body', 'route', 'repeat', 'pick', 'options', 'client', 'bearer'] as const
const KNOWN = new Set<string>(['v', 'op', ...MEMBERS])

/**
 * Reads a plan from JSON text or data.
 *
 * @throws ValidationError naming the member and the rule when it is not a plan.
 */
export function parsePlan(json: unknown): PlanData {
  const source = typeof json === 'string' ? parseText(json) : json
  if (!isJsonObject(source)) return refuse('', 'must be an object as toJSON() gives it')
  if (source.v !== 1) return refuse('v', `must be 1, the version that this release writes, not ${show(source.v)}`)
  if (typeof source.op !== 'string' || source.op === '')
    return refuse('op', 'must be an operation id such as users.get')
  for (const key of Object.keys(source)) if (!KNOWN.has(key)) return refuse(key, 'is no member of a plan')
  requireStrings('params', source.params)
  requireObject('query', source.query)
  if (source.op === 'raw') {
    if (typeof source.route !== 'string' || !/^(GET|POST|PUT|PATCH|DELETE) \/\S*$/.test(source.route)) {
      return refuse('route', 'must be a method and a path, such as GET /api/v2/users')
    }
  } else if (source.route !== undefined) return refuse('route', 'belongs to raw plans only')
  checkRepeat(source.repeat)
  checkOptions(source.options)
  checkClient(source.client)
  if (source.pick !== undefined && typeof source.pick !== 'string')
    return refuse('pick', 'must be the name of a member')
  if (source.bearer !== undefined && !isSecretSlot(source.bearer)) return refuse('bearer', 'must be a secret slot')
  const copy = structuredClone(source) as unknown as PlanData
  return planData(copy.route === undefined ? copy : { ...copy, route: normalRoute(copy.route) })
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ValidationError(
      'This text is not a plan: it is not JSON. Pass what toJSON() or JSON.stringify(plan) gave.',
      {
        cause,
        issues: [{ path: '', rule: 'must be JSON' }],
      },
    )
  }
}

function checkRepeat(repeat: Json | undefined): void {
  if (repeat === undefined) return
  if (!isJsonObject(repeat)) return refuse('repeat', 'must be an object')
  if (repeat.kind === 'pages') {
    if (!['page', 'first', 'items'].includes(repeat.result as string)) {
      return refuse('repeat.result', 'must be page, first or items')
    }
    return requireCount('repeat.most', repeat.most)
  }
  if (repeat.kind !== 'poll') return refuse('repeat.kind', 'must be pages or poll')
  if (!['grant', 'job'].includes(repeat.until as string)) return refuse('repeat.until', 'must be grant or job')
  if (repeat.every === undefined) return refuse('repeat.every', 'must be a number of milliseconds')
  requireCount('repeat.every', repeat.every)
  requireCount('repeat.timeout', repeat.timeout)
}

function checkOptions(options: Json | undefined): void {
  if (options === undefined) return
  if (!isJsonObject(options)) return refuse('options', 'must be an object')
  requireStrings('options.headers', options.headers)
  requireObject('options.query', options.query)
  requireCount('options.timeout', options.timeout)
  requireCount('options.maxRetries', options.maxRetries)
  if (options.customDomain !== undefined && typeof options.customDomain !== 'string') {
    refuse('options.customDomain', 'must be a domain name')
  }
}

function checkClient(client: Json | undefined): void {
  if (client === undefined) return
  if (!isJsonObject(client) || typeof client.clientId !== 'string') return refuse('client.clientId', 'must be a string')
  if (client.clientSecret !== undefined && !isSecretSlot(client.clientSecret)) {
    return refuse('client.clientSecret', 'must be a secret slot; a plan holds no secret')
  }
  const assertion = client.clientAssertion
  if (assertion !== undefined && (!isJsonObject(assertion) || !isSecretSlot(assertion.key))) {
    refuse('client.clientAssertion.key', 'must be a secret slot; a plan holds no secret')
  }
  requireText('client.clientAssertion.kid', isJsonObject(assertion) ? assertion.kid : undefined)
}

function requireText(path: string, value: Json | undefined): void {
  if (value !== undefined && typeof value !== 'string') refuse(path, 'must be a string')
}

function requireObject(path: string, value: Json | undefined): void {
  if (value !== undefined && !isJsonObject(value)) refuse(path, 'must be an object')
}

function requireStrings(path: string, value: Json | undefined): void {
  if (value === undefined) return
  requireObject(path, value)
  for (const [key, item] of Object.entries(value as JsonObject)) {
    if (typeof item !== 'string') refuse(`${path}.${key}`, 'must be a string')
  }
}

function requireCount(path: string, value: Json | undefined): void {
  if (value !== undefined && (typeof value !== 'number' || !(value >= 0))) refuse(path, 'must be a number, 0 or more')
}

function refuse(path: string, rule: string): never {
  const place = path === '' ? 'The plan' : `The plan's member "${path}"`
  throw new ValidationError(`${place} ${rule}. Take plans from toJSON(), and change them through the grammar.`, {
    issues: [{ path, rule }],
  })
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value)
}

/** JSON with keys in alphabetical order at every level, so that equal data gives equal text. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const parts: string[] = []
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) parts.push(canonicalJson(item ?? null))
    return `[${parts.join(',')}]`
  }
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key]
    if (member === undefined) continue
    const text = typeof member === 'object' ? canonicalJson(member) : JSON.stringify(member)
    parts.push(`${JSON.stringify(key)}:${text}`)
  }
  return `{${parts.join(',')}}`
}

/** The SHA-256 of a text or of bytes, in hexadecimal. What makes it is loaded by the first hash, not by every import. */
export function sha256(content: string | Uint8Array): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(content).digest('hex')
}

const hashes = new WeakMap<PlanData, string>()

/** `sha256-` and 64 hexadecimal digits over the canonical JSON of a plan; made once, since a plan is frozen. */
export function hashPlan(plan: PlanData): string {
  let hash = hashes.get(plan)
  if (hash === undefined) {
    hash = `sha256-${sha256(canonicalJson(plan))}`
    if (Object.isFrozen(plan)) hashes.set(plan, hash)
  }
  return hash
}
