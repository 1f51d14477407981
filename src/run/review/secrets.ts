import { type PlanData, type Redactor, type SecretValues, secretNames } from '../../plan/index.ts'
import { DecisionError } from '../errors.ts'
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

/** Names the environment variable of a secret, by the step that sends it and its slot. */
export type SecretAddresses = (step: string, slot: string) => string

/**
 * One address for each secret of several steps: `TENANTLAB_SECRET_PASSWORD` where one step alone has that slot,
 * `TENANTLAB_SECRET_CREATE_ANN_PASSWORD` where several have: each may need a value of its own.
 */
export function secretAddresses(
  steps: readonly { readonly id: string; readonly plans: readonly PlanData[] }[],
): SecretAddresses {
  const holders = new Map<string, Set<string>>()
  for (const { id, plans } of steps) {
    for (const slot of plans.flatMap(secretNames)) holders.set(slot, (holders.get(slot) ?? new Set()).add(id))
  }
  const variables = new Map<string, string>()
  const taken = new Set<string>()
  for (const [slot, ids] of holders) {
    for (const id of ids) {
      const plain = secretVariable(ids.size > 1 ? `${id} ${slot}` : slot)
      let name = plain
      for (let count = 2; taken.has(name); count += 1) name = `${plain}_${count}`
      taken.add(name)
      variables.set(`${id}\0${slot}`, name)
    }
  }
  return (id, slot) => variables.get(`${id}\0${slot}`) ?? secretVariable(slot)
}

/** The addresses of the secrets of a plan file. */
export function addressesOf(file: PlanFile): SecretAddresses {
  const steps = appliedSteps(file)
  return secretAddresses(steps.map(({ id, plan }) => ({ id, plans: plan === undefined ? [] : [plan] })))
}

/** The secrets that a plan file needs, in the order in which they are sent. */
export function neededSecrets(file: PlanFile): readonly NeededSecret[] {
  const address = addressesOf(file)
  return appliedSteps(file).flatMap(({ id, plan }) =>
    (plan === undefined ? [] : secretNames(plan)).map((slot) => ({ variable: address(id, slot), steps: [id] })),
  )
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

/** The secrets of a plan that was stored without them, from the variables at their addresses. */
export function secretsFor(
  plan: PlanData,
  variableOf: (slot: string) => string,
  environment: Environment,
  redactor: Redactor,
): SecretValues {
  const values: Record<string, string> = {}
  for (const name of secretNames(plan)) {
    const value = environment[variableOf(name)]
    if (value === undefined || value === '') continue
    redactor.add(value)
    values[name] = value
  }
  return values
}

function secretVariable(name: string): string {
  return `TENANTLAB_SECRET_${name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()}`
}
