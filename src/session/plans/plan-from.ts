import { coldEvents, WorkExecution } from '../../pipeline/index.ts'
import {
  type ListPlan,
  type Page,
  type Plan,
  type PlanData,
  parsePlan,
  systemClock,
  TenantlabError,
} from '../../plan/index.ts'
import { rowOf, toCurl, toHttp } from '../../wire/index.ts'
import { BoundListPlan, BoundPlan, type PlanRuntime } from './bound-plan.ts'
import { explained } from './explained.ts'
import { SessionFlow } from './flow.ts'
import { liftSecrets } from './lift-secrets.ts'

/**
 * Reads a plan from its JSON. It prints, compares, hashes and explains like any other, and belongs to no session:
 * `auth0.run(plan, { secrets })` runs it.
 *
 * @param json What `toJSON()` or `JSON.stringify(plan)` gave.
 * @throws ValidationError naming the member and the rule when it is not a plan.
 * @example
 * const text = JSON.stringify(auth0.users(user.user_id).get())
 * console.log(planFrom(text).hash === auth0.users(user.user_id).get().hash)
 */
export function planFrom<T = unknown>(json: string | object): Plan<T> {
  const { data, secrets } = liftSecrets(parsePlan(json))
  const row = rowOf(data)
  const inner = { secrets, runtime: unbound }
  // The type of what a plan answers is the caller's knowledge: JSON does not carry it.
  if (row.paging !== undefined && data.op !== 'raw' && data.repeat === undefined) {
    return new BoundListPlan<unknown>(data, inner) as ListPlan<unknown> as unknown as Plan<T>
  }
  return new BoundPlan<T>(data, inner)
}

const unbound: PlanRuntime = {
  bound: false,
  execute: <T>(data: PlanData) => new WorkExecution<T>({ name: data.op, plan: data }, (report) => refuse(report, data)),
  events: <T>(data: PlanData) => coldEvents<T>({ name: data.op, plan: data }, (report) => refuse(report, data)),
  pages: <T>(data: PlanData): AsyncIterable<Page<T>> => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(unboundError(data)) }),
  }),
  explain: (data) => explained(data),
  toCurl: (data) => toCurl(data, rowOf(data)),
  toHttp: (data) => toHttp(data, rowOf(data)),
  diff: (data) =>
    new SessionFlow('diff', { steps: () => [], work: () => Promise.reject(unboundError(data)), clock: systemClock }),
  flow: (name, steps, work) => new SessionFlow(name, { steps, work, clock: systemClock, composed: true }),
}

function refuse(report: { fail(error: unknown): void }, data: PlanData): undefined {
  report.fail(unboundError(data))
  return undefined
}

function unboundError(plan: PlanData): TenantlabError {
  return new TenantlabError(
    'unbound',
    `${plan.op}: this plan came from JSON and belongs to no session, so that nothing was sent. Write auth0.run(plan), with ` +
      '{ secrets } where it has secret slots.',
    { plan, attempts: 0 },
  )
}
