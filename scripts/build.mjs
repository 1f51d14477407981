// Builds dist/: bundled modules that share their chunks, and one roll-up of the declarations.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build } from 'esbuild'
import { licences, packages } from './bundled.mjs'
import { root } from './child.mjs'
import { emitDeclarations, rollUp } from './declarations.mjs'
import { script } from './ensure.mjs'
import { files, isBuilt, readStamp, sourceHash, writeStamp } from './freshness.mjs'
import { withLock } from './lock.mjs'

const dist = join(root, 'dist')
const entries = ['index', 'rx', 'sandbox', 'runbook', 'redis', 'cli']
// Module hooks run in a thread of their own, so they are a file of their own beside the entries.
const hooks = existsSync(join(root, 'src', 'code', 'typescript-hooks.ts'))
  ? [{ in: 'src/code/typescript-hooks.ts', out: 'typescript-hooks' }]
  : []
// The kernel profile loads it when a cell has failed.
const names = existsSync(join(root, 'src', 'code', 'names', 'index.ts'))
  ? [{ in: 'src/code/names/index.ts', out: 'names' }]
  : []
// A kernel loads these before and beside tslab, which is CommonJS.
const kernelFiles = [
  { in: 'src/notebook/kernel/index.ts', out: 'kernel-profile' },
  { in: 'src/notebook/cells/kernel-runner.ts', out: 'notebook-runner' },
].filter((file) => existsSync(join(root, file.in)))
// Pictures of charts are painted with them; their licence lies beside them.
const fonts = join(root, 'src', 'display', 'charts', 'fonts')
const force = process.argv.includes('--force')

async function make() {
  if (!force && isBuilt()) return
  const sources = sourceHash()
  const before = force ? undefined : readStamp()
  const present = entries.filter((name) => existsSync(join(root, 'src', `${name}.ts`)))
  if (present.length === 0)
    throw new Error(`src/ has none of the entry files ${entries.join(', ')}; there is nothing to build.`)
  const [{ modules, exported, inputs }, kernel, declared] = await Promise.all([
    bundle(present),
    bundleForKernel(),
    emitDeclarations(root),
  ])
  const written = new Map([...modules, ...kernel.modules])
  for (const name of existsSync(fonts) ? readdirSync(fonts) : [])
    written.set(`fonts/${name}`, readFileSync(join(fonts, name)))
  written.set('THIRD-PARTY-LICENSES.txt', licences([...inputs, ...kernel.inputs]))
  const kept = before?.declarations === declared.hash ? declarationsOf(before) : undefined
  if (kept === undefined) {
    const typed = present.filter((name) => name !== 'cli')
    for (const [name, text] of await rollUp(declared.folder, typed, exported)) written.set(name, text)
  }
  write(written)
  const names = [...written.keys(), ...(kept ?? [])]
  clean(new Set(names))
  writeStamp({ sources, declarations: declared.hash, files: names })
}

/** The declaration files of an earlier build, where all are still there. */
function declarationsOf(stamp) {
  const names = Object.keys(stamp.files).filter((name) => name.endsWith('.d.ts'))
  return names.length > 0 && names.every((name) => existsSync(join(dist, name))) ? names : undefined
}

async function bundle(present) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [...present.map((name) => ({ in: `src/${name}.ts`, out: name })), ...hooks, ...names],
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Their ES modules, of which what is not used can be left out.
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
    metafile: true,
    plugins: [packages],
  })
  const exported = new Set(result.metafile.outputs['dist/index.js']?.exports)
  const modules = result.outputFiles.map((file) => {
    const name = relative(dist, file.path).replaceAll('\\', '/')
    return [name, finished(name, file.text)]
  })
  return { modules, exported, inputs: Object.keys(result.metafile.inputs) }
}

function finished(name, text) {
  if (name === 'cli.js') return executable(text)
  // A bundler of the reader's looks for the word require(); esbuild would put a function of its own in its place here.
  return text.replaceAll('bundlersRequire', 'require')
}

async function bundleForKernel() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: kernelFiles,
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    define: { 'import.meta.url': '__filename' },
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
    metafile: true,
    plugins: [packages],
  })
  const modules = outputFiles.map((file) => [relative(dist, file.path).replaceAll('\\', '/'), file.text])
  return { modules, inputs: Object.keys(metafile.inputs) }
}

const executable = (text) => (text.startsWith('#!') ? text : `#!/usr/bin/env node\n${text}`)

/** Entry files come last and each file is put in place whole, so that a reader meets the old build or the new one. */
function write(contents) {
  const last = new Set(entries.map((name) => `${name}.js`))
  const ordered = [...contents].sort(([a], [b]) => Number(last.has(a)) - Number(last.has(b)))
  for (const [name, text] of ordered) {
    const path = join(dist, name)
    if (existsSync(path) && readFileSync(path).equals(Buffer.from(text))) continue
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.part`, text)
    renameSync(`${path}.part`, path)
  }
  if (contents.has('cli.js')) chmodSync(join(dist, 'cli.js'), 0o755)
}

function clean(names) {
  for (const path of files(dist)) if (!names.has(relative(dist, path).replaceAll('\\', '/'))) rmSync(path)
}

await script(async () => {
  if (process.argv.includes('--locked')) return make()
  return withLock(join(root, '.cache', 'ensure.lock'), make)
})
