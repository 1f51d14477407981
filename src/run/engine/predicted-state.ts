import { type OperationRow, rows } from '../../catalogue/index.ts'
import { canonicalJson, isJsonObject, type Json, type PlanData } from '../../plan/index.ts'
import { markersIn, namedPlan, placeholder, twinOf } from '../steps/index.ts'

/** A record that a predicted write changes. */
interface ChangedRecord {
  readonly twin: PlanData
  /** `null` where it is deleted. */
  readonly after: Json
}

/** A record that a predicted write creates. */
interface MadeRecord {
  readonly step: string
  readonly row: OperationRow
  readonly params: PathParameters
  /** As later steps leave it; `null` where one deletes it. */
  after: Json
}

/** The answer of a list as predicted writes leave it. */
interface PredictedList {
  readonly value: unknown
  /** What the answer does not show. */
  readonly reason?: string
}

type PathParameters = Readonly<Record<string, string>>

/** Query members that leave no record out of a list. */
const NEUTRAL = new Set(['page', 'per_page', 'include_totals', 'take', 'from', 'fields', 'include_fields', 'sort'])

/** What the tenant would be after the writes that a run has predicted so far, as far as the catalogue tells. */
export class PredictedState {
  readonly #changed = new Map<string, ChangedRecord>()
  readonly #made = new Map<string, MadeRecord>()

  /** Remembers what the write of a step leaves. */
  keep(step: string, plan: PlanData, row: OperationRow, after: Json): void {
    const { params = {} } = namedPlan(plan)
    if (row.merge === 'create') {
      this.#made.set(step, { step, row, params, after })
      return
    }
    const twin = twinOf(plan, row)
    if (twin === undefined) return
    this.#changed.set(keyOf(twin), { twin, after })
    const made = this.#madeAt(twin)
    if (made !== undefined) made.after = after
  }

  /** The record that a read would find, `null` where it is deleted; `undefined` where no predicted write touches it. */
  at(plan: PlanData): Json | undefined {
    const read = namedPlan(plan)
    const changed = this.#changed.get(keyOf(read))
    return changed === undefined ? this.#madeAt(read)?.after : changed.after
  }

  /** The step that creates a record of the same kind with this value, and that no later step deletes. */
  madeWith({ id }: OperationRow, member: string, value: string, connection: Json | undefined): string | undefined {
    return [...this.#made.values()].find(({ row, after }) => {
      if (row.id !== id || !isJsonObject(after) || !isOneName(member, after[member], value)) return false
      return connection === undefined || after.connection === undefined || after.connection === connection
    })?.step
  }

  /** The created record that the parameters of a read name by a placeholder, where the read is that of such records. */
  #madeAt({ op, params }: PlanData): MadeRecord | undefined {
    const step = markersIn(params).at(-1)?.step
    const made = step === undefined ? undefined : this.#made.get(step)
    return made !== undefined && readerOf(made.row.path)?.id === op ? made : undefined
  }

  /** The answer of a list as predicted writes leave it; `undefined` where none touches it. */
  listed(plan: PlanData, { path }: OperationRow, answer: unknown): PredictedList | undefined {
    const { params = {}, query = {}, repeat } = namedPlan(plan)
    const reader = readerOf(path)
    const isHere = (record: { params?: PathParameters }): boolean => isWithin(params, record.params ?? {})
    const changed = [...this.#changed.values()].filter(({ twin }) => twin.op === reader?.id && isHere(twin))
    const made = [...this.#made.values()].filter(
      (each) => each.row.path === path && each.after !== null && isHere(each),
    )
    if (changed.length === 0 && made.length === 0) return undefined
    const isWhole = reader !== undefined && !Object.keys(query).some((key) => !NEUTRAL.has(key))
    const fresh = isWhole ? made.map(({ step, after }) => placeholder(step, after)) : []
    const view = (items: readonly unknown[]): readonly unknown[] => [
      ...items.map((item) => asLeft(item, changed, params)).filter((item) => item !== null),
      ...fresh,
    ]
    const names = isWhole ? '' : made.map(({ step }) => `"${step}"`).join(', ')
    const value = withItems(answer, view, repeat?.kind === 'pages' && repeat.result === 'first')
    return { value, ...(names !== '' && { reason: `It does not show what ${names} would add.` }) }
  }
}

function withItems(answer: unknown, view: (items: readonly unknown[]) => readonly unknown[], first: boolean): unknown {
  if (first) return view(answer === undefined || answer === null ? [] : [answer])[0]
  if (Array.isArray(answer)) return view(answer)
  const { items } = (answer ?? {}) as { items?: unknown }
  if (Array.isArray(items)) (answer as { items: unknown }).items = view(items)
  return answer
}

/** An item of a list as an earlier step leaves it; `null` where one deletes it. */
function asLeft(item: unknown, changed: readonly ChangedRecord[], list: PathParameters): unknown {
  if (!isJsonObject(item as Json)) return item
  for (const { twin, after } of changed) {
    const id = Object.entries(twin.params ?? {}).find(([name]) => !(name in list))?.[1]
    const isIt = Object.entries(item as object).some(([key, value]) => /(^|_)(id|kid)$/.test(key) && value === id)
    if (isIt) return after
  }
  return item
}

/** The operation that reads one record of the list, or of what is created, at this path. */
export function readerOf(path: string): OperationRow | undefined {
  return rows().find(
    (row) => row.method === 'GET' && row.path.startsWith(`${path}/{`) && !row.path.slice(path.length + 1).includes('/'),
  )
}

/** True where a record lies in the same record of the level above as the list does. */
function isWithin(list: PathParameters, record: PathParameters): boolean {
  return Object.entries(list).every(([name, value]) => record[name] === value)
}

const keyOf = ({ op, params = {}, query = {}, route = '' }: PlanData): string =>
  canonicalJson([op, params, query, route])

/** Auth0 keeps addresses and user names in lower case. */
function isOneName(member: string, one: Json | undefined, other: string): boolean {
  if (typeof one !== 'string' || (member !== 'email' && member !== 'username')) return one === other
  return one.toLowerCase() === other.toLowerCase()
}
