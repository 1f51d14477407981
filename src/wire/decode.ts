import type { OperationRow } from '../catalogue/index.ts'
import { ApiError, appliedAfter, isJsonObject, NetworkError, type PlanData } from '../plan/index.ts'
import { requestIdOf } from './answer-headers.ts'
import type { HttpReply } from './http.ts'
import { jobErrors } from './job-errors.ts'
import { place } from './place.ts'

/**
 * The value of a successful answer. Lenient: fields and values that the catalogue does not know pass. An answer without
 * a body is `undefined`, except where a union names it.
 *
 * @throws NetworkError when a JSON answer ends in its middle, or a read is answered with nothing.
 * @throws ApiError when the answer is no JSON where JSON belongs, such as a page of HTML from a proxy.
 */
export function decode<T>(reply: HttpReply, row: OperationRow, plan: PlanData): T {
  const value = read(reply, row, plan)
  if (plan.pick !== undefined) return (isJsonObject(value) ? value[plan.pick] : undefined) as T
  return (row.answerAs === 'job-errors' ? jobErrors(value) : value) as T
}

function read(reply: HttpReply, row: OperationRow, plan: PlanData): unknown {
  const { body } = reply
  if (reply.status === 204 && row.answerAs !== 'tokens') return undefined
  if (body === '' || body.trim() === '') {
    if ((reply.status === 200 || reply.status === 204) && mustAnswer(row, plan)) throw emptyAnswer(reply, row, plan)
    return undefined
  }
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (cause) {
    return readText(reply, row, plan, cause)
  }
  if (isUnfit(value, row) && mustAnswer(row, plan)) {
    const what = value === null ? 'null' : `a ${typeof value}`
    throw unreadable(
      reply,
      row,
      plan,
      `The answer is ${what} where ${row.answerAs === 'tokens' ? 'tokens belong' : 'a record belongs'}`,
    )
  }
  // Deleted network ACLs are answered with 200 and this in place of 204.
  return isDeletion(value) ? undefined : value
}

/**
 * A read of a record or list has something to say, and so has a grant of tokens; only a raw request may mean an endpoint that
 * nobody described.
 */
function mustAnswer(row: OperationRow, plan: PlanData): boolean {
  return plan.op !== 'raw' && (row.answerAs === 'tokens' || (row.api === 'management' && row.method === 'GET'))
}

/** True for what is neither a record nor a list; some reads say null where nothing is set. */
function isUnfit(value: unknown, row: OperationRow): boolean {
  if (row.answerAs === 'tokens') return !isJsonObject(value)
  return typeof value !== 'object' && row.answerAs !== 'job-errors' && row.paging === undefined
}

function emptyAnswer({ status }: HttpReply, row: OperationRow, plan: PlanData): NetworkError {
  return new NetworkError(
    `${place(row, plan)}: Auth0 answered ${status} with an empty body where ${row.answerAs === 'tokens' ? 'tokens belong' : 'a record or a list belongs'}. ` +
      'Run the plan again; if it happens again, look at what stands between here and Auth0.',
    { plan, code: 'EMPTY_ANSWER', applied: appliedAfter('answered', row.effect) },
  )
}

function isDeletion(value: unknown): boolean {
  const { code, object } = (value ?? {}) as { readonly code?: unknown; readonly object?: unknown }
  return code === 204 && object === '' && Object.keys(value as object).length === 2
}

// Some answers of the Authentication API are plain text, whatever their content type says: `OK`, or a sentence.
function readText(reply: HttpReply, row: OperationRow, plan: PlanData, cause: unknown): unknown {
  const { body, status } = reply
  if (row.answerAs === 'nothing' && body.trim() === 'OK') return undefined
  const type = (reply.headers['content-type'] ?? '').toLowerCase()
  const page = /^\s*<(!doctype|html)/i.test(body)
  const free = plan.op === 'raw' || (row.api === 'authentication' && row.answerAs !== 'tokens')
  if (!page && !type.includes('json') && free) return body
  if (page && expectsMarkup(row)) return body
  if (page || (type !== '' && !type.includes('json'))) {
    const what = page ? 'a page of HTML' : `${type.split(';', 1)[0]}`
    throw new ApiError(
      `${place(row, plan)}: Auth0 answered ${status} with ${what} where JSON belongs. ` +
        'Something between here and Auth0 may have answered, such as a proxy or a login wall: check the domain and the network.',
      { plan, status, serverMessage: what, body, cause, applied: appliedAfter('answered', row.effect) },
    )
  }
  throw new NetworkError(
    `${place(row, plan)}: Auth0 answered ${status} with a body that is not whole JSON (${body.length} characters). ` +
      (row.effect === 'read'
        ? 'Run the plan again; if it happens again, look at what stands between here and Auth0.'
        : 'The request was carried out: read the record before you send it again.'),
    { plan, code: 'INVALID_JSON', applied: appliedAfter('answered', row.effect), cause },
  )
}

function expectsMarkup(row: OperationRow): boolean {
  return row.id.startsWith('authentication.saml') || row.id.startsWith('authentication.wsFederation')
}

/**
 * The error of an answer that was received and cannot be read as what the operation gives.
 *
 * @param what What was there instead, without an end mark.
 */
export function unreadable(
  reply: HttpReply | undefined,
  row: OperationRow,
  plan: PlanData,
  what: string,
  next = `Look at what stands between here and Auth0; auth0.raw('${row.method} ${row.path}') gives the answer as it is.`,
): ApiError {
  const status = reply?.status ?? 200
  const requestId = reply === undefined ? undefined : requestIdOf(reply)
  return new ApiError(
    `${place(row, plan)}: Auth0 answered ${status} with something that cannot be read. ${what}. ${next}`,
    {
      plan,
      status,
      code: 'unreadable_answer',
      serverMessage: what,
      applied: appliedAfter('answered', row.effect),
      attempts: (reply as { attempt?: number } | undefined)?.attempt ?? 1,
      ...(requestId !== undefined && { requestId }),
      ...(reply !== undefined && { body: reply.body }),
    },
  )
}
