import { jwtVerify } from 'jose'
import { type AuthenticationCall, AuthenticationFailure } from '../call.ts'
import { signerOf } from '../signer.ts'
import { invalidMfaToken, lookUp, type Transaction } from './transactions.ts'

/** Who calls the MFA API: a login that waits for its factor, or an access token for `https://{domain}/mfa/`. */
export type MfaBearer =
  | {
      readonly kind: 'transaction'
      readonly user_id: string
      readonly client_id: string
      readonly transaction: Transaction
    }
  | {
      readonly kind: 'access-token'
      readonly user_id: string
      readonly client_id: string
      readonly scopes: readonly string[]
    }

/**
 * Reads the bearer of a call to the MFA API.
 * @throws 401 `invalid_grant` for neither kind of token, 401 `expired_token` for an mfa token that is too old
 */
export async function mfaBearer(call: AuthenticationCall): Promise<MfaBearer> {
  const token = /^bearer (\S+)$/i.exec(call.headers.authorization ?? '')?.[1]
  if (token === undefined) throw invalidMfaToken()
  const found = lookUp(call.core, token)
  if (found.kind === 'expired') throw new AuthenticationFailure(401, 'expired_token', 'mfa_token is expired')
  if (found.kind === 'found') {
    const { transaction } = found
    const { client_id, user_id } = transaction
    return { kind: 'transaction', user_id, client_id, transaction }
  }
  return accessToken(call, token)
}

async function accessToken({ core, issuer }: AuthenticationCall, token: string): Promise<MfaBearer> {
  const audience = [`${issuer}mfa/`, `https://${core.domain}/mfa/`]
  const currentDate = new Date(core.clock.now())
  const verified = await jwtVerify(token, signerOf(core), { audience, currentDate, algorithms: ['RS256'] }).catch(
    () => undefined,
  )
  const { azp, scope, sub } = verified?.payload ?? {}
  if (typeof sub !== 'string' || !core.tables.users.has(sub)) throw invalidMfaToken()
  return { kind: 'access-token', user_id: sub, client_id: String(azp), scopes: String(scope ?? '').split(' ') }
}

/** Refuses an access token that lacks a scope. */
export function requireMfaScope(bearer: MfaBearer, scope: string): void {
  if (bearer.kind === 'access-token' && !bearer.scopes.includes(scope))
    throw new AuthenticationFailure(403, 'insufficient_scope', `Insufficient scope, expected: ${scope}`)
}
