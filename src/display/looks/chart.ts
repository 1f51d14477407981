import { ConfigurationError, processSecrets } from '../../plan/index.ts'
import { type ChartOptions, chartPng, type Drawing, drawingOf, PAINTER, vegaLite } from '../charts/index.ts'
import { giveLook, type Look, lookOf, type MimeBundle } from '../look.ts'
import { isRecord } from './values.ts'

/** A chart to show: the last value of a cell, or given to `show()`. */
export interface ShownChart {
  readonly labels: readonly string[]
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[]
}

/** A run whose events can be drawn, by structure: an execution of any copy of this package. */
export interface ToldRun {
  readonly events: { subscribe(observer: { next(event: unknown): void; error(error: unknown): void }): unknown }
}

/**
 * Draws records or what runs did. The values and options choose the kind: numbers of records over time
 * (`auth0.stats.getDaily()`), counts over time (`{ by: 'type' }`), or one of `bars`, `lines`, `stacked`, `heatmap` (hours
 * and weekdays), `timeline` (attempts, waits and retries of runs), `distribution`, `grid` (what stands where two fields meet)
 * and `states` (what leads from where to where). A picture and Vega-Lite in a notebook, text in a terminal. The picture is painted by the optional package `@resvg/resvg-js`; without it a notebook shows the text.
 *
 * @param values A list of records or a page of one, runs that have ended, or their events.
 * @throws ConfigurationError when the values hold nothing that such a chart shows.
 * @see https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes
 * @example
 * const logs = await auth0.logs.list({ per_page: 50 }).run()
 * const byType = chart(logs, { kind: 'bars', by: 'type', title: 'Log entries by type' })
 * const run = auth0.users.list().run()
 * await run
 * const what = chart(run)
 */
export function chart(
  values: readonly unknown[] | { readonly items: readonly unknown[] } | ToldRun,
  options: ChartOptions = {},
): ShownChart {
  const made = drawingOf(valuesIn(values), options)
  if (made === undefined) throw new ConfigurationError(`chart(): ${MISSING[options.kind ?? 'lines']}`)
  const shown: ShownChart = { labels: made.labels, series: made.series }
  giveLook(shown, () => drawingLook(made, options.theme))
  return shown
}

const OVER_TIME =
  "the values hold no time with a number beside it. Name the fields: chart(values, { time: 'date', fields: ['logins'] }), or count: chart(values, { by: 'type' })."
const MISSING: Readonly<Record<NonNullable<ChartOptions['kind']>, string>> = {
  lines: OVER_TIME,
  stacked: OVER_TIME,
  bars: "bars compare kinds. Name the field that says the kind: chart(values, { kind: 'bars', by: 'type' }).",
  heatmap: "the values hold no time. Name its field: chart(values, { kind: 'heatmap', time: 'date' }).",
  timeline: 'a timeline is drawn of runs that have ended, or of their events: chart([run, other]).',
  grid: "a grid needs three fields: chart(rows, { kind: 'grid', by: 'endpoint', across: 'session', fields: ['header'] }).",
  states:
    "states are drawn of records with from, to and by: chart([{ from: 'open', to: 'closed', by: 'close()' }], { kind: 'states' }).",
  distribution: "the values hold no number. Name its field: chart(values, { kind: 'distribution', fields: ['ms'] }).",
}

function valuesIn(values: readonly unknown[] | { readonly items: readonly unknown[] } | ToldRun): readonly unknown[] {
  if (isToldRun(values)) return [eventsOf(values)]
  const list = isRecord(values) && 'items' in values ? values.items : values
  if (!Array.isArray(list)) {
    const given = values === undefined || values === null ? String(values) : `a ${typeof values}`
    throw new ConfigurationError(
      `chart(): takes a list of records, a page, or runs, and got ${given}. Await the run first: chart(await plan.run()).`,
    )
  }
  return list.some(isToldRun) ? list.map((each) => (isToldRun(each) ? eventsOf(each) : each)) : list
}

function isToldRun(value: unknown): value is ToldRun {
  return isRecord(value) && isRecord(value.events) && typeof value.events.subscribe === 'function'
}

/** What a run has told so far: it tells a late subscriber everything at once. */
function eventsOf({ events }: ToldRun): readonly unknown[] {
  const told: unknown[] = []
  // How the run ended is drawn with its attempts; the run itself tells the error.
  events.subscribe({ next: (event) => told.push(event), error: () => {} })
  return told
}

/** No HTML: JupyterLab would prefer it to the chart. */
function drawingLook(made: Drawing, theme: ChartOptions['theme']): Look {
  const drawing = (): Drawing => processSecrets().data(made)
  const look = lookOf(
    () => {
      const { title, unit } = made
      return { title: `${title} · ${unit}`, blocks: [{ kind: 'drawing', drawing: made }] }
    },
    () => ({ labels: made.labels, series: made.series }),
  )
  const bundle = (): MimeBundle => {
    const png = chartPng(drawing(), theme)
    const hint = png === undefined ? `\nFor a picture, run: npm install ${PAINTER}` : ''
    return {
      'application/vnd.vegalite.v5+json': vegaLite(drawing()),
      ...(png === undefined ? {} : { 'image/png': png }),
      'text/plain': look.text() + hint,
    }
  }
  return { ...look, bundle }
}
