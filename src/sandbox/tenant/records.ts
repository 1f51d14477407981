// The records of the tenant's tables: the fields that code of the sandbox reads. Each record holds whatever else its
// operation's schema lets in. A key that begins with `$` is private to the sandbox and never leaves it.
import type { Json, JsonObject } from '../../plan/index.ts'

/** One way that a user logs in; a linked identity carries the `$password` of the account that it came from. */
export type Identity = {
  readonly connection: string
  readonly provider: string
  /** The part of the user id after the provider. */
  readonly user_id: string
  readonly isSocial: boolean
  /** What a linked account knows of the person. */
  readonly profileData?: JsonObject
  readonly $password?: string
}

export type User = {
  readonly user_id: string
  readonly identities: readonly Identity[]
  readonly email?: string
  readonly email_verified?: boolean
  readonly username?: string
  readonly phone_number?: string
  readonly phone_verified?: boolean
  readonly name?: string
  readonly nickname?: string
  readonly picture?: string
  readonly blocked?: boolean
  readonly user_metadata?: JsonObject
  readonly app_metadata?: JsonObject
  readonly created_at: string
  readonly updated_at: string
  readonly last_login?: string
  readonly last_ip?: string
  readonly logins_count?: number
  /** Plain text; this is a lab. */
  readonly $password?: string
  /** Imported users carry a bcrypt hash or the record's hash object instead of a password. */
  readonly $password_hash?: string
  readonly $custom_password_hash?: JsonObject
  readonly $password_history?: readonly string[]
  /** `true` when this user must pass MFA whatever the policies say. */
  readonly $mfa?: boolean
}

export type Client = {
  readonly client_id: string
  readonly client_secret?: string
  readonly name: string
  readonly app_type?: string
  readonly global?: boolean
  readonly is_first_party?: boolean
  readonly grant_types?: readonly string[]
  readonly callbacks?: readonly string[]
  readonly client_aliases?: readonly string[]
  readonly client_metadata?: JsonObject
  readonly organization_usage?: string
  readonly initiate_login_uri?: string
  readonly external_client_id?: string
  readonly resource_server_identifier?: string
  readonly token_quota?: JsonObject
}

export type ClientCredential = {
  readonly id: string
  readonly client_id: string
  readonly kid?: string
  readonly alg?: string
  readonly expires_at?: string
  /** Public key of the application. */
  readonly $pem?: string
}

export type ClientGrant = {
  readonly id: string
  readonly client_id?: string
  readonly audience: string
  readonly scope?: readonly string[]
  readonly subject_type?: string
  readonly organization_usage?: string
}

export type Scope = { readonly value: string; readonly description?: string }

export type ResourceServer = {
  readonly id: string
  readonly identifier: string
  readonly name: string
  readonly scopes?: readonly Scope[]
  readonly is_system?: boolean
}

export type Connection = {
  readonly id: string
  readonly name: string
  readonly strategy: string
  readonly display_name?: string
  readonly options?: JsonObject
  readonly realms?: readonly string[]
  /** Client ids that may use it; absent means all. */
  readonly $clients?: readonly string[]
  readonly $disabled?: boolean
}

export type Branding = JsonObject

export type Organization = {
  readonly id: string
  readonly name: string
  readonly display_name?: string
  readonly branding?: Branding
  readonly metadata?: JsonObject
  readonly token_quota?: JsonObject
}

export type Member = {
  readonly organization_id: string
  readonly user_id: string
  readonly roles: readonly string[]
}

export type OrganizationConnection = {
  readonly organization_id: string
  readonly connection_id: string
  readonly assign_membership_on_login?: boolean
  readonly show_as_button?: boolean
  readonly is_signup_enabled?: boolean
}

export type OrganizationClient = {
  readonly organization_id: string
  readonly client_id: string
  readonly use_for_member_access: boolean
}

export type OrganizationGrant = { readonly organization_id: string; readonly grant_id: string }

export type DiscoveryDomain = {
  readonly id: string
  readonly organization_id: string
  readonly domain: string
  readonly status: string
}

export type Invitation = {
  readonly id: string
  readonly organization_id: string
  readonly expires_at: string
  readonly client_id?: string
  readonly connection_id?: string
  readonly invitation_url?: string
  readonly inviter?: JsonObject
  readonly invitee?: JsonObject
  readonly ticket_id?: string
  readonly roles?: readonly string[]
}

export type Role = {
  readonly id: string
  readonly name: string
  readonly description?: string
  /** `tenant` where it is absent. */
  readonly type?: string
}

export type Permission = { readonly resource_server_identifier: string; readonly permission_name: string }

export type PermissionList = { readonly permissions: readonly Permission[] }

export type UserRoles = { readonly roles: readonly string[] }

/** Brute-force blocks of a user. */
export type UserBlock = {
  readonly blocked_for: readonly { readonly identifier: string; readonly ip?: string; readonly connection?: string }[]
}

export type NetworkAcl = {
  readonly id: string
  readonly description: string
  readonly active: boolean
  readonly priority: number
  readonly rule: JsonObject
  readonly created_at?: string
}

export type CustomDomain = {
  readonly custom_domain_id: string
  readonly domain: string
  /** `ready` counts as verified. */
  readonly status: string
  readonly type: string
  readonly created_at?: string
  readonly primary?: boolean
  readonly is_default?: boolean
  readonly domain_metadata?: JsonObject
  readonly verification?: JsonObject
  /** Where a domain with certificates of its own is sent. */
  readonly $edge?: string
}

/** A job; times in epoch milliseconds. */
export type Job = {
  readonly id: string
  readonly type: string
  readonly status: string
  readonly created_at?: string
  readonly connection?: string
  readonly connection_id?: string
  readonly format?: string
  readonly limit?: number
  readonly fields?: readonly JsonObject[]
  readonly upsert?: boolean
  readonly $started?: number
  readonly $due?: number
  readonly $ended?: number
  /** The file of an export. */
  readonly $content?: string
  /** The file of an import. */
  readonly $users?: string
  readonly $errors?: readonly JsonObject[]
  /** Whether the owners of the tenant get a mail at the end. */
  readonly $mail?: boolean
  readonly $user_id?: string
  readonly $client_id?: string
  readonly $domain?: string
  readonly $origin?: string
}

export type LogEvent = {
  readonly log_id: string
  readonly date: string
  readonly type: string
  readonly user_id?: string
  readonly client_id?: string
}

export type Ticket = {
  readonly user_id?: string
  readonly kind?: string
  /** Epoch milliseconds. */
  readonly expires_at?: number
  readonly mark_email_as_verified?: boolean
  readonly result_url?: string
}

/**
 * What the MFA API lists and the Management API shows as authentication methods. `$secret` is a base32 TOTP secret,
 * `$twin` the id of the authenticator that was enrolled with it.
 */
export type Authenticator = {
  /** `sms|dev_…`, `voice|dev_…`, `push|dev_…`, `totp|dev_…`, `email|dev_…`, `recovery-code|dev_…`. */
  readonly id: string
  readonly user_id: string
  readonly authenticator_type?: string
  readonly oob_channel?: string
  /** Kind of a key that the Management API alone knows: `passkey`, `webauthn-roaming`, `webauthn-platform`. */
  readonly type?: string
  readonly key_id?: string
  readonly active: boolean
  readonly name?: string
  readonly phone_number?: string
  readonly email?: string
  /** ISO 8601. */
  readonly created_at: string
  readonly last_auth_at?: string
  readonly $secret?: string
  readonly $recovery_code?: string
  readonly $twin?: string
}

export type Session = {
  readonly id: string
  readonly user_id: string
  readonly authenticated_at?: string
  readonly updated_at?: string
  /** Applications that took part, and whether a second factor did. */
  readonly clients?: readonly { readonly client_id: string }[]
  readonly $mfa?: boolean
  readonly $connection?: string
}

export type RefreshToken = {
  readonly id: string
  readonly user_id: string
  readonly client_id: string
  readonly session_id?: string
  readonly created_at?: string
  readonly $token?: string
  readonly $family?: Json
  readonly $rotated?: Json
  readonly $idle_since?: Json
}

/** A key that signs tokens, as `keys/signing` lists it. `$place` says which key of the process it is until it has `$pem`. */
export type SigningKeyRecord = {
  readonly kid: string
  readonly cert: string
  readonly pkcs7: string
  readonly fingerprint: string
  readonly thumbprint: string
  readonly current?: boolean
  readonly next?: boolean
  readonly previous?: boolean
  readonly revoked?: boolean
  readonly current_since?: string
  readonly current_until?: string
  readonly revoked_at?: string
  readonly $place: number
  readonly $pem?: string
}
