import type { Chart } from './chart.ts'
import { sum } from './chart.ts'

const BARS = '▁▂▃▄▅▆▇█'

/** A chart as text: a line of bars per series, as wide as there is room, and the span below. */
export function chartLines({ labels, series }: Chart, columns: number): readonly string[] {
  const names = Math.min(Math.max(0, ...series.map(({ name }) => name.length)), 24)
  const room = Math.max(columns - names - 16, 8)
  const most = Math.max(1, ...series.flatMap(({ values }) => squeezed(values, room)))
  const lines = series.map(({ name, values }) => {
    const bars = squeezed(values, room).map((value) => BARS[Math.min(Math.floor((value / most) * 8), 7)] ?? '▁')
    return `  ${name.slice(0, 24).padEnd(names)}  ${bars.join('')}  ${sum(values)}`
  })
  const span = labels.length > 1 ? `${labels[0]} – ${labels.at(-1)}` : (labels[0] ?? '')
  return span === '' ? lines : [...lines, `  ${' '.repeat(names)}  ${span}`]
}

/** As many numbers as there is room for: neighbours are added up. */
function squeezed(values: readonly number[], room: number): readonly number[] {
  if (values.length <= room) return values
  return Array.from({ length: room }, (_, place) => {
    const from = Math.floor((place * values.length) / room)
    return sum(values.slice(from, Math.max(Math.floor(((place + 1) * values.length) / room), from + 1)))
  })
}
