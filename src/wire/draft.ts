import type { OperationRow } from '../catalogue/index.ts'
import {
  isJsonObject,
  type Json,
  type JsonObject,
  MissingSecretError,
  type PlanData,
  plainMessage,
  resolveSecrets,
  type SecretValues,
  secretNames,
  ValidationError,
} from '../plan/index.ts'
import type { WireEnvironment } from './environment.ts'
import { formFields, formText } from './form.ts'
import { addHeaders, customDomainHeader } from './headers.ts'
import type { DraftBody, EncodedBody, HttpRequest, RequestDraft } from './http.ts'
import { encodeParts, multipartParts } from './multipart.ts'
import { mergeQuery, serializeQuery } from './query.ts'
import { splitRoute } from './row-of.ts'

/**
 * The request of a plan as the stages get it: everything but the credential.
 *
 * @throws MissingSecretError naming every secret of the plan whose value is not among `secrets`.
 * @throws ValidationError for headers that a plan may not set, and for a path parameter that is missing.
 */
export function draft(
  plan: PlanData,
  row: OperationRow,
  environment: WireEnvironment,
  secrets: SecretValues,
): RequestDraft {
  let missing = false
  const lookup = (name: string): string => {
    if (Object.hasOwn(secrets, name)) return secrets[name] as string
    missing = true
    return ''
  }
  const request = draftWith(plan, row, environment, lookup)
  if (plan.client !== undefined) resolveSecrets(plan.client as unknown as Json, lookup)
  if (missing) throw missingSecrets(plan, secrets)
  return request
}

/** As `draft`, with the values of secret slots from a function: values, or names of variables. */
export function draftWith(
  plan: PlanData,
  row: OperationRow,
  environment: WireEnvironment,
  lookup: (name: string) => string,
): RequestDraft {
  const raw = plan.op === 'raw'
  const { method, target } = raw ? rawTarget(plan) : { method: row.method, target: fillPath(plan, row) }
  const query = plan.query
  const over = plan.options?.query
  let path = target
  let search = ''
  const cut = raw ? target.indexOf('?') : -1
  if (cut !== -1) {
    path = target.slice(0, cut)
    search = target.slice(cut + 1)
  }
  if (query !== undefined || over !== undefined) {
    const asked = resolveSecrets({ ...query, ...over }, lookup) as JsonObject
    search = withQuery(search, asked, plan)
  }
  const stream = row.paging?.style === 'stream'
  const body = draftBody(plan, row, environment, lookup)
  const request: { -readonly [K in keyof RequestDraft]: RequestDraft[K] } = {
    method,
    origin: environment.domain === lastDomain ? lastOrigin : originOf(environment.domain),
    path,
    search: search === '' ? '' : `?${search}`,
    headers: draftHeaders(plan, row, environment, body, stream, lookup),
  }
  if (body !== undefined) request.body = body
  if (stream) request.stream = true
  else if (row.paging !== undefined) request.list = true
  return request
}

let lastDomain: string | undefined
let lastOrigin = ''

/** One text per domain, as far as one follows the other: what is looked up by it is hashed once. */
function originOf(domain: string): string {
  lastDomain = domain
  lastOrigin = `https://${domain}`
  return lastOrigin
}

function draftHeaders(
  plan: PlanData,
  row: OperationRow,
  environment: WireEnvironment,
  body: DraftBody | undefined,
  stream: boolean,
  lookup: (name: string) => string,
): Record<string, string> {
  const headers: Record<string, string> = {
    accept: stream ? 'text/event-stream' : 'application/json',
    'user-agent': environment.version === undefined ? 'tenantlab' : `tenantlab/${environment.version}`,
  }
  if (environment.telemetry !== undefined) headers['auth0-client'] = environment.telemetry
  if (body !== undefined && body.kind !== 'multipart') headers['content-type'] = contentTypes[body.kind]
  const domain = chosenDomain(plan, row, environment)
  if (domain !== undefined) headers['auth0-custom-domain'] = customDomainHeader(domain, plan)
  if (plan.options?.headers !== undefined) addHeaders(headers, plan.options.headers, plan)
  if (plan.bearer !== undefined) headers.authorization = `Bearer ${lookup(plan.bearer.$secret)}`
  return headers
}

/** The custom domain that a plan of the Management API asks for: its own, else the session's. */
export function chosenDomain(
  plan: PlanData,
  row: OperationRow,
  environment: Pick<WireEnvironment, 'customDomain'>,
): string | undefined {
  return row.api === 'management' ? (plan.options?.customDomain ?? environment.customDomain) : undefined
}

/** Content types of the bodies that need no boundary. */
const contentTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const

function draftBody(
  plan: PlanData,
  row: OperationRow,
  environment: WireEnvironment,
  lookup: (name: string) => string,
): DraftBody | undefined {
  if (plan.body === undefined) return undefined
  let value = resolveSecrets(plan.body, lookup)
  if (row.api === 'authentication') value = fillAudience(value, environment)
  const encoding = row.body?.encoding ?? 'json'
  if (encoding === 'form') return { kind: 'form', fields: formFields(value) }
  if (encoding === 'multipart') return { kind: 'multipart', parts: multipartParts(value) }
  return { kind: 'json', value }
}

/** The request as a transport gets it. A promise only where the body has a part that is read from a file. */
export function finish(draft: RequestDraft): HttpRequest | Promise<HttpRequest> {
  const { body } = draft
  if (body === undefined) return assemble(draft, undefined)
  const encoded = encodeBody(body)
  return encoded instanceof Promise ? encoded.then((written) => assemble(draft, written)) : assemble(draft, encoded)
}

function assemble(draft: RequestDraft, encoded: EncodedBody | undefined): HttpRequest {
  const { method, headers } = draft
  const request: { -readonly [K in keyof HttpRequest]: HttpRequest[K] } = {
    method,
    url: draft.origin + draft.path + draft.search,
    headers,
  }
  if (encoded !== undefined) {
    request.body = encoded.body
    if (headers['content-type'] !== encoded.contentType) {
      request.headers = { ...headers, 'content-type': encoded.contentType }
    }
  }
  if (draft.stream === true) request.stream = true
  if (draft.list === true) request.list = true
  return request
}

/**
 * Writes a body. A promise only where a part is a file, which is read now.
 *
 * @throws ValidationError (or rejects with it) when a file cannot be read, or is not the one that the plan was made for.
 */
export function encodeBody(body: DraftBody): EncodedBody | Promise<EncodedBody> {
  if (body.kind === 'json') return { body: JSON.stringify(body.value), contentType: contentTypes.json }
  if (body.kind === 'form') return { body: formText(body.fields), contentType: contentTypes.form }
  return encodeParts(body.parts)
}

// A plan holds no host, so the audiences of the tenant's own APIs stand in it as placeholders.
function fillAudience(body: Json, environment: WireEnvironment): Json {
  if (!isJsonObject(body) || typeof body.audience !== 'string' || !body.audience.includes('{')) return body
  if (body.audience === '{audience}') return { ...body, audience: environment.audience }
  return { ...body, audience: body.audience.replaceAll('{domain}', environment.domain) }
}

function fillPath(plan: PlanData, row: OperationRow): string {
  const pieces = piecesOf(row)
  let path = pieces[0] as string
  for (let index = 1; index < pieces.length; index += 2) {
    path += pathValue(plan, pieces[index] as string) + (pieces[index + 1] as string)
  }
  return path
}

const pathPieces = new WeakMap<OperationRow, readonly string[]>()

/** A path cut at its parameters: text, name, text, name, text. Cut once per row, since every request fills one. */
function piecesOf(row: OperationRow): readonly string[] {
  let pieces = pathPieces.get(row)
  if (pieces === undefined) {
    pieces = row.path.split(/\{([^}]+)\}/)
    pathPieces.set(row, pieces)
  }
  return pieces
}

function pathValue(plan: PlanData, name: string): string {
  const value = plan.params?.[name]
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..') {
    throw new ValidationError(
      `${plan.op}: the path parameter ${name} is ${value ? `${JSON.stringify(value)}, which would change the path` : 'missing'}. Give the id of the record.`,
      { plan, issues: [{ path: `params.${name}`, rule: 'must be an id' }] },
    )
  }
  return encoded(value, plan, `params.${name}`)
}

// A route that was typed by hand may hold a fragment, or characters that have to be encoded on the wire.
function rawTarget(plan: PlanData): ReturnType<typeof splitRoute> {
  const { method, target } = splitRoute(plan.route ?? '')
  const [whole = ''] = target.split('#', 1)
  return { method, target: whole.replace(/[^\x21-\x7e]+/gu, (part) => encoded(part, plan, 'route')) }
}

function withQuery(search: string, asked: JsonObject, plan: PlanData): string {
  try {
    return search === '' ? serializeQuery(asked) : mergeQuery(search, asked)
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause
    const broken = Object.keys(asked).find((name) => !isWellFormed(`${name}${asked[name]}`))
    throw notText(plan, broken === undefined ? 'query' : `query.${plainMessage(broken)}`)
  }
}

function encoded(text: string, plan: PlanData, path: string): string {
  if (!isWellFormed(text)) throw notText(plan, path)
  return encodeURIComponent(text)
}

/** Most ids; the other test costs ten times as much. */
const PLAIN = /^[\x20-\x7e]*$/

/** Half of a surrogate pair is no character, and no URL can hold it. In JSON it stands as an escape. */
function isWellFormed(text: string): boolean {
  return PLAIN.test(text) || !/\p{Surrogate}/u.test(text)
}

function notText(plan: PlanData, path: string): ValidationError {
  const rule = 'must be text without halves of surrogate pairs'
  return new ValidationError(
    `${plan.op}: ${path} ${rule}: a character of it was cut in two, and no URL can hold that. Nothing was sent. Cut texts ` +
      'with [...text].slice(), and pass it whole.',
    { plan, attempts: 0, issues: [{ path, rule }] },
  )
}

function missingSecrets(plan: PlanData, secrets: SecretValues): MissingSecretError {
  const names = secretNames(plan).filter((name) => !Object.hasOwn(secrets, name))
  const several = names.length > 1
  const example = names.map((name) => `${/^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name)}: …`).join(', ')
  return new MissingSecretError(
    `${plan.op}: the plan needs ${several ? 'secrets' : 'a secret'} that it does not carry: ${names.join(', ')}. ` +
      `Nothing was sent. Give ${several ? 'their values' : 'its value'} with auth0.run(plan, { secrets: { ${example} } }).`,
    { plan, names },
  )
}
