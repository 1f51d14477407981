// The limiter against a server that limits as Auth0 does: alone, beside a client that knows no limits, with a bucket
// that no header shows, and with clocks that differ.
import { connect } from 'tenantlab'
import { Pool } from 'undici'
import { limitedServer } from './limited-server.mjs'

const bucket = { burst: 10, perSecond: 10 }
const cases = [
  { name: 'alone', most: 2, ratio: 1.1 },
  { name: 'beside a client that takes 3 a second', most: 20, others: 3 },
  { name: 'with a hidden bucket of 20 and 5 a second', most: 20, hidden: { burst: 20, perSecond: 5 }, ratio: 1.15 },
  { name: 'with a server 15 s ahead', most: 2, ahead: 15_000, ratio: 1.1 },
  { name: 'with a server 15 s behind', most: 2, ahead: -15_000, ratio: 1.1 },
]

export async function run({ short }) {
  const calls = short ? 60 : 200
  // At once: each waits most of the time.
  const rows = await Promise.all(cases.map((each) => one(each, calls)))
  return { title: `The limiter, ${calls} calls against 10 a second`, rows: rows.flat() }
}

async function one({ name, most, ratio, others, hidden, ahead = 0 }, calls) {
  const server = await limitedServer({ bucket, hidden, ahead })
  const origin = `http://127.0.0.1:${server.port}`
  const pool = new Pool(origin, { connections: 50 })
  const auth0 = connect({
    domain: `limiter-${server.port}.example.com`,
    token: 'manual',
    dispatcher: toPool(pool, origin),
  })
  const timer = others === undefined ? undefined : setInterval(() => take(pool, origin), 1000 / others)
  const started = performance.now()
  const outcomes = await Promise.all(
    Array.from({ length: calls }, () => auth0.roles('rol_1').get().run({ maxQueue: calls }).outcome()),
  )
  const took = (performance.now() - started) / 1000
  clearInterval(timer)
  await pool.destroy()
  await server.close()
  const failed = outcomes.filter(({ status }) => status === 'error')
  const slowest = hidden ?? bucket
  const optimum = Math.max(1, Math.ceil((calls - slowest.burst) / slowest.perSecond))
  const rows = [
    { what: `${name}: calls that failed`, count: failed.length, allowed: { most: 0 }, note: failed[0]?.error.message },
    { what: `${name}: answers 429`, count: server.counted.refused, allowed: { most } },
  ]
  // The first refill comes at the next whole second, which is up to one second away.
  if (ratio !== undefined)
    rows.push({
      what: `${name}: time over the optimum of ${optimum} s`,
      count: Number((Math.max(0, took - 1) / optimum).toFixed(3)),
      allowed: { most: ratio },
    })
  return rows
}

function take(pool, origin) {
  pool
    .request({ origin, path: '/', method: 'GET', headers: { 'x-other': '1' } })
    .then(({ body }) => body.dump())
    .catch(() => undefined)
}

/** Requests of any host go to the pool. */
function toPool(pool, origin) {
  return {
    dispatch: (options, handler) => pool.dispatch({ ...options, origin }, handler),
    close: () => pool.close(),
    destroy: () => pool.destroy(),
  }
}
