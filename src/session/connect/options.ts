import type {
  OpenLimiter,
  RateLimitOptions,
  RateLimitPreset,
  RetryOptions,
  Stage,
  UnknownPolicy,
} from '../../pipeline/index.ts'
import type { Clock, Secret, Subscribable } from '../../plan/index.ts'
import type { Prompt } from '../../profiles/index.ts'
import type { ClientAssertion, TokenCache, TokenChoice } from '../../tokens/index.ts'
import type { TransportPerApi } from '../../transport/index.ts'
import type { HttpReply, HttpRequest } from '../../wire/index.ts'

/** An undici dispatcher; typed structurally, so that no undici type is needed to read this package. */
export interface DispatcherLike {
  dispatch(options: object, handler: object): boolean
}

/**
 * A custom transport: gets the request, gives the reply, or the `Response` of a `fetch`. `request.signal` fires when the
 * plan is aborted or its deadline passes.
 */
export type OwnTransport = (
  request: HttpRequest,
) => Subscribable<HttpReply | Response> | PromiseLike<HttpReply | Response> | HttpReply | Response

/**
 * Options of `connect()`.
 *
 * @example
 * connect({ ...tenant.options, timeout: 10_000, writes: 'check' })
 */
export interface ConnectOptions {
  /** Tenant or custom domain, without scheme. `AUTH0_DOMAIN` when left out. */
  readonly domain?: string
  /** The tenant's own domain, when `domain` is a custom one. */
  readonly tenantDomain?: string
  readonly clientId?: string
  /** A text, or what `secret()` gives. */
  readonly clientSecret?: string | Secret
  readonly clientAssertion?: ClientAssertion
  /**
   * A token for the Management API, a function or an object with `getAccessToken()` that brings one, or an application
   * as `clientCredentials({ … })` gives it. A client id and secret beside a token that is brought serve the words of the
   * Authentication API; they fetch no token.
   */
  readonly token?: TokenChoice
  /** Audience of the Management API; `https://{tenantDomain or domain}/api/v2/` when left out. */
  readonly audience?: string
  /** Organization for client-credentials tokens. */
  readonly organization?: string
  /** Domain for the `Auth0-Custom-Domain` header on operations that honour it. */
  readonly customDomain?: string
  readonly retry?: RetryOptions | false
  /** Deadline per plan in milliseconds; 30 000. */
  readonly timeout?: number
  readonly rateLimit?: RateLimitPreset | RateLimitOptions | false
  readonly writes?: 'allow' | 'deny' | 'check'
  /**
   * What happens to parts of a request that Auth0's documents do not know: fields, query parameters, listed values,
   * nulls. `tell` (the default) sends them, tells them in `explain()` and by an event, and refuses a name that is surely
   * misspelt; `refuse` refuses all of them; `allow` sends misspelt names as well.
   */
  readonly unknown?: UnknownPolicy
  /** Where runs that outgrow one machine meet: custom stores that several processes share. */
  readonly stores?: SharedStores
  /** An undici dispatcher. */
  readonly dispatcher?: DispatcherLike
  /** One transport for both APIs, or `{ management?, authentication? }`; undici for what is left out. */
  readonly transport?: 'undici' | 'fetch' | OwnTransport | TransportPerApi
  /** Most bytes of one answer, unpacked; 64 MiB. A larger one ends in a `NetworkError` with the code `ANSWER_TOO_LARGE`. */
  readonly maxAnswerSize?: number
  /** Replaces the stages between the frame. */
  readonly pipeline?: readonly Stage[]
  /** ID-token validation: on unless `false`. */
  readonly idToken?: false | IdTokenOptions
  /** The `Auth0-Client` header: on unless `false`. */
  readonly telemetry?: boolean
  readonly clock?: Clock
  /** Asks for what only a person knows, in `interactive()` flows; the notebook's or terminal's own when left out. */
  readonly prompt?: Prompt
  /** Name of a stored profile. */
  readonly profile?: string
}

/**
 * What ID tokens must hold beyond the rules.
 *
 * @example
 * connect({ ...tenant.options, idToken: { tolerance: 120 } })
 */
export interface IdTokenOptions {
  readonly nonce?: string
  readonly organization?: string
  /** Seconds; 60. */
  readonly tolerance?: number
}

/** What sessions of several processes share; each is left to the process where it is left out. */
export interface SharedStores {
  /** Access tokens that client credentials fetched, so that all processes spend one. They are credentials: see there. */
  readonly tokens?: TokenCache
  /** Opens the buckets of a tenant's rate limit, so that all processes together keep it. */
  readonly limiter?: OpenLimiter
}
