import { row as catalogueRow, type OperationRow } from '../../catalogue/index.ts'
import { applyMerge } from '../../flow/index.ts'
import { type Change, diffValues, isJsonObject, type Json, type PlanData } from '../../plan/index.ts'
import { jsonOf } from '../redactor.ts'
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
  if (row.merge === 'create') return { before: null, after: created(id, plan, row) }
  const twin = twinOf(plan, row)
  if (twin === undefined) return unreadable
  const known = run.predicted.at(twin)
  if (known !== undefined) return { before: known, after: applyMerge(row.merge, known, plan.body) }
  if (markersIn(twin).length > 0) return { reason: 'It writes to what an earlier step makes.' }
  let before: Json = null
  try {
    before = jsonOf(await send(run, id, run.internals.bind(twin), false).value) ?? null
  } catch (error) {
    if (!isAbsent(error)) throw error
  }
  const safe = run.parts.redactor.redacted(before, catalogueRow(twin.op))
  const basis: Basis = { read: twin, state: safe, hash: stateHash(safe) }
  return { before, after: applyMerge(row.merge, before, plan.body), basis }
}

/** The member by which the server names what it creates, where it is not `id`. */
const NAMES: Readonly<Record<string, string>> = {
  'clients.create': 'client_id',
  'users.create': 'user_id',
  'customDomains.create': 'custom_domain_id',
  'branding.themes.create': 'themeId',
  'clients.credentials.create': 'id',
  'users.authenticationMethods.create': 'id',
}

/** The body, and the name that the server surely adds. */
function created(id: string, plan: PlanData, row: OperationRow): Json {
  const after = applyMerge('create', null, plan.body)
  const parameter = /\{(\w+)\}$/.exec(readerOf(row.path)?.path ?? '')?.[1]
  const name = NAMES[row.id] ?? (parameter === 'id' || parameter === 'kid' ? parameter : undefined)
  return name !== undefined && isJsonObject(after) ? { ...after, [name]: markerText(id, name) } : after
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
