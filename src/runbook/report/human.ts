import { stripVTControlCharacters } from 'node:util'
import { type Paint, painter, plain, plainLines, width } from '../../display/index.ts'
import type { RunEvent } from '../../run/index.ts'
import type { Report, Screen } from './contract.ts'
import { RunLines } from './run-lines.ts'
import { TenantStatus } from './status.ts'
import { View } from './view.ts'

/**
 * Progress for people: a line for what has happened, and, on a terminal, below it a line for each tenant that changes
 * in place and says what goes on and how much of the rate limit is left.
 *
 * @param several names the tenant in each line.
 */
export function humanReport(screen: Screen, several: boolean): Report {
  const paint = painter(screen.colours === true)
  const statuses = new Map<string, TenantStatus>()
  const begun = new Set<string>()
  const told = new RunLines()
  const view: View = new View(
    screen,
    (columns, rows) => {
      const { now } = view
      const shown = [...statuses.values()].slice(0, statuses.size > rows ? rows - 1 : rows)
      const lines = shown.map((status) => status.line(columns, several, now, paint))
      const more = statuses.size - shown.length
      return more === 0 ? lines : [...lines, paint('dim', `and ${more} more`.slice(0, columns))]
    },
    (line) => width(stripVTControlCharacters(line)),
  )
  return {
    hear(event) {
      const { tenant } = event
      if (event.type === 'run_start') begun.add(tenant)
      // Why a run could not begin is told by the command.
      if (event.type === 'run_end' && !begun.has(tenant)) return
      follow(statuses, event, view.now)
      const lines = told.of(event).flatMap(plainLines)
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

function follow(statuses: Map<string, TenantStatus>, event: RunEvent, now: number): void {
  const { tenant } = event
  if (event.type === 'run_end') {
    statuses.delete(tenant)
    return
  }
  const status = statuses.get(tenant) ?? new TenantStatus(tenant)
  statuses.set(tenant, status)
  status.take(event, now)
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
