import { type OperationRow, operationIds, row } from '../catalogue/index.ts'
import type { Json, JsonObject, Plan, PlanData } from '../plan/index.ts'
import { ConfigurationError, isJsonObject, planData } from '../plan/index.ts'
import type { Shown } from './shown.ts'

/**
 * The plan that takes the last write back: a create by the delete of what it made, a change by the values that `.diff`
 * has shown before. It is shown like any other and sends nothing.
 *
 * @throws ConfigurationError with the reason, where it cannot be taken back.
 */
export function undoOf(written: Shown['written'], bind: (data: PlanData) => Plan<unknown>): Plan<unknown> {
  if (written === undefined) {
    throw new ConfigurationError('Nothing was written in this console, so that there is nothing to take back.')
  }
  const { plan, value, diff } = written
  const sent = row(plan.data.op)
  if (sent === undefined) return refuse(plan.data, 'it was a raw request. Take it back by hand')
  const remover = removerOf(sent)
  if (sent.merge === 'create' || remover !== undefined) {
    if (remover === undefined) return refuse(plan.data, 'Auth0 has no delete for it')
    return bind(planData({ op: remover.id, params: paramsOf(remover, plan.data, value) }))
  }
  if (diff?.kind !== 'known' || sent.body === undefined) {
    return refuse(plan.data, 'the values before are not known. Look at .diff before .run, and .undo can put them back')
  }
  return bind(planData({ ...plan.data, body: valuesBefore(sent, plan.data, diff.before) }))
}

/** The delete that stands one step below a create: `networkAcls.delete` for `networkAcls.create`. */
function removerOf(sent: OperationRow): OperationRow | undefined {
  if (sent.verb !== 'create' || sent.method !== 'POST') return undefined
  const id = `${sent.id.slice(0, -'create'.length)}delete`
  return operationIds().includes(id) ? row(id) : undefined
}

function paramsOf(remover: OperationRow, data: PlanData, made: unknown): Record<string, string> {
  const record = isJsonObject(made as Json) ? (made as JsonObject) : {}
  const params: Record<string, string> = { ...data.params }
  for (const { name } of remover.parameters) {
    if (params[name] !== undefined) continue
    const singular = remover.group.at(-1)?.replace(/s$/, '') ?? ''
    const found = [record[name], record[`${singular}_id`], record.id, ...idsIn(record)].find(
      (id) => typeof id === 'string',
    )
    if (typeof found !== 'string') refuse(data, 'the answer did not tell the identifier of what was made')
    params[name] = found as string
  }
  return params
}

function idsIn(record: JsonObject): readonly (Json | undefined)[] {
  return Object.entries(record).flatMap(([key, value]) => (key.endsWith('_id') ? [value] : []))
}

function valuesBefore(sent: OperationRow, data: PlanData, before: Json): Json {
  const body = isJsonObject(data.body ?? null) ? (data.body as JsonObject) : {}
  const old = isJsonObject(before) ? before : {}
  const secrets = new Set(sent.secretBody.map((path) => path.split('.')[0]))
  return Object.fromEntries(
    Object.keys(body).map((key) => {
      if (secrets.has(key)) refuse(data, `"${key}" holds a secret, whose old value is not readable`)
      // A field that was not there is cleared by null, as everywhere in the Management API.
      return [key, old[key] ?? null]
    }),
  )
}

function refuse(data: PlanData, why: string): never {
  throw new ConfigurationError(`${data.op} cannot be taken back: ${why}.`)
}
