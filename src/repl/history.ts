import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stateFolder, writeWhole } from '../profiles/index.ts'

const KEPT = 1000
/** Stands for the end of a line within a statement. */
const LINE_END = '\u2028'

/** Where the console keeps its history. */
export function historyFile(): string {
  return join(stateFolder(), 'history')
}

/** A history that only its owner may read. */
export interface History {
  /** Newest first, as Node's console wants them. */
  readonly lines: string[]
  /** Keeps a statement whose secrets were cut. */
  add(safe: string): void
  /** Cuts out of the statements of this console what has become known as secret since they were kept. */
  revise(cut: (safe: string) => string): void
}

/** Opens the history in `file`; makes it, with mode 0600, when it is not there. */
export function openHistory(file: string): History {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  if (!existsSync(file)) writeFileSync(file, '', { mode: 0o600 })
  chmodSync(file, 0o600)
  const written = linesIn(file)
  if (written.length > KEPT * 2) replace(file, written.slice(-KEPT))
  let own: string[] = []
  return {
    lines: written.slice(-KEPT).reverse().map(decoded),
    add(safe) {
      if (safe.trim() === '') return
      own.push(safe)
      appendFileSync(file, `${encoded(safe)}\n`, { mode: 0o600 })
    },
    revise(cut) {
      const safe = own.map(cut)
      const changed = new Map(
        own.flatMap((each, at) => (each === safe[at] ? [] : [[encoded(each), encoded(safe[at] ?? '')]])),
      )
      own = safe
      if (changed.size > 0) {
        replace(
          file,
          linesIn(file).map((line) => changed.get(line) ?? line),
        )
      }
    },
  }
}

function linesIn(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
}

function replace(file: string, lines: readonly string[]): void {
  writeWhole(file, lines.length === 0 ? '' : `${lines.join('\n')}\n`)
}

/** A statement of several lines is one line of the file, so that it is recalled as one. */
function encoded(statement: string): string {
  return statement.trim().replaceAll('\n', LINE_END)
}

function decoded(line: string): string {
  return line.replaceAll(LINE_END, '\n')
}
