// The errors that are raised before a request leaves, or where no answer came; those of answers are ApiErrors.
import { type ErrorDetails, nameErrors, TenantlabError } from './tenantlab-error.ts'

/** One rule that a value broke. */
export interface ValidationIssue {
  /** Dotted path of the value; `''` is the whole. */
  readonly path: string
  readonly rule: string
  /** Nearest right name, for a name that is not known. */
  readonly suggestion?: string
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

nameErrors({
  ScopeError,
  ValidationError,
  MissingSecretError,
  WriteDeniedError,
  TimeoutError,
  NetworkError,
  AbortedError,
  IdTokenError,
  ConfigurationError,
})
