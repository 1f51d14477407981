// Reads, creates, updates and deletes at once while one request in twenty meets a fault. What the tenant holds at the
// end is compared with what each caller was told.
import { connect } from 'tenantlab'
import { sandbox } from 'tenantlab/sandbox'
import { inPool, randomFrom } from './pool.mjs'

const WIDTH = 50
const SHARE = 0.05
const faults = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502, applied: true },
  { kind: 'status', status: 503, headers: { 'retry-after': '1' } },
  { kind: 'status', status: 408, applied: true },
  { kind: '429' },
  { kind: 'reset' },
  { kind: 'reset', applied: true },
  { kind: 'fin' },
  { kind: 'fin', applied: true },
  { kind: 'truncate' },
  { kind: 'slow', delay: 200 },
  { kind: 'drip', delay: 10 },
  { kind: 'garbage' },
  { kind: 'garbage', applied: true },
  { kind: 'bad-json', applied: true },
  { kind: 'html', status: 503 },
  { kind: 'html', status: 502, applied: true },
]

export async function run({ short }) {
  const count = short ? 2_000 : 10_000
  const random = randomFrom(11)
  const tenant = await sandbox({ seed: 'chaos', clock: 'real', tls: false })
  const auth0 = connect(tenant.options)
  const told = { ok: 0, no: 0, maybe: 0, without: 0 }
  const roles = new Map()
  const counters = new Map()
  const [user] = tenant.seed.users
  let wrongReads = 0
  const role = await auth0.roles.create({ name: 'the one that is read' }).run()

  const outcomeOf = async (plan) => {
    if (random() < SHARE) tenant.faults.add({ ...faults[Math.floor(random() * faults.length)], times: 1 })
    const outcome = await plan.run().outcome()
    if (outcome.status === 'ok') told.ok += 1
    else if (outcome.error.applied === 'no') told.no += 1
    else if (outcome.error.applied === 'maybe') told.maybe += 1
    else told.without += 1
    return outcome
  }

  await inPool(count, WIDTH, async (index) => {
    const kind = index % 10
    if (kind < 5) {
      const plan = kind < 3 ? auth0.users(user.user_id).get() : auth0.roles(role.id).get()
      const outcome = await outcomeOf(plan)
      const right = kind < 3 ? outcome.value?.email === user.email : outcome.value?.name === role.name
      if (outcome.status === 'ok' && !right) wrongReads += 1
    } else if (kind < 8) {
      const name = `role ${index}`
      roles.set(name, { created: await outcomeOf(auth0.roles.create({ name })) })
    } else if (kind === 8) {
      const key = `counter${index}`
      const outcome = await outcomeOf(auth0.users(user.user_id).update({ app_metadata: { [key]: index } }))
      counters.set(key, { index, outcome })
    } else {
      const made = [...roles.values()].find((each) => each.created?.status === 'ok' && each.deleted === undefined)
      if (made === undefined) return
      made.deleted = 'begun'
      made.deleted = await outcomeOf(auth0.roles(made.created.value.id).delete())
    }
  })

  const hit = tenant.requests.filter(({ fault }) => fault !== undefined).length
  tenant.faults.clear()
  const there = new Map()
  for await (const each of auth0.roles.list()) there.set(each.name, (there.get(each.name) ?? 0) + 1)
  const metadata = (await auth0.users(user.user_id).get().run()).app_metadata
  await tenant.close()

  let lost = 0
  let doubled = 0
  let denied = 0
  for (const [name, { created, deleted }] of roles) {
    const copies = there.get(name) ?? 0
    if (copies > 1) doubled += 1
    if (created.status === 'ok' && deleted === undefined && copies === 0) lost += 1
    if (created.status === 'error' && created.error.applied === 'no' && copies > 0) denied += 1
    if (deleted?.status === 'ok' && copies > 0) lost += 1
    if (deleted?.status === 'error' && deleted.error.applied === 'no' && copies === 0) denied += 1
  }
  for (const [key, { index, outcome }] of counters) {
    if (outcome.status === 'ok' && metadata[key] !== index) lost += 1
    if (outcome.status === 'error' && outcome.error.applied === 'no' && metadata[key] !== undefined) denied += 1
  }
  return {
    title: `${count} mixed requests, ${WIDTH} in flight, ${hit} of them met a fault`,
    rows: [
      { what: 'plans that ended well', count: told.ok, allowed: { least: Math.floor(count * 0.95) } },
      { what: 'plans that failed, and surely did nothing', count: told.no, allowed: {} },
      { what: 'plans that failed, and may have been carried out', count: told.maybe, allowed: {} },
      { what: 'failures that do not say which', count: told.without, allowed: { most: 0 } },
      { what: 'reads with a wrong value', count: wrongReads, allowed: { most: 0 } },
      { what: 'writes that were told done and are not there', count: lost, allowed: { most: 0 } },
      { what: 'creates that are there twice', count: doubled, allowed: { most: 0 } },
      { what: "failures that said 'not carried out' and were", count: denied, allowed: { most: 0 } },
    ],
  }
}
