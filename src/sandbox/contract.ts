import type { OperationRow } from '../catalogue/index.ts'
import type { Json, JsonObject } from '../plan/index.ts'

/** The movable clock of a sandbox: real time plus whatever it was advanced by, or a fixed start under `seed`. */
export interface SandboxClock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Moves the clock forward and runs what came due in order. */
  advance(milliseconds: number): void
  /** Runs `task` when the clock reaches `at` (epoch milliseconds), by the passing of time or by `advance`. */
  at(at: number, task: () => void): () => void
}

/** Deterministic under a seed: the only source of ids, codes and tokens of a sandbox. */
export interface SandboxRandom {
  /** `length` characters of `alphabet` (base62 unless given). */
  text(length: number, alphabet?: string): string
  digits(length: number): string
  integer(below: number): number
}

/** Records of one kind, in order of creation. Plain maps of plain data, so that a snapshot is a structured clone. */
export interface Tables {
  readonly users: Map<string, JsonObject>
  readonly clients: Map<string, JsonObject>
  readonly clientGrants: Map<string, JsonObject>
  readonly resourceServers: Map<string, JsonObject>
  readonly connections: Map<string, JsonObject>
  readonly organizations: Map<string, JsonObject>
  readonly roles: Map<string, JsonObject>
  readonly networkAcls: Map<string, JsonObject>
  readonly customDomains: Map<string, JsonObject>
  readonly jobs: Map<string, JsonObject>
  readonly logs: Map<string, JsonObject>
  readonly tickets: Map<string, JsonObject>
  readonly invitations: Map<string, JsonObject>
  /** Any other collection, by its path (`/api/v2/log-streams`), and single documents such as settings. */
  readonly others: Map<string, Map<string, JsonObject>>
  /** Single documents: `tenant` is the tenant settings. */
  readonly documents: Map<string, JsonObject>
}

/**
 * Shared state that both halves of the sandbox read and write, beside the tables named above. A key that begins with
 * `$` is private to the sandbox and never leaves it: `publicRecord()` of `management/` takes such keys away.
 *
 * - `tables.users`, by user_id: the profile, plus `$password` (plain text; this is a lab), `$password_history` (list of
 *   strings) and `$mfa` (`true` when this user must pass MFA whatever the policies say).
 * - `tables.connections`: the connection, plus `$clients` (client ids that may use it; absent means all) and
 *   `$disabled`.
 * - `tables.customDomains`, by custom_domain_id; status `ready` counts as verified; `is_default` marks the default.
 * - `others.get('authenticators')`, by id: `AuthenticatorRecord`, what the MFA API lists and the Management API
 *   shows as authentication methods.
 * - `others.get('members')`, by `organization_id user_id`: `{ organization_id, user_id, roles: string[] }`.
 * - `others.get('organization-connections')`, by `organization_id connection_id`.
 * - `others.get('organization-grants')`, by `organization_id grant_id`: `{ organization_id, grant_id }`.
 * - `others.get('user-roles')`, by user_id: `{ roles: string[] }`; `others.get('user-permissions')`, by user_id, and
 *   `others.get('role-permissions')`, by role id: `{ permissions: [{ resource_server_identifier, permission_name }] }`.
 * - `others.get('user-blocks')`, by user_id: `{ blocked_for: [{ identifier, ip?, connection? }] }` (brute force).
 * - `others.get('refresh-tokens')`, `others.get('sessions')`, by id, each with `user_id` and `client_id`.
 * - `others.get('client-credentials')`, by id: `{ client_id, kid, alg, expires_at?, $pem }`, public keys of applications.
 * - Imported users carry `$password_hash` (bcrypt) or `$custom_password_hash` (the record's object) instead of
 *   `$password`; a linked identity carries the `$password` of the account that it came from.
 */
export interface AuthenticatorRecord extends JsonObject {
  /** `sms|dev_…`, `voice|dev_…`, `push|dev_…`, `totp|dev_…`, `email|dev_…`, `recovery-code|dev_…`. */
  readonly id: string
  readonly user_id: string
  readonly authenticator_type: 'otp' | 'oob' | 'recovery-code'
  readonly active: boolean
  /** ISO 8601. */
  readonly created_at: string
}
// Further keys of an AuthenticatorRecord: oob_channel (`sms` `voice` `auth0` `email`), name (masked), phone_number,
// email, last_auth_at, $secret (base32 TOTP secret), $recovery_code, $twin (id of the authenticator enrolled with it).

/** The records of one collection in `others`, made when missing. */
export function collection(tables: Pick<Tables, 'others'>, name: string): Map<string, JsonObject> {
  const found = tables.others.get(name)
  if (found) return found
  const made = new Map<string, JsonObject>()
  tables.others.set(name, made)
  return made
}

/** A message that a real tenant would have sent to a person. */
export interface OutboxMessage {
  readonly id: string
  readonly kind: 'sms' | 'voice' | 'email' | 'push'
  readonly to: string
  readonly at: number
  readonly user_id?: string
  readonly subject?: string
  readonly text: string
  /** The code in the message, for channels that carry one. */
  readonly code?: string
  /** The link in the message, for channels that carry one. */
  readonly url?: string
  /** The custom domain that its links and templates use. */
  readonly customDomain?: string
  /** How a push message was answered; absent while it waits. */
  readonly answered?: 'approved' | 'rejected'
  /** Answers a push message. */
  approve?(): void
  reject?(): void
}

/** What the parts of a sandbox share. */
export interface Tenant {
  /** The canonical domain, without scheme. */
  readonly domain: string
  readonly clock: SandboxClock
  readonly random: SandboxRandom
  readonly tables: Tables
  /** Domain that links use when a request names none; `null` answers 409 where the header counts. */
  defaultDomain(): string | null
  /** Puts a message into the outbox. */
  deliver(message: Omit<OutboxMessage, 'id' | 'at'>): OutboxMessage
  /** Writes a tenant log event (logs-and-events codes). */
  log(event: { type: string; description?: string; [field: string]: Json | undefined }): void
}

/** An authorized call of the Management API, ready for the handler of its operation. */
export interface ManagementCall {
  readonly tenant: Tenant
  readonly row: OperationRow
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** JSON or form body, `undefined` when there was none. Already validated against the row's schema. */
  readonly body: Json | undefined
  /** Files and fields of a multipart body. */
  readonly parts?: Readonly<Record<string, string>>
  /** Claims of the caller's access token. */
  readonly claims: JsonObject
  readonly scopes: readonly string[]
  /** Origin that the request came in on, for Link headers (`https://demo.tenantlab.local`). */
  readonly origin: string
  /** Value of the Auth0-Custom-Domain header where the operation honours it, checked to belong to the tenant; else the default. */
  readonly linkDomain: string
}

/** What a handler answers. A `body` of `undefined` sends none. */
export interface ManagementReply {
  readonly status: number
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
}

/** The handler of one operation, registered by operation id. */
export type ManagementHandler = (call: ManagementCall) => ManagementReply | Promise<ManagementReply>

/** An error answer in the Management API's shape. */
export interface ManagementFailure {
  readonly statusCode: number
  readonly error: string
  readonly message: string
  readonly errorCode?: string
}
