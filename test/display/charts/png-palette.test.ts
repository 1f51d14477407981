import { createRequire } from 'node:module'
import { crc32, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { drawingOf } from '../../../src/display/charts/index.ts'
import { chartPng, pictureSvg } from '../../../src/display/charts/png.ts'
import { palettePng } from '../../../src/display/charts/png-palette.ts'

const { Resvg } = createRequire(import.meta.url)('@resvg/resvg-js') as {
  Resvg: new (svg: string) => { render(): { asPng(): Uint8Array; width: number; height: number; pixels: Uint8Array } }
}

/** The pixels of a PNG with a palette, read as its standard says. */
function decoded(png: Buffer): { readonly width: number; readonly height: number; readonly pixels: Uint8Array } {
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const body = png.subarray(at + 4, at + 8 + length)
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(body))
    chunks.set(body.subarray(0, 4).toString('latin1'), body.subarray(4))
    at += 12 + length
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])
  const head = chunks.get('IHDR') as Buffer
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)]
  const rows = inflateSync(chunks.get('IDAT') as Buffer)
  const [colours, alphas] = [chunks.get('PLTE') as Buffer, chunks.get('tRNS') as Buffer]
  const pixels = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const place = rows[y * (width + 1) + 1 + x] ?? 0
      pixels.set([...colours.subarray(place * 3, place * 3 + 3), alphas[place] ?? 255], (y * width + x) * 4)
    }
  }
  return { width, height, pixels }
}

/** How far the worst channel of any pixel is off, and how far all are off on average. */
function differences(a: Uint8Array, b: Uint8Array): { readonly worst: number; readonly mean: number } {
  let [worst, all] = [0, 0]
  for (const [at, value] of a.entries()) {
    const off = Math.abs(value - (b[at] ?? 0))
    worst = Math.max(worst, off)
    all += off
  }
  return { worst, mean: all / a.length }
}

const logs = Array.from({ length: 300 }, (_, at) => ({
  date: new Date(Date.UTC(2026, 9, 1 + (at % 30), at % 24)).toISOString(),
  type: `t${at % 9}`,
}))

describe('a picture with a palette', () => {
  it.each([
    ['stacked', { by: 'type' }],
    ['heatmap', { kind: 'heatmap' }],
    ['bars', { kind: 'bars', by: 'type' }],
  ] as const)('looks as the one in full colour, in less than half of the bytes: %s', (_, options) => {
    const drawing = drawingOf(logs, options)
    if (drawing === undefined) throw new Error('nothing is drawn')
    for (const theme of ['light', 'dark'] as const) {
      const full = new Resvg(pictureSvg(drawing, theme)).render()
      const png = palettePng(full)
      const { width, height, pixels } = decoded(png)
      expect([width, height]).toEqual([full.width, full.height])
      const { worst, mean } = differences(pixels, full.pixels)
      expect(worst).toBeLessThanOrEqual(24)
      expect(mean).toBeLessThan(0.2)
      expect(png.length).toBeLessThan(full.asPng().length / 2)
    }
    expect(chartPng(drawing)).toMatch(/^iVBORw0KGgo/)
  })

  it('has white corners on a white page: no colour is darker than it was drawn', () => {
    const drawing = drawingOf(logs, { by: 'type' })
    if (drawing === undefined) throw new Error('nothing is drawn')
    const { pixels } = decoded(Buffer.from(chartPng(drawing) ?? '', 'base64'))
    const edges: number[] = []
    for (let at = 0; at < pixels.length; at += 4)
      if (pixels[at + 3] !== 0 && pixels[at + 3] !== 255) edges.push(Math.min(...pixels.subarray(at, at + 3)))
    expect(edges.length).toBeGreaterThan(8)
    expect(Math.min(...edges)).toBeGreaterThan(240)
  })

  it('is exact where there are few colours, transparent ones included, and in pixels that lie anywhere', () => {
    const words = new Uint8Array(3 + 4 * 6)
    words.set([0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 128, 1, 2, 3, 255, 255, 0, 0, 255, 9, 9, 9, 9], 3)
    const pixels = words.subarray(3)
    expect(decoded(palettePng({ width: 3, height: 2, pixels }))).toEqual({
      width: 3,
      height: 2,
      pixels: Uint8Array.from(pixels),
    })
  })

  it('takes any number of colours', () => {
    const pixels = Uint8Array.from({ length: 64 * 64 * 4 }, (_, at) =>
      at % 4 === 3 ? 255 : (at * 37 + (at >> 5)) % 256,
    )
    expect(differences(decoded(palettePng({ width: 64, height: 64, pixels })).pixels, pixels).mean).toBeLessThan(20)
  })
})
