import type { Flow, Plan, PlanData, Runner } from '../plan/index.ts'
import { planData, TimeoutError, ValidationError } from '../plan/index.ts'

/** How patiently a build is awaited. */
export interface BuildOptions {
  /** Milliseconds between two looks; 1000 when left out. */
  readonly every?: number
  /** Milliseconds after which waiting ends; 120 000 when left out. */
  readonly timeout?: number
}

interface Built {
  readonly status?: string
}

/**
 * Deploys an action once it is built: a new or changed action is built first, and until then Auth0 refuses to deploy it.
 *
 * @throws TimeoutError when it is not built in time; ValidationError when its build failed.
 */
export function whenBuiltFlow<T>(
  { params }: PlanData,
  deploy: Plan<T>,
  runner: Runner,
  { every = 1000, timeout = 120_000 }: BuildOptions = {},
): Flow<T> {
  const look = planData({ op: 'actions.get', ...(params && { params }) })
  const steps = () => [
    { purpose: `read the action every ${every} ms until it is built`, plan: look },
    { purpose: 'deploy it', plan: deploy.data },
  ]
  return runner.flow<T>('whenBuilt', steps, async (context) => {
    for (const start = context.now(); ; await context.wait(every)) {
      const { status } = await context.run(runner.bind<Built>(look))
      if (status === undefined || status === 'built') return context.run(deploy)
      if (status === 'failed') {
        const rule = 'must have been built'
        throw new ValidationError(
          `The action could not be built, so that it was not deployed. auth0.actions(id).get() shows its errors; correct its code or dependencies and update it.`,
          { plan: deploy.data, issues: [{ path: 'status', rule }] },
        )
      }
      if (context.now() - start + every > timeout) {
        throw new TimeoutError(
          `The action is still "${status}" after ${timeout} ms, so that it was not deployed. Look again with auth0.actions(id).get(), or pass a longer timeout.`,
          { timeout, plan: look },
        )
      }
    }
  })
}
