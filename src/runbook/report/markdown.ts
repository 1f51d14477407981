import type { RunEvent } from '../../run/index.ts'
import { changeLine, summaryText } from './line.ts'
import { fileHere } from './run-lines.ts'

/** A report of one or several runs, tenant by tenant, for a reader who was not there. */
export function markdownReport(events: readonly RunEvent[]): string {
  const tenants = [...new Set(events.map(({ tenant }) => tenant))]
  return `${tenants.map((tenant) => section(events.filter((event) => event.tenant === tenant))).join('\n\n')}\n`
}

function section(events: readonly RunEvent[]): string {
  const start = events.find((event) => event.type === 'run_start')
  const end = events.find((event) => event.type === 'run_end')
  const lines: string[] = []
  if (start === undefined) lines.push(`## ${cell(events[0]?.tenant || 'Before any tenant was known')} · did not begin`)
  else if (start.type === 'run_start') {
    lines.push(
      `## ${cell(start.runbook)} · ${cell(start.tenant)}`,
      '',
      `${start.mode} by \`${start.who}\`, ${start.at}${start.resumed ? ', resumed' : ''}`,
    )
    if (start.params !== undefined && JSON.stringify(start.params) !== '{}')
      lines.push('', `Parameters: \`${JSON.stringify(start.params).replace(/`/g, "'")}\``)
  }
  const steps = events.flatMap((event) => (event.type === 'step_end' ? [event] : []))
  if (steps.length > 0) {
    lines.push('', '| step | outcome | request ids |', '|---|---|---|')
    for (const { step, outcome, reason } of steps) {
      const ids = events.flatMap((event) =>
        event.type === 'answer' && event.step === step && event.requestId ? [event.requestId] : [],
      )
      lines.push(
        `| ${cell(step)} | ${cell(reason === undefined ? outcome : `${outcome}: ${reason}`)} | ${cell(ids.join(' '))} |`,
      )
    }
  }
  for (const event of events) {
    if (event.type === 'planned_change') {
      const { step, route, reason, changes } = event
      lines.push(
        '',
        `### ${cell(step)}`,
        '',
        `\`${route}\``,
        ...fence([...(reason === undefined ? [] : [`? ${reason}`]), ...changes.map(changeLine)]),
      )
    } else if (event.type === 'drift') {
      for (const { step, changes } of event.drifts)
        lines.push('', `### ${cell(step)} has drifted`, ...fence(changes.map(changeLine)))
    }
  }
  if (end?.type === 'run_end') {
    lines.push(
      '',
      `**${end.status}** · ${summaryText(end.summary)}`,
      ...(end.message === undefined ? [] : ['', cell(end.message)]),
      ...(end.place === undefined ? [] : ['', `\`${cell(fileHere(end.place.file))}:${end.place.line}\``]),
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
