/** How a chart is drawn. */
export type ChartKind = 'bars' | 'lines' | 'stacked' | 'heatmap' | 'timeline' | 'distribution' | 'grid' | 'states'

/** Numbers and how they are drawn. Its texts may come from a tenant: the renderers escape them. */
export interface Drawing extends Chart {
  readonly kind: ChartKind
  readonly title: string
  /** What the numbers are: `entries per day`, `ms`. */
  readonly unit: string
  /** Of a timeline: what happened when. */
  readonly lanes?: readonly RunLine[]
  /** Of a distribution: values at the 50th, 95th and 99th of a hundred, in the unit. */
  readonly marks?: readonly Mark[]
  /** Of a grid: what stands in its cells; a value of a series is a place in this list, -1 where nothing stands. */
  readonly kinds?: readonly string[]
  /** Of states: where each stands, in columns and rows that begin at 0. */
  readonly states?: readonly State[]
  /** Of states: the ways between them. */
  readonly ways?: readonly Way[]
  /** What a reader must know: how many are not drawn. */
  readonly note?: string
}

/** A place in a grid of columns and rows; a row may lie between two. */
export interface Spot {
  readonly column: number
  readonly row: number
}

export interface State extends Spot {
  readonly name: string
}

/** From one state to another, with what takes it there. */
export interface Way {
  readonly from: string
  readonly to: string
  readonly names: readonly string[]
  /** The states at both ends, and free places between them. */
  readonly spots: readonly Spot[]
  /** How often it was gone; absent where nobody counts. */
  readonly times?: number
}

/** Numbers over time, or of several kinds, apart from how they are drawn. */
export interface Chart {
  /** One per step, in order. */
  readonly labels: readonly string[]
  readonly series: readonly Series[]
}

/** One line of numbers, one per label. */
export interface Series {
  readonly name: string
  readonly values: readonly number[]
}

/** What one run did, in milliseconds since the first event of all. */
export interface RunLine {
  readonly name: string
  readonly spans: readonly Span[]
}

export type SpanKind = 'token' | 'attempt' | 'failed' | 'wait' | 'retry'

export interface Span {
  readonly kind: SpanKind
  readonly from: number
  readonly to: number
}

export interface Mark {
  readonly name: string
  readonly value: number
}

/**
 * How to read values as a chart.
 *
 * @example
 * chart(await auth0.logs.list().run(), { by: 'type', every: 'day' })
 */
export interface ChartOptions {
  /**
   * `bars` compares kinds, `lines` and `stacked` go over time, `heatmap` has hours across and weekdays down, `timeline` shows
   * the events of runs, `distribution` how often which value came, `grid` what stands where two fields meet, `states` what
   * leads from where to where. Chosen by the values and the other options when left out; the last two are named.
   */
  readonly kind?: ChartKind
  /** Field that holds the time; found by its look when left out. */
  readonly time?: string
  /** Fields to draw, each with a number; all that have one when left out. */
  readonly fields?: readonly string[]
  /** Instead of fields: count the values by what stands in this one, such as `type` of log entries; dots reach into records. */
  readonly by?: string
  /** Of a grid: the field that says the column; `by` says the row, and the first of `fields` what stands in the cell. */
  readonly across?: string
  /** Step of the count; chosen by the span when left out. */
  readonly every?: 'minute' | 'hour' | 'day'
  /** Most kinds to draw; the others are put together. 8, and 12 of bars. */
  readonly limit?: number
  /** What stands above. */
  readonly title?: string
  /** What the numbers are, such as `ms`. */
  readonly unit?: string
  /** Ground of the picture; `light` when left out. */
  readonly theme?: 'light' | 'dark'
}

/** The values that are there: `NaN` stands for a gap. */
export function numbersOf(values: readonly number[]): readonly number[] {
  return values.filter((value) => !Number.isNaN(value))
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** A number in a few digits: `1,234`, `0.25`. */
export function numberText(value: number): string {
  const size = Math.abs(value)
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2
  return Number(value.toFixed(digits)).toLocaleString('en-US')
}
