import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs'

/** Largest file that Auth0 takes, in bytes. https://auth0.com/docs/manage-users/user-migration/bulk-user-imports */
export const LARGEST_FILE = 512_000

/** Where the system shows itself as files: a plan that names one of them would send it away. */
const SYSTEM = /^\/(proc|sys|dev)(\/|$)/

/**
 * Reads a file that a plan names: a regular file of at most 512000 bytes, and none in which the system shows itself. A pipe
 * would never end, a device neither, and what a plan from elsewhere names must not be the environment of this process.
 *
 * @throws Error whose message is the end of a sentence that begins with the file.
 */
export function readLocalFile(file: string): Uint8Array {
  const real = realpathSync(file)
  if (SYSTEM.test(real)) throw new Error('belongs to the system, and no plan may send it')
  // Without waiting for the other end of a pipe.
  const handle = openSync(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const about = fstatSync(handle)
    if (!about.isFile()) throw new Error('is not a regular file')
    if (about.size > LARGEST_FILE) throw new Error(`has ${about.size} bytes, and Auth0 takes at most ${LARGEST_FILE}`)
    const content = new Uint8Array(LARGEST_FILE + 1)
    let length = 0
    while (length < content.length) {
      const read = readSync(handle, content, length, content.length - length, null)
      if (read === 0) break
      length += read
    }
    if (length > LARGEST_FILE) throw new Error(`grew while it was read, and Auth0 takes at most ${LARGEST_FILE} bytes`)
    return content.slice(0, length)
  } finally {
    closeSync(handle)
  }
}
