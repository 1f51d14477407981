import type { Clock, Json, JsonObject } from '../plan/index.ts'
import type { OutboxMessage, SandboxClock } from './contract.ts'

/** Names of the rate-limit plans that Auth0 publishes and the sandbox knows. */
export type SandboxPlan = 'free' | 'essentials' | 'enterprise' | 'enterprise-dev'

/** One bucket: `burst` requests at once, `perSecond` more at the start of each second, never above `burst`. */
export interface SandboxBucket {
  readonly burst: number
  readonly perSecond: number
}

/** Limits of a sandbox: the Management API's global bucket, and on request one for the Authentication API. */
export interface SandboxRateLimit extends SandboxBucket {
  readonly authentication?: SandboxBucket
}

/**
 * How late a tenant shows what Auth0 indexes or counts: milliseconds, or a number with `ms`, `s`, `m` or `h`.
 * What is absent is shown at once.
 */
export interface SandboxLag {
  /** Lists and search of users, and search of organizations. */
  readonly search?: number | string
  /** Members of organizations. */
  readonly members?: number | string
  /** Discovery domains of organizations. */
  readonly discoveryDomains?: number | string
  /** Sessions and refresh tokens that were deleted or revoked: lists still show them. */
  readonly sessions?: number | string
  /** Counts of token quotas: tokens beyond a quota are still given. */
  readonly counts?: number | string
}

/** A certificate of your own for the HTTPS port, as PEM texts. */
export interface SandboxCertificate {
  readonly cert: string
  readonly key: string
  /** Certificate of the authority that clients trust; the certificate itself unless given. */
  readonly ca?: string
}

/** A user to start with. Further fields are those of Auth0's profile. */
export interface SandboxUserOption {
  readonly email: string
  readonly password: string
  /** `true` when the user must pass a second factor whatever the policies say. */
  readonly mfa?: boolean
  readonly [field: string]: Json | undefined
}

/**
 * How a sandbox is set up; everything is optional.
 *
 * @example
 * const tenant = await sandbox({ seed: 'mine', clock: 'fixed', tls: false })
 * await tenant.close()
 */
export interface SandboxOptions {
  /** Domain of the tenant, without scheme; a name that ends in `.tenantlab.local` unless given. */
  readonly domain?: string
  /** Client id of the main application, the one of `options`; a random one, or one of the seed, unless given. */
  readonly clientId?: string
  /** Secret of the main application; made like its client id unless given. */
  readonly clientSecret?: string
  /**
   * Folder that keeps the state between runs, made when it is missing: what a client was told has happened is there
   * after a crash, signing keys included: tokens from before are still taken. One tenant at a time.
   */
  readonly data?: string
  /**
   * What to start from, and to return to at `reset()`: a snapshot; the path of a file that holds one as JSON; or the
   * path of a folder that auth0-deploy-cli exported with `--format directory`, for which the tenant is empty at first.
   * The tenant takes the domain of a snapshot.
   * @throws TypeError at `sandbox()` for a path with neither
   */
  readonly from?: SandboxSnapshot | string
  /** Makes ids, codes and credentials the same in every run. The clock stays the real one unless `clock` says so. */
  readonly seed?: string | number
  /**
   * `real` (the default) follows this machine's time, so that any client can verify the tokens. `fixed` begins at nine
   * in the morning of 2 November 2026, a `Date` at that time; such a clock stands still until it is advanced, or until
   * a client that uses `options.clock` has waited.
   */
  readonly clock?: 'real' | 'fixed' | Date
  /**
   * Shows search results, members, discovery domains, ended sessions and quota counts late, as Auth0 does; nothing is
   * late unless it is named.
   * @example sandbox({ lag: { search: '2s', members: '1s' } })
   */
  readonly lag?: SandboxLag
  /**
   * What happens to query parameters and body members that Auth0's documents do not name: `pass` (the default) stores
   * them and marks them in the request list, `refuse` answers Auth0's 400.
   */
  readonly unknown?: 'pass' | 'refuse'
  /**
   * `true` lets `login_hint` at `/authorize` (an e-mail address or a user id) prove the first factor of its person, so
   * that a test without a browser gets its code at once. Auth0 has no such thing: there it only fills in a field, as
   * it does here unless this is set.
   */
  readonly signInByLoginHint?: boolean
  /**
   * People that the tenant has beside the seeded ones, with applications, organizations, roles and second factors.
   * A list makes exactly these instead, beside the two that every sandbox has.
   * @example sandbox({ users: 500, days: 30 })
   * @example sandbox({ users: [{ email: 'ada@example.com', password: 'Analytical-1843!' }] })
   */
  readonly users?: number | readonly SandboxUserOption[]
  /**
   * `true` leaves out what a new tenant at Auth0 does not have: there are one application, the Management API and the
   * connection `Username-Password-Authentication`, no users, organizations, roles, APIs or custom domains.
   */
  readonly empty?: boolean
  /**
   * Days of logs that end when the tenant's clock begins, which is now unless `clock` says otherwise: sign-ins with the
   * shape of a working week, failures, machine tokens and one attack.
   */
  readonly days?: number
  /** Milliseconds that every answer takes; a clock that stands still moves by them. None unless given. */
  readonly latency?: number
  /** Rate limits: a plan of Auth0's, or a bucket. Without it nothing is limited. */
  readonly rateLimit?: SandboxPlan | SandboxRateLimit
  /**
   * `false` leaves HTTPS out; the dispatcher then takes https origins to the HTTP port. A certificate of your own takes
   * the place of the one that is made at the first handshake.
   */
  readonly tls?: boolean | SandboxCertificate
  /**
   * Address to listen on; `127.0.0.1` unless given. Any other address lets other machines reach a tenant whose users
   * and passwords are known: its page stays on loopback, and the admin API asks for its token.
   */
  readonly host?: string
  /** Further names that the tenant answers to, such as that of its container; only for connections of other machines. */
  readonly hostNames?: readonly string[]
  /** Token of the admin API; a random one unless given. */
  readonly adminToken?: string
  /** Port of the HTTPS server, or of the HTTP server where `tls` is false; a free one unless given. */
  readonly port?: number
  /** Port of the HTTP server beside HTTPS; a free one unless given. */
  readonly httpPort?: number
  /** Domain of links when a request names none: a verified custom domain; `null` gives Auth0's 409 instead. */
  readonly defaultDomain?: string | null
}

/** An undici dispatcher, kept opaque: hand it on to `connect`, to undici's `fetch` or to another SDK. */
export interface SandboxDispatcher {
  dispatch(options: object, handler: object): boolean
  close(): Promise<void>
  destroy(): Promise<void>
}

/** What `connect()` needs to reach the sandbox. */
export interface SandboxConnection {
  readonly domain: string
  readonly clientId: string
  readonly clientSecret: string
  readonly dispatcher: SandboxDispatcher
  /** The sandbox's time, so that token lifetimes are seen alike on both sides. */
  readonly clock: Clock
}

/** A user that the sandbox was seeded with. */
export interface SandboxUser {
  readonly user_id: string
  readonly email: string
  readonly password: string
  readonly phone_number: string
}

/** An application that the sandbox was seeded with. */
export interface SandboxClient {
  readonly client_id: string
  readonly client_secret: string
  readonly name: string
}

/** Data that a sandbox starts with. */
export interface SandboxSeed {
  /** The first user must pass MFA and has nothing enrolled; the second has no MFA. None in an empty tenant. */
  readonly users: readonly SandboxUser[]
  readonly connection: { readonly id: string; readonly name: string }
  readonly organizations: readonly { readonly id: string; readonly name: string }[]
  /** Two verified custom domains. */
  readonly customDomains: readonly { readonly custom_domain_id: string; readonly domain: string }[]
  /**
   * The main application, a machine-to-machine application with few scopes, a public native one, and the global one; the
   * first and the last in an empty tenant.
   */
  readonly clients: readonly SandboxClient[]
  /** An API of the tenant's own; the Management API in an empty tenant. */
  readonly api: { readonly id: string; readonly identifier: string; readonly scopes: readonly string[] }
  readonly roles: readonly { readonly id: string; readonly name: string }[]
}

/** Messages the tenant sent to people. */
export interface SandboxOutbox extends ReadonlyArray<OutboxMessage> {
  readonly sms: readonly OutboxMessage[]
  readonly voice: readonly OutboxMessage[]
  readonly email: readonly OutboxMessage[]
  readonly push: readonly OutboxMessage[]
  /**
   * The newest message of a kind, to a person where `to` is given.
   * @throws when there is none; the message says what there is.
   */
  last(kind?: OutboxMessage['kind'], to?: string): OutboxMessage
  /** Answers a push or device message with yes. */
  approve(id?: string): void
  /** Answers a push or device message with no. */
  reject(id?: string): void
  clear(): void
}

/** What goes wrong on purpose. */
export type SandboxFaultKind =
  | 'status'
  | '429'
  | 'reset'
  | 'fin'
  | 'truncate'
  | 'slow'
  | 'drip'
  | 'garbage'
  | 'bad-json'
  | 'html'

/** A fault to play on matching requests. */
export interface SandboxFault {
  readonly kind: SandboxFaultKind
  /** Which requests; all parts must fit. A `path` that ends in `*` fits every path that begins so. */
  readonly match?: { readonly method?: string; readonly path?: string; readonly operation?: string }
  /** How many matching requests it hits; every one unless given. */
  readonly times?: number
  /** How many matching requests pass unharmed first. */
  readonly after?: number
  /** Status of `status` (503 unless given) and `html` (503 unless given). */
  readonly status?: number
  /** Headers added to the answer. */
  readonly headers?: Readonly<Record<string, string>>
  /** Body of `status`. */
  readonly body?: Json
  /** Milliseconds before `slow` answers, or between the pieces of `drip` (real time). */
  readonly delay?: number
  /** Whether the tenant does what was asked before the answer goes wrong; only `truncate`, `slow` and `drip` do unless told. */
  readonly applied?: boolean
}

/** A fault in place, with the number of requests it has hit. */
export interface SandboxFaultEntry extends SandboxFault {
  readonly id: string
  readonly hits: number
}

/** Faults on demand. */
export interface SandboxFaults {
  readonly list: readonly SandboxFaultEntry[]
  /**
   * Puts a fault in place. Returns a function that takes it away again.
   * @throws TypeError for a member that a fault does not have, or a value that it cannot take
   */
  add(fault: SandboxFault): () => void
  /** Takes one fault away. Returns false where there is none of this id. */
  remove(id: string): boolean
  clear(): void
}

/** One request as the sandbox saw it, secrets hidden. */
export interface SandboxRequest {
  readonly method: string
  /** Path without the query. */
  readonly path: string
  /** Status that was answered; 0 when the connection was cut instead. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Epoch milliseconds on the sandbox's clock. */
  readonly at: number
  readonly query: Readonly<Record<string, string>>
  /** JSON or form body. */
  readonly body?: Json
  /** Operation id of the catalogue, for the Management API. */
  readonly operation?: string
  /** What happened to the Auth0-Custom-Domain header: it counted, or the operation takes none. */
  readonly customDomain?: { readonly domain: string; readonly verdict: 'used' | 'ignored' | 'refused' }
  /** What Auth0's documents do not name: `query.name`, and dotted paths of the body. */
  readonly unknown?: readonly string[]
  /** Kind of the fault that was played. */
  readonly fault?: SandboxFaultKind
}

/** The whole state of a tenant as JSON data, passwords included; prints as a summary, and is saved by `JSON.stringify`. */
export interface SandboxSnapshot extends JsonObject {
  readonly version: 1
  readonly now: number
  readonly domain: string
}

/** Address and token of a tenant's admin API. */
export interface SandboxAdmin {
  readonly url: string
  readonly token: string
}

/** A local tenant that speaks Auth0's HTTP, with real sockets on loopback. */
export interface Sandbox {
  /** The canonical domain. */
  readonly domain: string
  /** Base URL over plain HTTP on loopback. */
  readonly url: string
  /** Base URL over HTTPS on loopback; absent with `tls: false`. */
  readonly httpsUrl?: string
  /**
   * PEM certificate of the authority to trust, made when it is first asked for.
   * @throws with `tls: false`, where there is none
   * @example console.log((await tenant.ca()).startsWith('-----BEGIN CERTIFICATE-----'))
   */
  ca(): Promise<string>
  /** The JSON API that steers the tenant from outside Node: where it is, and the token that it takes as bearer. */
  readonly admin: SandboxAdmin
  /** What `connect()` takes. */
  readonly options: SandboxConnection
  readonly seed: SandboxSeed
  /**
   * What the folder of `from` named and the tenant could not take, and options that count for nothing since `data` had a
   * state already: one sentence each.
   */
  readonly skipped: readonly string[]
  readonly outbox: SandboxOutbox
  readonly clock: SandboxClock
  readonly faults: SandboxFaults
  readonly requests: readonly SandboxRequest[]
  /**
   * What an authenticator app would show now, on the sandbox's clock.
   * @param secret the base32 secret or the barcode URI of an OTP enrolment
   */
  totp(secret: string): string
  /** The state of the tenant. */
  snapshot(): SandboxSnapshot
  /** Puts the tenant back to a snapshot, or to how it started; empties outbox, faults and request list. */
  reset(snapshot?: SandboxSnapshot): void
  /** Ends servers, sockets and timers. */
  close(): Promise<void>
}
