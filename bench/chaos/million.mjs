// A million requests against one tenant, from another process: its memory must not grow with them. Every second one
// writes, so that after the first fifth the tenant's log is full too, and from then on whatever grows is a leak.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { connect } from 'tenantlab'
import { sandbox } from 'tenantlab/sandbox'

export async function run({ short }) {
  const count = short ? 20_000 : 1_000_000
  const tenant = await sandbox({ seed: 'chaos', clock: 'real', tls: false })
  const token = await connect(tenant.options)
    .login.clientCredentials({ audience: `https://${tenant.domain}/api/v2/` })
    .run()
  const child = fork(fileURLToPath(new URL('million-client.mjs', import.meta.url)), [
    tenant.url,
    tenant.domain,
    String(count),
    tenant.seed.users[0].user_id,
  ])
  child.send(token.access_token)
  let warm = 0
  let peak = 0
  let held = 0
  let last = 0
  let wrong = 0
  let done = 0
  child.on('message', (message) => {
    done = message.done
    wrong = message.wrong
    globalThis.gc()
    const { rss, heapUsed } = process.memoryUsage()
    if (warm === 0 && done >= count / 5) {
      warm = rss
      held = heapUsed
    }
    peak = Math.max(peak, rss)
    last = heapUsed
  })
  const [code] = await once(child, 'exit')
  const kept = tenant.requests.length
  await tenant.close()
  return {
    title: `${count} requests against one tenant`,
    rows: [
      { what: 'requests that were answered', count: done, allowed: { least: count } },
      { what: 'answers that were wrong', count: wrong + (code === 0 ? 0 : 1), allowed: { most: 0 } },
      {
        what: 'growth of memory after the first fifth, MB',
        count: Math.round((peak - warm) / 2 ** 20),
        allowed: { most: 64 },
      },
      {
        what: 'of it objects that are in use, MB',
        count: Math.round((last - held) / 2 ** 20),
        allowed: { most: 16 },
      },
      { what: 'requests in the list that a user sees', count: kept, allowed: { most: 10_000 } },
    ],
  }
}
