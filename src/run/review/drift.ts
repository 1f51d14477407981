import {
  type Change,
  ConfigurationError,
  diffValues,
  isJsonObject,
  type Json,
  jsonOf,
  markedPaths,
  type Plan,
  type Redactor,
  SECRET_MARK,
} from '../../plan/index.ts'
import { type Internals, internalsOf, type Session } from '../../session/index.ts'
import { type Drift, DriftError } from '../errors.ts'
import { checkOf, doneWhen, isAbsent, rowFor } from '../steps/index.ts'
import type { Basis, PlanFile } from './contract.ts'
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
      'Connect with the tenant of the plan, or plan again for this one.',
  )
}

/** Finds the session of another tenant that a plan has read; nothing where none is at hand. */
export type OtherTenants = (domain: string) => Session | undefined

/**
 * Reads every state that the plan was based on again, in whichever tenant it was read.
 *
 * @throws DriftError that shows how a tenant differs; ConfigurationError where another tenant was read that nobody is
 *   connected with.
 */
export async function checkDrift(
  file: PlanFile,
  session: Session,
  redactor: Redactor,
  others: OtherTenants = () => undefined,
): Promise<void> {
  const { bind } = internalsOf(session)
  const bindIn = (tenant: string | undefined): Internals['bind'] => {
    const other = tenant === undefined ? session : others(tenant)
    if (other === undefined) refuseUnreadable(tenant ?? '')
    return internalsOf(other).bind
  }
  const drifts: Drift[] = []
  const bases = basesOf(file)
  const reads = new Map(bases.map(({ basis }) => [keyOf(basis), bindIn(basis.tenant)(basis.read)]))
  const states = await eachState([...reads], (read) => stateNow(read, redactor))
  for (const { id, basis } of bases) {
    const now = states.get(keyOf(basis)) as Json
    const changes = stateHash(now) === basis.hash ? [] : driftBetween(basis.state, now, redactor)
    if (changes.length > 0) drifts.push({ step: id, changes })
  }
  for (const step of file.steps) {
    if (step.effect === 'wait' || step.found !== true || step.check === undefined) continue
    const { read, match } = step.check
    const check = match === undefined ? checkOf(bind(read)) : doneWhen(bind(read), match)
    const found = check?.done(await answerNow(bind(read)))
    if (found === undefined || found === false)
      drifts.push({ step: step.id, changes: [{ kind: 'removed', path: '', before: step.after ?? null }] })
  }
  if (drifts.length === 0) return
  const names = drifts.map(({ step }) => `"${step}"`).join(', ')
  throw new DriftError(
    `The tenant has changed since the plan was made, in what ${drifts.length === 1 ? 'the step' : 'the steps'} ${names} ` +
      `${drifts.length === 1 ? 'is' : 'are'} based on. Nothing was sent. Plan again, and review the new plan.`,
    drifts,
  )
}

function keyOf({ tenant, read }: Basis): string {
  return JSON.stringify([tenant, read])
}

/** Reads so many at once, as far as the tenant's limit lets them; the first failure ends it. */
const AT_ONCE = 10

async function eachState(
  reads: readonly (readonly [string, Plan<unknown>])[],
  read: (plan: Plan<unknown>) => Promise<Json>,
): Promise<ReadonlyMap<string, Json>> {
  const states = new Map<string, Json>()
  const left = reads.values()
  let failed = false
  const reader = async (): Promise<void> => {
    for (const [key, plan] of left) {
      if (failed) return
      try {
        states.set(key, await read(plan))
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, reads.length) }, reader))
  return states
}

function refuseUnreadable(tenant: string): never {
  throw new ConfigurationError(
    `The plan is based on reads of the tenant ${tenant} as well, and whether it has changed since cannot be told without a session of it. ` +
      'Nothing was sent. Store that tenant under a profile, or apply the review where it was made.',
  )
}

/** The steps that are based on a state. */
export function basesOf({ steps }: PlanFile): readonly { readonly id: string; readonly basis: Basis }[] {
  return steps.flatMap((step) =>
    step.effect === 'wait' || step.basis === undefined ? [] : [{ id: step.id, basis: step.basis }],
  )
}

/** Members that no drift is seen in, since a plan file hides them, by the operation that reads them. */
export function uncompared(file: PlanFile): readonly { readonly read: string; readonly members: readonly string[] }[] {
  const hidden = new Map<string, Set<string>>()
  for (const { basis } of basesOf(file)) {
    const members = hidden.get(basis.read.op) ?? new Set()
    for (const path of markedPaths(basis.state)) members.add(path.replace(/(^|\.)\d+(?=\.|$)/g, '$1*'))
    if (members.size > 0) hidden.set(basis.read.op, members)
  }
  return [...hidden].map(([read, members]) => ({ read, members: [...members] }))
}

async function answerNow(plan: Plan<unknown>): Promise<unknown> {
  try {
    return await plan.run()
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

async function stateNow(plan: Plan<unknown>, redactor: Redactor): Promise<Json> {
  return redactor.redacted(jsonOf(await answerNow(plan)) ?? null, rowFor(plan.data))
}

/** How a state differs from the one in the file, in what both of them show. */
function driftBetween(then: Json, now: Json, redactor: Redactor): readonly Change[] {
  // Which texts count as secrets depends on the secrets that a run has met, so that either may hide what the other shows.
  const known = JSON.parse(redactor.text(JSON.stringify(settled(then)))) as Json
  const [before, after] = alike(known, settled(now))
  return diffValues(before, after)
}

/** Both with a mark wherever one of them may hide what the other shows. */
function alike(a: Json | undefined, b: Json | undefined): readonly [Json | undefined, Json | undefined] {
  if (typeof a === 'string' && typeof b === 'string')
    return hides(a, b) || hides(b, a) ? [SECRET_MARK, SECRET_MARK] : [a, b]
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    const pairs = a.map((item, index) => alike(item as Json, b[index] as Json))
    return [pairs.map(([left]) => left as Json), pairs.map(([, right]) => right as Json)]
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return [a, b]
  const pairs = [...new Set([...Object.keys(a), ...Object.keys(b)])].map((key) => [key, alike(a[key], b[key])] as const)
  const side = (index: 0 | 1): Json =>
    Object.fromEntries(pairs.flatMap(([key, pair]) => (pair[index] === undefined ? [] : [[key, pair[index] as Json]])))
  return [side(0), side(1)]
}

/** True where a text with marks may be the other, with something else in their places. */
function hides(marked: string, other: string): boolean {
  const [first = '', ...rest] = marked.split(SECRET_MARK)
  const last = rest.pop()
  if (last === undefined || !other.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = other.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return other.length - last.length >= at && other.endsWith(last)
}
