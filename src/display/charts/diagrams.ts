import type { Chart, ChartOptions, Spot, State, Way } from './drawing.ts'
import { memberOf, type Row } from './records.ts'

/** What stands where two fields of records meet: rows by one, columns by the other; a later record of a cell wins. */
export function grid(
  rows: readonly Row[],
  { by, across, fields }: ChartOptions,
): (Chart & { readonly kinds: readonly string[] }) | undefined {
  const [field] = fields ?? []
  if (by === undefined || across === undefined || field === undefined) return undefined
  const cells = rows.flatMap((row) => {
    const [name, column, value] = [by, across, field].map((path) => memberOf(row, path))
    return name === undefined || column === undefined || value === undefined
      ? []
      : [{ name: String(name), column: String(column), value: wordOf(value) }]
  })
  if (cells.length === 0) return undefined
  const labels = [...new Set(cells.map(({ column }) => column))]
  const kinds = [...new Set(cells.map(({ value }) => value))]
  const series = [...new Set(cells.map(({ name }) => name))].map((name) => ({
    name,
    values: labels.map((label) => {
      const cell = cells.findLast((each) => each.name === name && each.column === label)
      return cell === undefined ? -1 : kinds.indexOf(cell.value)
    }),
  }))
  return { labels, series, kinds }
}

function wordOf(value: unknown): string {
  return value === true ? 'yes' : value === false ? 'no' : String(value)
}

interface Edge {
  readonly from: string
  readonly to: string
  readonly names: readonly string[]
  readonly times?: number
}

/**
 * States and the ways between them, of records with `from`, `to`, `by` (what leads there) and perhaps `times` (how often it
 * was gone). A state stands one column behind all that lead to it; ways back go below.
 */
export function states(
  rows: readonly Row[],
): (Chart & { readonly states: readonly State[]; readonly ways: readonly Way[] }) | undefined {
  const edges = edgesOf(rows)
  const [first] = edges
  if (first === undefined) return undefined
  const columns = columnsOf(edges)
  const { spots, between } = placesOf(edges, columns)
  const ways = edges.map((edge, at): Way => {
    const ends = [spots.get(edge.from), spots.get(edge.to)] as [Spot, Spot]
    return { ...edge, spots: [ends[0], ...(between[at] ?? []), ends[1]] }
  })
  const values = ways.map(({ times }) => times ?? 1)
  return {
    labels: ways.map(({ from, names, to }) => `${from} → ${to}: ${names.join(', ')}`),
    series: [{ name: 'times', values }],
    states: [...spots].map(([name, spot]) => ({ name, ...spot })),
    ways,
  }
}

/** Records of one pair of states are one way. */
function edgesOf(rows: readonly Row[]): readonly Edge[] {
  const edges = new Map<string, Edge>()
  for (const row of rows) {
    const { from, to, by, times } = row
    if (typeof from !== 'string' || typeof to !== 'string') continue
    const key = JSON.stringify([from, to])
    const known = edges.get(key)
    const names = [...(known?.names ?? []), ...(by === undefined ? [] : [String(by)])]
    const counted = typeof times === 'number' && Number.isFinite(times) ? times : undefined
    const total = counted === undefined ? known?.times : (known?.times ?? 0) + counted
    edges.set(key, { from, to, names: [...new Set(names)], ...(total === undefined ? {} : { times: total }) })
  }
  return [...edges.values()]
}

/** The longest way to each state; a way back to one that was passed does not count. */
function columnsOf(edges: readonly Edge[]): ReadonlyMap<string, number> {
  const columns = new Map<string, number>()
  const visit = (name: string, column: number, passed: readonly string[]): void => {
    // A state that is already as far behind takes nothing farther.
    if (passed.includes(name) || (columns.get(name) ?? -1) >= column) return
    columns.set(name, column)
    for (const { from, to } of edges) if (from === name) visit(to, column + 1, [...passed, name])
  }
  const led = new Set(edges.filter(({ from, to }) => from !== to).map(({ to }) => to))
  const names = [...new Set(edges.flatMap(({ from, to }) => [from, to]))]
  for (const name of names.filter((each) => !led.has(each))) visit(name, 0, [])
  // A ring has no beginning: the first that was named is it.
  for (const name of names) if (!columns.has(name)) visit(name, 0, [])
  return columns
}

/** A row for each state of a column, and a free place for each way that passes it; the columns are centred on each other. */
function placesOf(
  edges: readonly Edge[],
  columns: ReadonlyMap<string, number>,
): { readonly spots: ReadonlyMap<string, Spot>; readonly between: readonly (readonly Spot[])[] } {
  const lanes: string[][] = []
  const put = (column: number, key: string): void => {
    lanes[column] ??= []
    if (!lanes[column].includes(key)) lanes[column].push(key)
  }
  for (const [name, column] of columns) put(column, `state ${name}`)
  const passing = edges.map(({ from, to }, at) => {
    const [start, end] = [columns.get(from) ?? 0, columns.get(to) ?? 0]
    const passed = Array.from({ length: Math.max(end - start - 1, 0) }, (_, step) => start + step + 1)
    for (const column of passed) put(column, `way ${at}`)
    return passed
  })
  const spot = (column: number, key: string): Spot => {
    const lane = lanes[column] ?? []
    return { column, row: lane.indexOf(key) - (lane.length - 1) / 2 }
  }
  const least = Math.min(...lanes.map((lane) => -(lane.length - 1) / 2))
  const down = ({ column, row }: Spot): Spot => ({ column, row: row - least })
  return {
    spots: new Map([...columns].map(([name, column]) => [name, down(spot(column, `state ${name}`))])),
    between: passing.map((passed, at) => passed.map((column) => down(spot(column, `way ${at}`)))),
  }
}
