import {
  compose,
  Exchange,
  observable,
  rateLimit,
  retry,
  type StageSession,
  sendThrough,
} from '../../pipeline/index.ts'
import { type Clock, isJsonObject, type PlanData, planData } from '../../plan/index.ts'
import type { TokenSend } from '../../tokens/index.ts'
import { type HttpReply, type RequestDraft, rowOf, type Transport } from '../../wire/index.ts'

/** What token and key requests are sent with. */
export interface TokenSendEnvironment {
  readonly clock: Clock
  readonly transport: Transport
  /** Milliseconds. */
  readonly timeout: number
  readonly session: () => StageSession
}

/**
 * Sends the requests of token sources and key look-ups through the same retry and rate-limit stages as every plan, and
 * through the same transport.
 */
export function tokenSend({ clock, transport, timeout, session }: TokenSendEnvironment): TokenSend {
  const handler = compose([retry(), rateLimit()], sendThrough(transport, 'allow'))
  return (request) =>
    observable<HttpReply>((sink) => {
      const plan = planOf(request)
      const setting = {
        plan,
        row: rowOf(plan),
        secrets: {},
        clock,
        session: session(),
        timeout,
        maxQueue: undefined,
        signal: undefined,
        gate: undefined,
        // Shared by every plan that waits for the token; none of them owns its events.
        emit() {},
      }
      const exchange = new Exchange(setting, (error, reply) => {
        if (reply === undefined) return sink.error(error)
        sink.next(reply)
        sink.complete()
      })
      exchange.start(request, handler)
      return exchange
    })
}

/** The plan that a request amounts to, for messages and for the rules that go by grant. */
function planOf({ path, body }: RequestDraft): PlanData {
  if (path !== '/oauth/token') return planData({ op: 'authentication.keys' })
  const fields = body?.kind === 'form' ? body.fields : {}
  const { grant_type = '', audience = '' } = isJsonObject(fields) ? fields : {}
  return planData({ op: 'authentication.token', body: { grant_type, audience } })
}
