import { stripVTControlCharacters } from 'node:util'
import { type Paint, painter, plain, plainLines, width } from '../../display/index.ts'
import type { RunEvent } from '../../run/index.ts'
import { RunAccounts } from './account.ts'
import type { Report, Screen } from './contract.ts'
import { linesOf, type Onward } from './line.ts'
import { statusLine } from './status.ts'
import { View } from './view.ts'

/**
 * Progress for people: a line for what has happened, and, on a terminal, below it a line for each tenant that changes
 * in place and says what goes on and how much of the rate limit is left.
 *
 * @param several names the tenant in each line.
 * @param onward what can be done about a run that did not end well.
 */
export function humanReport(screen: Screen, several: boolean, onward?: Onward): Report {
  const paint = painter(screen.colours === true)
  const accounts = new RunAccounts()
  const view: View = new View(
    screen,
    (columns, rows) => {
      const { now } = view
      const { running } = accounts
      const shown = running.slice(0, running.length > rows ? rows - 1 : rows)
      const lines = shown.map((account) => statusLine(account, { columns, several, now }, paint))
      const more = running.length - shown.length
      return more === 0 ? lines : [...lines, paint('dim', `and ${more} more`.slice(0, columns))]
    },
    (line) => width(stripVTControlCharacters(line)),
  )
  return {
    hear(event) {
      const { tenant } = event
      const account = accounts.take(event, view.now)
      // Why a run could not begin is told by the command.
      if (event.type === 'run_end' && account.start === undefined) return
      const lines = linesOf(event, account, onward).flatMap(plainLines)
      view.log(
        lines.map((line) => `${several ? `${paint('dim', plain(tenant))}  ` : ''}${coloured(event, line, paint)}`),
      )
    },
    note: (text) => view.log(plainLines(text)),
    pause: () => view.pause(),
    resume: () => view.resume(),
    close: () => view.close(),
  }
}

/** Colour follows the mark at the beginning of a line, so that nothing is said by colour alone. */
function coloured(event: RunEvent, line: string, paint: Paint): string {
  if (event.type === 'run_start') return line.startsWith(event.mode) ? paint('bold', line) : paint('dim', line)
  if (event.type === 'run_end' && line.startsWith('  ')) return line.startsWith('   ') ? paint('dim', line) : line
  if (event.type === 'run_end')
    return paint(event.status === 'done' ? 'green' : event.status === 'stopped' ? 'yellow' : 'red', line)
  if (event.type === 'say') return line
  if (event.type === 'step_end')
    return paint(event.outcome === 'done' ? 'green' : event.outcome === 'failed' ? 'red' : 'dim', line)
  const style = COLOURS[line.trimStart().slice(0, 1)]
  return style === undefined ? line : paint(style, line)
}

const COLOURS: Readonly<Record<string, Parameters<Paint>[0]>> = {
  '+': 'green',
  '-': 'red',
  '~': 'yellow',
  '!': 'yellow',
  '?': 'yellow',
}
