import { row } from '../catalogue/index.ts'
import { attachedLook, attachedRow, attachLook, ROWS_DRAWN } from '../display/index.ts'
import type { RunningExecution } from '../plan/index.ts'
import type { LiveIds } from './completion/index.ts'
import type { Engine } from './engine.ts'
import type { Screen } from './screen.ts'
import { isFlow, isPage, isPlan, type Shown, type ShownList } from './shown.ts'

/** What a shown value is remembered with. */
interface Bench {
  readonly engine: Engine
  readonly screen: Screen
  readonly shown: Shown
  readonly ids: LiveIds
}

/** Shows a value, and remembers it for the commands that speak of what was shown last. */
export function show(value: unknown, bench: Bench, started: readonly RunningExecution[], drawn = 0): void {
  const { screen, shown, engine, ids } = bench
  if (isPlan(value)) shown.plan = { plan: value, name: value.data.op, send: () => value.run() }
  else if (isFlow(value)) shown.plan = { flow: value, name: value.name, send: () => value.run() }
  else if (value !== undefined) shown.value = value
  if (value !== undefined) shown.latest = isPlan(value) || isFlow(value) ? 'plan' : 'value'
  const op = started.at(-1)?.plan?.op
  const known = op === undefined ? undefined : row(op)
  if (known !== undefined) ids.remember(value, known)
  if (value !== undefined) engine.define('_', value)
  screen.result(asTable(value))
  if (isFlow(value) && value.explain().steps.some(({ plan }) => plan === undefined))
    screen.remark('.diff shows every request of it, and sends its reads alone.')
  const items = isPage(value) ? value.items : Array.isArray(value) ? (value as readonly unknown[]) : undefined
  if (items === undefined) return
  const { next, total } = isPage(value) ? value : {}
  noteRows(bench, {
    rest: items.slice(ROWS_DRAWN),
    drawn: drawn + Math.min(items.length, ROWS_DRAWN),
    ...(next !== undefined && { next }),
    ...(total !== undefined && { total }),
    ...(known !== undefined && { row: known }),
  })
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** What a flow answers is a list that code made of answers: it is drawn as the list of one operation is. */
function asTable(value: unknown): unknown {
  if (!Array.isArray(value) || attachedLook(value) !== undefined || INSPECT in value) return value
  const records: readonly unknown[] = value
  if (records.length === 0 || !records.every(isRecord)) return value
  const rows = new Set(records.map(attachedRow))
  const [row] = rows
  // Each of several operations hides what it knows to be secret; one look for all would not.
  return rows.size > 1 ? value : attachLook([...records], row === undefined ? {} : { row })
}

function isRecord(value: unknown): value is object {
  const made: unknown = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined
  return made !== undefined && (made === null || Object.getPrototypeOf(made) === null)
}

/** Shows rows that are here and were not drawn with the list that holds them. */
export function showRows(list: ShownList, bench: Bench): void {
  const rows = attachLook(list.rest.slice(0, ROWS_DRAWN), list.row === undefined ? {} : { row: list.row })
  bench.screen.result(rows)
  noteRows(bench, { ...list, rest: list.rest.slice(ROWS_DRAWN), drawn: list.drawn + rows.length })
}

function noteRows({ screen, shown }: Bench, list: ShownList): void {
  shown.list = list
  if (list.rest.length === 0 && list.next === undefined) return
  const total = list.total === undefined ? '' : ` of ${list.total}`
  screen.remark(`${list.drawn}${total} rows were shown. Type "it" for the next rows.`)
}
