import { type Drawing, type Mark, numbersOf, numberText, sum } from './drawing.ts'
import {
  box,
  colourOf,
  coloursOf,
  cut,
  type Ground,
  LEFT,
  label,
  legend,
  line,
  picture,
  RIGHT,
  round,
  ticksOver,
  widthOf,
} from './frame.ts'

const HEIGHT = 420
const FOOT = 48
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Kinds compared: a bar for each, its name before and its number behind it. */
export function barsPicture(drawing: Drawing, ground: Ground): string {
  const { labels, series, title, unit, note } = drawing
  const values = series[0]?.values ?? []
  const names = labels.map((name) => cut(name, 240))
  const column = Math.max(60, ...names.map((name) => widthOf(name)))
  const from = LEFT + column + 14
  const least = Math.min(0, ...values)
  const most = Math.max(least < 0 ? 0 : 1, ...values)
  const room = RIGHT - from - Math.max(...values.map((value) => widthOf(numberText(value))), 20) - 12
  const zero = from + (-least / (most - least)) * room
  const parts = names.flatMap((name, at) => {
    const y = 84 + at * 32
    const value = values[at] ?? 0
    const long = value === 0 ? 0 : Math.max((Math.abs(value) / (most - least)) * room, 2)
    return [
      label(from - 14, y + 16, name, { anchor: 'end', fill: ground.text }),
      box(value < 0 ? zero - long : zero, y, long, 22, colourOf(0), ' rx="3"'),
      label(zero + (value < 0 ? 0 : long) + 8, y + 16, numberText(value), { fill: ground.muted }),
    ]
  })
  const sub = note === undefined ? unit : `${unit}, ${note}`
  return picture({ title, sub, height: 84 + Math.max(labels.length, 1) * 32 + 16, ground }, parts)
}

/** Lines over time. */
export function linesPicture(drawing: Drawing, ground: Ground): string {
  const { labels, series } = drawing
  const numbers = numbersOf(series.flatMap(({ values }) => values))
  const [least, most] = [Math.min(0, ...numbers), Math.max(0, ...numbers)]
  const names = legend(
    series.map(({ name }) => name),
    ground,
  )
  const plane = planeOf(ground, { least, most, top: names.bottom })
  const shares = sharesOf(labels)
  const place = (at: number): number =>
    labels.length === 1 ? (plane.left + RIGHT) / 2 : plane.left + 8 + (shares[at] ?? 0) * (RIGHT - plane.left - 16)
  const drawn = series.flatMap(({ values }, index) => {
    const colour = colourOf(index)
    const spots = values.map((value, at) => ({ x: place(at), y: plane.y(value), isThere: !Number.isNaN(value) }))
    const pieces = spots
      .map(({ x, y, isThere }) => (isThere ? `${round(x)},${round(y)}` : '|'))
      .join(' ')
      .split('|')
    const isAlone = (at: number): boolean => spots[at - 1]?.isThere !== true && spots[at + 1]?.isThere !== true
    return [
      ...pieces
        .map((points) => points.trim())
        .filter((points) => points.includes(' '))
        .map(
          (points) =>
            `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2.5" stroke-linejoin="round"/>`,
        ),
      ...spots.flatMap(({ x, y, isThere }, at) =>
        isThere && (labels.length <= 31 || isAlone(at)) ? [dot(x, y, colour)] : [],
      ),
    ]
  })
  const parts = [...names.parts, ...plane.parts, ...timeAxis(labels, place, plane.bottom, ground), ...drawn]
  return picture({ ...headOf(drawing), height: HEIGHT, ground }, parts)
}

/** Counts over time, the kinds of each step on each other. */
export function stackedPicture(drawing: Drawing, ground: Ground): string {
  const { labels, series } = drawing
  const totals = labels.map((_, at) => sum(series.map(({ values }) => Math.max(values[at] ?? 0, 0))))
  const colours = coloursOf(series.map(({ name }) => name))
  const names = legend(
    series.map(({ name }) => name),
    ground,
    colours,
  )
  const plane = planeOf(ground, { least: 0, most: Math.max(0, ...totals), top: names.bottom })
  const slot = (RIGHT - plane.left) / labels.length
  const wide = Math.min(slot * 0.82, 54)
  const place = (at: number): number => plane.left + (at + 0.5) * slot
  const drawn = labels.flatMap((_, at) => {
    let base = 0
    return series.map(({ values }, index) => {
      const value = Math.max(values[at] ?? 0, 0)
      if (value === 0) return ''
      const bottom = plane.y(base)
      base += value
      const top = plane.y(base)
      return box(place(at) - wide / 2, top, wide, bottom - top, colours[index] as string)
    })
  })
  const parts = [...names.parts, ...plane.parts, ...timeAxis(labels, place, plane.bottom, ground), ...drawn]
  return picture({ ...headOf(drawing), height: HEIGHT, ground }, parts)
}

/** How often which value came, and where half, 95 and 99 of a hundred of them end. */
export function distributionPicture(drawing: Drawing, ground: Ground): string {
  const { labels, series, title, unit, marks = [] } = drawing
  const values = series[0]?.values ?? []
  const plane = planeOf(ground, { least: 0, most: Math.max(0, ...values), top: 104 })
  const slot = (RIGHT - plane.left) / labels.length
  // Where all values are the same, one bar is enough to say it.
  const wide = Math.min(slot, 120)
  const bars = values.map((value, at) =>
    box(plane.left + at * slot + 1, plane.y(value), wide - 2, plane.bottom - plane.y(value), colourOf(0)),
  )
  const first = Number.parseFloat(labels[0] ?? '0')
  const step = labels.length > 1 ? Number.parseFloat(labels[1] ?? '0') - first : 1
  const x = (value: number): number => Math.min(plane.left + ((value - first) / step) * slot, RIGHT)
  const every = Math.ceil((labels.length * 52) / (RIGHT - plane.left))
  const axis = labels.flatMap((name, at) =>
    at % every === 0 || at === labels.length - 1
      ? [
          label(
            plane.left + (at + (at === labels.length - 1 && name.endsWith('+') ? 0.5 : 0)) * slot,
            plane.bottom + 20,
            name,
            { anchor: 'middle', fill: ground.muted },
          ),
        ]
      : [],
  )
  const said = marksSaid(marks)
  const places = besideEachOther(said.map(({ text, value }) => ({ left: x(value) + 5, wide: widthOf(text) })))
  const lines = said.flatMap(({ text, value }, index) => {
    const colour = colourOf([3, 1, 4][index] ?? 3)
    return [
      line(x(value), 92, x(value), plane.bottom, colour, ' stroke-width="2" stroke-dasharray="5 4"'),
      label(places[index] as number, 98, text, { fill: ground.text }),
    ]
  })
  const sub = `count of ${numberText(sum(values))} values, by ${unit}`
  return picture({ title, sub, height: HEIGHT, ground }, [...plane.parts, ...bars, ...axis, ...lines])
}

/** Marks of one value are one mark: `p95, p99 200`. */
function marksSaid(marks: readonly Mark[]): readonly { readonly text: string; readonly value: number }[] {
  return [...new Set(marks.map(({ value }) => value))].map((value) => {
    const names = marks.filter((mark) => mark.value === value).map(({ name }) => name)
    return { text: `${names.join(', ')} ${numberText(value)}`, value }
  })
}

/** Where texts begin that want to begin somewhere, none over another and none beyond the right. */
function besideEachOther(texts: readonly { readonly left: number; readonly wide: number }[]): readonly number[] {
  let free = 0
  const lefts = texts.map(({ left, wide }) => {
    const at = Math.max(left, free)
    free = at + wide + 10
    return at
  })
  let end = RIGHT
  for (let at = texts.length - 1; at >= 0; at -= 1) {
    lefts[at] = Math.min(lefts[at] as number, end - (texts[at]?.wide ?? 0))
    end = (lefts[at] as number) - 10
  }
  return lefts
}

/** How far along the time each label stands, from 0 to 1: days that are missing take their room. */
function sharesOf(labels: readonly string[]): readonly number[] {
  const times = labels.map((each) => Date.parse(`${each.replace(' ', 'T')}Z`.replace(/^(.{10})Z$/, '$1')))
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  return labels.map((_, at) => (last > first ? ((times[at] ?? 0) - first) / (last - first) : at / labels.length))
}

function headOf({ title, unit, labels, note }: Drawing): { readonly title: string; readonly sub: string } {
  const [first = '', last = ''] = [labels[0], labels.at(-1)]
  const year = (text: string): string => (first.slice(0, 4) === last.slice(0, 4) ? '' : ` ${text.slice(0, 4)}`)
  const span = labels.length > 1 ? `, ${dayText(first)}${year(first)} to ${dayText(last)}${year(last)}` : ''
  return { title, sub: `${unit}${span}${note === undefined ? '' : ` · ${note}`}` }
}

interface Plane {
  readonly parts: readonly string[]
  readonly left: number
  readonly bottom: number
  y(value: number): number
}

/** The field that values are drawn in, with its rule at the left. */
function planeOf(ground: Ground, { least, most, top }: { least: number; most: number; top: number }): Plane {
  const ticks = ticksOver(least, most)
  const [lowest, highest] = [ticks[0] ?? 0, ticks.at(-1) ?? 1]
  const bottom = HEIGHT - FOOT
  const begin = top + 14
  const left = LEFT + Math.max(...ticks.map((tick) => widthOf(numberText(tick)))) + 12
  const y = (value: number): number => bottom - ((value - lowest) / (highest - lowest)) * (bottom - begin)
  const parts = ticks.flatMap((tick) => [
    line(left, y(tick), RIGHT, y(tick), ground.grid, tick === 0 ? ' stroke-width="1.5"' : ''),
    label(left - 10, y(tick) + 5, numberText(tick), { anchor: 'end', fill: ground.muted }),
  ])
  return { parts, left, bottom, y }
}

function timeAxis(
  labels: readonly string[],
  place: (at: number) => number,
  y: number,
  ground: Ground,
): readonly string[] {
  const texts = labels.map((each, at) => stepText(each, labels[at - 1]))
  const widest = Math.max(...texts.map((text) => widthOf(text))) + 16
  const span = labels.length > 1 ? Math.abs(place(labels.length - 1) - place(0)) : widest
  const every = Math.max(1, Math.ceil((widest * Math.max(labels.length - 1, 1)) / Math.max(span, 1)))
  let free = 0
  return texts.flatMap((text, at) => {
    if (at % every !== 0) return []
    const half = widthOf(text) / 2
    const x = Math.min(Math.max(place(at), LEFT + half), RIGHT - half)
    // Where times stand close to each other, not all can be named.
    if (x - half < free) return []
    free = x + half + 8
    return [label(x, y + 22, text, { anchor: 'middle', fill: ground.muted })]
  })
}

/** `2 Nov`, or the time of a step within a day, with the day where it is another. */
function stepText(text: string, before: string | undefined): string {
  const time = text.slice(11)
  if (time === '') return dayText(text)
  return before !== undefined && before.slice(0, 10) === text.slice(0, 10)
    ? time
    : `${dayText(text.slice(0, 10))} ${time}`
}

function dayText(text = ''): string {
  const found = /^\d{4}-(\d\d)-(\d\d)(.*)$/.exec(text)
  return found === null ? text : `${Number(found[2])} ${MONTHS[Number(found[1]) - 1]}${found[3]}`
}

function dot(x: number, y: number, colour: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="3" fill="${colour}"/>`
}
