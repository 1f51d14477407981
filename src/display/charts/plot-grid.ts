import { type Drawing, numberText, type RunLine, type SpanKind, sum } from './drawing.ts'
import {
  box,
  colourOf,
  cut,
  type Ground,
  LEFT,
  label,
  legend,
  line,
  picture,
  RIGHT,
  ticksUpTo,
  widthOf,
} from './frame.ts'
import { SPANS } from './runs.ts'

const CELL = 34

/** Hours across, weekdays down: the darker, the more. */
export function heatMapPicture(drawing: Drawing, ground: Ground): string {
  const { labels, series, title, unit } = drawing
  const most = Math.max(1, ...series.flatMap(({ values }) => values))
  const left = LEFT + 44
  const slot = (RIGHT - left) / labels.length
  const cells = series.flatMap(({ name, values }, row) => {
    const y = 84 + row * CELL
    return [
      label(left - 12, y + CELL / 2 + 5, name, { anchor: 'end', fill: ground.text }),
      ...values.map((value, at) =>
        box(
          left + at * slot + 1,
          y + 1,
          slot - 2,
          CELL - 2,
          mixed(ground.ramp, value > 0 ? Math.max(value / most, 0.08) : 0),
          ' rx="2"',
        ),
      ),
    ]
  })
  const bottom = 84 + series.length * CELL
  const hours = labels.flatMap((name, at) =>
    at % 3 === 0 ? [label(left + (at + 0.5) * slot, bottom + 20, name, { anchor: 'middle', fill: ground.muted })] : [],
  )
  const total = sum(series.flatMap(({ values }) => values))
  const scale = Array.from({ length: 40 }, (_, at) =>
    box(RIGHT - 250 + at * 4, bottom + 34, 4.4, 10, mixed(ground.ramp, at / 39)),
  )
  const ends = [
    label(RIGHT - 258, bottom + 44, '0', { anchor: 'end', fill: ground.muted }),
    label(RIGHT - 82, bottom + 44, `${numberText(most)} in an hour`, { fill: ground.muted, size: 13 }),
  ]
  const head = { title, sub: `${unit}, ${numberText(total)} in all`, height: bottom + 62, ground }
  return picture(head, [...cells, ...hours, ...scale, ...ends])
}

const MOST_LANES = 24
const NAMES: Readonly<Record<SpanKind, string>> = {
  token: 'fetches a token',
  attempt: 'attempt, answered',
  failed: 'attempt, refused or lost',
  wait: 'waits for the rate limit',
  retry: 'pauses before a retry',
}
const TONES: Readonly<Record<SpanKind, number>> = { token: 4, attempt: 2, failed: 3, wait: 5, retry: 1 }

/** A lane for each run, time to the right. */
export function timelinePicture(drawing: Drawing, ground: Ground): string {
  const { title } = drawing
  const lanes = (drawing.lanes ?? []).slice(0, MOST_LANES)
  const used = SPANS.filter((kind) => lanes.some(({ spans }) => spans.some((span) => span.kind === kind)))
  const names = legend(
    used.map((kind) => NAMES[kind]),
    ground,
    used.map((kind) => colourOf(TONES[kind])),
  )
  const end = Math.max(1, ...lanes.flatMap(({ spans }) => spans.map(({ to }) => to)))
  const column = Math.max(40, ...lanes.map(({ name }) => widthOf(cut(name, 270))))
  const left = LEFT + column + 14
  const tall = lanes.length > 12 ? 20 : 28
  const top = names.bottom + 10
  const bottom = top + lanes.length * tall
  const last = end * 1.02
  const ticks = ticksUpTo(end, 6).filter((tick) => tick <= last)
  const x = (ms: number): number => left + (ms / last) * (RIGHT - left - 20)
  const rule = ticks.flatMap((tick) => [
    line(x(tick), top, x(tick), bottom + 4, ground.grid),
    label(x(tick), bottom + 24, timeText(tick, last), { anchor: 'middle', fill: ground.muted }),
  ])
  const drawn = lanes.flatMap((lane, at) => laneParts(lane, top + at * tall, tall, { left, x, ground }))
  const hidden = (drawing.lanes?.length ?? 0) - lanes.length
  const more = hidden > 0 ? `, ${hidden} more are not drawn` : ''
  const sub = `time since the first event; ${lanes.length} ${lanes.length === 1 ? 'run' : 'runs'}${more}`
  return picture({ title, sub, height: bottom + 42, ground }, [...names.parts, ...rule, ...drawn])
}

function laneParts(
  { name, spans }: RunLine,
  y: number,
  tall: number,
  { left, x, ground }: { left: number; x: (ms: number) => number; ground: Ground },
): readonly string[] {
  return [
    label(left - 14, y + tall / 2 + 5, cut(name, 270), { anchor: 'end', fill: ground.text, size: tall < 24 ? 12 : 14 }),
    ...spans.map(({ kind, from, to }) => {
      // What waits is thinner than what is sent: the shape says it too, not the colour alone.
      const inset = kind === 'wait' || kind === 'retry' ? tall * 0.36 : tall * 0.14
      return box(
        x(from),
        y + inset,
        Math.max(x(to) - x(from), 1.5),
        tall - 2 * inset,
        colourOf(TONES[kind]),
        ' rx="1.5"',
      )
    }),
  ]
}

function timeText(ms: number, last: number): string {
  return last >= 2000 ? `${numberText(ms / 1000)} s` : `${numberText(ms)} ms`
}

/** A colour between two, by a share from 0 to 1. */
function mixed([from, to]: readonly [string, string], share: number): string {
  const part = (text: string, at: number): number => Number.parseInt(text.slice(1 + at * 2, 3 + at * 2), 16)
  const channel = (at: number): string =>
    Math.round(part(from, at) + (part(to, at) - part(from, at)) * Math.min(share, 1))
      .toString(16)
      .padStart(2, '0')
  return `#${channel(0)}${channel(1)}${channel(2)}`
}
