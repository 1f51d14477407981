// The records of collections that are found by a path or by a name of the sandbox's own: the fields that code of the
// sandbox reads. A key that begins with `$` is private to the sandbox and never leaves it.
import type { Json, JsonObject } from '../../plan/index.ts'
import type {
  Authenticator,
  DiscoveryDomain,
  Member,
  OrganizationConnection,
  OrganizationGrant,
  PermissionList,
  RefreshToken,
  Session,
  UserBlock,
  UserRoles,
} from './records.ts'

export type Action = {
  readonly id: string
  readonly name: string
  readonly code?: string
  readonly dependencies?: Json
  readonly runtime?: string
  readonly secrets?: Json
  readonly supported_triggers?: Json
  readonly modules?: Json
  readonly installed_integration_id?: string
  readonly created_at?: string
  readonly updated_at?: string
  readonly status?: string
  readonly all_changes_deployed?: boolean
  /** The id of the version that runs. */
  readonly $deployed?: string
}

export type ActionVersion = {
  readonly id: string
  readonly number: number
  readonly code?: string
  readonly secrets?: Json
  readonly deployed?: boolean
  readonly status?: string
  readonly created_at?: string
  readonly updated_at?: string
  /** ISO 8601. */
  readonly built_at?: string
}

export type ActionModule = {
  readonly id: string
  readonly name: string
  readonly code?: string
  readonly dependencies?: Json
  readonly secrets?: Json
  readonly all_changes_published?: boolean
  readonly created_at?: string
  readonly updated_at?: string
}

export type ModuleVersion = {
  readonly id: string
  readonly module_id: string
  readonly version_number: number
  readonly created_at?: string
  readonly code?: string
  readonly secrets?: Json
}

export type EventStream = { readonly id: string; readonly name?: string; readonly status?: string }

/** An event on its way to a stream. */
export type Delivery = {
  readonly id: string
  readonly event_stream_id: string
  readonly event_type: string
  readonly status: string
  readonly attempts: readonly JsonObject[]
  readonly event: JsonObject & { readonly time: string }
}

export type EncryptionKey = {
  readonly kid: string
  readonly type?: string
  readonly state?: string
  readonly parent_kid?: string | null
  readonly public_key?: string | null
  readonly created_at?: string
  readonly updated_at?: string
  /** The public key that key material is wrapped with, PEM. */
  readonly $wrapping?: string
}

/** A key of a connection; keys of one use stand beside each other. */
export type ConnectionKey = {
  readonly kid: string
  readonly cert: string
  readonly pkcs: string
  readonly fingerprint: string
  readonly thumbprint: string
  readonly key_use: string
  readonly algorithm?: string
  readonly current?: boolean
  readonly next?: boolean
  readonly previous?: boolean
  readonly current_since?: string
}

/** What a network ACL did since `start` (epoch milliseconds). */
export type AclCounter = {
  readonly start: number
  readonly acl: { readonly description: string; readonly priority: number; readonly rule: JsonObject }
  readonly matches: number
  readonly requests: number
}

/** A link to the file of an export; `expires_at` in epoch milliseconds. */
export type ExportLink = { readonly job_id: string; readonly expires_at: number }

export type Rule = { readonly id: string; readonly name: string; readonly order?: number }

export type EmailTemplate = { readonly template: string; readonly enabled?: boolean }

/** The collections whose records have a type, by name. */
export interface Collections {
  '/api/v2/actions/actions': Action
  '/api/v2/actions/modules': ActionModule
  '/api/v2/email-templates': EmailTemplate
  '/api/v2/event-streams': EventStream
  '/api/v2/keys/encryption': EncryptionKey
  '/api/v2/rules': Rule
  'acl-counters': AclCounter
  authenticators: Authenticator
  'authentication-keys': Authenticator
  'discovery-domains': DiscoveryDomain
  'export-links': ExportLink
  members: Member
  'organization-connections': OrganizationConnection
  'organization-grants': OrganizationGrant
  'refresh-tokens': RefreshToken
  'role-permissions': PermissionList
  sessions: Session
  'user-blocks': UserBlock
  'user-permissions': PermissionList
  'user-roles': UserRoles
}
