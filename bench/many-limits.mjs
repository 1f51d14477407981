// Updates under a published limit, beside the least time that it allows: node bench/many-limits.mjs PLAN CLOCK
// `virtual`: 1,000 updates, on a clock that jumps to the next wait as soon as nothing is under way, so that no machine
// slows it down; `real`: in real time, 1,000 under enterprise and 100 under the slower plans. Each answer takes 100 ms.
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { connect } from '../dist/index.js'
import { sandbox } from '../dist/sandbox.js'

/** Requests of the bucket that an update of a user draws from, and how many are added a second, as Auth0 publishes them. */
const LIMITS = { free: [2, 2], essentials: [20, 200 / 60], enterprise: [50, 16] }
const [plan, clock] = process.argv.slice(2)
const isVirtual = clock === 'virtual'
const COUNT = isVirtual || plan === 'enterprise' ? 1000 : 100
const WIDTH = 20
const LATENCY = 100

const tenant = await sandbox({
  seed: `limits-${plan}-${clock}`,
  users: COUNT,
  rateLimit: plan,
  tls: false,
  ...(isVirtual ? { clock: 'fixed' } : { latency: LATENCY }),
})
const ids = tenant
  .snapshot()
  .tables.users.slice(-COUNT)
  .map(([id]) => id)

/** Waits that end when the virtual clock gets there, and requests that are under way in real time. */
const waits = []
let underWay = 0
const after = (ms, task) => {
  const wait = { due: tenant.clock.now() + ms, task }
  waits.push(wait)
  return () => {
    const at = waits.indexOf(wait)
    if (at >= 0) waits.splice(at, 1)
  }
}
let over = false
async function jump() {
  while (!over) {
    for (let idle = 0; idle < 5; idle += 1) await new Promise((resolve) => setImmediate(resolve))
    if (underWay > 0 || waits.length === 0) continue
    const next = waits.reduce((first, each) => (each.due < first.due ? each : first))
    waits.splice(waits.indexOf(next), 1)
    tenant.clock.advance(Math.max(0, next.due - tenant.clock.now()))
    next.task()
  }
}
const pool = new Pool(tenant.url, { connections: WIDTH })
async function answer({ method, url, headers, body }) {
  underWay += 1
  const { pathname, search, host } = new URL(url)
  const reply = await pool.request({ method, path: pathname + search, headers: { ...headers, host }, body })
  const text = await reply.body.text()
  underWay -= 1
  await new Promise((resolve) => after(LATENCY, resolve))
  return { status: reply.statusCode, headers: reply.headers, body: text }
}

const { domain, clientId, clientSecret } = tenant.options
const virtual = { clock: { now: () => tenant.clock.now(), after }, transport: answer, timeout: 3_600_000 }
const options = isVirtual ? { domain, clientId, clientSecret, ...virtual } : tenant.options
const auth0 = connect({ ...options, rateLimit: plan })
const now = () => (isVirtual ? tenant.clock.now() : performance.now())
if (isVirtual) void jump()
else await sleep(1000)

const updates = auth0
  .users(ids[0])
  .get()
  .map(() => ids)
  .each((id) => auth0.users(id).update({ blocked: true }), { concurrency: WIDTH })
// The token is there, as it is in a session that has done something.
await auth0.can(auth0.users.list())
const start = now()
await updates.run()
const ms = now() - start
over = true
const asked = tenant.requests.filter(({ path }) => path.startsWith('/api/v2'))
const [burst, perSecond] = LIMITS[plan]
const optimum = ((COUNT + 1 - burst) / perSecond) * 1000 + LATENCY
const refused = asked.filter(({ status }) => status === 429).length
console.log(JSON.stringify({ ms, optimum, refused, sent: asked.length, updates: COUNT }))
process.exit(0)
