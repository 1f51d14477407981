import { type OperationRow, openNames } from '../catalogue/index.ts'
import { isJsonObject, isSecretSlot, type Json, type PlanData, redact, SECRET_MARK, secretSlot } from '../plan/index.ts'
import { sentDomain } from './custom-domain.ts'
import { draftWith } from './draft.ts'
import type { WireEnvironment } from './environment.ts'
import type { DraftBody, RequestDraft } from './http.ts'

// Private-use characters: no text of a plan has them, percent-encoding aside they pass through everything.
const OPEN = '\ue000'
const CLOSE = '\ue001'
const VARIABLE = new RegExp(`${OPEN}(\\w+)${CLOSE}`, 'g')

/** A request in which every secret is the name of a variable. */
export interface Template {
  readonly request: RequestDraft
  /** Names of the variables, in order of appearance, with what they hold. */
  readonly variables: ReadonlyMap<string, string>
}

/**
 * The request of a plan with variables in place of secrets: of slots, of literal values that the catalogue or their
 * name calls secret, of the session's token and of the application's secret.
 */
export function template(plan: PlanData, row: OperationRow, environment: WireEnvironment): Template {
  const variables = new Map<string, string>()
  const variable = (name: string, meaning: string): string => {
    variables.set(name, meaning)
    return `${OPEN}${name}${CLOSE}`
  }
  const slots = new Map<string, string>()
  const lookup = (slot: string): string => {
    let name = slots.get(slot)
    if (name === undefined) {
      name = uniqueName(slot, new Set(slots.values()))
      slots.set(slot, name)
    }
    return variable(name, `the secret "${slot}" of the plan`)
  }
  const body = plan.body === undefined ? undefined : slotSecrets(plan.body, row)
  const request = draftWith(body === undefined ? plan : { ...plan, body }, row, environment, lookup)
  const headers: Record<string, string> = { ...request.headers }
  // Who sends it is then another program.
  delete headers['user-agent']
  delete headers['auth0-client']
  if (sentDomain(plan, row, environment).verdict === 'removed') {
    delete headers['auth0-custom-domain']
  }
  if (row.api === 'management' && headers.authorization === undefined) {
    headers.authorization = `Bearer ${variable('AUTH0_TOKEN', 'an access token for the Management API')}`
  }
  const fields = clientFields(plan, row, environment, lookup, variable)
  // The marks of variables were percent-encoded with the query around them.
  const search = request.search.replace(/%EE%80%8[01]/g, (mark) => decodeURIComponent(mark))
  return { request: { ...request, search, headers, ...withFields(request.body, fields, row) }, variables }
}

/** Splits a text at its variables: literal text and names by turns, beginning with text. */
export function splitVariables(text: string): readonly string[] {
  return text.split(VARIABLE)
}

/** True when the text holds a variable. */
export function hasVariable(text: string): boolean {
  return text.includes(OPEN)
}

function clientFields(
  plan: PlanData,
  row: OperationRow,
  environment: WireEnvironment,
  lookup: (slot: string) => string,
  variable: (name: string, meaning: string) => string,
): Record<string, string> {
  const kind = row.clientFields
  const given = isJsonObject(plan.body) && plan.body.client_id !== undefined
  if (kind === 'none' || given) return {}
  const { client } = plan
  const fields: Record<string, string> = {}
  const clientId = client?.clientId ?? environment.client?.clientId
  if (clientId === undefined && kind === 'if-any') return {}
  fields.client_id = clientId ?? variable('CLIENT_ID', 'the id of the application')
  if (kind === 'id') return fields
  if (client?.clientAssertion !== undefined) {
    fields.client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    fields.client_assertion = variable('CLIENT_ASSERTION', 'a JWT signed with the key of the application')
  } else if (client === undefined) fields.client_secret = variable('CLIENT_SECRET', 'the secret of the application')
  else if (client.clientSecret !== undefined) fields.client_secret = lookup(client.clientSecret.$secret)
  return fields
}

function withFields(
  body: DraftBody | undefined,
  fields: Record<string, string>,
  row: OperationRow,
): { readonly body?: DraftBody } {
  if (Object.keys(fields).length === 0) return body === undefined ? {} : { body }
  if (body?.kind === 'form') return { body: { kind: 'form', fields: { ...body.fields, ...fields } } }
  if (body?.kind === 'json' && isJsonObject(body.value))
    return { body: { kind: 'json', value: { ...body.value, ...fields } } }
  if (body !== undefined) return { body }
  return { body: row.body?.encoding === 'form' ? { kind: 'form', fields } : { kind: 'json', value: fields } }
}

// A plan of the grammar holds slots; one that was written by hand may hold values.
function slotSecrets(value: Json, row: OperationRow): Json {
  const marked = redact(value, { paths: row.secretBody, open: openNames(row) })
  const slots = (safe: Json, at: readonly string[]): Json => {
    if (safe === SECRET_MARK) return secretSlot(at.join('.')) as unknown as Json
    if (Array.isArray(safe)) return safe.map((item: Json, index) => slots(item, [...at, String(index)]))
    if (!isJsonObject(safe) || isSecretSlot(safe)) return safe
    return Object.fromEntries(Object.entries(safe).map(([key, item]) => [key, slots(item, [...at, key])]))
  }
  return slots(marked, [])
}

function uniqueName(slot: string, taken: ReadonlySet<string>): string {
  const plain = slot
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
  const base = /^[A-Z]/.test(plain) ? plain : `SECRET_${plain}`
  let name = base
  for (let count = 2; taken.has(name); count += 1) name = `${base}_${count}`
  return name
}
