import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ChartOptions, Drawing } from './drawing.ts'
import { GROUNDS } from './frame.ts'
import { barsPicture, distributionPicture, linesPicture, stackedPicture } from './plot.ts'
import { gridPicture, statesPicture } from './plot-diagrams.ts'
import { heatMapPicture, timelinePicture } from './plot-grid.ts'
import { type Pixels, palettePng } from './png-palette.ts'

const PICTURES = {
  bars: barsPicture,
  lines: linesPicture,
  stacked: stackedPicture,
  distribution: distributionPicture,
  heatmap: heatMapPicture,
  timeline: timelinePicture,
  grid: gridPicture,
  states: statesPicture,
} as const

/** A chart as a whole picture in SVG, with texts. A front end that does not trust it leaves the texts alone: see `chartPng`. */
export function pictureSvg(drawing: Drawing, theme: ChartOptions['theme'] = 'light'): string {
  return PICTURES[drawing.kind](drawing, GROUNDS[theme])
}

/** What a reader installs to see pictures. */
export const PAINTER = '@resvg/resvg-js'

interface Painter {
  readonly Resvg: new (svg: string, options: object) => { render(): Pixels }
}

let painter: Painter | null | undefined

/** A chart as PNG in base64; `undefined` where the optional package that paints it is not installed. */
export function chartPng(drawing: Drawing, theme?: ChartOptions['theme']): string | undefined {
  painter ??= loadPainter() ?? null
  if (painter === null) return undefined
  const svg = pictureSvg(drawing, theme)
  // The fonts that are shipped have Latin letters; what else a name has is taken from this machine, where it has it.
  const loadSystemFonts = [...svg].some((letter) => letter > '\u024f' && !/[\u2010-\u2030]/.test(letter))
  const font = { loadSystemFonts, fontFiles: fontFiles(), defaultFontFamily: 'Inter' }
  const { width, height, pixels } = new painter.Resvg(svg, { font }).render()
  return palettePng({ width, height, pixels: straight(pixels) }).toString('base64')
}

/** The painter multiplies a colour by how opaque it is, and a PNG holds it plain: else white edges are drawn grey. */
function straight(pixels: Uint8Array): Uint8Array {
  const plain = Uint8Array.from(pixels)
  for (let at = 0; at < plain.length; at += 4) {
    const opaque = plain[at + 3] ?? 0
    if (opaque === 0 || opaque === 255) continue
    for (let channel = at; channel < at + 3; channel += 1)
      plain[channel] = Math.min(255, Math.round(((plain[channel] ?? 0) * 255) / opaque))
  }
  return plain
}

/** From where this package lies, or from where the reader works. */
function loadPainter(): Painter | undefined {
  // In a bundle of CommonJS a module has no address.
  for (const from of [import.meta.url ?? [], join(process.cwd(), 'notebook.js')].flat()) {
    try {
      return createRequire(from)(PAINTER) as Painter
    } catch (error) {
      const { code } = error as { code?: unknown }
      // One that is there and cannot be loaded on this machine is not there either.
      if (
        code !== 'MODULE_NOT_FOUND' &&
        code !== 'ERR_MODULE_NOT_FOUND' &&
        !/native binding|\.node/.test(String(error))
      )
        throw error
    }
  }
  return undefined
}

/** The fonts lie beside this file, or beside the chunks of the built package. */
function fontFiles(): readonly string[] {
  const here = import.meta.url.startsWith('file:') ? dirname(fileURLToPath(import.meta.url)) : dirname(import.meta.url)
  const folder = [join(here, 'fonts'), join(here, '..', 'fonts')].find((each) => existsSync(each)) ?? here
  return ['inter-latin.ttf', 'inter-latin-ext.ttf'].map((name) => join(folder, name))
}
