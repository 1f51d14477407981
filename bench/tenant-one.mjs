// A client of the embedded tenant in a process of its own: `node tenant-one.mjs list URL TOKEN`, `create URL TOKEN COUNT`,
// or `start`, which opens a tenant beside itself.
import { Pool } from 'undici'
import { median } from './child.mjs'

const CONNECTIONS = 10
const [what, url, token, count] = process.argv.slice(2)

/** Sends requests over ten connections until `most` are answered. */
async function send(most, request) {
  const pool = new Pool(url, { connections: CONNECTIONS })
  let sent = 0
  const worker = async () => {
    while (sent < most) {
      const { body, statusCode } = await pool.request(request(sent++))
      await body.dump()
      if (statusCode >= 300) throw new Error(`${url} answered ${statusCode}.`)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
  await pool.close()
}

const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
const list = () => ({ path: '/api/v2/users?per_page=50', method: 'GET', headers })
const create = (at) => ({
  path: '/api/v2/users',
  method: 'POST',
  headers,
  body: JSON.stringify({
    connection: 'Username-Password-Authentication',
    email: `bench-${at}@example.com`,
    password: 'Aa1!aaaaaaaa',
  }),
})

const ways = {
  async list() {
    await send(300, list)
    const requests = 1500
    const start = performance.now()
    await send(requests, list)
    return { perSecond: requests / ((performance.now() - start) / 1000) }
  },
  async create() {
    await send(Number(count), create)
    return {}
  },
  async start() {
    const { sandbox } = await import('tenantlab/sandbox')
    const taken = []
    for (let round = 0; round < 10; round += 1) {
      const start = performance.now()
      const tenant = await sandbox({ tls: false })
      await (await fetch(`${tenant.url}/health`)).text()
      taken.push(performance.now() - start)
      await tenant.close()
    }
    // The first one loads what the others share.
    return { ms: median(taken.slice(1)) }
  },
}
console.log(JSON.stringify(await ways[what]()))
process.exit(0)
