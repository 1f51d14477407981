import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

/**
 * Writes a file whole or not at all: the text is on the disk under another name before it takes the file's place. Only its
 * owner can read it.
 */
export function writeWhole(path: string, text: string): void {
  const part = `${path}.${process.pid}.part`
  try {
    const handle = openSync(part, 'w', 0o600)
    try {
      const bytes = Buffer.from(text)
      for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(part, path)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}
