import type { JsonObject } from '../../plan/index.ts'

/** A user's login on its way to tokens. */
export interface Login {
  readonly client: JsonObject
  readonly user: JsonObject
  readonly audience?: string
  readonly scopes: readonly string[]
  readonly organization?: JsonObject
  readonly connection?: string
  /** `password` or `refresh_token`; other grants leave no trace in the token. */
  readonly gty?: string
  /** Whether a second factor was passed. */
  readonly mfa: boolean
  /** Session id. */
  readonly sid: string
  readonly nonce?: string
}

/** What a grant knows about a login. */
export interface LoginStart {
  readonly client: JsonObject
  readonly user: JsonObject
  readonly audience?: string
  /** The scope parameter as it was sent. */
  readonly scope?: string
  readonly organization?: JsonObject
  readonly connection?: string
  readonly gty?: string
  readonly mfa?: boolean
  readonly sid?: string
  readonly nonce?: string
}
