// One cold completion, from the import to the candidates. Ours: the console's own completer, whose answer needs the fields
// of a body, and with them the schemas. Theirs: Node's completer on a client of the SDK, which has no more to offer than
// the members of an object.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'

const [name] = process.argv.slice(2)
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bundle = join(root, '.cache', 'bench', 'completion.mjs')

const measures = { bundle: makeBundle, tenantlab: ours, auth0: theirs }
console.log(JSON.stringify(await measures[name]()))

/** The completer is no export of the package: it is bundled here as the build bundles it. */
async function makeBundle() {
  const { build } = await import('esbuild')
  mkdirSync(dirname(bundle), { recursive: true })
  await build({
    absWorkingDir: root,
    stdin: {
      contents: `export { complete, liveIds } from './src/repl/completion/index.ts'
export { connect } from './src/session/index.ts'`,
      resolveDir: root,
      loader: 'ts',
    },
    outdir: dirname(bundle),
    entryNames: 'completion',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  })
  return {}
}

async function ours() {
  const start = performance.now()
  const { complete, connect, liveIds } = await import(pathToFileURL(bundle).href)
  const variables = { auth0: connect({ domain: 'tenant.example.com', token: 'none' }) }
  const source = { variables, commands: [], ids: liveIds() }
  const [names] = complete('auth0.networkAcls.create({ des', source)
  const ms = performance.now() - start
  if (names[0] !== 'description: ') throw new Error(`The completer proposed ${names}.`)
  return { ms }
}

async function theirs() {
  const start = performance.now()
  const { ManagementClient } = await import('auth0')
  const { start: open } = await import('node:repl')
  const server = open({ input: new PassThrough(), output: new PassThrough(), terminal: false })
  server.context.client = new ManagementClient({ domain: 'tenant.example.com', token: 'none' })
  const ask = (line) =>
    new Promise((resolve, reject) => server.completer(line, (error, found) => (error ? reject(error) : resolve(found))))
  const [names] = await ask('client.networkAcls.cre')
  const ms = performance.now() - start
  if (!names.includes('client.networkAcls.create')) throw new Error(`Node proposed ${names}.`)
  server.close()
  return { ms }
}
