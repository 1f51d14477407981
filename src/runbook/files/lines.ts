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

/** JSON lines in a file that only its owner can read. What was appended is on the disk once `flush` has returned. */
export class LineFile {
  readonly path: string
  #handle: number | undefined
  #unflushed = false

  /** @throws ConfigurationError when others may read the file, or it cannot be written. */
  constructor(path: string) {
    this.path = resolve(path)
    try {
      const fresh = !existsSync(this.path)
      if (fresh) mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 })
      this.#handle = openSync(this.path, 'a+', 0o600)
      if (!fresh) this.#check()
      if (fresh) syncFolder(dirname(this.path))
    } catch (error) {
      this.close()
      throw error instanceof ConfigurationError ? error : cannotWrite(this.path, error, 'before the run')
    }
  }

  /** @throws ConfigurationError when it cannot be written. */
  append(line: object): void {
    if (this.#handle === undefined) throw new Error(`${this.path} was closed.`)
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    try {
      this.#unflushed = true
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#handle, bytes, written)
    } catch (error) {
      throw cannotWrite(this.path, error, 'in the run')
    }
  }

  /** @throws ConfigurationError when it cannot be written. */
  flush(): void {
    if (this.#handle === undefined || !this.#unflushed) return
    this.#unflushed = false
    try {
      fsyncSync(this.#handle)
    } catch (error) {
      throw cannotWrite(this.path, error, 'in the run')
    }
  }

  /** Flushes, and releases the file, also where it could not be flushed. */
  close(): void {
    const handle = this.#handle
    if (handle === undefined) return
    try {
      this.flush()
    } finally {
      this.#handle = undefined
      closeSync(handle)
    }
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
          `Line ${index + 1} of ${path} is not JSON. It was changed by hand, or the file is not a journal.`,
          { cause },
        )
      }
    })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the file has reached the size that it may have',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk can only be read',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
}

/** What a file that cannot be written means for a run. */
export function cannotWrite(path: string, error: unknown, when: 'before the run' | 'in the run'): ConfigurationError {
  const { code = '', message } = error as NodeJS.ErrnoException
  const reason = `${REASONS[code] ?? message}${code in REASONS ? ` (${code})` : ''}`
  return new ConfigurationError(
    when === 'in the run'
      ? `${path} could not be written: ${reason}. The run ended there, and sent nothing more. Fix that, and continue the run.`
      : `${path} cannot be written: ${reason}. Nothing was sent. Fix that, or name another file for the journal.`,
    { cause: error },
  )
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
