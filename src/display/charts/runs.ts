import { type Chart, type RunLine, type Span, type SpanKind, sum } from './drawing.ts'
import type { Row } from './records.ts'

/** An event of a run, by structure: events may come from a journal or another copy of the package. */
interface Told extends Row {
  readonly kind: string
  readonly at: number
}

const KINDS = new Set(['token', 'keys', 'wait', 'unknown', 'attempt', 'response', 'retry', 'page', 'item', 'value'])
export const SPANS: readonly SpanKind[] = ['token', 'attempt', 'failed', 'wait', 'retry']
/** What is not over in a moment is drawn; the rest would be a line without width. */
const SHORTEST = 0.5

/** True for an event of a plan. */
export function isTold(value: unknown): value is Told {
  const { kind, at } = (value ?? {}) as Row
  return typeof kind === 'string' && KINDS.has(kind) && typeof at === 'number' && Number.isFinite(at)
}

/** What runs did, a lane for each: the token that they waited for, attempts, waits, and pauses before a retry. */
export function timeline(
  runs: readonly (readonly unknown[])[],
): (Chart & { readonly lanes: readonly RunLine[] }) | undefined {
  const told = runs.map((run) => run.filter(isTold)).filter((run) => run.length > 0)
  if (told.length === 0) return undefined
  const start = Math.min(...told.flatMap((run) => run.map(beginOf)))
  const all = told.map((run) => ({ name: nameOf(run), spans: spansOf(run, start) }))
  // A flow's own value is no request.
  const some = all.filter(({ spans }) => spans.length > 0)
  const lanes = some.length === 0 ? all : some
  const totals = SPANS.map((kind) => ({
    kind,
    ms: sum(lanes.flatMap(({ spans }) => spans.filter((span) => span.kind === kind).map(({ from, to }) => to - from))),
  })).filter(({ ms }) => ms > 0)
  return {
    labels: totals.map(({ kind }) => kind),
    series: [{ name: 'ms', values: totals.map(({ ms }) => Math.round(ms)) }],
    lanes,
  }
}

/** Response times that runs told, in milliseconds. */
export function latenciesOf(runs: readonly (readonly unknown[])[]): readonly number[] {
  return runs.flatMap((run) =>
    run.flatMap((event) => {
      const { ms } = (event ?? {}) as Row
      return isTold(event) && event.kind === 'response' && typeof ms === 'number' && Number.isFinite(ms) ? [ms] : []
    }),
  )
}

function beginOf(event: Told): number {
  return event.kind === 'response' || event.kind === 'token' ? event.at - lengthOf(event.ms) : event.at
}

function nameOf(run: readonly Told[]): string {
  const named = run.find(({ operation }) => typeof operation === 'string')
  return named === undefined ? 'run' : String(named.operation)
}

function spansOf(run: readonly Told[], start: number): readonly Span[] {
  const spans: Span[] = []
  const add = (kind: SpanKind, from: number, to: number): void => {
    if (to - from >= SHORTEST) spans.push({ kind, from: from - start, to: to - start })
  }
  let attempt: number | undefined
  // What a run has waited for since: a token is told when it is there.
  let idle = run[0]?.at ?? start
  // However long it was told to be, a wait has lasted until something was sent.
  let waiting: { readonly kind: SpanKind; readonly from: number } | undefined
  const endWait = (at: number): void => {
    if (waiting !== undefined) add(waiting.kind, waiting.from, at)
    waiting = undefined
  }
  for (const event of run) {
    switch (event.kind) {
      case 'token':
        if (waiting === undefined) add('token', Math.min(idle, beginOf(event)), event.at)
        break
      case 'attempt':
        endWait(event.at)
        attempt = event.at
        break
      case 'response':
        add(Number(event.status) >= 400 ? 'failed' : 'attempt', attempt ?? beginOf(event), event.at)
        attempt = undefined
        break
      case 'retry':
        if (attempt !== undefined) add('failed', attempt, event.at)
        attempt = undefined
        waiting = { kind: 'retry', from: event.at }
        break
      case 'wait':
        // The pause of a retry is told twice: by the retry and by the wait that follows.
        if (waiting?.kind === 'retry' && event.reason !== 'slot') break
        endWait(event.at)
        waiting = { kind: 'wait', from: event.at }
        break
      default:
    }
    idle = event.at
  }
  endWait(run.at(-1)?.at ?? start)
  return spans
}

function lengthOf(value: unknown): number {
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : 0
}
