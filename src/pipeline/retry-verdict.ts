import type { OperationRow } from '../catalogue/index.ts'
import { type Fault, isJsonObject, NetworkError } from '../plan/index.ts'
import { faultOfAnswer, hasAnswered, parseQuotaHeader, readErrorBody } from '../wire/index.ts'
import type { Operation, Reply } from './stage.ts'

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

/** Error codes that only more waiting by the poll rule answers. */
const POLLING = new Set(['slow_down', 'authorization_pending'])
const ATTEMPTS = new Set(['too_many_attempts'])
const QUOTA_HEADERS = ['auth0-client-quota-limit', 'auth0-organization-quota-limit'] as const

/** Which fault an answer is; `undefined` for an answer that is none. */
export function faultOfReply(reply: Reply, now: number): Fault | undefined {
  const { status, headers } = reply
  if (status < 400) return undefined
  const fault = faultOfAnswer(reply)
  if (fault !== 'rate-limit') return fault
  const { code, message } = readErrorBody(reply)
  if (code !== undefined && ATTEMPTS.has(code)) return 'too-many-attempts'
  if (code !== undefined && POLLING.has(code)) return 'polling'
  const spent = QUOTA_HEADERS.some((name) => parseQuotaHeader(headers[name], now).some((quota) => quota.remaining <= 0))
  return spent || /quota exceeded/i.test(message) ? 'quota' : 'rate-limit'
}

/** No time heals these: certificates, requests that HTTP does not allow, a dispatcher that is closed. */
const HOPELESS =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_CERT_\w+|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|ERR_INVALID_\w+|ERR_UNESCAPED_CHARACTERS|UND_ERR_(INVALID_ARG|NOT_SUPPORTED|CLOSED|DESTROYED|RES_EXCEEDED_MAX_SIZE|HEADERS_OVERFLOW))$/
/** A mistyped domain, port or proxy looks so; a server that has answered before may do so for a moment. */
const HOPELESS_AT_FIRST = /^(ENOTFOUND|EAI_\w+|EPROTO|ERR_SSL_\w+|ERR_TLS_\w+|HPE_\w+|UND_ERR_ABORTED)$/

/**
 * Which fault an error of the transport is; `undefined` for errors that are no fault of the way there.
 *
 * @param origin Where the request went: what has answered before is given more time than what never has.
 */
export function faultOfError(error: unknown, origin: string): Fault | undefined {
  if (!(error instanceof NetworkError)) return undefined
  const { code = '', applied } = error
  const atFirst = HOPELESS_AT_FIRST.test(code) && !hasAnswered(origin)
  if (applied === 'maybe') return atFirst || code === 'ANSWER_TOO_LARGE' ? 'answered' : 'broken'
  return atFirst || HOPELESS.test(code) ? 'hopeless' : 'not-sent'
}

/** The grant type of a token request, from its body. */
export function grantOf(operation: Operation): string | undefined {
  const { body } = operation.request
  if (body?.kind === 'form') return body.fields.grant_type
  const grant = body?.kind === 'json' && isJsonObject(body.value) ? body.value.grant_type : undefined
  return typeof grant === 'string' ? grant : undefined
}
