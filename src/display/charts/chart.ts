import { binned, categories, distribution, heatMap } from './counts.ts'
import { grid, states } from './diagrams.ts'
import { type Chart, type ChartOptions, type Drawing, numberText, sum } from './drawing.ts'
import { overTime, STEPS, stepOf } from './over-time.ts'
import { isRow, type Row, timedOf } from './records.ts'
import { isTold, latenciesOf, timeline } from './runs.ts'

/** A chart of records over time; `undefined` where they hold nothing that could be drawn so. */
export function chartOf(records: readonly unknown[], options: ChartOptions = {}): Chart | undefined {
  const made = overTime(records.filter(isRow), options)
  return made && { labels: made.labels, series: made.series }
}

/** Reads values as the chart that they are, or that the options ask for; `undefined` where they cannot be. */
export function drawingOf(values: readonly unknown[], options: ChartOptions = {}): Drawing | undefined {
  if (values.length === 0 && isNamed(options)) return nothing(options)
  const runs = runsIn(values)
  if (runs !== undefined && (options.kind === undefined || options.kind === 'timeline')) {
    const made = timeline(runs)
    return made && { ...made, kind: 'timeline', title: options.title ?? 'Attempts, waits and retries', unit: 'ms' }
  }
  if (runs !== undefined && options.kind === 'distribution' && options.fields === undefined) {
    // A check sends nothing: its runs have no attempts.
    const none = { labels: ['0'], series: [{ name: 'attempts', values: [0] }], note: 'No attempt was made.' }
    const made = binned(latenciesOf(runs), 'ms') ?? none
    return { ...made, kind: 'distribution', title: options.title ?? 'Response times', unit: options.unit ?? 'ms' }
  }
  const rows = values.filter(isRow)
  const { by, fields } = options
  switch (options.kind ?? kindFor(rows, options)) {
    case 'bars': {
      const made = categories(rows, options)
      const unit = options.unit ?? fields?.[0] ?? 'count'
      // Only what is counted has a sum that means something: quotas and averages have none.
      const note = fields === undefined ? `${numberText(sum(made?.series[0]?.values ?? []))} in all` : undefined
      return made && { ...made, kind: 'bars', title: options.title ?? `By ${by}`, unit, ...(note && { note }) }
    }
    case 'heatmap': {
      const made = heatMap(rows, options)
      const unit = options.unit ?? fields?.[0] ?? 'count'
      return made && { ...made, kind: 'heatmap', title: options.title ?? 'By hour (UTC) and weekday', unit }
    }
    case 'distribution': {
      const made = distribution(rows, options)
      if (made === undefined) return undefined
      const { field, ...rest } = made
      return {
        ...rest,
        kind: 'distribution',
        title: options.title ?? `Distribution of ${field}`,
        unit: options.unit ?? field,
      }
    }
    case 'grid': {
      const made = grid(rows, options)
      return (
        made && {
          ...made,
          kind: 'grid',
          title: options.title ?? `${by} by ${options.across}`,
          unit: options.unit ?? String(fields?.[0]),
        }
      )
    }
    case 'states': {
      const made = states(rows)
      const gone = made?.ways.some(({ times }) => times !== undefined)
      const unit = options.unit ?? (gone ? 'drawn strong: the ways that were taken' : 'what leads from where to where')
      return made && { ...made, kind: 'states', title: options.title ?? 'States', unit }
    }
    case 'timeline':
      return undefined
    default: {
      const made = overTime(rows, options)
      if (made === undefined) return undefined
      const kind =
        options.kind === 'lines' || options.kind === 'stacked' ? options.kind : by === undefined ? 'lines' : 'stacked'
      const title = options.title ?? (by === undefined ? 'Over time' : `By ${by} over time`)
      return { ...made, kind, title, unit: options.unit ?? unitOf(rows, options) }
    }
  }
}

/** True where the options say what is drawn, so that no value is needed to tell. */
function isNamed({ by, fields, kind }: ChartOptions): boolean {
  return by !== undefined || fields !== undefined || kind === 'heatmap'
}

/** What a question found nobody for is an answer, and no mistake of the chart. */
function nothing({ title, unit }: ChartOptions): Drawing {
  const series = [{ name: 'values', values: [0] }]
  return { kind: 'bars', labels: ['no values'], series, title: title ?? 'Nothing to draw', unit: unit ?? 'count' }
}

/** Kinds without a time are compared, everything else goes over time. */
function kindFor(rows: readonly Row[], { by, time }: ChartOptions): 'bars' | undefined {
  return by !== undefined && timedOf(rows, time).length === 0 ? 'bars' : undefined
}

function unitOf(rows: readonly Row[], options: ChartOptions): string {
  if (options.by === undefined) return options.fields?.length === 1 ? String(options.fields[0]) : 'value'
  const step = stepOf(timedOf(rows, options.time), options)
  return `entries per ${step === STEPS.day ? 'day' : step === STEPS.hour ? 'hour' : 'minute'}`
}

/** Lists of events, a list for each run; `undefined` where the values are something else. */
function runsIn(values: readonly unknown[]): readonly (readonly unknown[])[] | undefined {
  const [first] = values
  if (isTold(first)) return [...grouped(values)]
  // A flow tells the events of all its plans.
  if (Array.isArray(first) && isTold(first[0])) {
    return values.filter((each) => Array.isArray(each)).flatMap((each) => [...grouped(each.filter(isTold))])
  }
  return undefined
}

/** Events of several plans in one list: those of a plan belong together. */
function grouped(events: readonly unknown[]): Iterable<readonly unknown[]> {
  const runs = new Map<unknown, unknown[]>()
  for (const event of events) {
    const { hash, operation } = event as Row
    const key = hash ?? operation
    const run = runs.get(key)
    if (run === undefined) runs.set(key, [event])
    else run.push(event)
  }
  return runs.values()
}
