import type { JsonObject } from '../../../plan/index.ts'
import { collection } from '../../contract.ts'
import type { Core } from '../../core.ts'
import { AuthenticationFailure } from '../call.ts'
import type { LoginStart } from '../login-state.ts'

const LIFETIME = 600_000
const SEALED = 'Fe26.2**'

/** A login that waits for its second factor. */
export interface Transaction {
  readonly token: string
  readonly user_id: string
  readonly client_id: string
  readonly start: Omit<LoginStart, 'client' | 'user'>
}

/** Keeps a login until its second factor comes; the answer is its opaque mfa token, good for ten minutes. */
export function startTransaction(core: Core, { client, organization, user, ...start }: LoginStart): string {
  const token = `${SEALED}${core.random.text(120)}`
  collection(core.tables, 'sandbox/mfa-tokens').set(token, {
    user_id: String(user.user_id),
    client_id: String(client.client_id),
    start: start as JsonObject,
    ...(organization ? { organization_id: String(organization.id) } : {}),
    expires_at: core.clock.now() + LIFETIME,
  })
  return token
}

/** What became of an mfa token. */
export type Lookup =
  | { readonly kind: 'found'; readonly transaction: Transaction }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'malformed' }

/** The login that an mfa token stands for. */
export function lookUp(core: Core, token: string): Lookup {
  if (!token.startsWith('Fe26.2')) return { kind: 'malformed' }
  const record = collection(core.tables, 'sandbox/mfa-tokens').get(token)
  if (!record) return { kind: 'unknown' }
  if (Number(record.expires_at) <= core.clock.now()) return { kind: 'expired' }
  const organization = core.tables.organizations.get(String(record.organization_id ?? ''))
  const start = { ...(record.start as JsonObject), ...(organization ? { organization } : {}) }
  return {
    kind: 'found',
    transaction: { token, user_id: String(record.user_id), client_id: String(record.client_id), start },
  }
}

/**
 * The login of the `mfa_token` field of a challenge or a grant, which must have been given to this application.
 * @throws 403 `expired_token`, 401 or 403 `invalid_grant`
 */
export function transactionOf(core: Core, token: string, client: JsonObject): Transaction {
  const found = lookUp(core, token)
  if (found.kind === 'expired') throw new AuthenticationFailure(403, 'expired_token', 'mfa_token is expired')
  if (found.kind === 'malformed') throw new AuthenticationFailure(403, 'invalid_grant', 'Malformed mfa_token')
  if (found.kind === 'unknown') throw invalidMfaToken()
  if (found.transaction.client_id !== client.client_id)
    throw new AuthenticationFailure(403, 'invalid_grant', 'mfa_token not issued to this client')
  return found.transaction
}

/** The answer to a bearer that is no mfa token of this tenant. */
export function invalidMfaToken(): AuthenticationFailure {
  return new AuthenticationFailure(401, 'invalid_grant', 'The mfa_token provided is invalid. Try getting a new token.')
}

/** Ends a login that has its second factor. */
export function endTransaction(core: Core, transaction: Transaction): void {
  collection(core.tables, 'sandbox/mfa-tokens').delete(transaction.token)
}
