import { plain } from '../../plan/index.ts'

/** Colours of a picture's ground and what stands on it. */
export interface Ground {
  readonly back: string
  readonly text: string
  readonly muted: string
  readonly grid: string
  /** From few to many, of a heat map. */
  readonly ramp: readonly [string, string]
}

export const GROUNDS: Readonly<Record<'light' | 'dark', Ground>> = {
  light: { back: '#ffffff', text: '#1f2328', muted: '#59636e', grid: '#e4e7eb', ramp: ['#eef4fa', '#08407a'] },
  dark: { back: '#16191d', text: '#e8eaed', muted: '#a0a8b2', grid: '#323840', ramp: ['#1d2833', '#8cc8ff'] },
}

/** Eight colours that people with a colour vision deficiency tell apart (Okabe and Ito), legible on both grounds. */
export const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#8c8c8c', '#9a7b3f']

export const WIDTH = 920
export const LEFT = 24
export const RIGHT = WIDTH - 24

/** A colour of a series. */
export function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length] as string
}

/** Words for what went wrong: they have one colour in every picture. */
const TROUBLE = /^(refused|blocked|failed|missing|lost|denied|expired|error)\b/i
const TROUBLE_COLOUR = 3

/** Colours of names in the order of the alphabet, so that a name has the same one in two pictures of the same names. */
export function coloursOf(names: readonly string[]): readonly string[] {
  const isTrouble = (name: string): boolean => TROUBLE.test(name)
  const free = COLOURS.filter((_, at) => at !== TROUBLE_COLOUR || !names.some(isTrouble))
  const sorted = names.filter((name) => !isTrouble(name)).sort()
  return names.map((name) =>
    isTrouble(name) ? colourOf(TROUBLE_COLOUR) : (free[sorted.indexOf(name) % free.length] as string),
  )
}

interface TextStyle {
  readonly size?: number
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly fill: string
}

/** A text at a place, cleaned and escaped. */
export function label(x: number, y: number, text: string, { size = 14, anchor = 'start', fill }: TextStyle): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" text-anchor="${anchor}" fill="${fill}">${escaped(plain(text))}</text>`
}

export function box(x: number, y: number, width: number, height: number, fill: string, more = ''): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(width, 0))}" height="${round(Math.max(height, 0))}" fill="${fill}"${more}/>`
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke: string, more = ''): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${stroke}"${more}/>`
}

/** About how wide a text of the shipped font is. */
export function widthOf(text: string, size = 14): number {
  const tall = text.match(/[A-Z_@%]/g)?.length ?? 0
  return (text.length + tall * 0.25) * size * 0.56
}

/** The text, cut with `…` where it takes more than `most` pixels. */
export function cut(text: string, most: number, size = 14): string {
  const clean = plain(text)
  const room = Math.floor(most / (size * 0.56))
  return clean.length <= room ? clean : `${clean.slice(0, Math.max(room - 1, 1)).trimEnd()}…`
}

/** The whole picture: ground, title, what the numbers are, and what is drawn below. */
export function picture(
  { title, sub, height, ground }: { title: string; sub: string; height: number; ground: Ground },
  parts: readonly string[],
): string {
  const head = [
    box(0, 0, WIDTH, height, ground.back, ' rx="8"'),
    label(LEFT, 36, cut(title, RIGHT - LEFT, 20), { size: 20, fill: ground.text }),
    label(LEFT, 60, cut(sub, RIGHT - LEFT), { fill: ground.muted }),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${round(height)}" viewBox="0 0 ${WIDTH} ${round(height)}" font-family="Inter">${[...head, ...parts].join('')}</svg>`
}

/** Names with their colours, over as many lines as they need; `bottom` is where the plot may begin. */
export function legend(
  names: readonly string[],
  ground: Ground,
  colours: readonly string[] = COLOURS,
): { readonly parts: readonly string[]; readonly bottom: number } {
  if (names.length < 2) return { parts: [], bottom: 80 }
  let x = LEFT
  let y = 86
  const parts: string[] = []
  for (const [index, name] of names.entries()) {
    const shown = cut(name, 220)
    const wide = 20 + widthOf(shown) + 18
    if (x + wide > RIGHT && x > LEFT) {
      x = LEFT
      y += 22
    }
    parts.push(box(x, y - 11, 12, 12, colours[index % colours.length] as string, ' rx="2"'))
    parts.push(label(x + 19, y, shown, { fill: ground.text }))
    x += wide
  }
  return { parts, bottom: y + 16 }
}

/** A rule of numbers from 0 up to at least `most`, in round steps. */
export function ticksUpTo(most: number, count = 4): readonly number[] {
  const top = most > 0 ? most : 1
  const raw = top / count
  const power = 10 ** Math.floor(Math.log10(raw))
  // A rule of counts has no halves.
  const steps = power === 1 ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]
  const step = (steps.find((each) => each * power >= raw * 0.999) ?? 10) * power
  return Array.from({ length: Math.ceil(top / step - 1e-9) + 1 }, (_, at) => Number((at * step).toPrecision(12)))
}

/** A rule that holds 0, what lies above it and what lies below, in round steps. */
export function ticksOver(least: number, most: number): readonly number[] {
  if (least >= 0) return ticksUpTo(most)
  const wide = ticksUpTo(Math.max(most, 0) - least)
  const step = wide[1] ?? 1
  const from = Math.floor(least / step + 1e-9)
  const to = Math.ceil(Math.max(most, 0) / step - 1e-9)
  return Array.from({ length: to - from + 1 }, (_, at) => Number(((from + at) * step).toPrecision(12)))
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
