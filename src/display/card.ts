import type { Chart, Drawing } from './charts/index.ts'

/** How a card feels: it colours a mark or a border, never the text alone. */
export type Tone = 'plain' | 'good' | 'warn' | 'bad'

/**
 * One named value. `code` keeps its line breaks and spaces; with `fold`, its short form, a page hides it and a terminal shows
 * that instead. */
export interface Field {
  readonly name: string
  readonly value: string
  readonly code?: boolean
  readonly fold?: string
}

/** Named values below each other. */
export interface FieldsBlock {
  readonly kind: 'fields'
  readonly fields: readonly Field[]
}

/** Rows under headings. `rest` says how to get what is not shown. */
export interface TableBlock {
  readonly kind: 'table'
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly rest?: string
}

/** Whole sentences. */
export interface NotesBlock {
  readonly kind: 'notes'
  readonly tone: Tone
  readonly notes: readonly string[]
}

/** How much of something is left. */
export interface Gauge {
  readonly name: string
  readonly left: number
  readonly size: number
  readonly note?: string
  /** The bar grows with what is done, instead of shrinking with what is left. */
  readonly done?: boolean
}

/** Gauges below each other. */
export interface GaugesBlock {
  readonly kind: 'gauges'
  readonly gauges: readonly Gauge[]
}

/** Lines that stay as they are. */
export interface LinesBlock {
  readonly kind: 'lines'
  readonly lines: readonly string[]
}

/** One difference: `+` added, `-` removed, `~` changed. */
export interface Difference {
  readonly sign: '+' | '-' | '~'
  readonly name: string
  readonly before?: string
  readonly after?: string
  /** Instead of both: a difference line by line, each with its sign before it. */
  readonly lines?: readonly string[]
}

/** Differences below each other. */
export interface DifferencesBlock {
  readonly kind: 'differences'
  readonly differences: readonly Difference[]
}

/** Numbers over time. */
export interface ChartBlock {
  readonly kind: 'chart'
  readonly chart: Chart
}

/** A chart of any kind, as text. */
export interface DrawingBlock {
  readonly kind: 'drawing'
  readonly drawing: Drawing
}

export type Block =
  | FieldsBlock
  | TableBlock
  | NotesBlock
  | GaugesBlock
  | LinesBlock
  | DifferencesBlock
  | ChartBlock
  | DrawingBlock

/**
 * What a display says, apart from how it is drawn. Its texts may come from a tenant: the renderers, and nobody else,
 * clean and escape them.
 */
export interface Card {
  readonly title: string
  readonly tone?: Tone
  readonly blocks: readonly Block[]
}

/** A block of sentences, or nothing where there is none. */
export function notes(tone: Tone, sentences: readonly (string | undefined)[]): readonly NotesBlock[] {
  const present = sentences.filter((sentence): sentence is string => sentence !== undefined && sentence !== '')
  return present.length === 0 ? [] : [{ kind: 'notes', tone, notes: present }]
}

/** A block of named values; those without a value are left out. */
export function fields(...entries: readonly (readonly [string, string | undefined, Partial<Field>?])[]): FieldsBlock {
  const present: Field[] = []
  for (const [name, value, how] of entries) if (value !== undefined) present.push({ name, value, ...how })
  return { kind: 'fields', fields: present }
}
