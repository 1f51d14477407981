import { hashPlan } from '../../plan/index.ts'
import { checkOf, isAbsent, lagOf, planOf, plansIn, type Runnable, rowFor, type StepRequest } from '../steps/index.ts'
import type { Run } from './run.ts'
import { send } from './send.ts'

/** Stands for the value of a step that has not been carried out. */
export const NOT_DONE = Symbol('not done')

/** Stands for the value of a step that an index does not show, which lags: nobody knows whether it was carried out. */
export const NOT_SHOWN = Symbol('not shown')

/** How often an index is asked again within the time after which it surely shows a write. */
const ASKED_AGAIN = 5

/**
 * The value that a step's check finds, or `NOT_DONE`. Asked before the step is sent for the first time.
 *
 * @param answers What the same reads have answered since the run last wrote; one that is there is not sent again.
 * @param told Told how many milliseconds late what was read may show a write.
 */
export async function readCheck(
  run: Run,
  { id, options }: StepRequest,
  answers = new Map<string, unknown>(),
  told?: (lag: number) => void,
): Promise<unknown> {
  const check = checkOf(options.doneWhen)
  if (check === undefined) return NOT_DONE
  const plan = planOf(check.read)
  const key = plan === undefined ? undefined : hashPlan(plan)
  let answer: unknown
  if (key !== undefined && answers.has(key)) answer = answers.get(key)
  else {
    const { value, sent } = send(run, id, check.read, 'check')
    try {
      answer = await value
    } catch (error) {
      if (isAbsent(error)) return NOT_DONE
      throw error
    } finally {
      told?.(sent.lag)
    }
    if (key !== undefined) answers.set(key, answer)
  }
  return valueFound(check.done(answer), answer)
}

/**
 * The value that a step's check finds after the step was sent. An index shows a write late: 'found' counts at once, 'not
 * found' is asked again until the index has surely caught up.
 *
 * @returns `NOT_DONE` where the record itself says so, `NOT_SHOWN` where only an index does.
 */
export async function readCheckAfterSending(run: Run, request: StepRequest): Promise<unknown> {
  let settle = settleOf(checkOf(request.options.doneWhen)?.read)
  for (let asked = 0; ; asked += 1) {
    const value = await readCheck(run, request, undefined, (lag) => {
      // What a flow reads further on is known once it was sent.
      settle = Math.max(settle, lag)
    })
    if (value !== NOT_DONE || settle === 0) return value
    if (asked === ASKED_AGAIN) return NOT_SHOWN
    run.tell({ type: 'wait', step: request.id, reason: 'index', ms: settle / ASKED_AGAIN })
    await send(run, request.id, pause(run, settle / ASKED_AGAIN), 'check').value
  }
}

/** What a check's verdict means: `true` stands for the answer itself. */
export function valueFound(found: unknown, answer: unknown): unknown {
  if (found === undefined || found === false || found === null) return NOT_DONE
  return found === true ? answer : found
}

/** Milliseconds after which a read surely shows a write; 0 where it reads the record itself, as far as is known before. */
function settleOf(read: Runnable<unknown> | undefined): number {
  return read === undefined ? 0 : Math.max(0, ...plansIn(read).map((plan) => lagOf(rowFor(plan))))
}

function pause(run: Run, ms: number): Runnable<void> {
  return run.internals.runner.flow<void>(
    'settle',
    () => [{ purpose: `wait ${ms / 1000} s for an index` }],
    (context) => context.wait(ms),
  )
}
