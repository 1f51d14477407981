import type { Applied } from './applied.ts'
import { plainMessage } from './clean-text.ts'
import type { PlanData } from './plan-data.ts'
import { redact, SECRET_MARK } from './redact.ts'
import { processSecrets } from './redactor.ts'

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

/** One rule that a value broke. */
export interface ValidationIssue {
  /** Dotted path of the value; `''` is the whole. */
  readonly path: string
  readonly rule: string
  /** Nearest right name, for a name that is not known. */
  readonly suggestion?: string
}

/** All kinds of errors; `error.kind` discriminates them. */
export type ErrorKind =
  | 'api'
  | 'mfa_required'
  | 'rate_limit'
  | 'quota_exceeded'
  | 'scope'
  | 'validation'
  | 'missing_secret'
  | 'write_denied'
  | 'timeout'
  | 'network'
  | 'aborted'
  | 'id_token'
  | 'unbound'
  | 'predicted'
  | 'configuration'
  /** A runbook stopped: needs a decision. */
  | 'decision'
  /** The tenant is not as a plan file says any more. */
  | 'drift'
  /** An error that tenantlab did not raise, from a function that the caller brought. */
  | 'unexpected'

/** What of a list had come before it ended in an error. */
export interface PartialList {
  readonly items: readonly unknown[]
  /** The plan of what is missing: `auth0.run(error.partial.next)`. */
  readonly next?: PlanData
}

/** Details that every error may carry. */
export interface ErrorDetails {
  readonly cause?: unknown
  readonly plan?: PlanData
  /** How many requests were sent. */
  readonly attempts?: number
  /** `no` when left out. */
  readonly applied?: Applied
}

const inspect = Symbol.for('nodejs.util.inspect.custom')

/** The class of all errors of this package. Its message is whole sentences that end with what to do next. */
export class TenantlabError extends Error {
  readonly kind: ErrorKind
  /** The plan that failed, without secrets. */
  readonly plan?: PlanData
  /** How many requests were sent. */
  readonly attempts?: number
  /**
   * Whether the tenant may have carried the request out. `no` is certain: nothing was sent, it was a read, or the server
   * refused it. After `maybe`, read the record before you send a write again.
   */
  readonly applied: Applied
  /** What of a list had come before; absent where nothing had. It is not printed. */
  declare readonly partial?: PartialList

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(outward(message), details.cause === undefined ? undefined : { cause: safeCause(details.cause) })
    this.kind = kind
    if (details.plan !== undefined) this.plan = details.plan
    if (details.attempts !== undefined) this.attempts = details.attempts
    this.applied = details.applied ?? 'no'
    hide(this, 'plan')
  }

  /** The error as data, secrets hidden. */
  toJSON(): Record<string, unknown> {
    const { kind, name, message, attempts, plan } = this
    const own = redact(Object.fromEntries(Object.entries(this)), { open: ['code'] })
    const data = JSON.parse(JSON.stringify({ name, kind, message, ...own, attempts, operation: plan?.op })) as object
    return processSecrets().data(data) as Record<string, unknown>
  }

  [inspect](_depth: number, options: { stylize?: (text: string, style: string) => string }): string {
    const paint = options?.stylize ?? ((text: string) => text)
    const origin = this.cause instanceof Error && this.cause.name === 'CallSite' ? firstFrame(this.cause) : undefined
    return `${paint(this.name, 'special')}: ${this.message}${origin === undefined ? '' : `\n    ${origin}`}`
  }
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
    if (details.requestId !== undefined) this.requestId = details.requestId
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

/** The token lacks a scope: found before sending when the token shows its scopes, else by the server's 403. */
export class ScopeError extends TenantlabError {
  /** Any of these would do. */
  readonly expected: readonly string[]
  readonly granted?: readonly string[]
  readonly status?: number

  constructor(
    message: string,
    details: ErrorDetails & { expected: readonly string[]; granted?: readonly string[]; status?: number },
  ) {
    super('scope', message, details)
    this.expected = details.expected
    if (details.granted !== undefined) this.granted = details.granted
    if (details.status !== undefined) this.status = details.status
  }
}

/** An argument broke a rule; nothing was sent. */
export class ValidationError extends TenantlabError {
  readonly issues: readonly ValidationIssue[]

  constructor(message: string, details: ErrorDetails & { issues?: readonly ValidationIssue[] } = {}) {
    super('validation', message, details)
    this.issues = details.issues ?? []
  }
}

/** A plan needs a secret whose value it does not carry; nothing was sent. */
export class MissingSecretError extends TenantlabError {
  readonly names: readonly string[]

  constructor(message: string, details: ErrorDetails & { names: readonly string[] }) {
    super('missing_secret', message, details)
    this.names = details.names
  }
}

/** The session does not allow writes; nothing was sent. */
export class WriteDeniedError extends TenantlabError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('write_denied', message, details)
  }
}

/** The deadline passed. */
export class TimeoutError extends TenantlabError {
  /** Milliseconds. */
  readonly timeout: number

  constructor(message: string, details: ErrorDetails & { timeout: number }) {
    super('timeout', message, details)
    this.timeout = details.timeout
  }
}

/** No answer came: connection, TLS, name resolution, or a broken answer. */
export class NetworkError extends TenantlabError {
  /** `ECONNRESET`, `ENOTFOUND`, `UND_ERR_SOCKET`, … */
  readonly code?: string

  constructor(message: string, details: ErrorDetails & { code?: string } = {}) {
    super('network', message, details)
    if (details.code !== undefined) this.code = details.code
  }
}

/** The caller ended the execution. */
export class AbortedError extends TenantlabError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('aborted', message, details)
  }
}

/** An ID token did not hold what it must. */
export class IdTokenError extends TenantlabError {
  /** The check that failed: `signature`, `iss`, `aud`, `exp`, `nonce`, `org_id`, … */
  readonly check: string

  constructor(message: string, details: ErrorDetails & { check: string }) {
    super('id_token', message, details)
    this.check = details.check
  }
}

/** Options of `connect()` that do not fit together. */
export class ConfigurationError extends TenantlabError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('configuration', message, details)
  }
}

for (const type of [
  TenantlabError,
  ApiError,
  MfaRequiredError,
  RateLimitError,
  QuotaExceededError,
  ScopeError,
  ValidationError,
  MissingSecretError,
  WriteDeniedError,
  TimeoutError,
  NetworkError,
  AbortedError,
  IdTokenError,
  ConfigurationError,
]) {
  Object.defineProperty(type.prototype, 'name', { value: type.name, configurable: true })
}

/** Keeps with an error what had come before it, and says so in its message. */
export function keepPartial(error: unknown, partial: PartialList): void {
  if (!isTenantlabError(error) || error.partial !== undefined || partial.items.length === 0) return
  Object.defineProperty(error, 'partial', { value: partial, enumerable: false, configurable: true })
  const count = partial.items.length
  const on = partial.next === undefined ? '' : ', and auth0.run(error.partial.next) reads on from there'
  error.message += ` ${count} ${count === 1 ? 'item' : 'items'} had come before: error.partial.items holds ${count === 1 ? 'it' : 'them'}${on}.`
}

/** True for every error of this package, also across copies of it. */
export function isTenantlabError(error: unknown): error is TenantlabError {
  return error instanceof Error && typeof (error as TenantlabError).kind === 'string' && 'toJSON' in error
}

const BEARER = /\b(Bearer|Basic|DPoP)\s+(?=\S*\d)[\w+/.=~-]{8,}/gi

/**
 * Text as it may leave the process in a message: what a server or a transport said is in it, which may repeat a secret of
 * the session, or hold characters that act on a terminal.
 */
function outward(text: string): string {
  return processSecrets()
    .text(plainMessage(String(text)))
    .replace(BEARER, `$1 ${SECRET_MARK}`)
}

/** The cause, as a copy with its secrets hidden where it shows one. */
function safeCause(cause: unknown): unknown {
  if (typeof cause === 'string') return outward(cause)
  if (!(cause instanceof Error) || cause.name === 'CallSite' || isTenantlabError(cause)) return cause
  const message = outward(cause.message)
  const stack = cause.stack === undefined ? undefined : processSecrets().text(cause.stack)
  const below = cause.cause === undefined ? undefined : safeCause(cause.cause)
  if (message === cause.message && stack === cause.stack && below === cause.cause) return cause
  const copy = Object.create(Object.getPrototypeOf(cause), Object.getOwnPropertyDescriptors(cause)) as Error
  for (const [name, value] of Object.entries({
    message,
    stack: stack?.replace(cause.message, message),
    cause: below,
  })) {
    if (value !== undefined) Object.defineProperty(copy, name, { value, configurable: true, writable: true })
  }
  return copy
}

function hide(target: object, key: string): void {
  const property = Object.getOwnPropertyDescriptor(target, key)
  if (property !== undefined) Object.defineProperty(target, key, { ...property, enumerable: false })
}

function firstFrame(site: Error): string | undefined {
  const frame = site.stack?.split('\n').find((line) => line.trimStart().startsWith('at '))
  return frame?.trim().replace(/[?&][^):\s]*/g, `?${SECRET_MARK}`)
}
