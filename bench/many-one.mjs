// Sends 1,000 updates to a server that answers after 100 ms, 20 at once, one way: node bench/many-one.mjs WAY
// `undici`: a bare loop; `each`: a flow; `runbook`: the same flow as a step, with a journal in a file, which reads every
// user before it writes, so that all of it can be undone; `careful`: a bare loop that does the same, without a journal.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent } from 'undici'

const [way] = process.argv.slice(2)
const COUNT = 1000
const WIDTH = 20
const LATENCY = 100

const server = createServer((request, reply) => {
  request.resume().on('end', () => {
    const isToken = request.url === '/oauth/token'
    const body = isToken
      ? { access_token: 't', expires_in: 3600, scope: 'read:users update:users' }
      : { user_id: 'auth0|1', blocked: true }
    const headers = {
      'content-type': 'application/json',
      'x-ratelimit-limit': '100000',
      'x-ratelimit-remaining': '99950',
      'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 1),
    }
    setTimeout(() => reply.writeHead(200, headers).end(JSON.stringify(body)), isToken ? 0 : LATENCY)
  })
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const origin = `http://127.0.0.1:${server.address().port}`
const agent = new Agent({ connections: WIDTH })
const ids = Array.from({ length: COUNT }, (_, at) => `auth0|${at}`)

async function bare({ readFirst = false } = {}) {
  const waiting = [...ids]
  const headers = { 'content-type': 'application/json', authorization: 'Bearer t' }
  const send = async (method, id, body) => {
    const path = `/api/v2/users/${encodeURIComponent(id)}`
    return (await agent.request({ origin, path, method, headers, body })).body.json()
  }
  const before = []
  const worker = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      if (readFirst) before.push(await send('GET', id))
      await send('PATCH', id, JSON.stringify({ blocked: true }))
    }
  }
  await Promise.all(Array.from({ length: WIDTH }, worker))
}

async function flow() {
  const { connect } = await import('../dist/index.js')
  const dispatcher = { dispatch: (options, handler) => agent.dispatch({ ...options, origin }, handler) }
  const auth0 = connect({ domain: 'many.example', clientId: 'c', clientSecret: 's', dispatcher })
  // The first answer tells the limit, as it does in every session.
  const updates = auth0
    .users('auth0|1')
    .get()
    .map(() => ids)
    .each((id) => auth0.users(id).update({ blocked: true }), { concurrency: WIDTH })
  return { auth0, updates }
}

async function runbook() {
  const { defineRunbook, runRunbook } = await import('../dist/runbook.js')
  const { auth0, updates } = await flow()
  const folder = await mkdtemp(join(tmpdir(), 'many-'))
  const program = defineRunbook({
    name: 'many',
    async *steps({ step }) {
      yield* step('block', updates)
    },
  })
  const { status, error } = await runRunbook(program, auth0, { journal: join(folder, 'many.jsonl') })
  await rm(folder, { recursive: true })
  if (status !== 'done') throw error
}

const ways = {
  undici: bare,
  careful: () => bare({ readFirst: true }),
  each: async () => (await flow()).updates.run(),
  runbook,
}
const start = performance.now()
await ways[way]()
console.log(JSON.stringify({ ms: performance.now() - start }))
process.exit(0)
