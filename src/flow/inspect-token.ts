import type { OperationRow } from '../catalogue/index.ts'
import { rows } from '../catalogue/index.ts'
import type { TokenInspection } from '../grammar/index.ts'
import type { Json, JsonObject } from '../plan/index.ts'
import { decodeToken } from '../tokens/index.ts'

/** What a token is looked at with. */
export interface InspectEnvironment {
  /** Epoch milliseconds. */
  readonly now: number
  /** The Management API's audience of this session. */
  readonly audience: string
  readonly domain: string
}

const OPAQUE =
  'This token is opaque or encrypted: only its issuer can read it. Ask auth0.userInfo(token), or for an audience that issues JWTs.'
const UNVERIFIED = 'The signature was not checked; nothing here proves that the token is genuine.'

/** Reads a token without verifying it, and finds the operations that it may call. Sends nothing. */
export function inspectToken(token: string, environment: InspectEnvironment): TokenInspection {
  const decoded = decodeToken(token.trim())
  if (decoded === undefined) {
    return { kind: 'opaque', use: 'unknown', claims: {}, operations: [], notes: [OPAQUE] }
  }
  const { claims, header } = decoded
  const { now } = environment
  const expiresAt = secondsOf(claims.exp)
  const scopes = typeof claims.scope === 'string' ? claims.scope.split(' ').filter((each) => each !== '') : undefined
  const audience = textsOf(claims.aud)
  const use = useOf(header, claims)
  const issuedAt = secondsOf(claims.iat)
  return {
    kind: 'jwt',
    use,
    ...text('algorithm', header.alg),
    ...text('issuer', claims.iss),
    ...text('subject', claims.sub),
    ...(audience.length === 0 ? {} : { audience }),
    ...text('client', claims.azp ?? claims.client_id),
    ...(issuedAt === undefined ? {} : { issuedAt: isoTime(issuedAt) }),
    ...(expiresAt === undefined ? {} : { expiresAt: isoTime(expiresAt), ...lifetime(expiresAt - now) }),
    ...(scopes === undefined ? {} : { scopes }),
    claims,
    operations: use === 'ID token' ? [] : callable(claims.iss, audience, scopes ?? [], environment),
    notes: notesOn(use, audience, expiresAt, environment),
  }
}

/** A time claim in milliseconds. */
function secondsOf(claim: Json | undefined): number | undefined {
  return typeof claim === 'number' ? claim * 1000 : undefined
}

function lifetime(left: number): Pick<TokenInspection, 'validFor' | 'expiredSince'> {
  return left > 0 ? { validFor: left } : { expiredSince: -left }
}

// A claim may hold any number; what is no date is left as it stands.
function isoTime(at: number): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? String(at / 1000) : date.toISOString()
}

function useOf(header: JsonObject, claims: JsonObject): TokenInspection['use'] {
  if (header.typ === 'at+jwt' || typeof claims.scope === 'string' || claims.gty !== undefined) return 'access token'
  if (Array.isArray(claims.permissions)) return 'access token'
  return typeof claims.aud === 'string' && typeof claims.sub === 'string' ? 'ID token' : 'unknown'
}

function callable(
  issuer: Json | undefined,
  audience: readonly string[],
  scopes: readonly string[],
  { audience: management }: InspectEnvironment,
): readonly string[] {
  const held = new Set(scopes)
  const allows = (row: OperationRow): boolean =>
    row.scopes.length === 0 ||
    (row.allScopes ? row.scopes.every((scope) => held.has(scope)) : row.scopes.some((scope) => held.has(scope)))
  const found: string[] = []
  if (audience.includes(management)) {
    found.push(
      ...rows()
        .filter((row) => row.api === 'management' && allows(row))
        .map((row) => row.id),
    )
  }
  const bearers = rows().filter((row) => row.api === 'authentication' && row.scopes.length > 0 && allows(row))
  if (audience.includes(`${issuer}mfa/`))
    found.push(...bearers.map((row) => row.id).filter((id) => id.startsWith('authentication.mfa.')))
  if (audience.includes(`${issuer}userinfo`) && held.has('openid')) found.push('authentication.userInfo')
  return found
}

function notesOn(
  use: TokenInspection['use'],
  audience: readonly string[],
  expiresAt: number | undefined,
  { audience: management, domain, now }: InspectEnvironment,
): readonly string[] {
  const notes: string[] = []
  if (expiresAt !== undefined && expiresAt <= now)
    notes.push('It has expired, so that no call with it succeeds. Get a new one.')
  const other = audience.find((each) => /^https:\/\/[^/]+\/api\/v2\/$/.test(each) && each !== management)
  if (other !== undefined) notes.push(`It is for the Management API of another tenant, ${other}, not for ${domain}.`)
  if (use === 'ID token') notes.push('An ID token says who a user is; it opens no API.')
  return [...notes, UNVERIFIED]
}

function textsOf(value: Json | undefined): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string')
}

function text<K extends string>(key: K, value: unknown): { readonly [name in K]?: string } {
  return (typeof value === 'string' ? { [key]: value } : {}) as { readonly [name in K]?: string }
}
