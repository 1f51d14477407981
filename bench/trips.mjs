// How many files and calls of src/ a thing passes through: node bench/trips.mjs. Each trip is made twice, and the second
// time is counted, by V8's precise coverage over sources that are not bundled: files with at least one function that ran,
// and calls of functions. Generated files are left aside. Counts, not times: .ci/run holds them, --list names the files.
import { fork } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { Session } from 'node:inspector/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { transform } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'node_modules/.cache/tenantlab-trips')
const BUDGETS = { send: { files: 36, calls: 270 }, write: { files: 60, calls: 500 } }
const LABELS = {
  say: 'say quotas().clients({ perDay })',
  send: 'run it to the socket and back',
  write: 'one runbook write, step() to journal and socket',
  patch: 'the PATCH inside the tenant',
  associate: '/mfa/associate inside the tenant',
}

if (process.argv[2] === 'tenant') await insideTheTenant()
else if (process.argv[2] === 'client') await asClient()
else await measureAll()

async function measureAll() {
  await rm(out, { recursive: true, force: true })
  for (const file of await readdir(join(root, 'src'), { recursive: true })) {
    if (file.endsWith('.ts')) await translate(file)
  }
  const counted = { ...(await inChild('client')), ...(await inChild('tenant')) }
  let missed = false
  for (const [name, label] of Object.entries(LABELS)) {
    const { files, calls, rooms } = counted[name]
    const budget = BUDGETS[name]
    const over = budget !== undefined && (files > budget.files || calls > budget.calls)
    missed ||= over
    const verdict =
      budget === undefined ? '' : `  budget ${budget.files} files, ${budget.calls} calls: ${over ? 'MISSED' : 'held'}`
    console.log(`${label.padEnd(48)} ${String(files).padStart(3)} files in ${rooms} rooms, ${calls} calls${verdict}`)
    if (process.argv.includes('--list'))
      for (const [file, count] of counted[name].list) console.log(`  ${count}  ${file}`)
  }
  if (missed) process.exitCode = 1
}

/** One source file as JavaScript, in its place. */
async function translate(file) {
  const source = await readFile(join(root, 'src', file), 'utf8')
  const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'node20' })
  const target = join(out, file.replace(/\.ts$/, '.js'))
  await mkdir(dirname(target), { recursive: true })
  await writeFile(target, code.replace(/(from\s*|import\(?\s*)(["'])(\.{1,2}\/[^"']+)\.ts\2/g, '$1$2$3.js$2'))
}

function inChild(role) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [role], { cwd: root })
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`The trips of the ${role} ended with ${code}.`)))
  })
}

function load(file) {
  return import(pathToFileURL(join(out, file)).href)
}

/** Counts what a trip runs the second time. */
async function counter() {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  const prefix = pathToFileURL(`${out}/`).href
  return async (trip) => {
    await trip()
    await session.post('Profiler.takePreciseCoverage')
    await trip()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    const list = result
      .filter(({ url }) => url.startsWith(prefix) && !/\/generated\//.test(url))
      .map(({ url, functions }) => [
        relative(out, fileURLToPath(url)),
        functions.reduce((sum, { ranges: [whole] }) => sum + whole.count, 0),
      ])
      .filter(([, calls]) => calls > 0)
      .sort(([a], [b]) => a.localeCompare(b))
    const calls = list.reduce((sum, [, count]) => sum + count, 0)
    return { files: list.length, calls, rooms: new Set(list.map(([file]) => file.split('/')[0])).size, list }
  }
}

async function asClient() {
  const server = createServer((request, reply) => {
    request.resume().on('end', () => {
      reply.setHeader('content-type', 'application/json')
      reply.setHeader('x-ratelimit-limit', '100')
      reply.setHeader('x-ratelimit-remaining', '99')
      reply.setHeader('x-ratelimit-reset', String(Math.ceil(Date.now() / 1000) + 1))
      const token = { access_token: 't', expires_in: 3600, scope: 'update:tenant_settings create:clients' }
      reply.end(JSON.stringify(request.url === '/oauth/token' ? token : { client_id: 'c', name: 'x' }))
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${server.address().port}`
  const { Agent } = await import('undici')
  const agent = new Agent()
  const dispatcher = { dispatch: (options, handler) => agent.dispatch({ ...options, origin }, handler) }
  const [{ connect }, runbook] = await Promise.all([load('index.js'), load('runbook.js')])
  const auth0 = connect({ domain: 'trips.example', clientId: 'c', clientSecret: 's', dispatcher })
  const count = await counter()
  const { defineRunbook, memoryJournal, runRunbook } = runbook
  const one = defineRunbook({
    name: 'one',
    async *steps({ auth0, step }) {
      yield* step('create', auth0.clients.create({ name: 'x' }))
    },
  })
  const say = () => auth0.tenant().quotas().clients({ perDay: 200 })
  process.send({
    say: await count(async () => say()),
    send: await count(
      (
        (plan) => () =>
          plan.run()
      )(say()),
    ),
    write: await count(() => runRunbook(one, auth0, { journal: memoryJournal() })),
  })
  server.closeAllConnections()
  process.exit(0)
}

async function insideTheTenant() {
  const { sandbox } = await load('sandbox.js')
  const tenant = await sandbox({ seed: 'trips', tls: false })
  const { domain, clientId, clientSecret } = tenant.options
  const post = async (path, body, headers = {}) => {
    const answer = await fetch(tenant.url + path.path, {
      method: path.method,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return answer.json()
  }
  const client = { client_id: clientId, client_secret: clientSecret }
  const token = { method: 'POST', path: '/oauth/token' }
  const { access_token } = await post(token, {
    grant_type: 'client_credentials',
    audience: `https://${domain}/api/v2/`,
    ...client,
  })
  const [user] = tenant.seed.users
  const login = { grant_type: 'password', username: user.email, password: user.password, scope: 'openid', ...client }
  const { mfa_token } = await post(token, login)
  const count = await counter()
  const settings = { default_token_quota: { clients: { client_credentials: { per_day: 200, enforce: true } } } }
  const bearer = (value) => ({ authorization: `Bearer ${value}` })
  process.send({
    patch: await count(() =>
      post({ method: 'PATCH', path: '/api/v2/tenants/settings' }, settings, bearer(access_token)),
    ),
    associate: await count(() =>
      post({ method: 'POST', path: '/mfa/associate' }, { authenticator_types: ['otp'], ...client }, bearer(mfa_token)),
    ),
  })
  await tenant.close()
  process.exit(0)
}
