// The room where access tokens come from, how long they are kept, and how ID tokens are checked.
import { ClientCredentialsSource } from './client-credentials.ts'
import type { ClientCredentials, TokenDelegate, TokenEnvironment, TokenSource } from './contract.ts'
import { DelegateSource } from './delegate.ts'
import { ManualSource } from './manual.ts'
import { NoSource } from './none.ts'

export type * from './contract.ts'
export { decodeToken } from './decode.ts'
export { verifyIdToken } from './id-token.ts'
export type {
  ClientCredentialsOptions,
  ClientCredentialsProvider,
  TokenChoice,
  TokenProvider,
} from './providers.ts'
export { clientCredentials, credentialsOf, isTokenProvider } from './providers.ts'

/** Tokens by the client-credentials grant, kept for the process. */
export function clientCredentialsSource(environment: TokenEnvironment, credentials: ClientCredentials): TokenSource {
  return new ClientCredentialsSource(environment, credentials)
}

/** One token that the caller brought; `client` authenticates logins. */
export function manualSource(environment: TokenEnvironment, token: string, client?: ClientCredentials): TokenSource {
  return new ManualSource(environment, token, client)
}

/** Tokens that a function brings; `client` authenticates logins. */
export function delegateSource(
  environment: TokenEnvironment,
  delegate: TokenDelegate,
  client?: ClientCredentials,
): TokenSource {
  return new DelegateSource(environment, delegate, client)
}

/** No Management API token; `client` authenticates logins. */
export function noSource(environment: TokenEnvironment, client?: ClientCredentials): TokenSource {
  return new NoSource(environment, client)
}
