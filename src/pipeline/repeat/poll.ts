import type { OperationRow } from '../../catalogue/index.ts'
import {
  ApiError,
  faultOfStatus,
  isJsonObject,
  NetworkError,
  type PlanData,
  type PollRule,
  RateLimitError,
  type SecretValues,
  TimeoutError,
} from '../../plan/index.ts'
import type { Ending, Report } from '../execution.ts'
import type { Requester } from '../request.ts'
import { Sequence } from './sequence.ts'

/** By how much `slow_down` lengthens the pause. */
const SLOWER = 5000
/** Longest pause between two requests, and most failures in a row, after which polling gives up. */
const LONGEST = 60_000
const FAILURES = 10
/** Shortest pause: a plan may come from JSON. */
const SHORTEST = 100
const FINAL = new Set(['completed', 'failed'])

/**
 * Carries out the poll rule: asks until the answer is final. A status that is not known leaves the job open.
 *
 * @see https://auth0.com/docs/get-started/authentication-and-authorization-flow/device-authorization-flow/call-your-api-using-the-device-authorization-flow
 */
export function poll<T>(
  requester: Requester,
  data: PlanData,
  row: OperationRow,
  secrets: SecretValues,
  report: Report<T>,
  maxQueue: number | undefined,
): Ending {
  const rule = data.repeat as PollRule
  const { clock, present } = requester.config
  const caller = { emit: report.emit.bind(report), signal: report.signal, gate: report.gate, maxQueue }
  const sequence = new Sequence(requester, row, secrets, caller)

  const work = async (): Promise<void> => {
    let every = Math.max(SHORTEST, rule.every)
    let failures = 0
    let waited = 0
    let requests = 0
    for (;;) {
      requests += 1
      const state = await ask(sequence, data, rule, requests > 1)
      if (state.final) {
        const value = present === undefined ? state.value : present(state.value, row, data)
        return report.succeed(value as T, clock.now())
      }
      failures = state.failure === undefined ? 0 : failures + 1
      if (failures >= FAILURES) throw state.failure
      if (state.slower) every += SLOWER
      // RFC 8628, section 3.5: after a connection that failed, ask less often.
      else if (state.failure !== undefined) every = Math.max(every, Math.min(LONGEST, every * 2))
      if (rule.timeout !== undefined && waited + every > rule.timeout)
        throw gaveUp(data, rule.timeout, state.last, requests)
      report.emit({ kind: 'wait', at: clock.now(), reason: 'poll', ms: every })
      await sequence.wait(every)
      waited += every
    }
  }
  work().catch((error: unknown) => report.fail(error))
  return sequence
}

interface PollState {
  readonly final: boolean
  readonly slower?: boolean
  readonly value?: unknown
  /** A fault that may pass, such as an answer of the server's own trouble. */
  readonly failure?: unknown
  /** What the last answer said. */
  readonly last: string
}

async function ask(sequence: Sequence, data: PlanData, rule: PollRule, reached: boolean): Promise<PollState> {
  try {
    const { value } = await sequence.request(data)
    if (rule.until === 'grant') return { final: true, value, last: 'granted' }
    const status = isJsonObject(value) && typeof value.status === 'string' ? value.status : 'unknown'
    return { final: FINAL.has(status), value, last: status }
  } catch (error) {
    if (rule.until === 'grant' && error instanceof ApiError) {
      if (error.code === 'authorization_pending') return { final: false, last: error.code }
      if (error.code === 'slow_down') return { final: false, slower: true, last: error.code }
    }
    const passing = passingFault(error, reached)
    if (passing === undefined) throw error
    return { final: false, failure: error, last: passing }
  }
}

/** What a fault that may pass is called; `undefined` for what asking again would only repeat. */
function passingFault(error: unknown, reached: boolean): string | undefined {
  if (error instanceof TimeoutError) return 'none in time'
  if (error instanceof NetworkError) return reached || error.applied === 'maybe' ? 'a connection that broke' : undefined
  if (!(error instanceof ApiError)) return undefined
  // Something between here and Auth0 answered, or half of the answer was lost.
  if (reached && error.status < 300) return 'none that could be read'
  const fault = faultOfStatus(error.status, false)
  return fault === 'server' || error instanceof RateLimitError ? `status ${error.status}` : undefined
}

function gaveUp(data: PlanData, timeout: number, last: string, attempts: number): TimeoutError {
  return new TimeoutError(
    `${data.op}: polling gave up after ${timeout / 1000} s and ${attempts} requests; the last answer was ${last}. ` +
      'Poll again, or allow it more time.',
    { plan: data, attempts, timeout },
  )
}
