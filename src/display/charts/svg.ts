import { type Chart, sum } from './chart.ts'

const WIDTH = 640
const HEIGHT = 150
const TOP = 8
const LEFT = 44
const WIDEST = 48
const COLOURS = ['#3b82c4', '#2a9d5c', '#c98a1b', '#c9433b', '#8a63c7', '#1f9e9e', '#b0558f', '#7a7f87']

/**
 * A chart as inline SVG: stacked bars, one per step. No script, no style sheet, no id; its lines take the page's colour.
 *
 * @param safe Makes a text safe for HTML.
 */
export function chartSvg({ labels, series }: Chart, safe: (text: string) => string): string {
  const totals = labels.map((_, place) => sum(series.map(({ values }) => height(values[place]))))
  const most = Math.max(1, ...totals)
  const slot = (WIDTH - LEFT) / Math.max(labels.length, 1)
  const bars = labels.flatMap((label, place) => {
    let base = HEIGHT
    return series.map(({ name, values }, index) => {
      const value = height(values[place])
      if (value === 0) return ''
      const tall = ((HEIGHT - TOP) * value) / most
      base -= tall
      const box = `x="${round(LEFT + place * slot)}" y="${round(base)}" width="${round(Math.min(Math.max(slot * 0.8, 1), WIDEST))}" height="${round(tall)}"`
      const said = safe(`${label} · ${name}: ${value}`)
      return `<rect ${box} fill="${colour(index)}"><title>${said}</title></rect>`
    })
  })
  const text = (x: number, y: number, anchor: string, said: string): string =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="11" fill="currentColor">${safe(said)}</text>`
  const axis = `<line x1="${LEFT}" y1="${HEIGHT}" x2="${WIDTH}" y2="${HEIGHT}" stroke="currentColor" stroke-opacity=".4"/>`
  const marks = [
    text(LEFT - 6, TOP + 8, 'end', String(most)),
    text(LEFT - 6, HEIGHT, 'end', '0'),
    text(LEFT, HEIGHT + 16, 'start', labels[0] ?? ''),
    labels.length > 1 ? text(WIDTH, HEIGHT + 16, 'end', labels.at(-1) ?? '') : '',
  ]
  const named = safe(`Bars of ${series.map(({ name }) => name).join(', ')} over time`)
  const legend = series.map(
    ({ name, values }, index) =>
      `<span style="margin-right:14px;white-space:nowrap"><span style="display:inline-block;width:9px;height:9px;background:${colour(index)}"></span> ${safe(`${name} (${sum(values)})`)}</span>`,
  )
  return `<svg role="img" aria-label="${named}" viewBox="0 0 ${WIDTH} ${HEIGHT + 22}" width="${WIDTH}" height="${HEIGHT + 22}" style="max-width:100%">${axis}${bars.join('')}${marks.join('')}</svg><div>${legend.join('')}</div>`
}

/** What has no height, or less than none, is not drawn. */
function height(value: number | undefined): number {
  return value === undefined || !(value > 0) ? 0 : value
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? 'currentColor'
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
