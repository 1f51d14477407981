import type { JsonObject } from '../plan/index.ts'

/** What a token says of itself, read without verifying it. It does not hold the token. */
export interface TokenInspection {
  /** `opaque`: a token that only its issuer can read. */
  readonly kind: 'jwt' | 'opaque'
  readonly use: 'access token' | 'ID token' | 'unknown'
  readonly algorithm?: string
  readonly issuer?: string
  readonly subject?: string
  readonly audience?: readonly string[]
  /** Application that it was issued to. */
  readonly client?: string
  /** ISO 8601. */
  readonly issuedAt?: string
  /** ISO 8601. */
  readonly expiresAt?: string
  /** Milliseconds that it is still valid for, on the session's clock. */
  readonly validFor?: number
  /** Milliseconds since it expired. */
  readonly expiredSince?: number
  readonly scopes?: readonly string[]
  readonly claims: JsonObject
  /** Ids of the operations that it may call, as far as audience and scopes say. */
  readonly operations: readonly string[]
  /** Whole sentences on what to know. */
  readonly notes: readonly string[]
}
