import type { Json, JsonObject } from './json.ts'

/** Stands in a plan for a secret whose value travels beside it, never in it. */
export interface SecretSlot {
  readonly $secret: string
  /** What is sent in its place; a text when left out. */
  readonly as?: 'number'
}

/**
 * Options of one plan, set by `with()` and `customDomain()`.
 *
 * @example
 * auth0.users(user.user_id).get().with({ timeout: 5000, maxRetries: 1, headers: { 'accept-language': 'de' } }).run()
 */
export interface PlanOptions {
  /** Additional request headers. Credential headers are refused. */
  readonly headers?: Readonly<Record<string, string>>
  /** Deadline in milliseconds over all attempts and the body; 30 000 when left out. */
  readonly timeout?: number
  /** Most retries after the first attempt; unlimited within the deadline when left out. */
  readonly maxRetries?: number
  /** Additional query parameters. */
  readonly query?: JsonObject
  /** Domain for the `Auth0-Custom-Domain` header; beats the session's own. */
  readonly customDomain?: string
}

/** Repeats a list request page by page. */
export interface PagesRule {
  readonly kind: 'pages'
  /** `page`: the first page as it is. `first`: its first item. `items`: all items, up to `most`. */
  readonly result: 'page' | 'first' | 'items'
  /** Most items to collect; no limit when left out. */
  readonly most?: number
}

/** Repeats a request until its answer is final. */
export interface PollRule {
  readonly kind: 'poll'
  /** Milliseconds between two requests; a server that says `slow_down` lengthens it. */
  readonly every: number
  /** `grant`: while `authorization_pending`. `job`: while the status is neither completed nor failed. */
  readonly until: 'grant' | 'job'
  /** Milliseconds after which polling gives up. */
  readonly timeout?: number
}

/** The application that a plan of the Authentication API speaks for, when it is not the session's. */
export interface PlanClient {
  readonly clientId: string
  readonly clientSecret?: SecretSlot
  readonly clientAssertion?: { readonly key: SecretSlot; readonly alg: string; readonly kid?: string }
}

/**
 * One request as frozen JSON: which operation, with which arguments. It holds no host, no token and no secret, so it
 * can be printed, stored, compared and approved.
 */
export interface PlanData {
  readonly v: 1
  /** Operation id of the catalogue, or `raw`. */
  readonly op: string
  /** Path parameters, not yet percent-encoded. */
  readonly params?: Readonly<Record<string, string>>
  readonly query?: JsonObject
  readonly body?: Json
  /** Method and path of a `raw` plan: `GET /api/v2/…`. */
  readonly route?: string
  readonly repeat?: PagesRule | PollRule
  /** Member of the answer that is the plan's value; the whole answer when left out. */
  readonly pick?: string
  readonly options?: PlanOptions
  readonly client?: PlanClient
  /** Bearer credential that the caller gave, instead of the session's own token. */
  readonly bearer?: SecretSlot
}
