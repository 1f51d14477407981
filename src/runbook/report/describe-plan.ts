import { hintsOfQuery } from '../../catalogue/index.ts'
import { durationText } from '../../display/index.ts'
import type { LeastWait } from '../../pipeline/index.ts'
import { isJsonObject, type Json } from '../../plan/index.ts'
import type { PlanFile, PlannedRequest, PlannedStep, PlannedWait } from '../../run/index.ts'
import { appliedSteps, basesOf, neededSecrets, routeOf, scopesIn, sentByApply, uncompared } from '../../run/index.ts'
import { changeLines } from './line.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * What a plan file would do, line by line, for its reviewer.
 *
 * @param environment tells which of the secrets that it needs are there; no value is shown.
 * @param waits how long its requests wait for the tenant's limits, where a session knows.
 */
export function describePlan(file: PlanFile, environment: Environment, waits?: LeastWait): readonly string[] {
  const { runbook, tenant, at, who, hash, params } = file
  const applied = new Set(appliedSteps(file))
  return [
    `${runbook} on ${tenant}`,
    `planned ${at} by ${who}`,
    hash,
    ...(isEmpty(params) ? [] : [`parameters ${JSON.stringify(params)}`]),
    '',
    summaryOf(file, applied),
    ...describeSent(file, waits),
    ...file.steps.flatMap((step, index) => [...saidAt(file, index), ...describeStep(step, applied.has(step))]),
    ...saidAt(file, file.steps.length),
    ...describeLost(file),
    ...describeBasis(file),
    ...describeSecrets(file, environment),
  ]
}

/** What the runbook said between two steps, as its run shows it. */
function saidAt({ said = [] }: PlanFile, index: number): readonly string[] {
  const lines = said.filter(({ at }) => at === index).flatMap(({ text }) => text.split(/\r\n|[\r\n]/))
  return lines.length === 0 ? [] : ['', ...lines.map((line) => `» ${line}`)]
}

function isEmpty(params: Json | undefined): boolean {
  return params === undefined || (isJsonObject(params) && Object.keys(params).length === 0)
}

const DONE = { create: 'to create', update: 'to change', delete: 'to delete', unknown: 'whose effect is not known' }
const SIGNS = { create: '+', update: '~', delete: '-', unknown: '?' } as const

function summaryOf({ steps }: PlanFile, applied: ReadonlySet<PlannedStep>): string {
  const writes = steps.flatMap((step) => (step.effect === 'write' ? [step] : []))
  const pending = writes.filter((step) => step.unchanged !== true)
  const waits = steps.filter((step) => step.effect === 'wait' && applied.has(step)).length
  const idle = writes.length - pending.length
  const parts = [
    ...(Object.keys(DONE) as (keyof typeof DONE)[]).map((action) => {
      const count = pending.filter((step) => (step.action ?? 'unknown') === action).length
      return count === 0 ? [] : [`${count} ${DONE[action]}`]
    }),
    ...(idle === 0 ? [] : [[`${idle} without change`]]),
    ...(waits === 0 ? [] : [[`${waits} ${waits === 1 ? 'wait' : 'waits'}`]]),
  ].flat()
  if (pending.length > 0) return parts.join(', ')
  const why =
    writes.length === 0 ? (foundNothing(steps) ?? 'no write is planned') : 'every write leaves its record as it is'
  return `No change: ${why}.`
}

/** What applying it costs: requests, scopes, and time as far as it is known. */
function describeSent(file: PlanFile, waits: LeastWait | undefined): readonly string[] {
  const { count, reads, writes } = sentByApply(file)
  if (writes === 0) return []
  const parts = [...(reads === 0 ? [] : [`${reads} to read again`]), `${writes} to write`]
  const time =
    waits === undefined || waits.ms < 1000
      ? ''
      : `, over at least ${durationText(waits.ms)} by the present limit of ${waits.rateKey}`
  const scopes = scopesIn(file)
  return [
    `apply sends ${count} ${count === 1 ? 'request' : 'requests'} (${parts.join(', ')})${time}`,
    ...(scopes.length === 0 ? [] : [`scopes: ${scopes.join(', ')}`]),
  ]
}

/** What the last list held, where it was empty: a flow over nothing writes nothing. */
function foundNothing(steps: readonly PlannedStep[]): string | undefined {
  const reads = steps.flatMap((step) => (step.effect === 'read' ? [step] : []))
  const last = reads.at(-1)
  const state = last?.basis?.state
  const items = isJsonObject(state) ? state.items : state
  if (last === undefined || !Array.isArray(items) || items.length > 0) return undefined
  const things = last.plan.op.split('.').at(-2) ?? 'items'
  const hints = hintsOfQuery(last.plan.op, last.plan.query)
  return [`0 ${things} matched`, ...hints].join('. ').replace(/\.$/, '')
}

function describeStep(step: PlannedStep, applied: boolean): readonly string[] {
  if (step.effect === 'wait') return applied ? ['', `… ${step.id}: wait ${waitText(step)}`] : []
  if (step.effect === 'read' && !applied) return []
  const { id, route = step.plan.op, hash, reason, changes = [], undo = [], noUndo, confirm, check, checkLost } = step
  return [
    '',
    `${signOf(step)} ${id}: ${route}`,
    `    ${hash}`,
    ...(step.unchanged === true
      ? [
          step.found === true
            ? '    done already: its check finds it'
            : `    changes nothing, and is ${applied ? 'sent for its answer, which a later step needs' : 'not sent'}`,
        ]
      : []),
    ...(reason === undefined ? [] : [`    ? ${reason}`]),
    ...changes.flatMap(changeLines).map((line) => `    ${line}`),
    ...undo.map((plan) => `    undo: ${routeOf(plan)}`),
    ...(noUndo === undefined ? [] : [`    cannot be undone: ${noUndo}`]),
    ...(check === undefined ? [] : [`    done when: ${routeOf(check.read)}${matchOf(check.match)}`]),
    ...(checkLost === undefined ? [] : [`    done when: ${LOST[checkLost]}, which this file cannot hold`]),
    ...(confirm === undefined ? [] : [`    asks: ${confirm}`]),
  ]
}

const LOST = {
  function: 'a function of the runbook',
  tenant: 'a read of another tenant',
  secret: 'a check with a secret in it',
} as const

/** The steps whose checks an apply does not ask, and what to do about it. */
function describeLost({ steps }: PlanFile): readonly string[] {
  const lost = steps.flatMap((step) => (step.effect !== 'wait' && step.checkLost !== undefined ? [step.id] : []))
  if (lost.length === 0) return []
  return [
    '',
    `Not in this file: the ${lost.length === 1 ? 'check' : 'checks'} of ${lost.join(', ')}. An apply sends ${lost.length === 1 ? 'it' : 'them'} without asking whether ` +
      'it is done. Write doneWhen as a plan, or with the members to find, to keep it.',
  ]
}

function signOf({ effect, action = 'unknown', unchanged }: PlannedRequest): string {
  if (effect === 'read') return '<'
  return unchanged === true ? '=' : SIGNS[action]
}

const matchOf = (match: object | undefined): string =>
  match === undefined ? ' answers' : ` has ${JSON.stringify(match)}`

/** The reads that say whether the tenant has drifted, each once. */
function describeBasis(file: PlanFile): readonly string[] {
  const reads = new Map<string, string[]>()
  for (const { id, basis } of basesOf(file)) {
    const route = `${routeOf(basis.read)}${basis.tenant === undefined ? '' : ` of ${basis.tenant}`}`
    reads.set(route, [...(reads.get(route) ?? []), id])
  }
  if (reads.size === 0) return []
  return [
    '',
    `based on ${reads.size} ${reads.size === 1 ? 'read' : 'reads'}, made again by apply:`,
    ...[...reads].map(([route, ids]) => `    ${route} (${ids.join(', ')})`),
    ...uncompared(file).map(({ read, members }) => `    not compared, being secret: ${members.join(', ')} (${read})`),
  ]
}

function describeSecrets(file: PlanFile, environment: Environment): readonly string[] {
  const needed = neededSecrets(file)
  if (needed.length === 0) return []
  return [
    '',
    'secrets that apply takes from the environment:',
    ...needed.map(
      ({ variable, steps }) =>
        `    ${variable} (${steps.join(', ')})${environment[variable] ? '' : ', which is not set'}`,
    ),
  ]
}

function waitText({ ms, until, notAfter }: PlannedWait): string {
  if (until === undefined) return durationText(ms)
  return `until ${until}${notAfter === undefined ? '' : `, not after ${notAfter}`}`
}
