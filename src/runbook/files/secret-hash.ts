import { randomBytes, scryptSync } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { canonicalJson, type Json } from '../../plan/index.ts'

const BYTES = 16

/**
 * Tells parameters apart that differ in secrets alone, which journals hide: a slow hash with a salt that lies beside the
 * journals and is in none of them.
 *
 * @param journal path of the journal.
 * @param params parameters with their secrets.
 */
export function secretHash(journal: string, params: Json): string {
  const salt = saltIn(dirname(resolve(journal)))
  return `scrypt-${scryptSync(canonicalJson(params), salt, BYTES).toString('hex')}`
}

/** The salt of a folder, which the first run that needs one makes. */
function saltIn(folder: string): string {
  const path = join(folder, '.salt')
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const own = `${path}.${process.pid}`
    writeFileSync(own, randomBytes(BYTES).toString('hex'), { mode: 0o600 })
    try {
      // Two runs that begin at once share the salt of one of them, and neither reads a file that is half written.
      linkSync(own, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(own, { force: true })
    }
  }
  return readFileSync(path, 'utf8')
}
