import type { PlanFile, PlannedStep } from './contract.ts'

/** True for a plan that sends no write. */
export function appliesNothing(file: PlanFile): boolean {
  return !appliedSteps(file).some(({ effect }) => effect === 'write' || effect === 'token')
}

/**
 * The steps that an apply carries out: the writes that change something or whose answer a later step needs, the reads of
 * what they bring about, and the waits between.
 */
export function appliedSteps({ steps }: PlanFile): readonly PlannedStep[] {
  const needed = new Set<string>()
  const kept = [...steps].reverse().filter((step) => {
    if (step.effect === 'wait') return true
    const { id, effect, placeholders = [], unchanged } = step
    const own = placeholders.filter((each) => each.step !== id)
    const applied = effect === 'read' ? own.length > 0 : unchanged !== true || needed.has(id)
    if (applied) for (const each of own) needed.add(each.step)
    return applied
  })
  const applied = kept.reverse()
  return applied.some(({ effect }) => effect !== 'wait') ? applied : []
}
