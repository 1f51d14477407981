import { type OperationRow, usualFirst } from '../catalogue/index.ts'
import {
  ApiError,
  appliedAfter,
  isJsonObject,
  MfaRequiredError,
  type PlanData,
  QuotaExceededError,
  type QuotaState,
  RateLimitError,
  type RateLimitState,
  redactText,
  ScopeError,
  type SecretValues,
  type TenantlabError,
} from '../plan/index.ts'
import { faultOfAnswer, parseQuotaHeader, parseRateLimit, requestIdOf } from './answer-headers.ts'
import { advice } from './error-advice.ts'
import { type ErrorBody, readErrorBody } from './error-body.ts'
import type { HttpReply } from './http.ts'
import { place } from './place.ts'

/** What the kinds of errors share. */
interface Failure {
  readonly reply: HttpReply
  readonly row: OperationRow
  readonly plan: PlanData
  readonly said: ErrorBody
  readonly rateLimit: RateLimitState | undefined
  readonly now: number
  readonly details: ConstructorParameters<typeof ApiError>[1]
  /** Where, what came back, and what the server said. */
  readonly opening: string
}

/**
 * The error of an answer that is no success: one class per kind, a message that says where, which rule, and what to do
 * next. Takes every body shape of both APIs.
 *
 * @param attempts How many requests were sent.
 * @param now Epoch milliseconds, for headers that count from now on.
 * @param ahead Milliseconds by which the server's clock is ahead.
 * @param secrets Values that must not show in the message, should the server repeat one.
 */
export function decodeError(
  reply: HttpReply,
  row: OperationRow,
  plan: PlanData,
  attempts: number,
  now: number,
  secrets: SecretValues = {},
  ahead = 0,
): TenantlabError {
  const said = hideSecrets(readErrorBody(reply), secrets)
  const rateLimit = parseRateLimit(reply.headers, now, ahead)
  const requestId = requestIdOf(reply)
  const details = {
    plan,
    attempts,
    status: reply.status,
    serverMessage: said.message,
    applied: appliedAfter(faultOfAnswer(reply), row.effect),
    ...(said.code !== undefined && { code: said.code }),
    ...(rateLimit !== undefined && { rateLimit }),
    ...(reply.status === 503 && rateLimit?.retryAfter !== undefined && { retryAt: now + rateLimit.retryAfter }),
    ...(requestId !== undefined && { requestId }),
    ...(said.body !== undefined && { body: said.body }),
  }
  const failure: Failure = { reply, row, plan, said, rateLimit, now, details, opening: opening(reply, row, plan, said) }
  return mfaRequired(failure) ?? tooMany(failure) ?? missingScope(failure) ?? apiError(failure)
}

function opening(reply: HttpReply, row: OperationRow, plan: PlanData, said: ErrorBody): string {
  const code = said.code === undefined ? '' : ` (${said.code})`
  const message = sentence(said.message)
  return `${place(row, plan)}: Auth0 answered ${reply.status}${code}${message === '' ? (said.body === undefined ? ' with an empty body.' : ' without a message.') : `: ${message}`}`
}

function apiError({ reply, row, plan, said, details, opening }: Failure): ApiError {
  return new ApiError(`${opening} ${advice(reply.status, said, row, plan, details.applied === 'maybe')}`, details)
}

function mfaRequired({ reply, said, details, opening }: Failure): MfaRequiredError | undefined {
  const { body } = said
  if (said.code !== 'mfa_required' || (reply.status !== 401 && reply.status !== 403)) return undefined
  if (!isJsonObject(body) || typeof body.mfa_token !== 'string') return undefined
  const requirements = mfaRequirements(body.mfa_requirements)
  const factors = requirements?.challenge ?? requirements?.enroll
  const next =
    requirements?.enroll !== undefined && requirements.challenge === undefined
      ? 'The user has to enrol a factor first: auth0.mfa(error).enroll, with one of its words.'
      : 'Catch the error and go on with auth0.mfa(error): authenticators.list() shows the factors, verify confirms a code.'
  const known = factors === undefined || factors.length === 0 ? '' : ` Factors that count: ${factors.join(', ')}.`
  return new MfaRequiredError(`${opening}${known} ${next}`, {
    ...details,
    mfaToken: body.mfa_token,
    ...(requirements !== undefined && { requirements }),
  })
}

function mfaRequirements(value: unknown): MfaRequiredError['requirements'] {
  if (!isJsonObject(value)) return undefined
  const challenge = factorNames(value.challenge) ?? factorNames(value.challenge_types)
  const enroll = factorNames(value.enroll) ?? factorNames(value.enroll_types)
  if (challenge === undefined && enroll === undefined) return undefined
  return { ...(challenge !== undefined && { challenge }), ...(enroll !== undefined && { enroll }) }
}

// Two shapes are documented: `[{ type: 'otp' }]` and `['otp']`.
function factorNames(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.flatMap((each) => {
    const name = isJsonObject(each) ? each.type : each
    return typeof name === 'string' ? [name] : []
  })
}

/** Codes that come with 429 and are no rate limit: waiting for a slot does not help. */
const NO_RATE_LIMIT = new Set(['too_many_attempts', 'slow_down', 'authorization_pending'])

function tooMany(failure: Failure): RateLimitError | QuotaExceededError | undefined {
  const { reply, said, rateLimit, now, details, opening } = failure
  if (reply.status !== 429 || (said.code !== undefined && NO_RATE_LIMIT.has(said.code))) return undefined
  const quotas = [
    ...parseQuotaHeader(reply.headers['auth0-client-quota-limit'], now),
    ...parseQuotaHeader(reply.headers['auth0-organization-quota-limit'], now),
  ]
  const spent = quotas.filter((quota) => quota.remaining <= 0)
  if (spent.length > 0 || /quota exceeded/i.test(said.message)) return quotaExceeded(failure, quotas, spent)
  const retryAt = rateLimit?.retryAfter === undefined ? rateLimit?.resetAt : now + rateLimit.retryAfter
  const when = retryAt === undefined ? 'Try again in a few seconds' : `Try again after ${time(retryAt)}`
  return new RateLimitError(`${opening} ${when}, or give connect() a rateLimit, so that plans wait for their turn.`, {
    ...details,
    ...(retryAt !== undefined && { retryAt }),
  })
}

function quotaExceeded(
  { rateLimit, now, details, opening }: Failure,
  quotas: readonly QuotaState[],
  spent: readonly QuotaState[],
): QuotaExceededError {
  const windows = spent.map((quota) => quota.resetAt)
  const asked = rateLimit?.retryAfter === undefined ? rateLimit?.resetAt : now + rateLimit.retryAfter
  const retryAt = windows.length > 0 ? Math.max(...windows) : asked
  const buckets = spent.map(({ bucket, quota }) => `${bucket} of ${quota}`).join(' and ')
  const used = buckets === '' ? '' : ` The quota ${buckets} is used up.`
  const when = retryAt === undefined ? 'in the next window' : `after ${time(retryAt)}`
  return new QuotaExceededError(
    `${opening}${used} It is filled again ${when}; reuse tokens until then, or raise it with auth0.tenant().quotas().`,
    { ...details, quotas, ...(retryAt !== undefined && { retryAt }) },
  )
}

function missingScope({ reply, row, plan, said, details, opening }: Failure): ScopeError | undefined {
  if (reply.status !== 403 || said.code !== 'insufficient_scope') return undefined
  const named = /expected (any|all) of:?\s*(.+)$/i.exec(said.message)
  // The same code also tells that a plan of Auth0 lacks a feature; no scope helps there.
  if (named === null && /upgrade|subscription/i.test(said.message)) return undefined
  const expected =
    named === null
      ? row.scopes
      : (named[2] ?? '')
          .split(/[,;\s]+/)
          .map((scope) => scope.replace(/\.$/, ''))
          .filter((scope) => scope !== '')
  const usual = usualFirst(expected, row)
  const which = usual.join(row.allScopes || named?.[1]?.toLowerCase() === 'all' ? ' and ' : ' or ')
  const scopes = which === '' ? 'the scopes that its documentation page names' : which
  const next =
    row.api === 'management'
      ? `Grant the application ${scopes} on the Management API, then ask for a new token: a token keeps the scopes it was made with`
      : `Log in again and ask for the scope ${scopes}: a token keeps the scopes it was made with`
  return new ScopeError(`${opening} ${next}. See ${row.docs}.`, {
    plan,
    attempts: details.attempts,
    expected,
    status: reply.status,
  })
}

function hideSecrets(said: ErrorBody, secrets: SecretValues): ErrorBody {
  const safe = redactText(said.message, Object.values(secrets))
  return safe === said.message ? said : { ...said, message: safe }
}

const LONGEST = 600

function sentence(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim()
  const short = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
  return short === '' || /[.!?…]$/.test(short) ? short : `${short}.`
}

function time(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z')
}
