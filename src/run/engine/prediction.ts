import { row as catalogueRow, type OperationRow } from '../../catalogue/index.ts'
import { applyMerge } from '../../flow/index.ts'
import {
  type Change,
  diffValues,
  isJsonObject,
  type Json,
  jsonOf,
  type PlanData,
  TenantlabError,
} from '../../plan/index.ts'
import type { Basis } from '../review/index.ts'
import { stateHash } from '../review/index.ts'
import { isAbsent, markersIn, markerText, type Subject, twinOf } from '../steps/index.ts'
import { readerOf } from './predicted-state.ts'
import type { Run } from './run.ts'
import { send } from './send.ts'

/** A step that is one plan. */
export type PlanSubject = Subject & { readonly plan: PlanData }

/** What a write would leave, worked out from the present state and the body. */
interface Prediction {
  readonly before?: Json
  readonly after?: Json
  readonly basis?: Basis
  /** Why before and after are not known. */
  readonly reason?: string
}

/** Predicts a write: reads its record, unless an earlier step has been predicted to leave it otherwise. */
export async function predictionOf(run: Run, { id, plan, row }: PlanSubject): Promise<Prediction> {
  const unreadable = { reason: `No operation shows what ${plan.op} changes.` }
  if (row?.merge === undefined) return unreadable
  if (row.merge === 'create') refuseTaken(run, id, plan, row)
  if (row.merge === 'create') return { before: null, after: created(id, plan, row) }
  const twin = twinOf(plan, row)
  if (twin === undefined) return unreadable
  const known = run.predicted.at(twin)
  if (known === null && needsRecord(row)) refuseAbsent(id, plan)
  if (known !== undefined) return { before: known, after: applyMerge(row.merge, known, plan.body) }
  if (markersIn(twin).length > 0) return { reason: 'It writes to what an earlier step makes.' }
  let before: Json = null
  try {
    before = jsonOf(await send(run, id, run.internals.bind(twin), false).value) ?? null
  } catch (error) {
    if (!isAbsent(error)) throw error
  }
  if (before === null && needsRecord(row)) refuseAbsent(id, plan)
  const safe = run.parts.redactor.redacted(before, catalogueRow(twin.op))
  const basis: Basis = { read: twin, state: safe, hash: stateHash(safe) }
  return { before, after: applyMerge(row.merge, before, plan.body), basis }
}

/** True for a change of one record, which the server refuses where there is none. */
function needsRecord({ merge, path }: OperationRow): boolean {
  return merge?.startsWith('assign') === true && path.includes('{')
}

/** The error that the server would answer: runbooks catch it where they look whether a record is there. */
function refuseAbsent(id: string, { op }: PlanData): never {
  const message = `The step "${id}" changes a record that is not there: ${op} would be refused with 404. Nothing was sent for it. Correct the identifier, or create the record before.`
  throw Object.assign(new TenantlabError('predicted', message), { status: 404 })
}

function refuseTaken(run: Run, id: string, plan: PlanData, row: OperationRow): void {
  const { body } = plan
  if (!isJsonObject(body)) return
  for (const member of row.unique ?? []) {
    const value = body[member]
    if (typeof value !== 'string' || markersIn(value).length > 0) continue
    const taken = run.predicted.madeWith(row, member, value, body.connection)
    if (taken === undefined) continue
    const message = `The step "${id}" creates a record whose ${member} "${value}" the step "${taken}" has given to another: ${row.id} would be refused with 409. Nothing was sent for it. Choose another ${member}, or leave one of the steps out.`
    throw Object.assign(new TenantlabError('predicted', message), { status: 409 })
  }
}

/** The body, and the name that the server surely adds. */
function created(id: string, plan: PlanData, row: OperationRow): Json {
  const after = applyMerge('create', null, plan.body)
  const parameter = /\{(\w+)\}$/.exec(readerOf(row.path)?.path ?? '')?.[1]
  const key = row.inverse?.kind === 'delete' ? row.inverse.key : undefined
  const name = key ?? (parameter === 'id' || parameter === 'kid' ? parameter : undefined)
  if (name === undefined || !isJsonObject(after)) return after
  // What the caller names by another record stays; a name of its own is completed by the server, as auth0|… is.
  return name in after && row.unique?.includes(name) !== true ? after : { ...after, [name]: markerText(id, name) }
}

/** Members of a body that no reading shows, such as a password: they change something, whatever the record says. */
export function unreadMembers(body: Json | undefined, after: Json | undefined): readonly Change[] {
  if (!isJsonObject(body) || !isJsonObject(after)) return []
  return Object.entries(body)
    .filter(([key, value]) => value !== null && !(key in after))
    .map(([path, value]) => ({ kind: 'added', path, after: value }))
}

/** What differs between two states, where nothing is nothing. */
export function changesBetween(before: Json | undefined, after: Json | undefined): readonly Change[] {
  return diffValues(before ?? {}, after ?? {})
}
