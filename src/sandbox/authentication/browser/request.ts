import type { Json, JsonObject } from '../../../plan/index.ts'
import { requestedAudience, targetOf } from '../audience.ts'
import { authorizationDetails } from '../authorization-details.ts'
import { type AuthenticationCall, AuthenticationFailure } from '../call.ts'
import { organizationNamed } from '../organization.ts'
import { allowsOrigin, isAllowed, listed, originOf } from './callbacks.ts'

/** What `response_type` asks for. */
export type ResponsePart = 'code' | 'token' | 'id_token'

/** How the answer travels. */
export type ResponseMode = 'query' | 'fragment' | 'form_post' | 'web_message'

/** Where the answer of an authorization request goes; known before anything else is checked. */
export interface ReturnAddress {
  readonly redirectUri: string
  readonly mode: ResponseMode
  readonly state?: string
}

const PARTS: readonly ResponsePart[] = ['code', 'token', 'id_token']
const MODES: readonly ResponseMode[] = ['query', 'fragment', 'form_post', 'web_message']
const PROMPTS = ['none', 'login', 'consent', 'select_account']
const CHALLENGE = /^[A-Za-z0-9_-]{43,128}$/

/** Everything `response_type` and `response_mode` may be, as discovery tells it. */
export const RESPONSE_TYPES = [
  'code',
  'token',
  'id_token',
  'code token',
  'code id_token',
  'token id_token',
  'code token id_token',
] as const
export const RESPONSE_MODES = MODES

/**
 * The address that an authorization request returns to.
 * @throws 400 `invalid_request` when the application does not allow it: then there is nowhere to return to
 */
export function returnAddress(call: AuthenticationCall, client: JsonObject): ReturnAddress {
  const { redirect_uri, response_mode, response_type = '', state } = call.query
  const callbacks = listed(client, 'callbacks')
  const asked = redirect_uri ?? callbacks[0]
  const organization = organizationName(call)
  if (asked === undefined || !isAllowed(callbacks, asked, organization === undefined ? {} : { organization })) {
    const text = `The redirect URI ${asked ?? ''} is not in the list of allowed callback URLs of the application.`
    throw new AuthenticationFailure(400, 'invalid_request', text)
  }
  const front = /\b(id_token|token)\b/.test(response_type)
  const known = MODES.find((mode) => mode === response_mode)
  return {
    redirectUri: asked,
    mode: known ?? (front ? 'fragment' : 'query'),
    ...(state === undefined ? {} : { state }),
  }
}

function organizationName(call: AuthenticationCall): string | undefined {
  const { organization } = call.query
  if (organization === undefined) return undefined
  const { organizations } = call.core.tables
  const found =
    organizations.get(organization) ?? [...organizations.values()].find((each) => each.name === organization)
  return found === undefined ? undefined : String(found.name)
}

/** An authorization request whose parameters hold together. */
export interface AuthorizationRequest {
  readonly parts: readonly ResponsePart[]
  readonly prompts: readonly string[]
  /** Seconds since the login that the application accepts at most. */
  readonly maxAge?: number
  readonly organization?: JsonObject
  readonly details?: readonly Json[]
}

/**
 * Checks what an authorization request asks for.
 * @throws AuthenticationFailure that is told to the application at its return address
 */
export function checkRequest(
  call: AuthenticationCall,
  client: JsonObject,
  address: ReturnAddress,
): AuthorizationRequest {
  const { query } = call
  // Parameters in a signed request would be passed over in silence.
  if (query.request !== undefined)
    throw new AuthenticationFailure(400, 'request_not_supported', 'Signed authorization requests are not supported.')
  const parts = responseParts(query.response_type)
  checkGrants(client, parts)
  checkMode(client, parts, address, query.response_mode)
  checkChallenge(query)
  if (parts.includes('id_token') && query.nonce === undefined) throw invalid('Missing required parameter: nonce')
  const prompts = (query.prompt ?? '').split(' ').filter(Boolean)
  const unknown = prompts.find((each) => !PROMPTS.includes(each))
  if (unknown !== undefined) throw invalid(`Unsupported prompt value: ${unknown}`)
  if (prompts.includes('none') && prompts.length > 1) throw invalid('prompt=none cannot be combined with other values.')
  targetOf(call.core, call.issuer, requestedAudience(call))
  const details = authorizationDetails(query.authorization_details)
  const maxAge = maxAgeOf(query.max_age)
  const organization = organizationAsked(call, client)
  return {
    parts,
    prompts,
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(organization ? { organization } : {}),
    ...(details ? { details } : {}),
  }
}

function invalid(text: string): AuthenticationFailure {
  return new AuthenticationFailure(400, 'invalid_request', text)
}

function responseParts(type: string | undefined): readonly ResponsePart[] {
  if (type === undefined || type === '') throw invalid('Missing required parameter: response_type')
  const asked = [...new Set(type.split(' ').filter(Boolean))]
  const parts = PARTS.filter((part) => asked.includes(part))
  if (parts.length === asked.length && parts.length > 0) return parts
  throw new AuthenticationFailure(400, 'unsupported_response_type', `Unsupported response type: ${type}`)
}

function checkGrants(client: JsonObject, parts: readonly ResponsePart[]): void {
  const grants = listed(client, 'grant_types')
  const needed = [
    ...(parts.includes('code') ? ['authorization_code'] : []),
    ...(parts.some((part) => part !== 'code') ? ['implicit'] : []),
  ]
  const missing = needed.find((grant) => !grants.includes(grant))
  if (missing === undefined) return
  throw new AuthenticationFailure(403, 'unauthorized_client', `Grant type '${missing}' not allowed for the client.`)
}

function checkMode(
  client: JsonObject,
  parts: readonly ResponsePart[],
  { mode, redirectUri }: ReturnAddress,
  asked: string | undefined,
): void {
  if (asked !== undefined && asked !== mode) throw invalid(`Unsupported response mode: ${asked}`)
  if (mode === 'query' && parts.some((part) => part !== 'code'))
    throw invalid('Tokens are not sent in the query: use response_mode fragment, form_post or web_message.')
  if (mode === 'web_message' && !allowsOrigin(client, originOf(redirectUri)))
    throw invalid(`The origin ${originOf(redirectUri)} is not in the allowed web origins of the application.`)
}

/** Only S256 is taken, as Auth0 does whatever its discovery says. */
function checkChallenge({ code_challenge, code_challenge_method }: Readonly<Record<string, string>>): void {
  if (code_challenge === undefined) {
    if (code_challenge_method === undefined) return
    throw invalid('Missing required parameter: code_challenge')
  }
  if (code_challenge_method !== 'S256') throw invalid('code_challenge_method must be S256')
  if (!CHALLENGE.test(code_challenge)) throw invalid('code_challenge must be 43 to 128 characters of base64url.')
}

function maxAgeOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  if (!/^\d{1,9}$/.test(text)) throw invalid('max_age must be a number of seconds.')
  return Number(text)
}

function organizationAsked(call: AuthenticationCall, client: JsonObject): JsonObject | undefined {
  const { organization } = call.query
  if (organization === undefined || organization === '') {
    const { organization_require_behavior: behavior = 'no_prompt', organization_usage } = client
    if (organization_usage === 'require' && behavior === 'no_prompt')
      throw invalid('parameter organization is required for this client')
    return undefined
  }
  if (client.organization_usage === 'deny') throw invalid('parameter organization is not allowed for this client')
  return organizationNamed(call.core, organization)
}
