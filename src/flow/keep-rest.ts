import { type OperationRow, schemaOf } from '../catalogue/index.ts'
import { membersOf } from '../grammar/index.ts'
import type { Flow, Json, JsonObject, PlanData, Runner, SecretValues } from '../plan/index.ts'
import { isJsonObject, planData } from '../plan/index.ts'

/** Fields that Auth0 merges by itself, key by key. */
const MERGED = new Set(['user_metadata', 'app_metadata', 'client_metadata'])

/** Takes the secrets out of what was read, so that no plan holds them. */
export type TakeSecrets = (body: Json) => { readonly json: Json; readonly secrets: SecretValues }

/**
 * Sends a write that replaces whole, with what is there now of everything that it does not name: reads the record, lays
 * the body over it, one level deep, and sends the result.
 *
 * @param take takes the secrets out of the merged body.
 */
export function keepRestFlow<T>(
  data: PlanData,
  row: OperationRow,
  secrets: SecretValues,
  { runner, take }: { readonly runner: Runner; readonly take: TakeSecrets },
): Flow<T> {
  const { v: _, ...fields } = data
  const read = planData({ op: row.twin ?? '', ...(data.params && { params: data.params }) })
  const steps = () => [
    { purpose: 'read what is there now', plan: read },
    { purpose: 'send it with what was there of everything that is not named', plan: data },
  ]
  return runner.flow<T>('keepRest', steps, async (context) => {
    const before = (await context.run(runner.bind<Json>(read))) ?? null
    const merged = take(withRest(row, before, data.body))
    return context.run(runner.bind<T>(planData({ ...fields, body: merged.json }), { ...merged.secrets, ...secrets }))
  })
}

function withRest(row: OperationRow, before: Json, body: Json | undefined): Json {
  if (!isJsonObject(before) || !isJsonObject(body)) return body ?? null
  const laid = Object.entries(body).map(([name, value]): [string, Json] => {
    const was = before[name]
    const both = isJsonObject(value) && isJsonObject(was) && !MERGED.has(name)
    return [name, both ? { ...was, ...value } : (value ?? null)]
  })
  return { ...(row.merge === 'replace' && writable(row, before)), ...Object.fromEntries(laid) }
}

/** What of a record its own write takes: the server's members, such as ids and times, are none of it. */
function writable(row: OperationRow, before: JsonObject): JsonObject {
  const names = row.body === undefined ? [] : membersOf(schemaOf(row.body.schema), schemaOf).map(({ name }) => name)
  return Object.fromEntries(Object.entries(before).filter(([name]) => names.includes(name)))
}
