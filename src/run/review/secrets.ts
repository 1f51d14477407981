import { type PlanData, type SecretValues, secretNames } from '../../plan/index.ts'
import { DecisionError } from '../errors.ts'
import type { Redactor } from '../redactor.ts'
import { appliedSteps } from './applied.ts'
import type { PlanFile } from './contract.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A secret that a plan file needs and does not hold. */
interface NeededSecret {
  /** The environment variable that gives it: `TENANTLAB_SECRET_PASSWORD`. */
  readonly variable: string
  /** Ids of the steps that send it. */
  readonly steps: readonly string[]
}

/** The secrets that a plan file needs, in the order in which they are sent. */
export function neededSecrets(file: PlanFile): readonly NeededSecret[] {
  const needed = new Map<string, string[]>()
  for (const { id, plan } of appliedSteps(file)) {
    for (const name of plan === undefined ? [] : secretNames(plan)) {
      const variable = secretVariable(name)
      needed.set(variable, [...(needed.get(variable) ?? []), id])
    }
  }
  return [...needed].map(([variable, ids]) => ({ variable, steps: ids }))
}

/**
 * Refuses to begin with a plan whose secrets are not there.
 *
 * @throws DecisionError naming the variables to set.
 */
export function requireSecrets(file: PlanFile, environment: Environment): void {
  const missing = neededSecrets(file).filter(({ variable }) => !environment[variable])
  const [first] = missing
  if (first === undefined) return
  throw new DecisionError(
    first.steps[0] as string,
    `The plan needs ${missing.length === 1 ? 'a secret' : 'secrets'} that no plan file holds. Nothing was sent. Set ` +
      `${missing.map(({ variable, steps }) => `${variable} (for ${steps.map((id) => `"${id}"`).join(', ')})`).join(' and ')}, and apply again.`,
  )
}

/** The secrets of plans that were stored without them: `TENANTLAB_SECRET_PASSWORD` for the slot `password`. */
export function secretsFor(plan: PlanData, environment: Environment, redactor: Redactor): SecretValues {
  const values: Record<string, string> = {}
  for (const name of secretNames(plan)) {
    const value = environment[secretVariable(name)]
    if (value === undefined || value === '') continue
    redactor.add(value)
    values[name] = value
  }
  return values
}

/** The environment variable that gives a secret: `TENANTLAB_SECRET_PASSWORD` for the slot `password`. */
export function secretVariable(name: string): string {
  return `TENANTLAB_SECRET_${name.replace(/[^A-Za-z0-9]/g, '_').toUpperCase()}`
}
