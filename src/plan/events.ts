import type { RateLimitState } from './api-errors.ts'

/** Which plan an event belongs to, so that the events of several can be merged. */
export interface EventOrigin {
  /** `users.list`, or the name of a flow. */
  readonly operation?: string
  /** Hash of the plan, as `plan.hash`; absent for a flow's own value. */
  readonly hash?: string
}

/** A token was needed: where it came from. Never the token itself. */
export interface TokenEvent extends EventOrigin {
  readonly kind: 'token'
  readonly at: number
  readonly source: 'cache' | 'request' | 'manual' | 'delegate' | 'plan'
  readonly audience?: string
  /** Epoch milliseconds. */
  readonly expiresAt?: number
  /** Milliseconds that were waited for it; absent where it was there. */
  readonly ms?: number
}

/** Signing keys of the tenant were fetched or taken from the cache. */
export interface KeysEvent extends EventOrigin {
  readonly kind: 'keys'
  readonly at: number
  readonly url: string
  readonly source: 'cache' | 'request'
}

/** The plan waits before its next request. */
export interface WaitEvent extends EventOrigin {
  readonly kind: 'wait'
  readonly at: number
  /** `slot`: the local rate limit. `server`: the time that the server named. `backoff`: jitter before a retry. `poll`: between two polls. `buffer`: events of a stream were taken too slowly, and it is asked for again. */
  readonly reason: 'slot' | 'server' | 'backoff' | 'poll' | 'buffer'
  /** Milliseconds, when known beforehand. */
  readonly ms?: number
  readonly rateKey?: string
}

/** A part of a request that Auth0's published documents do not know. */
export interface UnknownPart {
  /** Dotted path in the body, or the name of the query parameter. */
  readonly path: string
  /** What is not known: the name of a field or query parameter, the value of a listed field, or that it may be null. */
  readonly what: 'field' | 'parameter' | 'value' | 'null' | 'body'
  /** A known name or value that may have been meant. */
  readonly suggestion?: string
}

/** Parts of the request are not in Auth0's published documents; they go out as they are. */
export interface UnknownEvent extends EventOrigin {
  readonly kind: 'unknown'
  readonly at: number
  readonly parts: readonly UnknownPart[]
}

/** A request goes out. */
export interface AttemptEvent extends EventOrigin {
  readonly kind: 'attempt'
  readonly at: number
  /** 1 for the first. */
  readonly attempt: number
  readonly method: string
  /** Secrets in the query are hidden. */
  readonly url: string
}

/** An answer came in. */
export interface ResponseEvent extends EventOrigin {
  readonly kind: 'response'
  readonly at: number
  readonly attempt: number
  readonly status: number
  /** Milliseconds from the attempt to the end of the body. */
  readonly ms: number
  readonly requestId?: string
  readonly rateLimit?: RateLimitState
}

/** The request will be sent again. */
export interface RetryEvent extends EventOrigin {
  readonly kind: 'retry'
  readonly at: number
  /** Number of the attempt that failed. */
  readonly attempt: number
  readonly reason: string
  /** Milliseconds until the next attempt. */
  readonly delay: number
}

/** One page of a list arrived. */
export interface PageEvent extends EventOrigin {
  readonly kind: 'page'
  readonly at: number
  /** 1 for the first. */
  readonly page: number
  readonly items: number
  /** Items so far, over all pages. */
  readonly collected: number
  readonly total?: number
}

/** Items of an `each` have ended; told at most ten times a second, and when all have. */
export interface ItemEvent extends EventOrigin {
  readonly kind: 'item'
  readonly at: number
  /** Items whose work ended well. */
  readonly done: number
  readonly failed: number
  /** Items of the list, where that is known. */
  readonly total?: number
}

/** The typed value that the plan ends in. */
export interface ValueEvent<T> extends EventOrigin {
  readonly kind: 'value'
  readonly at: number
  readonly value: T
}

/** What happens while a plan runs, in order; discriminated by `kind`. */
export type PlanEvent<T> =
  | TokenEvent
  | KeysEvent
  | WaitEvent
  | UnknownEvent
  | AttemptEvent
  | ResponseEvent
  | RetryEvent
  | PageEvent
  | ItemEvent
  | ValueEvent<T>
