// A log is followed while it grows, and the tenant's day moves on in the middle: every entry has to come once.
import { connect, follow } from 'tenantlab'
import { sandbox } from 'tenantlab/sandbox'

const DAY = 86_400_000

export async function run({ short }) {
  const count = short ? 200 : 2_000
  const tenant = await sandbox({ seed: 'chaos', clock: 'real', tls: false, days: 2, users: 20 })
  const auth0 = connect(tenant.options)
  const before = new Set()
  for await (const { log_id } of auth0.logs.list({ take: 100 })) before.add(log_id)
  const stop = new AbortController()
  // What a display would draw goes nowhere: only what comes counts.
  const write = process.stdout.write
  process.stdout.write = () => true
  const came = follow(auth0.logs.list(), { signal: stop.signal })
  const { email, password } = tenant.seed.users[1]
  for (let index = 0; index < count; index += 1) {
    const right = index % 3 !== 0
    await auth0.login
      .password({ username: email, password: right ? password : 'wrong', realm: tenant.seed.connection.name })
      .run()
      .outcome()
    if (index === Math.floor(count / 2)) tenant.clock.advance(DAY)
    // Blocks of brute-force protection would end the log's growth.
    if (index % 6 === 0) await auth0.userBlocks(tenant.seed.users[1].user_id).delete().run().outcome()
  }
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  stop.abort()
  const followed = await came
  process.stdout.write = write
  const written = new Set()
  for await (const { log_id } of auth0.logs.list({ take: 100 })) if (!before.has(log_id)) written.add(log_id)
  await tenant.close()
  const ids = followed.map(({ log_id }) => log_id)
  const seen = new Set(ids)
  return {
    title: `A log is followed through ${count} logins and one midnight`,
    rows: [
      { what: 'entries that were written', count: written.size, allowed: { least: count } },
      {
        what: 'entries that never came',
        count: [...written].filter((id) => !seen.has(id)).length,
        allowed: { most: 0 },
      },
      { what: 'entries that came twice', count: ids.length - seen.size, allowed: { most: 0 } },
      {
        what: 'entries that were there before',
        count: ids.filter((id) => before.has(id)).length,
        allowed: { most: 0 },
      },
    ],
  }
}
