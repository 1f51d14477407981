import { appendFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import {
  type Ask,
  EVENTS_VERSION,
  githubReport,
  humanReport,
  jsonReport,
  markdownReport,
  type RunEvent,
  type RunListener,
  type Vault,
} from '../../runbook/index.ts'
import { version } from '../../session/index.ts'
import { type OptionTable, textOf, type Words } from './words.ts'

/** Options of commands that run. */
export const OUTPUT: OptionTable = {
  json: { type: 'boolean', help: 'events as JSON lines; the first tells the version' },
  report: { type: 'string', help: 'writes a report in Markdown to this file' },
}

/** How a command tells what it does. */
export interface Output {
  readonly listener: RunListener
  /** Writes what is written at the end. */
  close(): void
}

/** Chooses the output: JSON where asked for, GitHub's form in its runners, else for people. */
export function openOutput(
  values: Words['values'],
  write: (text: string) => void,
  vault: Vault,
  several: boolean,
): Output {
  const events: RunEvent[] = []
  const told = chooseReport(values, write, vault, several)
  const report = textOf(values, 'report')
  const { GITHUB_ACTIONS: github, GITHUB_STEP_SUMMARY: summary } = process.env
  return {
    listener(event) {
      events.push(event)
      told(event)
    },
    close() {
      const text = vault.text(markdownReport(events))
      if (report !== undefined) writeFileSync(report, text, { mode: 0o600 })
      if (github === 'true' && summary !== undefined && summary !== '') appendFileSync(summary, text)
    },
  }
}

function chooseReport(
  values: Words['values'],
  write: (text: string) => void,
  vault: Vault,
  several: boolean,
): RunListener {
  if (values.json === true) return jsonReport(write, { events: EVENTS_VERSION, tenantlab: version })
  if (process.env.GITHUB_ACTIONS === 'true') return githubReport(write, vault)
  const { stdout } = process
  const columns = stdout.isTTY ? stdout.columns || 80 : undefined
  return humanReport({ write: (text) => void stdout.write(text), ...(columns !== undefined && { columns }) }, several)
}

/** True where a person can be asked: a terminal on both sides, and no CI. */
export function isAttended(): boolean {
  return (
    process.stdin.isTTY === true &&
    process.stdout.isTTY === true &&
    !process.env.CI &&
    process.env.GITHUB_ACTIONS !== 'true'
  )
}

let asking: Promise<unknown> = Promise.resolve()

/** Asks for a line; questions of several tenants come one after the other. */
export function askLine(text: string): Promise<string> {
  const line = asking.then(async () => {
    const reader = createInterface({ input: process.stdin, output: process.stdout })
    try {
      return (await reader.question(`${text} `)).trim()
    } finally {
      reader.close()
    }
  })
  asking = line.catch(() => undefined)
  return line
}

/** Asks the person at the terminal; nobody where there is none. */
export const askPerson: Ask = async ({ text, answers }) => {
  if (!isAttended()) return undefined
  for (;;) {
    const line = (await askLine(`\n${text} [${answers.join('/')}]`)).toLowerCase()
    const found = line === '' ? undefined : answers.find((answer) => answer.startsWith(line))
    if (found !== undefined) return found
  }
}
