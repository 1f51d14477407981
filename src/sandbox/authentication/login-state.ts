import type { Json, JsonObject } from '../../plan/index.ts'

/** What a grant knows about a login. */
export interface LoginStart {
  readonly client: JsonObject
  readonly user: JsonObject
  readonly audience?: string
  /** The scope parameter as it was sent. */
  readonly scope?: string
  readonly organization?: JsonObject
  readonly connection?: string
  /** `password` or `refresh_token`; other grants leave no trace in the token. */
  readonly gty?: string
  /** Whether a second factor was passed. */
  readonly mfa?: boolean
  /** True when a browser has asked for all that was due, so that no second factor is asked for again. */
  readonly settled?: boolean
  /** Session id. */
  readonly sid?: string
  readonly nonce?: string
  /** When the user proved who they are, in epoch seconds; only where the application asked by `max_age`. */
  readonly authTime?: number
  /** Rich authorization details, as they were asked for. */
  readonly authorizationDetails?: readonly Json[]
  /** Where a code led here: what a second use of it revokes. */
  readonly code?: string
}

/** A user's login on its way to tokens. */
export interface Login extends Omit<LoginStart, 'scope' | 'settled'> {
  readonly scopes: readonly string[]
  readonly mfa: boolean
  readonly sid: string
}
