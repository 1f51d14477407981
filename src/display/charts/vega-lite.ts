import type { Drawing } from './drawing.ts'
import { COLOURS } from './frame.ts'
import { SPANS } from './runs.ts'

/** The media type by which JupyterLab draws a chart that can be hovered over. */
export const VEGA_LITE = 'application/vnd.vegalite.v5+json'

type Spec = Readonly<Record<string, unknown>>

/** A chart for Vega-Lite 5: no more data than is drawn, and no colours but those of the series, so that a theme fits it. */
export function vegaLite(drawing: Drawing): Spec {
  const { title } = drawing
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    title,
    width: 640,
    ...MAKERS[drawing.kind](drawing),
  }
}

const MAKERS: Readonly<Record<Drawing['kind'], (drawing: Drawing) => Spec>> = {
  bars: (drawing) => ({
    data: { values: flat(drawing).map(({ label, value }) => ({ label, value })) },
    mark: { type: 'bar', tooltip: true, color: COLOURS[0] },
    encoding: {
      y: { field: 'label', type: 'nominal', sort: null, title: null },
      x: { field: 'value', type: 'quantitative', title: drawing.unit },
    },
  }),
  lines: (drawing) => ({
    data: { values: flat(drawing) },
    mark: { type: 'line', point: true, tooltip: true },
    encoding: overTime(drawing, null),
  }),
  stacked: (drawing) => ({
    data: { values: flat(drawing).filter(({ value }) => value !== 0) },
    mark: { type: 'bar', tooltip: true },
    encoding: overTime(drawing, 'zero'),
  }),
  heatmap: (drawing) => ({
    data: { values: flat(drawing) },
    mark: { type: 'rect', tooltip: true },
    encoding: {
      x: { field: 'label', type: 'ordinal', title: 'hour (UTC)' },
      y: { field: 'series', type: 'ordinal', sort: null, title: null },
      color: { field: 'value', type: 'quantitative', title: drawing.unit, scale: { scheme: 'blues' } },
    },
  }),
  distribution: ({ labels, series, unit, marks = [] }) => ({
    data: { values: labels.map((label, at) => ({ label, value: series[0]?.values[at] ?? 0 })) },
    mark: { type: 'bar', tooltip: true, color: COLOURS[0] },
    encoding: {
      x: {
        field: 'label',
        type: 'ordinal',
        sort: null,
        title: [unit, ...marks.map(({ name, value }) => `${name} ${value}`)].join(', '),
      },
      y: { field: 'value', type: 'quantitative', title: 'count' },
    },
  }),
  timeline: ({ lanes = [] }) => ({
    data: {
      values: lanes.flatMap(({ name, spans }, at) =>
        spans.map(({ kind, from, to }) => ({ lane: `${String(at + 1).padStart(2, '0')} ${name}`, kind, from, to })),
      ),
    },
    mark: { type: 'bar', tooltip: true },
    encoding: {
      y: { field: 'lane', type: 'nominal', title: null },
      x: { field: 'from', type: 'quantitative', title: 'ms since the first event' },
      x2: { field: 'to' },
      color: { field: 'kind', type: 'nominal', sort: SPANS, title: null, scale: { range: COLOURS } },
    },
  }),
}

function overTime({ unit, series }: Drawing, stack: 'zero' | null): Spec {
  const names = series.map(({ name }) => name)
  return {
    x: { field: 'label', type: 'temporal', title: null },
    y: { field: 'value', type: 'quantitative', title: unit, stack },
    color: {
      field: 'series',
      type: 'nominal',
      sort: names,
      title: null,
      scale: { domain: names, range: COLOURS.slice(0, names.length) },
    },
  }
}

function flat({ labels, series }: Drawing): readonly { label: string; series: string; value: number }[] {
  return series.flatMap(({ name, values }) =>
    labels.map((label, at) => ({
      label: /^\d{4}-\d\d-\d\d /.test(label) ? label.replace(' ', 'T') : label,
      series: name,
      value: values[at] ?? 0,
    })),
  )
}
