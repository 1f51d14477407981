import { ConfigurationError } from '../../plan/index.ts'
import { type ChartOptions, chartOf } from '../charts/index.ts'
import { giveLook, lookOf } from '../look.ts'

/** A chart to show: the last value of a cell, or given to `show()`. */
export interface ShownChart {
  readonly labels: readonly string[]
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[]
}

/**
 * Draws records over time: the numbers of `auth0.stats.getDaily()`, or counts such as the types of log entries
 * (`chart(page, { by: 'type' })`). Inline SVG in a notebook, bars of text in a terminal, the numbers as JSON.
 *
 * @param values A list of records, or a page of one.
 * @throws ConfigurationError when the records hold no time, or no number.
 * @see https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes
 */
export function chart(
  values: readonly unknown[] | { readonly items: readonly unknown[] },
  options: ChartOptions = {},
): ShownChart {
  const records = 'items' in values ? values.items : values
  const made = chartOf(records, options)
  if (made === undefined) {
    throw new ConfigurationError(
      'chart(): the values hold no time with a number beside it. Name the fields: chart(values, { time, fields }), or count with { by }.',
    )
  }
  const shown: ShownChart = { labels: made.labels, series: made.series }
  const title = options.by === undefined ? 'Over time' : `By ${options.by} over time`
  giveLook(shown, () =>
    lookOf(
      () => ({ title, blocks: [{ kind: 'chart', chart: made }] }),
      () => ({ ...made }),
    ),
  )
  return shown
}
