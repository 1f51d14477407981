import type { OperationRow } from '../catalogue/index.ts'
import type { Fault } from '../plan/index.ts'

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
  /** Whether the request may have been carried out is `appliedAfter`'s to say. */
  | { readonly kind: 'stop' }

const stop: RetryVerdict = { kind: 'stop' }

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
      return safe ? { kind: 'retry', wait: 'backoff', reason: 'the server failed' } : stop
    case 'broken':
      return safe ? { kind: 'retry', wait: 'backoff', reason: 'the connection broke' } : stop
    case 'too-many-attempts':
    case 'quota':
    case 'polling':
    case 'refused':
    case 'hopeless':
    case 'given-up':
    case 'answered':
      return stop
  }
}
