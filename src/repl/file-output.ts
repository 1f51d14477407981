import { writeFileSync } from 'node:fs'
import { ConfigurationError } from '../plan/index.ts'
import { writeWhole } from '../profiles/index.ts'

/** The file that a command names, and whether it may be replaced: `users.csv --force`. */
export interface FileWish {
  readonly file: string
  readonly force: boolean
}

/**
 * Reads what follows a command that may write a file.
 *
 * @returns Nothing where no file is named.
 */
export function fileIn(argument: string): FileWish | undefined {
  const force = /(?:^|\s)--force(?=\s|$)/.test(argument)
  const file = argument
    .replace(/(?:^|\s)--force(?=\s|$)/, '')
    .replace(/^\s*(?:-o|>)\s*/, '')
    .trim()
    .replace(/^(['"])(.*)\1$/, '$2')
  if (file === '' && force) throw new ConfigurationError('--force is for a file, and none is named.')
  return file === '' ? undefined : { file, force }
}

/**
 * Writes a file that its owner alone may read. Somebody's file is not replaced.
 *
 * @throws ConfigurationError where it is there already and `force` is not set, or its folder is not.
 */
export function writeFresh({ file, force }: FileWish, text: string): void {
  try {
    if (force) writeWhole(file, text)
    else writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const reason =
      code === 'EEXIST'
        ? `${file} is there already and was left alone. Name another file, or add --force.`
        : code === 'ENOENT'
          ? `The folder of ${file} is not there. Make it, or name another file.`
          : code === 'EISDIR'
            ? `${file} is a folder. Name a file.`
            : code === 'EACCES' || code === 'EPERM'
              ? `${file} may not be written by this user. Name another file.`
              : undefined
    if (reason === undefined) throw cause
    throw new ConfigurationError(reason, { cause })
  }
}
