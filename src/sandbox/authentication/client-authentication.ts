import { decodeJwt, decodeProtectedHeader, importSPKI, jwtVerify } from 'jose'
import type { JsonObject } from '../../plan/index.ts'
import { isJsonObject } from '../../plan/index.ts'
import { collection, type Tables } from '../contract.ts'
import { type AuthenticationCall, AuthenticationFailure, field } from './call.ts'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const LONGEST_ASSERTION = 2048
const LONGEST_CLAIM = 64
const LONGEST_LIFE_SECONDS = 300
const SKEW_SECONDS = 10

const refused = (): AuthenticationFailure =>
  new AuthenticationFailure(401, 'invalid_client', 'Client authentication failed')

/**
 * The application that sent a call, proven by secret (body or Basic), by a signed assertion, or by name alone where
 * the application is public.
 * @throws 401 `invalid_client` when the proof is missing or wrong, 400 `invalid_request` when there are two
 */
export async function authenticateClient(call: AuthenticationCall): Promise<JsonObject> {
  const basic = basicCredentials(call.headers.authorization)
  const assertion = field(call, 'client_assertion')
  const secret = field(call, 'client_secret')
  if ([basic, assertion, secret].filter((proof) => proof !== undefined).length > 1)
    throw new AuthenticationFailure(400, 'invalid_request', 'Only one method of client authentication may be used.')
  if (assertion !== undefined) return byAssertion(call, assertion)

  const client = clientNamed(call, basic?.id ?? field(call, 'client_id'))
  if (basic && field(call, 'client_id') !== undefined && field(call, 'client_id') !== basic.id) throw refused()
  const proof = basic?.secret ?? secret
  if (client.token_endpoint_auth_method === 'none') return client
  if (typeof client.client_secret !== 'string' || usesAssertions(client) || proof !== client.client_secret)
    throw refused()
  return client
}

/** The application a call names, without proof: for endpoints that take public calls. */
export function clientNamed(call: AuthenticationCall, id: string | undefined): JsonObject {
  if (id === undefined) throw new AuthenticationFailure(400, 'invalid_request', 'Missing required parameter: client_id')
  const client = call.core.tables.clients.get(id)
  if (!client) throw new AuthenticationFailure(401, 'invalid_client', 'Unknown client.')
  return client
}

/** The application that a call names, whether or not it is proven; `undefined` where there is none of that name. */
export function presentedClient(call: AuthenticationCall): JsonObject | undefined {
  const id = basicCredentials(call.headers.authorization)?.id ?? field(call, 'client_id')
  return id === undefined ? undefined : call.core.tables.clients.get(id)
}

/** True when a call carries any proof of the application. */
export function carriesClientProof(call: AuthenticationCall): boolean {
  return (
    basicCredentials(call.headers.authorization) !== undefined ||
    field(call, 'client_secret') !== undefined ||
    field(call, 'client_assertion') !== undefined
  )
}

function basicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^basic\s+(\S+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return { id: decoded(id), secret: decoded(rest.join(':')) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function usesAssertions(client: JsonObject): boolean {
  return isJsonObject(client.client_authentication_methods)
}

async function byAssertion(call: AuthenticationCall, assertion: string): Promise<JsonObject> {
  if (field(call, 'client_assertion_type') !== ASSERTION_TYPE)
    throw new AuthenticationFailure(400, 'invalid_request', `client_assertion_type must be ${ASSERTION_TYPE}`)
  if (Buffer.byteLength(assertion) > LONGEST_ASSERTION) throw refused()
  const issuer = unverifiedIssuer(assertion)
  if (field(call, 'client_id') !== undefined && field(call, 'client_id') !== issuer) throw refused()
  const client = clientNamed(call, issuer)
  const now = call.core.clock.now()
  for (const key of publicKeys(call.core.tables, client)) {
    const claims = await verified(assertion, key, new Date(now))
    if (claims && holdsLimits(claims, issuer, call.issuer, now) && firstUse(call, `${issuer} ${claims.jti}`, claims))
      return client
  }
  throw refused()
}

function unverifiedIssuer(assertion: string): string {
  try {
    return decodeJwt(assertion).iss ?? ''
  } catch {
    throw refused()
  }
}

/** Public keys of an application, PEM with algorithm, inline or kept as credentials of their own. */
function publicKeys(tables: Tables, client: JsonObject): readonly { pem: string; alg: string }[] {
  const methods = client.client_authentication_methods
  const method = isJsonObject(methods) ? methods.private_key_jwt : undefined
  const listed = isJsonObject(method) && Array.isArray(method.credentials) ? method.credentials : []
  const stored = collection(tables, 'client-credentials')
  return listed.filter(isJsonObject).flatMap((credential) => {
    const record = credential.pem === undefined ? stored.get(String(credential.id)) : credential
    const pem = record?.pem ?? record?.$pem
    return record && typeof pem === 'string' ? [{ pem, alg: String(record.alg ?? 'RS256') }] : []
  })
}

async function verified(
  assertion: string,
  key: { pem: string; alg: string },
  currentDate: Date,
): Promise<JsonObject | undefined> {
  try {
    if (decodeProtectedHeader(assertion).alg !== key.alg) return undefined
    const publicKey = await importSPKI(key.pem, key.alg)
    const options = { algorithms: [key.alg], clockTolerance: SKEW_SECONDS, currentDate }
    const { payload } = await jwtVerify(assertion, publicKey, options)
    return payload as JsonObject
  } catch {
    // A key that does not fit is no error of ours: the next one may, and without any the client is refused.
    return undefined
  }
}

function holdsLimits(claims: JsonObject, clientId: string, audience: string, now: number): boolean {
  const { iss, sub, jti, aud, exp, iat } = claims
  const short = [iss, sub, jti].every((claim) => typeof claim === 'string' && claim.length <= LONGEST_CLAIM)
  const started = typeof iat === 'number' ? iat : Math.floor(now / 1000)
  const brief = typeof exp === 'number' && exp - started <= LONGEST_LIFE_SECONDS
  return short && brief && iss === clientId && sub === clientId && aud === audience
}

/** Notes the `jti`; false when it was used before. */
function firstUse(call: AuthenticationCall, use: string, claims: JsonObject): boolean {
  const seen = collection(call.core.tables, 'sandbox/assertions')
  if (seen.has(use)) return false
  seen.set(use, { exp: claims.exp ?? 0 })
  return true
}
