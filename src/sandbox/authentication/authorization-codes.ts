import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import type { Core } from '../core.ts'
import { AuthenticationFailure } from './call.ts'
import { revokeTokensOfCode } from './refresh-token.ts'

const CODES = 'sandbox/authorization-codes'
const LIFETIME = 60_000
/** How long a spent code is known, so that a second use can be told from an invented one. */
const REMEMBERED = 3_600_000

/** Keeps what an authorization code stands for, and gives the code: good once, within a minute. */
export function keepCode(core: Core, record: Readonly<Record<string, Json | undefined>>): string {
  const codes = collection(core.tables, CODES)
  const now = core.clock.now()
  for (const [old, each] of codes) {
    if (Number(each.expires_at) + REMEMBERED > now) break
    codes.delete(old)
  }
  const code = core.random.text(43)
  const told = Object.entries({ ...record, expires_at: now + LIFETIME }).filter(([, value]) => value !== undefined)
  codes.set(code, Object.fromEntries(told) as JsonObject)
  return code
}

const invalid = (): AuthenticationFailure =>
  new AuthenticationFailure(403, 'invalid_grant', 'Invalid authorization code')

/**
 * The record of an authorization code, spent: it is good once, and for its own application only.
 * @throws 403 `invalid_grant`; a second use also revokes the tokens that the first one gave
 */
export function redeemCode(core: Core, client: JsonObject, code: string): JsonObject {
  const codes = collection(core.tables, CODES)
  const record = codes.get(code)
  if (!record || record.client_id !== client.client_id) throw invalid()
  if (record.spent === true) {
    revokeTokensOfCode(core, code)
    for (const token of Array.isArray(record.issued) ? record.issued.map(String) : [])
      collection(core.tables, 'sandbox/revoked-tokens').set(token, {})
    throw invalid()
  }
  codes.set(code, { ...record, spent: true })
  if (Number(record.expires_at) <= core.clock.now()) throw invalid()
  return record
}

/** Notes the access token that a code gave, so that a second use of the code can take it away. */
export function noteIssued(core: Core, code: string, token: string): void {
  const codes = collection(core.tables, CODES)
  const record = codes.get(code)
  if (record) codes.set(code, { ...record, issued: [fingerprint(token)] })
}

/** Whether a token was taken away. */
export function isRevoked(core: Core, token: string): boolean {
  return collection(core.tables, 'sandbox/revoked-tokens').has(fingerprint(token))
}

function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
