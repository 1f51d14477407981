import type { RunListener } from '../engine/index.ts'
import type { Vault } from '../vault.ts'
import { linesOf } from './line.ts'

/**
 * Progress in GitHub's logs: a group for each step, errors where the interface shows them, and secrets masked by the
 * runner as soon as they are known. Nothing else of the log begins with `::`, whatever a tenant answers.
 *
 * @param print one line.
 */
export function githubReport(print: (line: string) => void, vault: Vault): RunListener {
  const masked = new Set<string>()
  let group = false
  const close = (): void => {
    if (group) print('::endgroup::')
    group = false
  }
  const mask = (): void => {
    for (const value of vault.values()) {
      if (masked.has(value)) continue
      masked.add(value)
      for (const line of value.split(/\r?\n/)) if (line !== '') print(`::add-mask::${escaped(line)}`)
    }
  }
  return (event) => {
    mask()
    if (event.type === 'step_start') {
      close()
      print(`::group::${escaped(`${event.tenant} ${event.step}`)}`)
      group = true
    }
    for (const line of linesOf(event))
      for (const part of line.split(/\r?\n/)) print(part.replace(/^(\s*):(?=:)/, '$1: '))
    if (event.type === 'step_end') close()
    if (event.type === 'step_end' && event.outcome === 'failed')
      print(`::error::${escaped(`${event.step}: ${event.reason ?? 'failed'}`)}`)
    if (event.type === 'run_end') {
      close()
      if (event.status !== 'done') print(`::error::${escaped(event.message ?? event.status)}`)
    }
  }
}

function escaped(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
}
