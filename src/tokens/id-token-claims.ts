import { IdTokenError, type JsonObject } from '../plan/index.ts'

/** What an ID token must be. */
export interface IdTokenExpectations {
  /** The application that the token was asked for. */
  readonly clientId: string
  /** Verifies HS256. */
  readonly clientSecret?: string
  readonly nonce?: string
  /** `org_…` compares the id, anything else the name. */
  readonly organization?: string
  /** Seconds; 60. */
  readonly tolerance?: number
}

/**
 * Checks the claims of an ID token whose signature holds.
 *
 * @param now epoch milliseconds.
 * @throws IdTokenError naming the first claim that fails.
 */
export function checkClaims(claims: JsonObject, expected: IdTokenExpectations, domain: string, now: number): void {
  const tolerance = (expected.tolerance ?? 60) * 1000
  const issuer = `https://${domain}/`
  if (claims.iss !== issuer) {
    fail(
      'iss',
      issuer,
      claims.iss,
      'Connect with the domain that the login used: tokens name the domain they came from.',
    )
  }
  if (typeof claims.sub !== 'string' || claims.sub === '') {
    fail('sub', 'a user id', claims.sub, 'Log in again; without a subject the token names nobody.')
  }
  checkAudience(claims, expected.clientId)
  checkTimes(claims, tolerance, now)
  if (expected.nonce !== undefined && claims.nonce !== expected.nonce) {
    fail('nonce', 'the nonce of this login', claims.nonce === undefined ? undefined : 'another one', 'Log in again.')
  }
  if (expected.organization !== undefined) checkOrganization(claims, expected.organization)
}

function checkAudience(claims: JsonObject, clientId: string): void {
  const audiences: readonly unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud]
  const next = 'Give the clientId of the application that logged in.'
  if (!audiences.includes(clientId)) fail('aud', clientId, claims.aud, next)
  if (audiences.length > 1 && claims.azp !== clientId) fail('azp', clientId, claims.azp, next)
  else if (claims.azp !== undefined && claims.azp !== clientId) fail('azp', clientId, claims.azp, next)
}

function checkTimes(claims: JsonObject, tolerance: number, now: number): void {
  const { exp, iat } = claims
  if (typeof exp !== 'number') return fail('exp', 'a time of expiry', exp, 'Log in again.')
  if (exp * 1000 + tolerance <= now) {
    fail('exp', `a time after ${iso(now)}`, iso(exp * 1000), "Check this machine's clock, or log in again.")
  }
  if (typeof iat !== 'number') return fail('iat', 'a time of issue', iat, 'Log in again.')
  if (iat * 1000 - tolerance > now) {
    fail('iat', `a time not after ${iso(now)}`, iso(iat * 1000), "Check this machine's clock.")
  }
}

function checkOrganization(claims: JsonObject, organization: string): void {
  const next = 'Log in with this organization; a token for another one says nothing about it.'
  if (organization.startsWith('org_')) {
    if (claims.org_id !== organization) fail('org_id', organization, claims.org_id, next)
    return
  }
  // Organization names are lower case in tokens, whatever case the caller wrote.
  if (claims.org_name !== organization.toLowerCase())
    fail('org_name', organization.toLowerCase(), claims.org_name, next)
}

function fail(check: string, expected: string, found: unknown, next: string): never {
  const shown = found === undefined ? 'none' : typeof found === 'string' ? found : JSON.stringify(found)
  throw new IdTokenError(`ID token, check "${check}": expected ${expected}, found ${shown}. ${next}`, { check })
}

function iso(milliseconds: number): string {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString()
}
