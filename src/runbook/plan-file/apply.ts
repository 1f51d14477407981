import {
  ConfigurationError,
  diffValues,
  type Json,
  type Plan,
  type PlanData,
  type SecretValues,
  secretNames,
} from '../../plan/index.ts'
import { backstageOf, type Session } from '../../session/index.ts'
import { defineRunbook, doneWhen, type Runbook, type StepOptions } from '../define.ts'
import { isAbsent, rowFor } from '../engine/subject.ts'
import { type Drift, DriftError } from '../errors.ts'
import { markersIn, substitute } from '../placeholder.ts'
import { jsonOf, type Vault } from '../vault.ts'
import { waitFor } from '../wait.ts'
import type { PlanFile, PlannedStep } from './contract.ts'
import { settled, stateHash } from './state.ts'

/**
 * Refuses a plan file of another tenant.
 *
 * @throws ConfigurationError naming both.
 */
export function checkTenant(file: PlanFile, session: Session): void {
  if (file.tenant === session.domain) return
  throw new ConfigurationError(
    `The plan is for the tenant ${file.tenant}, and the session is connected with ${session.domain}. Nothing was sent. ` +
      'Connect with the tenant of the plan, or plan anew for this one.',
  )
}

/**
 * Reads every state that the plan was based on again.
 *
 * @throws DriftError that shows how the tenant differs.
 */
export async function checkDrift(file: PlanFile, session: Session, vault: Vault): Promise<void> {
  const { bind } = backstageOf(session)
  const drifts: Drift[] = []
  const states = new Map<string, Json>()
  for (const { id, basis } of file.steps) {
    if (basis === undefined) continue
    const key = JSON.stringify(basis.read)
    const now = states.get(key) ?? (await stateNow(bind(basis.read), vault))
    states.set(key, now)
    if (stateHash(now) === basis.hash) continue
    drifts.push({ step: id, changes: diffValues(settled(basis.state), settled(now)) })
  }
  if (drifts.length === 0) return
  const names = drifts.map(({ step }) => `"${step}"`).join(', ')
  throw new DriftError(
    `The tenant has changed since the plan was made, in what ${drifts.length === 1 ? 'the step' : 'the steps'} ${names} ` +
      `${drifts.length === 1 ? 'is' : 'are'} based on. Nothing was sent. Plan anew, and review the new plan.`,
    drifts,
  )
}

async function stateNow(plan: Plan<unknown>, vault: Vault): Promise<Json> {
  try {
    return vault.redacted(jsonOf(await plan.run()) ?? null, rowFor(plan.data))
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

/** The secrets of plans that were stored without them: `TENANTLAB_SECRET_PASSWORD` for the slot `password`. */
export function secretsFor(
  plan: PlanData,
  environment: Readonly<Record<string, string | undefined>>,
  vault: Vault,
): SecretValues {
  const values: Record<string, string> = {}
  for (const name of secretNames(plan)) {
    const value = environment[`TENANTLAB_SECRET_${name.replace(/[^A-Za-z0-9]/g, '_').toUpperCase()}`]
    if (value === undefined || value === '') continue
    vault.add(value)
    values[name] = value
  }
  return values
}

/** A runbook that does exactly what the plan file says: its writes, and the reads whose values they bring about. */
export function runbookOf(file: PlanFile, vault: Vault): Runbook<undefined> {
  return defineRunbook<undefined>({
    name: file.runbook,
    maxRequests: Number.POSITIVE_INFINITY,
    async *steps({ auth0, step }) {
      const { bind } = backstageOf(auth0)
      const values = new Map<string, unknown>()
      for (const each of file.steps) {
        if (each.effect === 'read' && markersIn(each.plan).length === 0) continue
        const bound = (data: PlanData): Plan<unknown> => {
          const known = substitute(data, values)
          return bind(known, secretsFor(known, process.env, vault))
        }
        for (const { id, ms } of each.waits ?? []) yield* step(id, waitFor(ms))
        values.set(each.id, yield* step(each.id, bound(each.plan), optionsOf(each, bound, values)))
      }
    },
  })
}

function optionsOf(
  { id, undo, check, confirm }: PlannedStep,
  bound: (data: PlanData) => Plan<unknown>,
  values: Map<string, unknown>,
): StepOptions<unknown> {
  const back: StepOptions<unknown>['undo'] = ({ result }) => {
    values.set(id, result)
    return undo?.map(bound)
  }
  const read = check === undefined ? undefined : bound(check.read)
  const tells = read === undefined || check?.match === undefined ? read : doneWhen(read, check.match)
  return {
    ...(undo !== undefined && { undo: back }),
    ...(tells !== undefined && { idempotencyCheck: tells }),
    ...(confirm !== undefined && { confirm }),
  }
}
