import type { RunEvent } from '../../run/index.ts'
import { RunAccount } from './account.ts'
import { changeLines, fileHere, summaryText } from './line.ts'

/** A report of one or several runs, tenant by tenant, for a reader who was not there. */
export function markdownReport(events: readonly RunEvent[]): string {
  const accounts = new Map<string, RunAccount>()
  for (const event of events) {
    const account = accounts.get(event.tenant) ?? new RunAccount()
    accounts.set(event.tenant, account)
    account.take(event)
  }
  return `${[...accounts.values()].map(section).join('\n\n')}\n`
}

function section(account: RunAccount): string {
  const { start, tenant, drifts, status, summary, message, place } = account
  const lines: string[] = []
  if (start === undefined) lines.push(`## ${cell(tenant || 'Before any tenant was known')} · did not begin`)
  else {
    const { runbook, mode, who, at, resumed, params } = start
    lines.push(`## ${cell(runbook)} · ${cell(tenant)}`, '', `${mode} by \`${who}\`, ${at}${resumed ? ', resumed' : ''}`)
    if (params !== undefined && JSON.stringify(params) !== '{}')
      lines.push('', `Parameters: \`${JSON.stringify(params).replace(/`/g, "'")}\``)
  }
  const steps = [...account.steps.values()]
  const ended = steps.filter(({ outcome }) => outcome !== undefined)
  if (ended.length > 0) lines.push('', '| step | outcome | request ids |', '|---|---|---|')
  for (const { step, outcome, reason, requestIds } of ended) {
    const end = reason === undefined ? outcome : `${outcome}: ${reason}`
    lines.push(`| ${cell(step)} | ${cell(String(end))} | ${cell(requestIds.join(' '))} |`)
  }
  for (const { step, route, action, unknown, changes = [] } of steps) {
    if (action === undefined) continue
    const told = [...(unknown === undefined ? [] : [`? ${unknown}`]), ...changes.flatMap(changeLines)]
    lines.push('', `### ${cell(step)}`, '', `\`${route}\``, ...fence(told))
  }
  for (const { step, changes } of drifts)
    lines.push('', `### ${cell(step)} has drifted`, ...fence(changes.flatMap(changeLines)))
  if (status !== undefined && summary !== undefined) {
    lines.push(
      '',
      `**${status}** · ${summaryText(summary)}`,
      ...(message === undefined ? [] : ['', cell(message)]),
      ...(place === undefined ? [] : ['', `\`${cell(fileHere(place.file))}:${place.line}\``]),
    )
  }
  return lines.join('\n')
}

function fence(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', '````diff', ...lines.map((line) => line.replace(/````/g, "'''")), '````']
}

function cell(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/([|<>`])/g, '\\$1')
}
