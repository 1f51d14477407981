import type { Json } from '../plan/index.ts'

/** What a request does to the tenant: `token` issues or spends credentials, and changes nothing else. */
export type Effect = 'read' | 'write' | 'token'

/**
 * How safely a request may be sent again. `idempotent`: sending twice equals sending once. `unsafe`: only when the
 * server surely did nothing. `grant`: decided by the grant type in the body (client_credentials is idempotent).
 */
export type RetryClass = 'idempotent' | 'unsafe' | 'grant'

/** `offset`: page/per_page. `checkpoint`: from/take. `both`: checkpoint preferred. `logs`: from/take over a Link header. `stream`: server-sent events. */
export type PagingStyle = 'offset' | 'checkpoint' | 'both' | 'logs' | 'stream'

/** How a list operation is paged through. */
export interface Paging {
  readonly style: PagingStyle
  /** Key of the collection in a wrapped answer (`users`, `network_acls`). A bare array is accepted as well. */
  readonly items: string
  /** Whether `include_totals` exists. */
  readonly totals: boolean
  /** Largest `per_page` or `take` of the schema. */
  readonly most: number
  /** How many records offset paging can reach at all (1000 for users); absent when not limited. */
  readonly reach?: number
  /** What to do where `reach` does not suffice. */
  readonly beyond?: string
}

/** What happens to the `Auth0-Custom-Domain` header: kept, removed, or kept when the body or the plan says so. */
export type CustomDomainRule = 'kept' | 'removed' | 'user-update'

/** How a write changes what its twin reads: whole replacement, root keys replaced, or user-style metadata merge. */
export type MergeRule = 'replace' | 'assign' | 'assign-user' | 'assign-client' | 'remove' | 'create'

/**
 * What a read rests on. `store`: the record itself, as it is now. `index`: a copy that shows a write some seconds
 * later, so that 'not there' means nothing before it has settled.
 */
export type ReadSource = 'store' | 'index'

/** How a write is undone; a write without one cannot be undone. */
export type Inverse = RemovingInverse | RestoringInverse

/** What was created is deleted. */
export interface RemovingInverse {
  readonly kind: 'delete'
  /** The operation that deletes it: the path parameters of the create, then what `key` says. */
  readonly operation: string
  /**
   * Member of the answer that names what was created; of the body where the answer lacks it. Absent where there can be
   * only one, and the path parameters of the create suffice.
   */
  readonly key?: string
}

/** The fields that were sent are sent again, with their values before. */
export interface RestoringInverse {
  readonly kind: 'restore'
  readonly operation: string
  /** Fields of the body that no reading shows: they cannot be restored. */
  readonly hidden: readonly string[]
}

/**
 * How an application names itself in the body of a request of the Authentication API. `credential`: client id with
 * secret or assertion. `if-any`: the same, where the session has an application. `id`: the client id alone. `none`.
 */
export type ClientFields = 'credential' | 'if-any' | 'id' | 'none'

/** How a body is written on the wire. */
export type BodyEncoding = 'json' | 'form' | 'multipart'

/** One place where a path parameter goes in the grammar: a call on a group segment, or the verb's own argument. */
export interface ParameterPlace {
  readonly name: string
  /** Index of the group segment that takes the parameter as a call; -1 when the verb takes it. */
  readonly segment: number
}

/** A query parameter of an operation. */
export interface QueryParameter {
  readonly name: string
  readonly required: boolean
  readonly schema: JsonSchema
}

/** A JSON Schema (2020-12 subset) without prose, defaults or examples; `$ref` is a bare schema name. */
export interface JsonSchema {
  readonly [keyword: string]: Json | undefined
}

/** One operation that Auth0 offers, as data. */
export interface OperationRow {
  /** `users.update`, `jobs.errors.get`, `authentication.token`: unique, stable, stored in plans. */
  readonly id: string
  readonly api: 'management' | 'authentication'
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path under the domain with `{parameters}`, `/api/v2` included. */
  readonly path: string
  /** The official group, camelCase segments: `['organizations', 'invitations']`. */
  readonly group: readonly string[]
  readonly verb: string
  readonly parameters: readonly ParameterPlace[]
  /** OAuth scopes that allow the operation; any of them suffices unless `allScopes`. */
  readonly scopes: readonly string[]
  readonly allScopes: boolean
  readonly effect: Effect
  readonly retry: RetryClass
  readonly paging?: Paging
  readonly customDomain: CustomDomainRule
  /** Which server bucket the operation draws from (`management`, `management.users.read`, `authentication.token`). */
  readonly rateKey: string
  /** Dotted paths of secrets in the body and in the answer; `*` stands for any index or key. */
  readonly secretBody: readonly string[]
  readonly secretAnswer: readonly string[]
  /** Dotted paths of URLs in the answer that carry a ticket in their query. */
  readonly secretUrls: readonly string[]
  /** Operation that reads what this one writes, with the same path parameters. */
  readonly twin?: string
  readonly merge?: MergeRule
  /** How the write is undone; absent where nothing undoes it, and for reads. */
  readonly inverse?: Inverse
  /** What a read rests on; `store` for everything that is not a read. */
  readonly reads: ReadSource
  /** Only where `reads` is `index`: operations that read the same record from the store, the most useful first. */
  readonly storeReads?: readonly string[]
  /** Only where `reads` is `index`: milliseconds after which the index surely shows a write. */
  readonly settle?: number
  readonly body?: { readonly encoding: BodyEncoding; readonly schema: string; readonly required: boolean }
  readonly query: readonly string[]
  /** Name of the JSON Schema of the query parameters; absent when there are none. */
  readonly querySchema?: string
  /** Members of the body that no two records may share. */
  readonly unique?: readonly string[]
  readonly clientFields: ClientFields
  /** What an answer becomes: ID tokens in `tokens` are verified, `job-errors` are a union, `nothing` is only a word. */
  readonly answerAs?: 'tokens' | 'job-errors' | 'nothing'
  /** Success statuses: those of recorded tenants where they differ from the document's. */
  readonly statuses: readonly number[]
  readonly lifecycle: 'GA' | 'EA' | 'beta' | 'undocumented' | ''
  /** The Auth0 documentation page of the operation. */
  readonly docs: string
  /** Sentences that `explain()` adds: quirks a caller should know before sending. */
  readonly notes: readonly string[]
  /** True for the few operations that no OpenAPI document lists. */
  readonly added: boolean
}
