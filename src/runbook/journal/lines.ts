import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ConfigurationError } from '../../plan/index.ts'

/** JSON lines in a file that only its owner can read; each line is on the disk before `append` returns. */
export class LineFile {
  readonly path: string
  #handle: number | undefined

  /** @throws ConfigurationError when others may read the file. */
  constructor(path: string) {
    this.path = resolve(path)
    const fresh = !existsSync(this.path)
    if (fresh) mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 })
    this.#handle = openSync(this.path, 'a+', 0o600)
    if (!fresh) this.#check()
    if (fresh) syncFolder(dirname(this.path))
  }

  append(line: object): void {
    if (this.#handle === undefined) throw new Error(`${this.path} was closed.`)
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#handle, bytes, written)
    fsyncSync(this.#handle)
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle)
    this.#handle = undefined
  }

  /** A line that a crash cut off was never acted upon: it is taken away, so that the next one begins a line. */
  #check(): void {
    const handle = this.#handle as number
    if ((fstatSync(handle).mode & 0o077) !== 0) {
      throw new ConfigurationError(
        `Others can read ${this.path}. Take their rights away with chmod 600, and start again.`,
      )
    }
    const bytes = readFileSync(this.path)
    const end = bytes.lastIndexOf(0x0a) + 1
    if (end < bytes.length) ftruncateSync(handle, end)
  }
}

/** The whole lines of such a file as data; a last line that was cut off is left out. */
export function readLines(path: string): readonly unknown[] {
  const text = readFileSync(path, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      try {
        return JSON.parse(line) as unknown
      } catch (cause) {
        throw new ConfigurationError(
          `Line ${index + 1} of ${path} is no JSON. It was changed by hand or is no journal.`,
          { cause },
        )
      }
    })
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
