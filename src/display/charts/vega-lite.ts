import type { Drawing } from './drawing.ts'
import { COLOURS, coloursOf } from './frame.ts'
import { SPANS } from './runs.ts'

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
  grid: ({ labels, series, kinds = [], unit }) => {
    const values = series.flatMap(({ name, values: cells }) =>
      cells.map((value, at) => ({ column: labels[at], row: name, what: kinds[value] ?? '' })),
    )
    return {
      data: { values },
      encoding: {
        x: { field: 'column', type: 'nominal', sort: null, title: null, axis: { orient: 'top', labelAngle: 0 } },
        y: { field: 'row', type: 'nominal', sort: null, title: null },
      },
      layer: [
        {
          mark: { type: 'rect', tooltip: true, opacity: 0.35 },
          encoding: {
            color: {
              field: 'what',
              type: 'nominal',
              sort: kinds,
              title: unit,
              scale: { domain: kinds, range: coloursOf(kinds) },
            },
          },
        },
        { mark: { type: 'text', tooltip: true }, encoding: { text: { field: 'what' } } },
      ],
    }
  },
  states: ({ states = [], ways = [] }) => {
    const place = { x: { field: 'x', ...BARE }, y: { field: 'y', scale: { reverse: true }, ...BARE } }
    const steps = ways.flatMap(({ spots, names, times }) =>
      spots.slice(1).map((spot, at) => {
        const from = spots[at] ?? spot
        const way = { by: names.join(', '), gone: times === undefined || times > 0 ? 'yes' : 'no' }
        return { x: from.column, y: from.row, x2: spot.column, y2: spot.row, ...way }
      }),
    )
    const words = ways.map(({ spots, names }) => {
      const passed = spots.slice(1, -1)
      const [start, end] = [spots[0], spots.at(-1)]
      const middle = {
        column: ((start?.column ?? 0) + (end?.column ?? 0)) / 2,
        row: ((start?.row ?? 0) + (end?.row ?? 0)) / 2,
      }
      const { column, row } = passed[Math.floor(passed.length / 2)] ?? middle
      return { x: column, y: row - 0.12, by: names.join(', ') }
    })
    const dash = {
      field: 'gone',
      type: 'nominal',
      legend: null,
      scale: {
        domain: ['yes', 'no'],
        range: [
          [1, 0],
          [5, 4],
        ],
      },
    }
    return {
      height: 320,
      layer: [
        {
          data: { values: steps },
          mark: { type: 'rule', tooltip: true },
          encoding: { ...place, x2: { field: 'x2' }, y2: { field: 'y2' }, strokeDash: dash },
        },
        {
          data: { values: words },
          mark: { type: 'text', fontSize: 11 },
          encoding: { ...place, text: { field: 'by' } },
        },
        {
          data: { values: states.map(({ name, column, row }) => ({ x: column, y: row, name })) },
          mark: { type: 'point', filled: true, size: 120, color: COLOURS[0], tooltip: true },
          encoding: place,
        },
        {
          data: { values: states.map(({ name, column, row }) => ({ x: column, y: row + 0.18, name })) },
          mark: { type: 'text', fontWeight: 'bold' },
          encoding: { ...place, text: { field: 'name' } },
        },
      ],
    }
  },
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

/** Places that mean nothing but themselves. */
const BARE = { type: 'quantitative', axis: null }

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
      scale: { domain: names, range: stack === 'zero' ? coloursOf(names) : COLOURS.slice(0, names.length) },
    },
  }
}

function flat({ labels, series }: Drawing): readonly { label: string; series: string; value: number | null }[] {
  return series.flatMap(({ name, values }) =>
    labels.map((label, at) => ({
      label: /^\d{4}-\d\d-\d\d /.test(label) ? label.replace(' ', 'T') : label,
      series: name,
      value: Number.isNaN(values[at]) ? null : (values[at] ?? 0),
    })),
  )
}
