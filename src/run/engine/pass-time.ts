import { DecisionError } from '../errors.ts'
import type { Runnable, Wait } from '../steps/index.ts'
import type { Run } from './run.ts'
import { send } from './send.ts'

/** Longest single timer: Node's own limit is three weeks, and a clock that was put forward is noticed. */
const SLICE = 60_000

/** Waits as long as a step says, less what an interrupted run has waited already. */
export async function passTime(run: Run, id: string, wait: Wait): Promise<string> {
  const { ms, notAfter } = wait
  const end = wait.until ?? new Date(run.internals.runner.now() + ms).toISOString()
  if (run.predicting) {
    const { until } = wait
    run.planned.push({ id, effect: 'wait', ms, ...(until && { until }), ...(notAfter && { notAfter }) })
    const reason = until === undefined ? `it waits ${ms / 1000} s` : `it waits until ${until}`
    run.tell({ type: 'step_end', step: id, outcome: 'predicted', reason })
    return end
  }
  refuseLate(run, id, notAfter)
  const until = run.ledger.steps.get(id)?.begun?.until ?? end
  run.records.append({ type: 'begun', step: id, at: run.at, hash: 'wait', until })
  // The slices below say nothing of the whole.
  const left = Date.parse(until) - run.internals.runner.now()
  if (left > 0) run.tell({ type: 'wait', step: id, reason: 'time', ms: left })
  await run.records.written()
  await send(run, id, waiting(run, until)).value
  refuseLate(run, id, notAfter)
  run.records.append({ type: 'done', step: id, at: run.at, how: 'sent', value: until })
  run.tell({ type: 'step_end', step: id, outcome: 'done' })
  return until
}

/** What follows a window must not come after it, as where a run was interrupted for a day. */
function refuseLate(run: Run, id: string, notAfter: string | undefined): void {
  if (notAfter === undefined || run.internals.runner.now() <= Date.parse(notAfter)) return
  throw new DecisionError(
    id,
    `The window of the step "${id}" ended at ${notAfter}, and what follows would come too late. What was done is in the journal. Choose a new window.`,
  )
}

/** Lets time pass within a step, as where the server tells it to come back later. */
export async function waitFor(run: Run, id: string, ms: number, reason: 'server' | 'time' = 'server'): Promise<void> {
  run.tell({ type: 'wait', step: id, reason, ms: Math.ceil(ms) })
  await send(run, id, waiting(run, new Date(run.internals.runner.now() + ms).toISOString()), false).value
}

/** A flow, so that it can be interrupted like any step, and tells that it waits. */
function waiting(run: Run, until: string): Runnable<void> {
  const due = Date.parse(until)
  return run.internals.runner.flow<void>(
    'wait',
    () => [{ purpose: `wait until ${until}` }],
    async (context) => {
      for (let left = due - context.now(); left > 0; left = due - context.now())
        await context.wait(Math.min(left, SLICE))
    },
  )
}
