import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isPrivateLine, stateFolder } from './history.ts'

/** One statement and how it went. */
export interface LogEntry {
  /** What was typed. */
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
  return {
    file,
    add({ statement, ...rest }) {
      const shown = isPrivateLine(statement) ? '«a statement that may hold a secret»' : statement
      appendFileSync(file, `${JSON.stringify({ at: now().toISOString(), statement: shown, ...rest })}\n`, {
        mode: 0o600,
      })
    },
  }
}
