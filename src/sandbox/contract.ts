import type { OperationRow } from '../catalogue/index.ts'
import type { Json, JsonObject } from '../plan/index.ts'
import type { Lag, SandboxClock, SandboxRandom, SigningKeys, Tables } from './tenant/index.ts'

export { collection, type SandboxClock, type SandboxRandom, type Tables } from './tenant/index.ts'

/** What the MFA API lists and the Management API shows as authentication methods; see `Authenticator`. */
export interface AuthenticatorRecord extends JsonObject {
  readonly id: string
  readonly user_id: string
  readonly authenticator_type: 'otp' | 'oob' | 'recovery-code'
  readonly active: boolean
  readonly created_at: string
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

/** One event of the tenant, as `GET /events` streams it. */
export interface TenantEvent {
  readonly type: string
  /** The cursor after this event. */
  readonly offset: string
  readonly event: JsonObject
}

/** What happens in a tenant, in order. */
export interface TenantEvents {
  /** The cursor after the newest event. */
  readonly latest: string
  /** Events after a cursor; `undefined` for one that is malformed, or too old to go on from. */
  since(offset: string): readonly TenantEvent[] | undefined
  /** Events from a time on, epoch milliseconds. */
  sinceTime(time: number): readonly TenantEvent[]
  /** Tells of each event as it happens; what is returned ends it. */
  subscribe(told: (event: TenantEvent) => void): () => void
  /** Says that deliveries of an event stream wait. */
  deliverPending(streamId: string): void
  onPending(told: (streamId: string) => void): void
}

/** A body that is written as it comes about, until the client leaves. */
export type StreamedBody = (write: (text: string) => void, end: () => void) => () => void

/** What the parts of a sandbox share. */
export interface Tenant {
  /** The canonical domain, without scheme. */
  readonly domain: string
  readonly clock: SandboxClock
  readonly random: SandboxRandom
  readonly tables: Tables
  /** How late what Auth0 indexes or counts is seen, in milliseconds. */
  readonly lag: Lag
  /** Domain that links use when a request names none; `null` answers 409 where the header counts. */
  defaultDomain(): string | null
  readonly events: TenantEvents
  /** Puts a message into the outbox. */
  deliver(message: Omit<OutboxMessage, 'id' | 'at'>): OutboxMessage
  /** The keys that sign its tokens. */
  readonly signingKeys: SigningKeys
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
  /** Where links lead: the custom domain of the call, else the address that the caller used. */
  readonly linkOrigin: string
}

/** What a handler answers. A `body` of `undefined` sends none. */
export interface ManagementReply {
  readonly status: number
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
  /** In place of `body`. What it returns is called when the client leaves. */
  readonly stream?: StreamedBody
}

/** The handler of one operation, registered by operation id. */
export type ManagementHandler = (call: ManagementCall) => ManagementReply | Promise<ManagementReply>
