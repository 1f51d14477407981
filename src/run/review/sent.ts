import type { PlanData } from '../../plan/index.ts'
import { rowFor, twinOf } from '../steps/index.ts'
import { appliedSteps } from './applied.ts'
import type { PlanFile } from './contract.ts'
import { basesOf } from './drift.ts'

/** Requests that applying a plan file sends. */
interface SentByApply {
  readonly count: number
  /** What is read again: what the plan is based on, and each record before its write, for the undo. */
  readonly reads: number
  readonly writes: number
  readonly byRateKey: ReadonlyMap<string, number>
}

/** What applying a plan file sends: what it reads again, and its steps. */
export function sentByApply(file: PlanFile): SentByApply {
  const bases = new Map(basesOf(file).map(({ basis }) => [JSON.stringify([basis.tenant, basis.read]), basis.read]))
  const steps = appliedSteps(file).flatMap((step) => (step.effect === 'wait' ? [] : [step]))
  const befores = steps.flatMap((step) => (step.undo === undefined ? [] : (recordBefore(step.plan) ?? [])))
  const byRateKey = new Map<string, number>()
  for (const plan of [...bases.values(), ...befores, ...steps.map((step) => step.plan)]) {
    const key = rowFor(plan)?.rateKey
    if (key !== undefined) byRateKey.set(key, (byRateKey.get(key) ?? 0) + 1)
  }
  const writes = steps.filter(({ effect }) => effect === 'write').length
  const count = bases.size + befores.length + steps.length
  return { count, reads: count - writes, writes, byRateKey }
}

/** The read of the record that a write changes, which its undo asks for. */
function recordBefore(plan: PlanData): PlanData | undefined {
  const row = rowFor(plan)
  return row === undefined || row.merge === 'create' ? undefined : twinOf(plan, row)
}

/** Scopes that the requests of a plan file need, each once. */
export function scopesIn({ steps }: PlanFile): readonly string[] {
  return [...new Set(steps.flatMap((step) => (step.plan === undefined ? [] : scopesOf(step.plan))))].sort()
}

/** Of scopes of which any would do, the plainest: `update:users` rather than `update:users_app_metadata`. */
function scopesOf(plan: PlanData): readonly string[] {
  const row = rowFor(plan)
  if (row === undefined) return []
  return row.allScopes ? row.scopes : row.scopes.toSorted((a, b) => a.length - b.length).slice(0, 1)
}
