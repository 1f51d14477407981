// One client, one process: `node cpu-one.mjs pool|tenantlab|auth0 PORT`.
import { Pool } from 'undici'

const [name, port] = process.argv.slice(2)
const IN_FLIGHT = 50
// As long for each client, and long enough that the compiler has seen all of its code.
const WARM_UP = 2500
const COUNTED = 2500
const ALONE = 800
const origin = `http://127.0.0.1:${port}`
const token = 'a'.repeat(840)
const pool = new Pool(origin, { connections: IN_FLIGHT })

const clients = {
  async pool() {
    return async () => {
      const { body } = await pool.request({
        method: 'GET',
        path: '/api/v2/users/auth0%7C1',
        headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      })
      return body.json()
    }
  },
  async tenantlab() {
    const { connect } = await import('tenantlab')
    const dispatcher = { dispatch: (options, handler) => pool.dispatch({ ...options, origin }, handler) }
    const auth0 = connect({ domain: 'bench.example', token, dispatcher })
    return () => auth0.users('auth0|1').get().run()
  },
  async auth0() {
    const { ManagementClient } = await import('auth0')
    const plain = (url, init) => fetch(String(url).replace('https://bench.example', origin), init)
    const client = new ManagementClient({ domain: 'bench.example', token, fetch: plain })
    return () => client.users.get('auth0|1')
  },
}

const send = await clients[name]()

async function run(milliseconds, inFlight = IN_FLIGHT, times = []) {
  const end = performance.now() + milliseconds
  let sent = 0
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let began = performance.now(); began < end; began = performance.now()) {
        sent += 1
        const user = await send()
        times.push(performance.now() - began)
        if (user.user_id !== 'auth0|1') throw new Error('the answer is not the user that was asked for')
      }
    }),
  )
  return sent
}

await run(WARM_UP)
const before = process.cpuUsage()
const crowd = []
const sent = await run(COUNTED, IN_FLIGHT, crowd)
const { user, system } = process.cpuUsage(before)
const alone = []
await run(ALONE, 1, alone)
/** The time below which a share of the requests ends, in microseconds. */
const below = (times, share) => times.sort((a, b) => a - b)[Math.floor(times.length * share)] * 1000
console.log(JSON.stringify({ cpu: (user + system) / sent, sent, p99: below(crowd, 0.99), p50: below(alone, 0.5) }))
await pool.close()
process.exit(0)
