// Says whether what is installed matches the lock, and whether dist/ was built from the sources as they are now.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { root } from './child.mjs'

const stampFile = join(root, '.cache', 'build.json')

/** Files besides `src/` that decide what a build writes. */
const buildInputs = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.mjs',
  'scripts/bundled.json',
  'scripts/bundled.mjs',
  'scripts/declarations.mjs',
  'scripts/freshness.mjs',
  'scripts/direct-exports.mjs',
  'scripts/own-values.mjs',
]

/**
 * True when every package that the lock names is installed in that version. Compared by content, as a checkout gives
 * the lock a new date without a new content. Packages for other platforms are not looked at.
 */
export function isInstalled() {
  const wanted = json(join(root, 'package-lock.json'))
  const present = json(join(root, 'node_modules', '.package-lock.json'))
  if (wanted === undefined)
    throw new Error('package-lock.json is missing. Restore it from version control and start again.')
  if (present === undefined) return false
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional || entry.peer) return true
    const found = present.packages[path]
    return found !== undefined && found.version === entry.version && found.integrity === entry.integrity
  })
}

/** A digest of everything that a build reads. */
export function sourceHash() {
  const hash = createHash('sha256')
  for (const file of [...files(join(root, 'src')), ...buildInputs.map((name) => join(root, name))]) {
    hash.update(`${relative(root, file)}\0`)
    hash.update(readFileSync(file))
    hash.update('\0')
  }
  return hash.digest('hex')
}

/** True when dist/ holds what the sources as they are now would give. */
export function isBuilt() {
  const stamp = json(stampFile)
  if (stamp === undefined || stamp.sources !== sourceHash()) return false
  return Object.entries(stamp.files).every(([name, size]) => {
    return statSync(join(root, 'dist', name), { throwIfNoEntry: false })?.size === size
  })
}

/** Notes what was built: the digest taken before the build began, of the declarations, and the names of the files written. */
export function writeStamp({ sources, declarations, files: names }) {
  const sizes = Object.fromEntries(names.map((name) => [name, statSync(join(root, 'dist', name)).size]))
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, `${JSON.stringify({ sources, declarations, files: sizes }, null, 1)}\n`)
}

/** The note of the last build, `undefined` before the first. */
export const readStamp = () => json(stampFile)

/** Every file below a folder, in a fixed order. */
export function files(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? files(path) : [path]
    })
}

function json(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    // A missing or half-written file counts as absent: what it would have told is made anew.
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}
