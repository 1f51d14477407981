import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'

/**
 * Writes a file whole or not at all: the text is on the disk under another name before it takes the file's place. Where a
 * link leads to it, the link stays. What is not a file, such as a pipe, is written to as it is.
 *
 * @param rights `own` for a file that only its owner can read; `shared` for those that the user's other files have, or that
 *   the file has which it replaces.
 */
export function writeWhole(path: string, text: string, rights: 'own' | 'shared' = 'own'): void {
  const there = existsSync(path)
  const target = there ? realpathSync(path) : path
  const old = there ? statSync(target) : undefined
  if (old !== undefined && !old.isFile() && !old.isDirectory()) return writeFileSync(path, text)
  const part = `${target}.${process.pid}.part`
  try {
    const handle = openSync(part, 'w', rights === 'own' ? 0o600 : old === undefined ? 0o666 : old.mode & 0o777)
    try {
      const bytes = Buffer.from(text)
      for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(part, target)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}
