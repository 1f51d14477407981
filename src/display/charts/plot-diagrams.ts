import type { Drawing, Spot, Way } from './drawing.ts'
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
  widthOf,
} from './frame.ts'

const CELL = 34

/** How many kinds of a grid a legend names. */
const MOST_NAMED = 4

/** Rows and columns with a word in each cell; the colour says the same as the word. */
export function gridPicture(drawing: Drawing, ground: Ground): string {
  const { labels, series, title, unit, kinds = [] } = drawing
  const colours = coloursOf(kinds)
  // Many kinds are read in their cells; a row of them above says nothing more.
  const names = legend(kinds.length <= MOST_NAMED ? kinds : [], ground, colours)
  const column = Math.max(60, ...series.map(({ name }) => widthOf(cut(name, 330))))
  const left = LEFT + column + 14
  const slot = Math.min((RIGHT - left) / labels.length, 220)
  const top = names.bottom + 30
  const heads = labels.map((name, at) =>
    label(left + (at + 0.5) * slot, top - 10, cut(name, slot - 8), { anchor: 'middle', fill: ground.muted }),
  )
  const cells = series.flatMap(({ name, values }, row) => {
    const y = top + row * CELL
    return [
      label(left - 14, y + CELL / 2 + 5, cut(name, 330), { anchor: 'end', fill: ground.text }),
      ...values.flatMap((value, at) => {
        const kind = kinds[value]
        const x = left + at * slot
        if (kind === undefined)
          return [line(x + slot / 2 - 8, y + CELL / 2, x + slot / 2 + 8, y + CELL / 2, ground.grid)]
        // A border in the colour keeps the word legible on every ground.
        return [
          box(x + 3, y + 3, slot - 6, CELL - 6, ground.back, ` rx="4" stroke="${colours[value]}" stroke-width="2"`),
          box(x + 3, y + 3, 10, CELL - 6, colours[value] as string, ' rx="3"'),
          label(x + slot / 2 + 5, y + CELL / 2 + 5, cut(kind, slot - 26), { anchor: 'middle', fill: ground.text }),
        ]
      }),
    ]
  })
  return picture({ title, sub: unit, height: top + series.length * CELL + 18, ground }, [
    ...names.parts,
    ...heads,
    ...cells,
  ])
}

const BOX = { wide: 130, tall: 44 }
/** Least height of a row, and what a line of words takes. */
const ROW = 84
const WORD = 16

/** States as boxes from left to right, ways between them as arrows: those that were gone are drawn strong. */
export function statesPicture(drawing: Drawing, ground: Ground): string {
  const { title, unit, states = [], ways = [] } = drawing
  const last = Math.max(0, ...states.map(({ column }) => column))
  const rows = Math.max(0, ...states.map(({ row }) => row), ...ways.flatMap(({ spots }) => spots.map(({ row }) => row)))
  const step = last === 0 ? 0 : (RIGHT - LEFT - BOX.wide) / last
  const backs = ways.filter(isBack).length
  const x = ({ column }: Spot): number => LEFT + column * step
  // The words of two ways that begin in one place stand half a row apart.
  const most = Math.max(1, ...ways.map((way) => linesOf(way.names, step - BOX.wide).length))
  const tall = Math.max(ROW, most * 2 * WORD + 12)
  const y = ({ row }: Spot): number => 96 + row * tall + BOX.tall / 2
  const floor = 96 + rows * tall + BOX.tall
  let back = 0
  const arrows = ways.map((way) => {
    if (isBack(way)) back += 1
    return arrow(way, { x, y, floor: floor + back * 30, ground })
  })
  const boxes = states.flatMap((state) => [
    box(
      x(state),
      y(state) - BOX.tall / 2,
      BOX.wide,
      BOX.tall,
      ground.back,
      ` rx="8" stroke="${ground.muted}" stroke-width="1.5"`,
    ),
    label(x(state) + BOX.wide / 2, y(state) + 5, cut(state.name, BOX.wide - 12), {
      anchor: 'middle',
      fill: ground.text,
    }),
  ])
  const height = floor + backs * 30 + (backs > 0 ? 20 : 0) + 22
  return picture({ title, sub: unit, height, ground }, [
    ...arrows.map(({ path }) => path),
    ...boxes,
    // Words last, so that no arrow runs through them.
    ...arrows.flatMap(({ words }) => words),
  ])
}

function isBack({ spots }: Way): boolean {
  return (spots.at(-1)?.column ?? 0) <= (spots[0]?.column ?? 0)
}

interface Plane {
  x(spot: Spot): number
  y(spot: Spot): number
  readonly floor: number
  readonly ground: Ground
}

function arrow(way: Way, { x, y, floor, ground }: Plane): { readonly path: string; readonly words: readonly string[] } {
  const { spots, names, times } = way
  const [start, end] = [spots[0], spots.at(-1)] as [Spot, Spot]
  const gone = times === undefined || times > 0
  const colour = times !== undefined && gone ? colourOf(0) : ground.muted
  const stroke = `fill="none" stroke="${colour}" stroke-width="${times !== undefined && gone ? 3 : 1.5}"${gone ? '' : ' stroke-dasharray="5 4"'}`
  if (isBack(way)) {
    const [from, to] = [x(start) + BOX.wide * 0.6, x(end) + BOX.wide * 0.4]
    const [down, up] = [y(start) + BOX.tall / 2, y(end) + BOX.tall / 2]
    const path = `<path d="M${round(from)} ${round(down)} L${round(from)} ${round(floor)} L${round(to)} ${round(floor)} L${round(to)} ${round(up + 7)}" ${stroke}/>`
    return { path: path + head(to, up, 'up', colour), words: wordsAt((from + to) / 2, floor, names, 300, ground) }
  }
  const points = spots.map((spot, at) => {
    const side = at === 0 ? BOX.wide : at === spots.length - 1 ? -7 : BOX.wide / 2
    return { x: x(spot) + side, y: y(spot) }
  })
  const curve = points.slice(1).map((point, at) => {
    const before = points[at] as { x: number; y: number }
    const middle = (before.x + point.x) / 2
    return `C${round(middle)} ${round(before.y)} ${round(middle)} ${round(point.y)} ${round(point.x)} ${round(point.y)}`
  })
  const [first] = points as [{ x: number; y: number }]
  const path = `<path d="M${round(first.x)} ${round(first.y)} ${curve.join(' ')}" ${stroke}/>`
  const passed = points.slice(1, -1)
  const middle = passed[Math.floor(passed.length / 2)] ?? {
    x: (first.x + (points.at(-1)?.x ?? 0)) / 2,
    y: (first.y + (points.at(-1)?.y ?? 0)) / 2,
  }
  const tip = points.at(-1) ?? first
  const room = passed.length > 0 ? 260 : Math.max(tip.x - first.x + 10, 60)
  return {
    path: path + head(tip.x + 7, tip.y, 'right', colour),
    words: wordsAt(middle.x, middle.y, names, room, ground),
  }
}

function head(x: number, y: number, way: 'right' | 'up', fill: string): string {
  const points = way === 'right' ? [x - 9, y - 5, x, y, x - 9, y + 5] : [x - 5, y + 9, x, y, x + 5, y + 9]
  return `<polygon points="${points.map(round).join(' ')}" fill="${fill}"/>`
}

/** What leads there, a line for each, on a ground of its own. */
function wordsAt(x: number, y: number, names: readonly string[], room: number, ground: Ground): readonly string[] {
  const shown = linesOf(names, room)
  return shown.flatMap((name, at) => {
    const middle = y + (at - (shown.length - 1) / 2) * WORD
    const wide = widthOf(name, 12) + 8
    return [
      box(x - wide / 2, middle - 9, wide, 17, ground.back, ' rx="3"'),
      label(x, middle + 4, name, { anchor: 'middle', fill: ground.text, size: 12 }),
    ]
  })
}

/** Names side by side as long as there is room. */
function linesOf(names: readonly string[], room: number): readonly string[] {
  const lines: string[] = []
  for (const name of names) {
    const together = [...lines.slice(-1), name].join(', ')
    if (lines.length > 0 && widthOf(together, 12) <= room) lines[lines.length - 1] = together
    else lines.push(cut(name, room, 12))
  }
  return lines
}
