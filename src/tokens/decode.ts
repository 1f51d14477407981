import type { JsonObject } from '../plan/index.ts'
import { isJsonObject } from '../plan/index.ts'

/** Header and claims of a token, read without verifying anything. */
export interface DecodedToken {
  readonly header: JsonObject
  readonly claims: JsonObject
}

/**
 * Reads a JWT without verifying its signature: enough to know what a token is for, never enough to trust it.
 *
 * @returns `undefined` for an opaque or encrypted token.
 * @see https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles
 */
export function decodeToken(token: string): DecodedToken | undefined {
  const [header, claims, signature, ...more] = token.split('.')
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0) return undefined
  const parsed = [parsePart(header), parsePart(claims)]
  return isJsonObject(parsed[0]) && isJsonObject(parsed[1]) ? { header: parsed[0], claims: parsed[1] } : undefined
}

/** Epoch milliseconds at which the claims expire, when they say so. */
export function expiryOf(claims: JsonObject): number | undefined {
  return typeof claims.exp === 'number' ? claims.exp * 1000 : undefined
}

/** Scopes of an access token, when it shows them. */
export function scopesOf(claims: JsonObject): readonly string[] | undefined {
  return typeof claims.scope === 'string' ? splitScope(claims.scope) : undefined
}

/** A space-separated scope as a list. */
export function splitScope(scope: string): readonly string[] {
  return scope.split(' ').filter((item) => item !== '')
}

function parsePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    // Not JSON means not a JWT, which is an answer here and no fault.
    return undefined
  }
}

const LEEWAY = 10_000

/** Ten seconds early, but never so early that a short-lived token would be fetched for every call. */
export function renewalOf(expiresAt: number, now: number): number {
  return expiresAt - Math.min(LEEWAY, (expiresAt - now) / 4)
}
