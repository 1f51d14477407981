import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { isSecretName } from '../plan/index.ts'

const KEPT = 1000
const NAMED_TEXT = /["']?([A-Za-z_$][\w$-]*)["']?\s*[:=]\s*(["'`])(?!\2)/g
const PRIVATE_CALL =
  /\b(verify|mfa|revoke|userInfo|reveal|secret)\b[^)]*\(\s*["'`]|["'`][^"'`]*["'`]\s*\)\s*\.(enroll|challenge|verify)\b/
const TOKEN_LIKE = /eyJ[\w-]{8,}|Fe26\.2|-----BEGIN|[A-Za-z0-9_-]{40,}/

/** Where the console keeps what it remembers: `${XDG_STATE_HOME:-~/.local/state}/tenantlab`. */
export function stateFolder(): string {
  const state = process.env.XDG_STATE_HOME
  return join(state === undefined || state === '' ? join(homedir(), '.local', 'state') : state, 'tenantlab')
}

/** Where the console keeps its history. */
export function historyFile(): string {
  return join(stateFolder(), 'history')
}

/** True for a line that may hold a secret: it stays in memory for the arrow keys, and is never written. */
export function isPrivateLine(line: string): boolean {
  if (TOKEN_LIKE.test(line) || PRIVATE_CALL.test(line)) return true
  for (const [, name] of line.matchAll(NAMED_TEXT)) if (name !== undefined && isSecretName(name)) return true
  return false
}

/** A history that only its owner may read. */
export interface History {
  /** Newest first, as Node's console wants them. */
  readonly lines: string[]
  /** Keeps a whole statement, unless it may hold a secret: then none of its lines is written. */
  add(statement: string): void
}

/** Opens the history in `file`; makes it, with mode 0600, when it is not there. */
export function openHistory(file: string): History {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  if (!existsSync(file)) writeFileSync(file, '', { mode: 0o600 })
  chmodSync(file, 0o600)
  const written = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  const kept = written.slice(-KEPT)
  if (written.length > KEPT * 2) writeFileSync(file, `${kept.join('\n')}\n`, { mode: 0o600 })
  const lines = [...kept].reverse()
  return {
    lines,
    add(statement) {
      const written = statement.split('\n').filter((line) => line.trim() !== '')
      if (written.length === 0 || isPrivateLine(statement)) return
      appendFileSync(file, `${written.join('\n')}\n`, { mode: 0o600 })
    },
  }
}
