import type { Clock, QuotaState, RateLimitState, Subscribable } from '../plan/index.ts'
import type { HttpReply, RequestDraft } from '../wire/index.ts'

/** What a delegate may use. */
export interface TokenRequest {
  /** Aborted with the plan that needs the token. */
  readonly signal: AbortSignal
  /** True when Auth0 refused the token given last with 401. */
  readonly rejected: boolean
  readonly audience: string
}

/** A token and how long it holds. */
export interface TimedToken {
  readonly token: string
  /** Epoch milliseconds, a Date, or epoch seconds as in the token's `exp`. */
  readonly expiresAt: number | Date
}

/** Brings a token from elsewhere, such as a vault. */
export type TokenDelegate = (request: TokenRequest) => string | TimedToken | Promise<string | TimedToken>

/** A private key for `private_key_jwt`. */
export interface ClientAssertion {
  /** PKCS#8 PEM, a JWK, or a `CryptoKey`. */
  readonly key: string | object
  /** `RS256` unless given: RS256, RS384, PS256, ES256 … */
  readonly alg?: string
  /** Key id for the assertion's header; that of the JWK when left out. */
  readonly kid?: string
}

/** An application that authenticates itself. */
export interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret?: string
  readonly clientAssertion?: ClientAssertion
}

/** A token as the token stage gets it. */
export interface BearerToken {
  readonly token: string
  readonly source: 'cache' | 'request' | 'manual' | 'delegate'
  /** Epoch milliseconds. */
  readonly expiresAt?: number
  /** Scopes, when the token or its answer shows them. */
  readonly scopes?: readonly string[]
  readonly audience: string
}

/** Where the session's tokens for the Management API come from. */
export interface TokenSource {
  /** `none`: no credentials were given; plans that need a token fail with the next step. */
  readonly kind: 'client_credentials' | 'manual' | 'delegate' | 'none'
  /** A valid token that is at hand, so that nothing needs to be waited for. */
  ready?(): BearerToken | undefined
  /** A valid token, asked for where none is at hand. Unsubscribing lets go of it. */
  token(request: { rejected: boolean; signal?: AbortSignal }): Subscribable<BearerToken>
  /** Forgets a token that was refused; the present one, and a remembered refusal, when left out. */
  drop(token?: string): void
  /** Client authentication fields for the body of a token or challenge request (`client_id`, `client_secret` or assertion). */
  clientFields(client: ClientCredentials | undefined): Promise<Record<string, string>> | Record<string, string>
  /** What the last token answers told about quotas. */
  quotas(): TokenQuotas
}

/** Quotas of the client and of the organization. */
export interface TokenQuotas {
  readonly client: readonly QuotaState[]
  readonly organization: readonly QuotaState[]
  readonly rateLimit?: RateLimitState
}

/** Sends a request for a token source: the session builds it from the same retry and rate-limit stages. */
export type TokenSend = (draft: RequestDraft) => Subscribable<HttpReply>

/** What token sources share. */
export interface TokenEnvironment {
  readonly clock: Clock
  readonly send: TokenSend
  /** Domain that tokens are asked from. */
  readonly domain: string
  readonly audience: string
  readonly organization?: string
  /** Headers for every token request, such as telemetry. */
  readonly headers?: Readonly<Record<string, string>>
  /** Keeps client-credentials tokens beyond the process. */
  readonly cache?: TokenCache
}

/** A token as the cache keeps it: plain data, safe to write as JSON. */
export interface CachedToken {
  readonly token: string
  /** Epoch milliseconds; absent when the server did not say. */
  readonly expiresAt?: number
  /** Epoch milliseconds from which a new one is fetched. */
  readonly renewAt?: number
  readonly scopes?: readonly string[]
}

/**
 * Keeps access tokens, so that they are fetched once. The one here lives in the process; `stores.tokens` of `connect()`
 * takes one that several processes share. What must hold of such a cache:
 *
 * - The key is opaque, the same in every process for the same tenant, application, credential, audience and organization.
 *   It is a hash and shows none of them.
 * - The value is a credential. Anybody who can read the store can call the tenant's Management API until the token expires:
 *   encrypt the values, or let nobody else reach the store. Anybody who can write to it can make sessions send a token of
 *   their choice.
 * - What `get` answers is what `set` was given, or nothing. An entry may vanish at any time, and should at `expiresAt`.
 * - Every member is atomic on its own.
 * - Tokens that were found are kept in the process as well, until they are due or refused, so that the store is asked
 *   seldom. One that the tenant refused is never taken from the store again.
 * - A member that rejects, throws, answers nonsense or takes longer than three seconds is told once, as a warning, and
 *   done without: a token is then fetched from the tenant.
 */
export interface TokenCache {
  get(key: string): CachedToken | undefined | PromiseLike<CachedToken | undefined>
  set(key: string, token: CachedToken): void | PromiseLike<void>
  /** Removes the entry where it still holds this token: another process may have put a new one there. */
  delete(key: string, token: string): void | PromiseLike<void>
  /**
   * Runs `work` while nobody else runs work under this key, in any process, and settles after it; waits for its turn. So
   * that one token is spent where several processes need one at once. It must set itself free when its holder has died:
   * `work` is one token request, over within the session's `timeout` (30 seconds unless it says otherwise). A process that has
   * waited for ten seconds goes on without. Left out, each process fetches a token of its own.
   *
   * @param signal Aborted when nobody waits for the token any more.
   */
  exclusive?(key: string, work: () => Promise<void>, signal: AbortSignal): Promise<void>
}
