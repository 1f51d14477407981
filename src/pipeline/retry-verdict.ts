import type { OperationRow } from '../catalogue/index.ts'

/** What went wrong with an attempt, as far as sending again is concerned. */
export type Fault =
  /** A 429 of the rate limit: the server did nothing. */
  | 'rate-limit'
  /** Too many wrong passwords or codes; a second try makes it worse. */
  | 'too-many-attempts'
  /** A token quota is used up until its next window. */
  | 'quota'
  /** Belongs to the poll rule, which waits by itself. */
  | 'polling'
  /** 503 with `Retry-After`: the server says that it did nothing and when to come back. */
  | 'unavailable-until'
  /** 408 and 5xx: whether the request was carried out is not known. */
  | 'server'
  /** No connection was made, so the server did nothing. */
  | 'not-sent'
  /** The connection broke after the request may have reached the server. */
  | 'broken'
  /** Everything else that the server refused for good. */
  | 'refused'

/** The question: may this request be sent again after this fault? */
export interface RetryQuestion {
  readonly retryClass: OperationRow['retry']
  /** `grant_type` of the body, for rows that are decided by the grant. */
  readonly grant?: string
  readonly fault: Fault
}

/** The answer. */
export type RetryVerdict =
  /** `server`: not before the time the server named. `backoff`: after a jittered, growing pause. */
  | { readonly kind: 'retry'; readonly wait: 'server' | 'backoff'; readonly reason: string }
  /** `maybeApplied`: the server may have carried the request out, and the caller must look before sending again. */
  | { readonly kind: 'stop'; readonly maybeApplied: boolean }

const stop: RetryVerdict = { kind: 'stop', maybeApplied: false }
const doubtful: RetryVerdict = { kind: 'stop', maybeApplied: true }

/**
 * Whether a request is sent again: the whole retry policy, in one place, decided by safety alone. Time, deadline and
 * number of retries are the stage's business.
 */
export function retryVerdict({ retryClass, grant, fault }: RetryQuestion): RetryVerdict {
  const safe = retryClass === 'idempotent' || (retryClass === 'grant' && grant === 'client_credentials')
  switch (fault) {
    case 'rate-limit':
      return { kind: 'retry', wait: 'server', reason: 'the rate limit was reached' }
    case 'unavailable-until':
      return { kind: 'retry', wait: 'server', reason: 'the server was unavailable and named a time' }
    case 'not-sent':
      return { kind: 'retry', wait: 'backoff', reason: 'no connection was made' }
    case 'server':
      return safe ? { kind: 'retry', wait: 'backoff', reason: 'the server failed' } : doubtful
    case 'broken':
      return safe ? { kind: 'retry', wait: 'backoff', reason: 'the connection broke' } : doubtful
    case 'too-many-attempts':
    case 'quota':
    case 'polling':
    case 'refused':
      return stop
  }
}
