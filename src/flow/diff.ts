import { row } from '../catalogue/index.ts'
import type { Diff, Flow, FlowStep, Json, PlanData, Runner, UnknownDiff } from '../plan/index.ts'
import { diffValues, planData } from '../plan/index.ts'
import { applyMerge } from './merge.ts'

/**
 * Reads what a write would change, applies the operation's merge rule to it, and shows before and after. Sends one
 * read, or nothing where there is nothing to compare with; never the write itself.
 */
export function diffFlow(data: PlanData, runner: Runner, check?: () => PromiseLike<void> | undefined): Flow<Diff> {
  const operation = data.op === 'raw' ? undefined : row(data.op)
  const unknown = (reason: string): UnknownDiff => ({ kind: 'unknown', reason })
  const refusal =
    operation === undefined
      ? unknown('A raw request has no known reading twin. Use the grammar word of the operation to get a diff.')
      : operation.effect !== 'write'
        ? unknown(`${operation.id} changes nothing in the tenant, so there is nothing to compare.`)
        : operation.merge === undefined || (operation.twin === undefined && operation.merge !== 'create')
          ? unknown(`No read operation shows what ${operation.id} changes. Read the state before and after yourself.`)
          : undefined
  const twin =
    refusal === undefined && operation?.merge !== 'create' && operation?.twin !== undefined
      ? planData({ op: operation.twin, ...(data.params === undefined ? {} : { params: data.params }) })
      : undefined
  const steps = (): readonly FlowStep[] =>
    twin === undefined ? [] : [{ purpose: 'read what is there now', plan: twin }]
  return runner.flow<Diff>('diff', steps, async (context) => {
    // What run() would refuse changes nothing, so that it has no difference to show.
    await check?.()
    if (refusal !== undefined || operation?.merge === undefined) {
      return refusal ?? unknown('There is no merge rule for this operation.')
    }
    const before = twin === undefined ? null : ((await context.run(runner.bind<Json>(twin))) ?? null)
    const after = applyMerge(operation.merge, before, data.body)
    return { kind: 'known', before, after, changes: diffValues(before, after) }
  })
}
