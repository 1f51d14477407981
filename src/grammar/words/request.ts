import { row, type WordField, type WordRow, wordRow } from '../../catalogue/index.ts'
import type { Bind, Json, Plan, PlanData, SecretSlot } from '../../plan/index.ts'
import { planData, ValidationError } from '../../plan/index.ts'
import type { ClientOptions, SecretText } from '../argument-types.ts'
import { describe, requireOptions, requireText } from './arguments.ts'
import { SecretCollector } from './secret-text.ts'

/** Fills to the MFA API's audience on the session's domain: a plan holds no host. */
const MFA_AUDIENCE = 'https://{domain}/mfa/'
const SECONDS = 1000

/** What a word needs besides what it was given: of the words around it, or what it makes of a field itself. */
export interface Around {
  /** Another grant than that of the row. */
  readonly grant?: string
  /** Fields of the body that the word makes, in wire names; asked once its own are checked. */
  readonly fields?: () => Readonly<Record<string, Json | undefined>>
  readonly client?: ClientOptions
  /** The token that stands in the header, and the name of its slot. */
  readonly bearer?: readonly [slot: string, value: SecretText]
  /** The mfa token, in the body. */
  readonly mfaToken?: SecretText
  readonly params?: PlanData['params']
  readonly repeat?: PlanData['repeat']
  /** Members that the plan has besides. */
  readonly words?: object
}

/** The row of a word, which is there. */
export function wordOf(path: string): WordRow {
  const found = wordRow(path)
  if (found === undefined) throw new RangeError(`The catalogue has no word ${path}.`)
  return found
}

/** `auth0.login.password`, `auth0.mfa(…).verify.otp`: how a word is written in messages. */
export function placeOfWord(path: string): string {
  return `auth0.${path.replaceAll('()', '(…)')}`
}

/**
 * The plan of a word, from its row: names and types are checked, secrets go into slots, fields get their wire names.
 *
 * @param path The word: `login.password`.
 * @param options What it was given, in the names of its row.
 * @throws ValidationError naming the field, before anything is sent.
 */
export function speak<T>(bind: Bind, path: string, options: object, around: Around = {}): Plan<T> {
  const word = wordOf(path)
  const place = placeOfWord(path)
  const fields = word.fields ?? word.made ?? word.args
  if (word.fields !== undefined) requireOptions(place, options, namesOf(word))
  const secrets = new SecretCollector(place)
  const given = options as Readonly<Record<string, unknown>>
  // Form fields are text on the wire.
  const asText = row(word.operation ?? '')?.body?.encoding === 'form' || path === 'authorize.push'
  const body: Record<string, Json | undefined> = {
    ...((around.grant ?? word.grant) ? { grant_type: around.grant ?? (word.grant as string) } : {}),
    ...(around.mfaToken !== undefined && { mfa_token: asJson(secrets.slot('mfa_token', around.mfaToken)) }),
    ...word.constants,
  }
  const headers: Record<string, string> = {}
  for (const field of fields) {
    const value = planValueOf(field, given[field.name], place, secrets)
    if (value === undefined) continue
    if (field.in === 'header') headers[field.wire] = String(value)
    else if (field.in === 'body') body[field.wire] = asText && typeof value === 'number' ? String(value) : value
  }
  const plan = {
    op: word.operation as string,
    ...(around.params !== undefined && { params: around.params }),
    ...bodyOf({ ...body, ...around.fields?.() }),
    ...(around.bearer !== undefined && { bearer: secrets.slot(...around.bearer) }),
    client: secrets.client(around.client ?? (options as ClientOptions)),
    ...(Object.keys(headers).length > 0 && { options: { headers } }),
    ...repeatOf(word, given, around),
  }
  return bind<T>(planData(plan), secrets.values(), around.words)
}

/** Names that the object of a word may have. */
export function namesOf(word: WordRow): readonly string[] {
  return (word.fields ?? []).map(({ name }) => name)
}

function repeatOf(
  word: WordRow,
  given: Readonly<Record<string, unknown>>,
  { repeat }: Around,
): Pick<PlanData, 'repeat'> {
  if (repeat !== undefined) return { repeat }
  const { interval = 5 } = given as { readonly interval?: number }
  return word.polls ? { repeat: { kind: 'poll', every: interval * SECONDS, until: 'grant' } } : {}
}

function bodyOf(fields: Readonly<Record<string, Json | undefined>>): Pick<PlanData, 'body'> {
  const sent = Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined)
  return sent.length === 0 ? {} : { body: Object.fromEntries(sent) }
}

const asJson = (slot: SecretSlot | undefined): Json | undefined => slot as Json | undefined

/** The value of a field as the plan holds it: checked, a secret as its slot, a short word spelt out. */
function planValueOf(field: WordField, given: unknown, place: string, secrets: SecretCollector): Json | undefined {
  const { name, wire, fallback, prefix = '', slot = wire } = field
  if (field.in === 'client') return undefined
  if (field.secret) {
    const value = given as SecretText
    if (field.in === 'none') return undefined
    return asJson(field.required ? secrets.slot(slot, value, name) : secrets.optional(slot, value, name))
  }
  if (field.required && isText(field)) requireText(place, name, given, field.sample ?? '…')
  else requireType(place, field, given)
  const value = (given ?? fallback) as Json | undefined
  if (value === undefined || typeof value !== 'string') return value
  if (name === 'audience') return value === 'mfa' ? MFA_AUDIENCE : value
  return prefix + value
}

const isText = ({ type, values }: WordField): boolean => type === 'string' || values.length > 0

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  'a number': (value) => typeof value === 'number' && Number.isFinite(value),
  'true or false': (value) => typeof value === 'boolean',
  'a list of texts': (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  'an object': (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

/** Refuses a value of another type than that of the row; which values a text may have is for the server to say. */
function requireType(place: string, field: WordField, given: unknown): void {
  if (given === undefined && !field.required) return
  const kind = kindOf(field)
  if (kind === undefined || KINDS[kind]?.(given)) return
  throw new ValidationError(`${place} needs "${field.name}" as ${kind}; it got ${describe(given)}.`, {
    issues: [{ path: field.name, rule: `must be ${kind}` }],
  })
}

function kindOf(field: WordField): string | undefined {
  if (isText(field)) return 'text'
  if (field.type === 'number') return 'a number'
  if (field.type === 'boolean') return 'true or false'
  if (field.type.endsWith('string[]')) return 'a list of texts'
  return field.type.startsWith('{') ? 'an object' : undefined
}
