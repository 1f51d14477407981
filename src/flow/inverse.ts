import { type OperationRow, row as rowOf } from '../catalogue/index.ts'
import { isJsonObject, type Json, type JsonObject, type PlanData, planData } from '../plan/index.ts'

/** How a write that was carried out is undone: by a plan, or not, and why. */
export type Undoing = { readonly plan: PlanData } | { readonly reason: string }

/** Fields that Auth0 merges with what is there, key by key on their first level. */
const MERGED: Readonly<Record<string, readonly string[]>> = {
  'assign-user': ['user_metadata', 'app_metadata'],
  'assign-client': ['client_metadata'],
}

/**
 * The plan that undoes a write, by its row: what was created is deleted, and the fields that were sent are sent again with
 * their values before.
 *
 * @param result what the write answered.
 * @param before the record before the write; nothing where there was none.
 */
export function undoingOf(plan: PlanData, row: OperationRow, result: unknown, before: unknown): Undoing {
  const { inverse } = row
  if (inverse === undefined) return { reason: `Nothing undoes ${row.id}.` }
  if (inverse.kind === 'delete') {
    const target = rowOf(inverse.operation)
    const params: Record<string, string> = { ...plan.params }
    const missing = target?.parameters.map(({ name }) => name).filter((name) => params[name] === undefined) ?? []
    if (missing.length > 0) {
      const key = inverse.key ?? ''
      const id = member(result, key) ?? member(plan.body, key)
      if (typeof id !== 'string') return { reason: `The answer of ${row.id} does not say what was created.` }
      for (const name of missing) params[name] = id
    }
    return { plan: planData({ op: inverse.operation, ...(Object.keys(params).length > 0 && { params }) }) }
  }
  if (!isJsonObject((before ?? null) as Json)) return { reason: `The state before ${row.id} is not known.` }
  const body = bodyBefore(plan, row, before as JsonObject, inverse.hidden)
  if (Object.keys(body).length === 0) return { reason: `No field that ${row.id} has sent can be read back.` }
  return { plan: planData({ op: inverse.operation, ...(plan.params && { params: plan.params }), body }) }
}

function bodyBefore(plan: PlanData, row: OperationRow, before: JsonObject, hidden: readonly string[]): JsonObject {
  const sent = isJsonObject((plan.body ?? null) as Json) ? (plan.body as JsonObject) : {}
  const secret = new Set(row.secretBody.map((path) => path.split('.')[0]))
  const merged = MERGED[row.merge ?? ''] ?? []
  const body: Record<string, Json> = {}
  for (const [key, value] of Object.entries(sent)) {
    if (hidden.includes(key) || secret.has(key)) continue
    const old = before[key]
    body[key] = merged.includes(key) ? mergedBefore(value, old) : (old ?? absent(value))
  }
  return body
}

/** What clears a field that was not there: a flag is off, a text is empty, everything else takes null. */
function absent(sent: Json): Json {
  if (typeof sent === 'boolean') return false
  return typeof sent === 'string' ? '' : null
}

/** A key that was sent gets its value before, or null where it was not there; an object that was emptied comes back whole. */
function mergedBefore(sent: Json, old: Json | undefined): Json {
  const before = isJsonObject(old ?? null) ? (old as JsonObject) : {}
  if (!isJsonObject(sent) || Object.keys(sent).length === 0) return before
  return Object.fromEntries(Object.keys(sent).map((key) => [key, before[key] ?? null]))
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}
