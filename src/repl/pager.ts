import { spawnSync } from 'node:child_process'
import type { ReadStream } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
import { width } from '../display/index.ts'

/** The pager of this machine's user: `$PAGER`, else `less`. */
export function defaultPager(): string {
  const { PAGER } = process.env
  return PAGER === undefined || PAGER.trim() === '' ? 'less -R' : PAGER
}

/** The pager that a console begins with: that of `$PAGER`, and none where it is not set. */
export function chosenPager(): string | undefined {
  const { PAGER } = process.env
  return PAGER === undefined || PAGER.trim() === '' || PAGER.trim() === 'cat' ? undefined : PAGER
}

/** Whether a text is longer than a screen. */
export function isLong(text: string, columns: number, rows: number): boolean {
  let lines = 0
  for (const line of text.split('\n')) {
    lines += Math.max(1, Math.ceil(width(stripVTControlCharacters(line)) / columns))
    if (lines > rows - 2) return true
  }
  return false
}

/**
 * Shows a text with a pager, and waits for its end.
 *
 * @param input the keys, which the pager reads meanwhile.
 * @returns `false` where the pager cannot run, so that the text is still to be printed.
 */
export function showPaged(text: string, pager: string, input: ReadStream): boolean {
  // Ctrl-C is the pager's meanwhile; without a listener it would end this process.
  const ignored = (): void => undefined
  const listeners = process.listeners('SIGINT')
  process.removeAllListeners('SIGINT')
  process.on('SIGINT', ignored)
  input.setRawMode(false)
  try {
    const { status, error } = spawnSync(pager, {
      shell: true,
      input: `${text}\n`,
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { LESS: 'FRX', ...process.env },
    })
    // 126 and 127 are the shell's own: there is no such program.
    return (
      status !== 126 && status !== 127 && (error === undefined || (error as NodeJS.ErrnoException).code === 'EPIPE')
    )
  } finally {
    input.setRawMode(true)
    setImmediate(() => {
      process.off('SIGINT', ignored)
      for (const listener of listeners) process.on('SIGINT', listener)
    })
  }
}
