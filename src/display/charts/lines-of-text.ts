import { clip, pad, width } from '../width.ts'
import { type Drawing, numberText, type SpanKind } from './drawing.ts'
import { chartLines } from './rows.ts'

const SHADES = ' ░▒▓█'
const SPAN_SIGNS: Readonly<Record<SpanKind, string>> = { token: 't', attempt: '█', failed: '▒', wait: '·', retry: '~' }
const SPAN_NAMES: Readonly<Record<SpanKind, string>> = {
  token: 'token',
  attempt: 'answered',
  failed: 'refused or lost',
  wait: 'waits',
  retry: 'pause before a retry',
}

/** A chart as lines of text, for a terminal, a log, or a front end that draws no pictures. */
export function drawingLines(drawing: Drawing, columns: number): readonly string[] {
  switch (drawing.kind) {
    case 'heatmap':
      return heatMapLines(drawing)
    case 'timeline':
      return timelineLines(drawing, columns)
    case 'grid':
      return gridLines(drawing)
    case 'states':
      return (drawing.ways ?? []).map(({ from, to, names, times }) => {
        const gone = times === undefined ? '' : times > 0 ? `${times} × ` : 'not gone: '
        return `  ${gone}${from} → ${to}${names.length === 0 ? '' : ` by ${names.join(', ')}`}`
      })
    case 'bars':
      return chartLines(
        {
          labels: [''],
          series: drawing.labels.map((name, at) => ({ name, values: [drawing.series[0]?.values[at] ?? 0] })),
        },
        columns,
      )
    case 'distribution': {
      const bins = drawing.labels.map((name, at) => ({ name, values: [drawing.series[0]?.values[at] ?? 0] }))
      const marks = (drawing.marks ?? []).map(({ name, value }) => `${name} ${numberText(value)} ${drawing.unit}`)
      return [...chartLines({ labels: [''], series: bins }, columns), `  ${marks.join(', ')}`]
    }
    default:
      return chartLines(drawing, columns)
  }
}

function heatMapLines({ labels, series }: Drawing): readonly string[] {
  const most = Math.max(1, ...series.flatMap(({ values }) => values))
  const head = labels.map((name, at) => (at % 3 === 0 ? name.padEnd(6) : '')).join('')
  const shade = (value: number): string =>
    (value <= 0 ? ' ' : (SHADES[Math.max(1, Math.ceil((value / most) * 4))] ?? '█')).repeat(2)
  return [
    `       ${head.trimEnd()}`,
    ...series.map(({ name, values }) => `  ${pad(name, 3)}  ${values.map(shade).join('')}`.trimEnd()),
    `  █ is up to ${numberText(most)} in an hour (UTC)`,
  ]
}

function gridLines({ labels, series, kinds = [] }: Drawing): readonly string[] {
  const names = Math.max(...series.map(({ name }) => width(name)))
  const column = (at: number): number =>
    Math.max(width(labels[at] ?? ''), ...series.map(({ values }) => width(kinds[values[at] ?? -1] ?? '–')))
  const row = (name: string, cells: readonly string[]): string =>
    `  ${pad(name, names)}  ${cells.map((cell, at) => pad(cell, column(at))).join('  ')}`.trimEnd()
  return [
    row('', labels),
    ...series.map(({ name, values }) =>
      row(
        name,
        values.map((value) => kinds[value] ?? '–'),
      ),
    ),
  ]
}

function timelineLines({ lanes = [] }: Drawing, columns: number): readonly string[] {
  const shown = lanes.slice(0, 24)
  const names = Math.min(Math.max(4, ...shown.map(({ name }) => width(name))), 24)
  const end = Math.max(1, ...shown.flatMap(({ spans }) => spans.map(({ to }) => to)))
  const room = Math.max(columns - names - 16, 10)
  const used = new Set<SpanKind>()
  const lines = shown.map(({ name, spans }) => {
    const cells = new Array<string>(room).fill(' ')
    for (const { kind, from, to } of spans) {
      used.add(kind)
      const first = Math.min(Math.floor((from / end) * room), room - 1)
      const last = Math.max(Math.min(Math.ceil((to / end) * room), room), first + 1)
      cells.fill(SPAN_SIGNS[kind], first, last)
    }
    const took = Math.max(0, ...spans.map(({ to }) => to))
    return `  ${pad(clip(name, names), names)}  ${cells.join('')}  ${numberText(Math.round(took))} ms`
  })
  const legend = [...used].map((kind) => `${SPAN_SIGNS[kind]} ${SPAN_NAMES[kind]}`).join('   ')
  const hidden = lanes.length - shown.length
  return [...lines, `  ${legend}`, ...(hidden > 0 ? [`  ${hidden} more runs are not drawn.`] : [])]
}
