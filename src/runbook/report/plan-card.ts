import { type Card, durationText, giveLook, type Look, lookOf, plain } from '../../display/index.ts'
import type { LeastWait } from '../../pipeline/index.ts'
import { planFile as makePlanFile, type PlanFile, type PlannedStep, type PlanParts } from '../../run/index.ts'
import { readPlanFile as readFile } from '../files/index.ts'
import { describePlan } from './describe-plan.ts'
import { SIGNS } from './line.ts'

/** A plan as it is saved, with the hash over all of it. It shows itself as `tenantlab show` does. */
export function planFile(parts: PlanParts): PlanFile {
  return shown(makePlanFile(parts))
}

/**
 * Reads a plan file. The plan shows itself as `tenantlab show` does, and sends nothing.
 *
 * @throws ConfigurationError when it is none, or was changed after it had been written.
 * @example
 * // not run: needs the file
 * console.log(readPlanFile('plan.json'))
 */
export function readPlanFile(path: string): PlanFile {
  return shown(readFile(path))
}

function shown(file: PlanFile): PlanFile {
  giveLook(file, (each) => showPlanFile(each))
  return file
}

/**
 * How a plan file looks: every line of it, uncut.
 *
 * @param waits what is known of the time that an apply takes.
 */
export function showPlanFile(file: PlanFile, waits?: LeastWait): Look {
  const lines = (): readonly string[] => describePlan(file, process.env, waits)
  const titled = ([first = 'plan', ...rest]: readonly string[]): { title: string; rest: readonly string[] } => ({
    title: `plan · ${first}`,
    rest,
  })
  const card = (): Card => {
    const { title, rest } = titled(lines())
    return { title, blocks: [{ kind: 'lines', lines: rest }] }
  }
  const look = lookOf(card, () => file)
  // No line of a plan is cut: its reviewer reads all of it.
  const text = (): string => {
    const { title, rest } = titled(lines().map(plain))
    return [title, ...rest].join('\n')
  }
  return { ...look, text, bundle: () => ({ ...look.bundle(), 'text/plain': text() }) }
}

/** The steps that a plan run found, as a table. */
export function showPlanned(steps: readonly PlannedStep[]): Look {
  const row = (step: PlannedStep): readonly string[] => {
    if (step.effect === 'wait') return ['…', step.id, `wait ${durationText(step.ms)}`, '', '']
    const { id, effect, action = 'unknown', unchanged, route = step.plan.op, changes = [], undo = [] } = step
    const sign = effect === 'write' ? (unchanged === true ? '=' : SIGNS[action]) : '<'
    const count = (number: number): string => (number === 0 ? '' : String(number))
    return [sign, id, route, count(changes.length), count(undo.length)]
  }
  return lookOf(
    () => ({
      title: `${steps.length} planned ${steps.length === 1 ? 'step' : 'steps'}`,
      blocks: [{ kind: 'table', columns: ['', 'step', 'request', 'changes', 'undo plans'], rows: steps.map(row) }],
    }),
    () => steps,
  )
}
