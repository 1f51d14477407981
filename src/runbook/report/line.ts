import type { Change, Json } from '../../plan/index.ts'
import type { RunEvent, RunSummary } from '../../run/index.ts'

/** One line for one change. */
export function changeLine({ kind, path, before, after }: Change): string {
  const name = path === '' ? 'value' : path
  if (kind === 'added') return `+ ${name}: ${shown(after)}`
  if (kind === 'removed') return `- ${name}: ${shown(before)}`
  return `~ ${name}: ${shown(before)} → ${shown(after)}`
}

function shown(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}

/** What a person reads of an event; nothing for those that only a status line shows. */
export function linesOf(event: RunEvent): readonly string[] {
  switch (event.type) {
    case 'run_start':
      return [
        `${event.mode} ${event.runbook} on ${event.tenant} as ${event.who}${event.resumed ? ', resumed' : ''}`,
        ...(event.journal === undefined ? [] : [`journal ${event.journal}`]),
      ]
    case 'planned_change':
      return [
        `${event.changes.length === 0 && event.reason === undefined ? '=' : SIGNS[event.action]} ${event.step}: ${event.route}`,
        ...(event.reason === undefined ? [] : [`    ? ${event.reason}`]),
        ...event.changes.map((change) => `    ${changeLine(change)}`),
      ]
    case 'step_end': {
      // The change that was planned has told all of it.
      if (event.outcome === 'predicted' && event.reason === undefined) return []
      const reason = event.reason === undefined ? '' : `: ${event.reason}`
      return [`${MARKS[event.outcome]} ${event.step} (${OUTCOMES[event.outcome]}${reason})`]
    }
    case 'say':
      return [`  ${event.text}`]
    case 'drift':
      return event.drifts.flatMap(({ step, changes }) => [
        `! ${step} has drifted`,
        ...changes.map((change) => `    ${changeLine(change)}`),
      ])
    case 'run_end':
      return [`${event.status}: ${summaryText(event.summary)}`, ...(event.message === undefined ? [] : [event.message])]
    default:
      return []
  }
}

/** What a planned write does, by one sign. */
export const SIGNS = { create: '+', update: '~', delete: '-', unknown: '?' } as const
/** How a step ended, in words. */
export const OUTCOMES = {
  done: 'done',
  recorded: 'recorded',
  found: 'found',
  unchanged: 'no change',
  accepted: 'accepted',
  predicted: 'predicted',
  skipped: 'skipped',
  failed: 'failed',
} as const
/** How a step ended, by one sign. */
export const MARKS = {
  done: '✓',
  recorded: '=',
  found: '=',
  unchanged: '=',
  accepted: '=',
  predicted: '·',
  skipped: '-',
  failed: '✗',
} as const

/** The counts of a run in words. */
export function summaryText({ steps, requests, written, pending, skipped, recorded }: RunSummary): string {
  const parts = [
    `${steps} ${steps === 1 ? 'step' : 'steps'}`,
    `${requests} ${requests === 1 ? 'request' : 'requests'}`,
    ...(written > 0 ? [`${written} written`] : []),
    ...(pending > 0 ? [`${pending} ${pending === 1 ? 'change' : 'changes'} pending`] : []),
    ...(skipped > 0 ? [`${skipped} left out`] : []),
    ...(recorded > 0 ? [`${recorded} done before`] : []),
  ]
  return parts.join(', ')
}
