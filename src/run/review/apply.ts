import { type Json, jsonOf, type Plan, type PlanData, type Redactor } from '../../plan/index.ts'
import { internalsOf } from '../../session/index.ts'
import { doneWhen, keepReviewed, type Runbook, rowFor, type StepOptions, waitFor, waitUntil } from '../steps/index.ts'
import { appliedSteps } from './applied.ts'
import type { PlanFile, PlannedRequest } from './contract.ts'
import { uncompared } from './drift.ts'
import { fill } from './places.ts'
import { addressesOf, secretsFor } from './secrets.ts'

/** Longest answer that is told. */
const BRIEF = 500

/** What an apply is given: the plan file, which its journal names. */
interface AppliedParams {
  /** Hash of the plan file. */
  readonly plan: string
  /** Parameters that it was planned with. */
  readonly planned?: Json
}

/**
 * A runbook that does exactly what the plan file says: its writes, and the reads whose values they bring about.
 *
 * @param environment Where the values of secrets are, by the names of their variables.
 */
export function runbookOf(
  file: PlanFile,
  redactor: Redactor,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Runbook<AppliedParams> {
  const { params: planned } = file
  const params: AppliedParams = { plan: file.hash, ...(planned !== undefined && { planned }) }
  return {
    kind: 'runbook',
    name: file.runbook,
    params: { parse: () => params },
    maxRequests: Number.POSITIVE_INFINITY,
    async *steps({ auth0, step, say }) {
      const { bind } = internalsOf(auth0)
      const values = new Map<string, unknown>()
      const address = addressesOf(file)
      const applied = appliedSteps(file)
      for (const { read, members } of uncompared(file))
        say(`Secrets are not compared with the plan: ${members.join(', ')} (${read}).`)
      for (const { id } of file.steps.filter((each) => each.effect === 'write' && !applied.includes(each)))
        say(`"${id}" changes nothing, and is not sent.`)
      if (applied.length === 0) {
        say('No change: the plan holds no write to send. What else its runbook does, tenantlab run does.')
        return
      }
      for (const each of applied) {
        const variableOf = (slot: string): string => address(each.id, slot)
        const bound = (data: PlanData): Plan<unknown> => bind(data, secretsFor(data, variableOf, environment, redactor))
        if (each.effect === 'wait') {
          values.set(
            each.id,
            yield* step(each.id, each.until === undefined ? waitFor(each.ms) : waitUntil(each.until, each)),
          )
          continue
        }
        const { placeholders = [] } = each
        const filled = bound(fill(each.plan, '/plan', placeholders, values))
        const plan = keepReviewed(filled, each.hash)
        const value = yield* step(each.id, plan, optionsOf(each, bound, values))
        values.set(each.id, value)
        if (each.effect === 'read') say(`${each.id}: ${brief(value, plan, redactor)}`)
      }
    },
  }
}

/** An answer in one line, without secrets, since the one who planned the read wanted to see it. */
function brief(value: unknown, { data }: Plan<unknown>, redactor: Redactor): string {
  const text = JSON.stringify(redactor.redacted(jsonOf(value) ?? null, rowFor(data)))
  return text.length > BRIEF ? `${text.slice(0, BRIEF - 1)}…` : text
}

function optionsOf(
  { id, undo, check, confirm, placeholders = [] }: PlannedRequest,
  bound: (data: PlanData) => Plan<unknown>,
  values: Map<string, unknown>,
): StepOptions<unknown> {
  const back: StepOptions<unknown>['undo'] = ({ result }) => {
    values.set(id, result)
    return fill(undo ?? [], '/undo', placeholders, values).map(bound)
  }
  const filled = check === undefined ? undefined : fill(check, '/check', placeholders, values)
  const read = filled === undefined ? undefined : bound(filled.read)
  const tells = read === undefined || filled?.match === undefined ? read : doneWhen(read, filled.match)
  return {
    ...(undo !== undefined && { undo: back }),
    ...(tells !== undefined && { doneWhen: tells }),
    ...(confirm !== undefined && { confirm }),
  }
}
