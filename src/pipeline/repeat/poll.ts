import type { OperationRow } from '../../catalogue/index.ts'
import {
  ApiError,
  isJsonObject,
  type PlanData,
  type PollRule,
  type SecretValues,
  TimeoutError,
} from '../../plan/index.ts'
import type { Ending, Report } from '../execution.ts'
import type { Requester } from '../request.ts'
import { Sequence } from './sequence.ts'

/** By how much `slow_down` lengthens the pause. */
const SLOWER = 5000
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
    let { every } = rule
    let waited = 0
    let requests = 0
    for (;;) {
      requests += 1
      const state = await ask(sequence, data, rule)
      if (state.final) {
        const value = present === undefined ? state.value : present(state.value, row, data)
        return report.succeed(value as T, clock.now())
      }
      if (state.slower) every += SLOWER
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
  /** What the last answer said. */
  readonly last: string
}

async function ask(sequence: Sequence, data: PlanData, rule: PollRule): Promise<PollState> {
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
    throw error
  }
}

function gaveUp(data: PlanData, timeout: number, last: string, attempts: number): TimeoutError {
  return new TimeoutError(
    `${data.op}: polling gave up after ${timeout / 1000} s and ${attempts} requests; the last answer was ${last}. ` +
      'Poll again, or allow it more time.',
    { plan: data, attempts, timeout },
  )
}
