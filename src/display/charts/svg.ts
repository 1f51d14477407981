import { type Chart, sum } from './drawing.ts'
import { COLOURS } from './frame.ts'
import { isPicture } from './rows.ts'

const WIDTH = 640
const HEIGHT = 120
const TOP = 4
const WIDEST = 48

/**
 * A chart as inline SVG: stacked bars, one per step. It has shapes and no text at all: a front end that does not trust it
 * takes the shapes away, and would leave the texts as one long word. What they mean stands in the lines below. Nothing for a
 * chart that lines alone show better.
 */
export function chartSvg(chart: Chart): string {
  if (!isPicture(chart)) return ''
  const { labels, series } = chart
  const totals = labels.map((_, place) => sum(series.map(({ values }) => height(values[place]))))
  const most = Math.max(1, ...totals)
  const slot = WIDTH / labels.length
  const bars = labels.flatMap((_, place) => {
    let base = HEIGHT
    return series.map(({ values }, index) => {
      const value = height(values[place])
      if (value === 0) return ''
      const tall = ((HEIGHT - TOP) * value) / most
      base -= tall
      const wide = Math.min(Math.max(slot * 0.8, 1), WIDEST)
      return `<rect x="${round(place * slot)}" y="${round(base)}" width="${round(wide)}" height="${round(tall)}" fill="${COLOURS[index % COLOURS.length]}"></rect>`
    })
  })
  const axis = `<line x1="0" y1="${HEIGHT}" x2="${WIDTH}" y2="${HEIGHT}" stroke="currentColor" stroke-opacity=".4"></line>`
  return `<svg aria-hidden="true" viewBox="0 0 ${WIDTH} ${HEIGHT + 1}" width="${WIDTH}" height="${HEIGHT + 1}" style="max-width:100%;display:block">${axis}${bars.join('')}</svg>`
}

/** What has no height, or less than none, is not drawn. */
function height(value: number | undefined): number {
  return value === undefined || !(value > 0) ? 0 : value
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
