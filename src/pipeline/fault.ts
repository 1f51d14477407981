import { type Fault, faultOfStatus, isJsonObject, NetworkError } from '../plan/index.ts'
import { parseQuotaHeader, readErrorBody } from '../wire/index.ts'
import type { Operation, Reply } from './stage.ts'

/** Error codes that only more waiting by the poll rule answers. */
const POLLING = new Set(['slow_down', 'authorization_pending'])
const ATTEMPTS = new Set(['too_many_attempts'])
const QUOTA_HEADERS = ['auth0-client-quota-limit', 'auth0-organization-quota-limit'] as const

/** Which fault an answer is; `undefined` for an answer that is none. */
export function faultOfReply(reply: Reply, now: number): Fault | undefined {
  const { status, headers } = reply
  if (status < 400) return undefined
  const fault = faultOfStatus(status, headers['retry-after'] !== undefined)
  if (fault !== 'rate-limit') return fault
  const { code, message } = readErrorBody(reply)
  if (code !== undefined && ATTEMPTS.has(code)) return 'too-many-attempts'
  if (code !== undefined && POLLING.has(code)) return 'polling'
  const spent = QUOTA_HEADERS.some((name) => parseQuotaHeader(headers[name], now).some((quota) => quota.remaining <= 0))
  return spent || /quota exceeded/i.test(message) ? 'quota' : 'rate-limit'
}

/** Which fault an error of the transport is; `undefined` for errors that are no fault of the way there. */
export function faultOfError(error: unknown): Fault | undefined {
  if (!(error instanceof NetworkError)) return undefined
  return error.applied === 'maybe' ? 'broken' : 'not-sent'
}

/** The grant type of a token request, from its body. */
export function grantOf(operation: Operation): string | undefined {
  const { body } = operation.request
  if (body?.kind === 'form') return body.fields.grant_type
  const grant = body?.kind === 'json' && isJsonObject(body.value) ? body.value.grant_type : undefined
  return typeof grant === 'string' ? grant : undefined
}
