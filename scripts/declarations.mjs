// Emits the declarations of src/ and rolls them up, so that a reader's compiler opens a handful of files.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { node } from './child.mjs'
import { directExports } from './direct-exports.mjs'
import { files } from './freshness.mjs'
import { ownValues } from './own-values.mjs'

const compiler = join('node_modules', 'typescript7', 'bin', 'tsc')

/** Emits one declaration file per source into a scratch folder; resolves to that folder and a digest of what it holds. */
export async function emitDeclarations(root) {
  const folder = join(root, '.cache', 'declarations')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  // Types are judged by `npm run types`; here they are only written, which takes a fraction of the time.
  const code = await node([compiler, '-p', 'tsconfig.build.json', '--noCheck', '--outDir', folder])
  if (code !== 0)
    throw new Error('Declarations could not be emitted: the compiler says above which export needs a named type.')
  // How they are rolled up is part of the digest: a change of the scripts makes a new roll-up.
  const hash = createHash('sha256')
  for (const name of ['declarations.mjs', 'direct-exports.mjs', 'own-values.mjs'])
    hash.update(readFileSync(new URL(name, import.meta.url)))
  for (const path of files(folder)) hash.update(`${path}\0`).update(readFileSync(path)).update('\0')
  return { folder, hash: hash.digest('hex') }
}

/**
 * Rolls the declarations of the entries up. What the main entry reaches is declared in `index.d.ts` and nowhere else,
 * and the other entries point at it: a type that two entry points name is one type, and a compiler that writes it down
 * writes `import("tenantlab").User`.
 *
 * @param {string} folder Where the emitted declarations are.
 * @param {string[]} entries Names of the entries.
 * @param {ReadonlySet<string>} exported What the main module exports at run time.
 * @returns {Promise<Map<string, string>>} The files by name.
 */
export async function rollUp(folder, entries, exported) {
  // What several entries name stands in the first of these, so that a compiler can write where it is from.
  const owners = ['index', 'runbook'].filter((name) => entries.includes(name))
  const reached = new Map()
  const bundle = await rollup({
    preserveEntrySignatures: 'allow-extension',
    input: Object.fromEntries(entries.map((name) => [name, join(folder, `${name}.d.ts`)])),
    plugins: [sources, dts({ tsconfig: 'tsconfig.build.json' })],
    onwarn(warning) {
      if (warning.code === 'EMPTY_BUNDLE' || warning.code === 'UNUSED_EXTERNAL_IMPORT') return
      throw new Error(`The declarations do not roll up: ${warning.message}`)
    },
  })
  try {
    const { output } = await bundle.generate({
      format: 'es',
      entryFileNames: '[name].d.ts',
      chunkFileNames: '[name].d.ts',
      minifyInternalExports: false,
      manualChunks(id, { getModuleInfo }) {
        return owners.find((name) => {
          if (!reached.has(name)) reached.set(name, reachedFrom(join(folder, `${name}.d.ts`), getModuleInfo))
          return reached.get(name).has(id)
        })
      },
    })
    const texts = ownValues(new Map(output.map((chunk) => [chunk.fileName, narrow(chunk.code)])), exported)
    return new Map([...texts].map(([name, text]) => [name, directExports(text)]))
  } finally {
    await bundle.close()
  }
}

/** A tab for four spaces: indentation is a twentieth of what a reader's compiler opens. */
function narrow(code) {
  return code.replace(/^(?: {4})+/gm, (indent) => '\t'.repeat(indent.length / 4))
}

/** Resolves `./x.ts` of an emitted declaration to `x.d.ts`, and leaves Node's own modules outside. */
const sources = {
  name: 'sources',
  resolveId(specifier, importer) {
    if (specifier.startsWith('node:')) return { id: specifier, external: true }
    if (!importer || !specifier.startsWith('.')) return null
    const path = resolve(dirname(importer), specifier.replace(/(\.d)?\.[jt]s$/, '.d.ts'))
    return existsSync(path) ? path : null
  },
}

/** Every module that an entry imports, itself included. */
function reachedFrom(entry, getModuleInfo) {
  const known = new Set([entry])
  const waiting = [entry]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const imported of getModuleInfo(next)?.importedIds ?? []) {
      if (known.has(imported)) continue
      known.add(imported)
      waiting.push(imported)
    }
  }
  return known
}
