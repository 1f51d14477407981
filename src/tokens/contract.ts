import type { Clock, QuotaState, RateLimitState, Subscribable } from '../plan/index.ts'
import type { HttpReply, RequestDraft } from '../wire/index.ts'
import type { TokenCache } from './cache.ts'

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
