import { type Card, fields, type Look, lookOf, type Tone } from '../../display/index.ts'
import { type JournalEntry, ledgerOf, routeOf, rowFor, type StepRecord } from '../../run/index.ts'

/** Most steps in a card; the data has all. */
const MOST_STEPS = 50

/** One step of a journal, as it is shown. */
interface StepLine {
  readonly step: string
  readonly requests: readonly RequestLine[]
  readonly ended: string
  readonly undo: readonly string[]
  /** Why it cannot be undone, although it names an undo. */
  readonly noUndo?: string
  readonly reads: boolean
}

interface RequestLine {
  readonly method: string
  readonly path: string
  readonly status?: number
  readonly fault?: string
  readonly requestId?: string
}

/** The table of a journal: each step with its requests, how it ended, and what undoes it. */
export function showJournal(entries: readonly JournalEntry[]): Look {
  return lookOf(
    () => cardOf(entries),
    () => {
      const { opened } = ledgerOf(entries)
      return {
        ...(opened && { runbook: opened.runbook, mode: opened.mode, tenant: opened.tenant, who: opened.who }),
        status: statusOf(entries).text,
        lines: entries.length,
        steps: linesOf(entries).map(({ reads, ...line }) => line),
      }
    },
  )
}

function cardOf(entries: readonly JournalEntry[]): Card {
  const { opened } = ledgerOf(entries)
  if (opened === undefined) return { title: 'journal · empty: no run has begun it', blocks: [] }
  const status = statusOf(entries)
  const all = linesOf(entries)
  const telling = all.length <= MOST_STEPS ? all : all.filter(({ reads }) => !reads)
  const shown = telling.slice(-MOST_STEPS)
  const hidden = all.length - shown.length
  return {
    title: `journal · ${opened.runbook} · ${status.text}`,
    tone: status.tone,
    blocks: [
      fields(
        ['tenant', opened.tenant],
        ['as', opened.who],
        ['holds', `${entries.length} lines, ${all.length} ${all.length === 1 ? 'step' : 'steps'}`],
      ),
      {
        kind: 'table',
        columns: ['step', 'ended', 'requests', 'undo'],
        rows: shown.map(({ step, ended, requests, undo, noUndo }) => [
          step,
          ended,
          requests.map(requestText).join(', '),
          noUndo === undefined ? undo.join(', ') : `cannot: ${noUndo}`,
        ]),
        ...(hidden > 0 && { rest: `${hidden} more steps are in the data.` }),
      },
    ],
  }
}

function statusOf(entries: readonly JournalEntry[]): { readonly text: string; readonly tone: Tone } {
  const last = entries.at(-1)
  if (last === undefined) return { text: 'empty', tone: 'plain' }
  if (last.type !== 'closed') return { text: 'not ended: it runs, or was cut off', tone: 'warn' }
  return { text: last.status, tone: last.status === 'done' ? 'good' : last.status === 'failed' ? 'bad' : 'warn' }
}

function linesOf(entries: readonly JournalEntry[]): readonly StepLine[] {
  const requests = requestsOf(entries)
  const skipped = new Map(entries.flatMap((entry) => (entry.type === 'skipped' ? [[entry.step, entry.reason]] : [])))
  return [...ledgerOf(entries).steps.values()].map((record): StepLine => {
    const { id, done, begun } = record
    const row = begun?.plan === undefined ? undefined : rowFor(begun.plan)
    return {
      step: id,
      requests: requests.get(id) ?? [],
      ended: endOf(record, skipped.get(id)),
      undo: done?.undo?.map(routeOf) ?? [],
      ...(done?.noUndo !== undefined && { noUndo: done.noUndo }),
      reads: row?.effect === 'read' && record.failed === undefined,
    }
  })
}

function endOf({ done, failed, unknown, answered }: StepRecord, skipped: string | undefined): string {
  if (done !== undefined) return ENDS[done.how]
  if (unknown) {
    return answered === undefined ? 'sent, fate unknown' : `answered ${answered}, result lost`
  }
  if (failed !== undefined) return `failed: ${failed.message}`
  return skipped === undefined ? 'not over' : `left out: ${skipped}`
}

const ENDS = { sent: 'done', found: 'found done', unchanged: 'no change', accepted: 'taken as done' } as const

/** The requests of each step, with what became of each; those beside the step's own say what they were for. */
function requestsOf(entries: readonly JournalEntry[]): ReadonlyMap<string, readonly RequestLine[]> {
  const byNumber = new Map<number, { readonly step: string; line: RequestLine }>()
  for (const entry of entries) {
    if (entry.type === 'send') {
      const { step, method, path } = entry
      byNumber.set(entry.request, { step, line: { method, path } })
    } else if (entry.type === 'answer' || entry.type === 'lost') {
      const sent = byNumber.get(entry.request)
      if (sent === undefined) continue
      const { requestId } = entry.type === 'answer' ? entry : {}
      sent.line = {
        ...sent.line,
        ...(entry.type === 'answer' ? { status: entry.status } : { fault: entry.fault }),
        ...(requestId !== undefined && { requestId }),
      }
    }
  }
  const bySteps = new Map<string, RequestLine[]>()
  for (const { step, line } of byNumber.values()) bySteps.set(step, [...(bySteps.get(step) ?? []), line])
  return bySteps
}

function requestText({ method, path, status, fault, requestId }: RequestLine): string {
  const end = status ?? fault ?? 'no answer'
  return `${end} ${method} ${path}${requestId === undefined ? '' : ` (${requestId})`}`
}
