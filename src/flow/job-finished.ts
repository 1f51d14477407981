import type { Flow, Plan, Runner } from '../plan/index.ts'
import { planData, TimeoutError, ValidationError } from '../plan/index.ts'

/** What a flow needs to know of a job. */
interface PolledJob {
  readonly status?: string
}

/** How patiently a job is awaited. */
export interface FinishedOptions {
  /** Milliseconds before the second look; later looks come less often, up to five times as long. 2 000 when left out. */
  readonly every?: number
  /** Milliseconds after which waiting ends; 2 hours when left out, after which Auth0 itself fails a job. */
  readonly timeout?: number
}

const TWO_HOURS = 2 * 60 * 60 * 1000

/**
 * Looks at a job until it is completed or failed, and answers the job as it then is. A status that is not known keeps
 * it waiting, since Auth0 may add some.
 *
 * @throws TimeoutError when the job is still open after `timeout`.
 * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-imports
 */
export function jobFinishedFlow<J extends PolledJob>(
  id: string,
  look: Plan<J>,
  runner: Runner,
  options: FinishedOptions = {},
): Flow<J> {
  const { every = 2000, timeout = TWO_HOURS } = options
  if (!(every > 0) || !(timeout > 0)) {
    throw new ValidationError(
      `auth0.jobs('${id}').finished takes "every" and "timeout" in milliseconds, each above 0. Leave them out for 2 seconds and 2 hours.`,
      { issues: [{ path: every > 0 ? 'timeout' : 'every', rule: 'must be above 0' }] },
    )
  }
  // The rule as data lets a plan file hold what this flow does; the flow itself asks ever less often.
  const { v: _, ...fields } = look.data
  const plan = planData({ ...fields, repeat: { kind: 'poll', every, until: 'job', timeout } })
  const steps = () => [{ purpose: `read the job every ${every} ms or more until it is completed or failed`, plan }]
  return runner.flow<J>('finished', steps, async (context) => {
    const start = context.now()
    for (let pause = every; ; pause = Math.min(pause * 1.5, every * 5)) {
      const job = await context.run(look)
      if (job.status === 'completed' || job.status === 'failed') return job
      if (context.now() - start + pause > timeout) {
        throw new TimeoutError(
          `The job ${id} is still "${job.status}" after ${timeout} ms. Look again later with auth0.jobs('${id}').get(), or pass a longer timeout.`,
          { timeout, plan: look.data },
        )
      }
      await context.wait(pause)
    }
  })
}
