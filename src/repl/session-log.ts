import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stateFolder, writeWhole } from '../profiles/index.ts'

/** One statement and how it went. */
export interface LogEntry {
  /** What was typed, its secrets cut. */
  readonly statement: string
  readonly status: 'ok' | 'failed' | 'cancelled'
  /** Operations that it sent. */
  readonly operations: readonly string[]
  /** Kind of the error. */
  readonly error?: string
}

/** A record of one console, that its owner alone may read. */
export interface SessionLog {
  readonly file: string
  add(entry: LogEntry): void
  /** Cuts out of the statements what has become known as secret since they were kept. */
  revise(cut: (safe: string) => string): void
}

const KEPT = 30

/** Where the logs of consoles are kept. */
export function logFolder(): string {
  return join(stateFolder(), 'sessions')
}

/** Opens a log of a new console in `folder`, one JSON object a line, and lets go of the oldest. */
export function openSessionLog(folder: string, now: () => Date = () => new Date()): SessionLog {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${now().toISOString().replaceAll(/[:.]/g, '-')}-${process.pid}.jsonl`)
  writeFileSync(file, '', { mode: 0o600 })
  const old = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .slice(0, -KEPT)
  for (const name of old) rmSync(join(folder, name), { force: true })
  let entries: (LogEntry & { readonly at: string })[] = []
  const lineOf = (entry: object): string => `${JSON.stringify(entry)}\n`
  return {
    file,
    add({ statement, ...rest }) {
      const entry = { at: now().toISOString(), statement, ...rest }
      entries.push(entry)
      appendFileSync(file, lineOf(entry), { mode: 0o600 })
    },
    revise(cut) {
      const safe = entries.map((entry) => ({ ...entry, statement: cut(entry.statement) }))
      const changed = safe.some(({ statement }, at) => statement !== entries[at]?.statement)
      entries = safe
      if (changed) writeWhole(file, entries.map(lineOf).join(''))
    },
  }
}
