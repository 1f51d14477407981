import { plain } from '../../display/index.ts'
import type { Redactor, RunEndEvent, RunEvent } from '../../run/index.ts'
import { type RunAccount, RunAccounts } from './account.ts'
import type { Report } from './contract.ts'
import { fileHere, linesOf, type Onward } from './line.ts'
import { countdown } from './status.ts'

/** Milliseconds of a wait that nobody should look at an empty log for. */
const LONG = 10_000

/** The group of a step that is not over. */
interface Open {
  readonly title: string
  lines: string[]
}

/**
 * Progress in GitHub's logs: a group for each step, errors where the interface shows them, and secrets masked by the
 * runner as soon as they are known. The group of a step is printed whole when the step ends, so that tenants that run
 * side by side do not stand in each other's groups; before a long wait, what there is is printed, and the group goes on
 * after it. Nothing else of the log is taken for a command, whatever a tenant answers.
 *
 * @param print one line.
 * @param several names the tenant in each line outside of a group.
 * @param onward what can be done about a run that did not end well.
 */
export function githubReport(
  print: (line: string) => void,
  redactor: Redactor,
  several = false,
  onward?: Onward,
): Report {
  const masked = new Set<string>()
  const open = new Map<string, Open>()
  const accounts = new RunAccounts()
  const mask = (): void => {
    for (const value of redactor.values()) {
      if (masked.has(value)) continue
      masked.add(value)
      for (const line of value.split(/\r?\n/)) if (line !== '') print(`::add-mask::${escaped(line)}`)
    }
  }
  // A secret that was met after a line was made is no secret less.
  const text = (line: string): void => print(harmless(redactor.text(line)))
  const flush = (group: Open): void => {
    print(`::group::${escaped(plain(redactor.text(group.title)))}`)
    for (const line of group.lines) text(line)
    print('::endgroup::')
  }
  const close = (tenant: string): void => {
    const group = open.get(tenant)
    if (group === undefined) return
    open.delete(tenant)
    flush(group)
  }
  const inGroups = (event: RunEvent, account: RunAccount): void => {
    const { tenant } = event
    if (event.type === 'step_start') {
      close(tenant)
      open.set(tenant, { title: `${tenant} ${event.step}`, lines: [] })
    }
    const lines = linesOf(event, account, onward).flatMap((line) => line.split(/\r\n|[\r\n]/))
    const group = event.type === 'run_end' ? undefined : open.get(tenant)
    if (group === undefined) {
      close(tenant)
      for (const line of lines) text(several ? `${tenant}  ${line}` : line)
      return
    }
    group.lines.push(...lines)
    if (event.type === 'wait' && (event.ms ?? 0) >= LONG) {
      flush({ ...group, lines: [...group.lines, `  waits for ${countdown(event.ms ?? 0)}`] })
      open.set(tenant, { title: group.title, lines: [] })
    }
  }
  return {
    hear(event) {
      mask()
      const account = accounts.take(event)
      inGroups(event, account)
      if (event.type === 'step_end') close(event.tenant)
      // A failure that the runbook catches is no error of the run.
      if (event.type === 'run_end' && event.status !== 'done') {
        const step = account.toldBy
        const where = step === undefined ? '' : `${event.tenant}: ${step}: `
        print(`::error${placed(event.place)}::${escaped(redactor.text(`${where}${event.message ?? event.status}`))}`)
      }
    },
    note(line) {
      mask()
      text(line)
    },
    pause: () => undefined,
    resume: () => undefined,
    close() {
      mask()
      for (const tenant of [...open.keys()]) close(tenant)
    },
  }
}

/** Where GitHub shows an error, beside the line of the runbook. */
function placed(place: RunEndEvent['place']): string {
  if (place === undefined) return ''
  const file = escaped(fileHere(place.file)).replace(/,/g, '%2C').replace(/:/g, '%3A')
  return ` file=${file},line=${place.line},col=${place.column}`
}

/** The runner takes `::` at the beginning of a line, and `##[` anywhere, for a command. */
function harmless(line: string): string {
  return plain(line)
    .replace(/^(\s*):(?=:)/, '$1: ')
    .replace(/##(?=\[)/g, '# #')
}

function escaped(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
}
