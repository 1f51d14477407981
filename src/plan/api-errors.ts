import { type ErrorDetails, type ErrorKind, hide, nameErrors, outward, TenantlabError } from './tenantlab-error.ts'

/** What the server's headers said about one of its rate-limit buckets. */
export interface RateLimitState {
  /** Size of the bucket. */
  readonly limit?: number
  /** Requests left. */
  readonly remaining?: number
  /** Epoch milliseconds when requests are added. */
  readonly resetAt?: number
  /** Milliseconds that `Retry-After` asks for. */
  readonly retryAfter?: number
}

/** One window of a token quota, as the `Auth0-…-Quota-Limit` header told it. */
export interface QuotaState {
  readonly bucket: string
  readonly quota: number
  readonly remaining: number
  /** Epoch milliseconds of the next window. */
  readonly resetAt: number
}

/** Auth0 answered with an error. */
export class ApiError extends TenantlabError {
  readonly status: number
  /** `errorCode` of the Management API or `error` of the Authentication API. */
  readonly code?: string
  /** What the server said, in its own words. */
  readonly serverMessage: string
  readonly rateLimit?: RateLimitState
  readonly requestId?: string
  /** Epoch milliseconds when it is worth trying again, where the server or the local queue can tell. */
  readonly retryAt?: number
  /** The whole answer; hidden when the error is printed. */
  readonly body?: unknown

  constructor(
    message: string,
    details: ErrorDetails & {
      kind?: ErrorKind
      status: number
      code?: string
      serverMessage: string
      rateLimit?: RateLimitState
      requestId?: string
      retryAt?: number
      body?: unknown
    },
  ) {
    super(details.kind ?? 'api', message, details)
    this.status = details.status
    this.serverMessage = outward(details.serverMessage)
    if (details.code !== undefined) this.code = outward(details.code)
    if (details.rateLimit !== undefined) this.rateLimit = details.rateLimit
    if (details.requestId !== undefined) this.requestId = outward(details.requestId)
    if (details.retryAt !== undefined) this.retryAt = details.retryAt
    if (details.body !== undefined) this.body = details.body
    hide(this, 'body')
  }
}

/** A login needs a second factor. Pass the error to `auth0.mfa(error)`. */
export class MfaRequiredError extends ApiError {
  /** Continues the login; real value, never printed. */
  declare readonly mfaToken: string
  /** Factors that the server would accept or wants enrolled, when it told them. */
  readonly requirements?: { readonly challenge?: readonly string[]; readonly enroll?: readonly string[] }

  constructor(
    message: string,
    details: ConstructorParameters<typeof ApiError>[1] & {
      mfaToken: string
      requirements?: MfaRequiredError['requirements']
    },
  ) {
    super(message, { ...details, kind: 'mfa_required' })
    Object.defineProperty(this, 'mfaToken', { value: details.mfaToken, enumerable: false })
    if (details.requirements !== undefined) this.requirements = details.requirements
  }
}

/** Too many requests, and the permitted time lies beyond the deadline, or the local queue is full. */
export class RateLimitError extends ApiError {
  constructor(message: string, details: ConstructorParameters<typeof ApiError>[1]) {
    super(message, { ...details, kind: 'rate_limit' })
  }
}

/** A token quota of the client or organization is used up. */
export class QuotaExceededError extends ApiError {
  readonly quotas: readonly QuotaState[]

  constructor(message: string, details: ConstructorParameters<typeof ApiError>[1] & { quotas: readonly QuotaState[] }) {
    super(message, { ...details, kind: 'quota_exceeded' })
    this.quotas = details.quotas
  }
}

nameErrors({ ApiError, MfaRequiredError, RateLimitError, QuotaExceededError })
