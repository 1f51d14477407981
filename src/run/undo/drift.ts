import { applyMerge } from '../../flow/index.ts'
import {
  type Change,
  diffValues,
  isJsonObject,
  type Json,
  type JsonObject,
  jsonOf,
  markedPaths,
  type PlanData,
  type Redactor,
} from '../../plan/index.ts'
import { internalsOf, type Session } from '../../session/index.ts'
import { type Drift, DriftError } from '../errors.ts'
import { type JournalEntry, ledgerOf } from '../journal/index.ts'
import { settled } from '../review/index.ts'
import { isAbsent, rowFor, twinOf } from '../steps/index.ts'

/**
 * Looks whether what a run wrote is still as it left it, before it is undone: what somebody changed since must not be
 * overwritten silently. Reads each record once.
 *
 * @throws DriftError that shows how the records differ; nothing was sent.
 */
export async function checkUndoDrift(
  entries: readonly JournalEntry[],
  session: Session,
  redactor: Redactor,
): Promise<void> {
  const { steps } = ledgerOf(entries)
  const left = recordsLeft(entries)
  const drifts: Drift[] = []
  const looked = new Set<string>()
  for (const { id, done } of [...steps.values()].reverse()) {
    for (const plan of done?.undo ?? []) {
      const row = rowFor(plan)
      const twin = twinOf(plan, row)
      const key = JSON.stringify(twin)
      const expected = left.get(key)
      if (twin === undefined || expected === undefined || looked.has(key)) continue
      looked.add(key)
      const now = await recordNow(session, twin, redactor)
      // What is gone needs no undo, or says so itself.
      if (!isJsonObject(now)) continue
      const fields =
        row?.merge === 'remove' ? Object.keys(expected) : Object.keys(isJsonObject(plan.body) ? plan.body : {})
      const changes = differences(pick(expected, fields), pick(now, fields))
      if (changes.length > 0) drifts.push({ step: id, changes })
    }
  }
  if (drifts.length === 0) return
  const names = drifts.map(({ step }) => `"${step}"`).join(', ')
  throw new DriftError(
    `What ${drifts.length === 1 ? 'the step' : 'the steps'} ${names} wrote was changed since by somebody else, and an undo would ` +
      'overwrite that. Nothing was sent. Look at the changes, and undo those records by hand.',
    drifts,
  )
}

/** The records as a run left them, by the plan that reads each; secrets hidden. */
function recordsLeft(entries: readonly JournalEntry[]): ReadonlyMap<string, JsonObject> {
  const left = new Map<string, JsonObject>()
  const undo = new Map<string, readonly PlanData[]>()
  for (const { id, done } of ledgerOf(entries).steps.values()) if (done?.undo !== undefined) undo.set(id, done.undo)
  for (const { id, begun, done } of ledgerOf(entries).steps.values()) {
    if (begun?.plan === undefined || done === undefined || done.how === 'unchanged') continue
    const row = rowFor(begun.plan)
    if (row?.effect !== 'write' || row.merge === undefined) continue
    // What was created is read as what its own delete deletes; an undo may delete something else.
    const { inverse } = row
    const remover = inverse?.kind === 'delete' ? inverse.operation : undefined
    const own = row.merge === 'create' ? undo.get(id)?.find(({ op }) => op === remover) : begun.plan
    const twin = own === undefined ? undefined : twinOf(own, rowFor(own))
    if (twin === undefined) continue
    const key = JSON.stringify(twin)
    const value = done.value ?? null
    const before =
      left.get(key) ?? (isJsonObject((begun.before ?? null) as Json) ? (begun.before as JsonObject) : undefined)
    const after = isJsonObject(value)
      ? value
      : before === undefined
        ? undefined
        : applyMerge(row.merge, before, begun.plan.body)
    if (isJsonObject(after ?? null)) left.set(key, after as JsonObject)
    else left.delete(key)
  }
  return left
}

async function recordNow(session: Session, twin: PlanData, redactor: Redactor): Promise<Json> {
  try {
    return redactor.redacted(jsonOf(await internalsOf(session).bind(twin).run()) ?? null, rowFor(twin))
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

function pick(record: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    fields.flatMap((field) => (record[field] === undefined ? [] : [[field, record[field] as Json]])),
  )
}

/** Auth0 answers null for a text that a new record lacks, and reads of it show an empty one. */
function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === ''
}

/** What differs, but for what changes by itself and for secrets, which either side may hide. */
function differences(then: JsonObject, now: JsonObject): readonly Change[] {
  const hidden = [...markedPaths(then), ...markedPaths(now)]
  return diffValues(settled(then), settled(now)).filter(
    ({ path, before, after }) =>
      !(isNothing(before) && isNothing(after)) &&
      !hidden.some((secret) => secret === path || secret.startsWith(`${path}.`) || path.startsWith(`${secret}.`)),
  )
}
