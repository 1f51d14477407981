import { isAbsolute, relative } from 'node:path'
import { differencesOf } from '../../display/index.ts'
import type { Change } from '../../plan/index.ts'
import type { RunEndEvent, RunEvent, RunSummary } from '../../run/index.ts'
import type { RunAccount } from './account.ts'

/** Characters of the two values of a change that still read well on one line. */
const ONE_LINE = 100

/**
 * The lines for one change, with its values whole: a list element by element, a long text line by line, and what is long
 * below each other.
 */
export function changeLines(change: Change): readonly string[] {
  return differencesOf(change, (value) => JSON.stringify(value)).flatMap((difference) => {
    const { sign, name, before, after, lines } = difference
    if (lines !== undefined) return [`${sign} ${name}:`, ...lines.map((line) => `    ${line}`)]
    if (before === undefined || after === undefined) return [`${sign} ${name}: ${before ?? after ?? 'nothing'}`]
    if (before.length + after.length <= ONE_LINE) return [`${sign} ${name}: ${before} → ${after}`]
    return [`${sign} ${name}:`, `    - ${before}`, `    + ${after}`]
  })
}

/** What can be done about a run that did not end well, as the place says it where the run was started. */
export type Onward = (account: RunAccount) => readonly string[]

/** What a program or a notebook can do. */
const onwardInCode: Onward = ({ journal }) => [
  '  Once that is fixed, continue the run with the same journal.',
  `  Or undo what was done: await undoRun('${journal}', auth0)`,
]

/**
 * What a person reads of an event; nothing for those that only a status line shows. No reason is told twice, and a run
 * that did not end well tells the line of the runbook that it comes from, and what can be done next.
 *
 * @param account what its run has told so far, this event included.
 */
export function linesOf(event: RunEvent, account: RunAccount, onward: Onward = onwardInCode): readonly string[] {
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
        ...event.changes.flatMap(changeLines).map((line) => `    ${line}`),
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
        ...changes.flatMap(changeLines).map((line) => `    ${line}`),
      ])
    case 'run_end':
      return [
        `${event.status}: ${summaryText(event.summary)}`,
        ...(event.message === undefined || account.toldBy !== undefined ? [] : [event.message]),
        ...(event.place === undefined ? [] : [`    at ${placeText(event.place)}`]),
        ...nextOf(account, onward),
      ]
    default:
      return []
  }
}

/** What can be done about a run that did not end well. */
function nextOf(account: RunAccount, onward: Onward): readonly string[] {
  const { status, mode, journal, summary } = account
  if (status === 'done' || journal === undefined) return []
  if (mode === 'undo') return ['  Undo goes on where it stopped when it is called again.']
  // What has done nothing can as well begin anew.
  return summary === undefined || summary.written + summary.recorded === 0 ? [] : onward(account)
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

/** Folders up beyond which a path from here says less than the whole path. */
const FAR = '../'.repeat(4)

/** A path as people in this folder write it. */
export function fileHere(file: string): string {
  const near = relative(process.cwd(), file)
  return near === '' || near.startsWith(FAR) || isAbsolute(near) ? file : near
}

/** A line of a file as people in this folder write it: `runbooks/x.ts:12:5`. */
export function placeText({ file, line, column }: NonNullable<RunEndEvent['place']>): string {
  return `${fileHere(file)}:${line}:${column}`
}
