import { afterEach, describe, expect, it } from 'vitest'
import { connect, type Session, type User } from '../../src/index.ts'
import { defineRunbook, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, type SandboxOptions, sandbox } from '../../src/sandbox/index.ts'

let tenant: Sandbox
afterEach(() => tenant?.close())

async function open(options: SandboxOptions): Promise<Session> {
  tenant = await sandbox({ clock: 'fixed', seed: 'every', ...options })
  return connect(tenant.options)
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ email: `user-${at}@example.com`, password: 'Analytical-1843!' }))
const reads = () => tenant.requests.filter(({ method, path }) => method === 'GET' && path === '/api/v2/users')
const writes = () => tenant.requests.filter(({ method }) => method === 'PATCH')

/** All that a loop pulls, each once. */
async function pulled(users: AsyncIterable<User>, during: (count: number) => unknown = () => {}): Promise<string[]> {
  const ids: string[] = []
  for await (const { user_id = '' } of users) {
    ids.push(user_id)
    await during(ids.length)
  }
  expect(new Set(ids).size).toBe(ids.length)
  return ids
}

describe('C7: users.every()', () => {
  it.each([
    ['all of 1,102', 1100, {}, 1102],
    ['those of a query of alternatives', numbered(60), { q: 'email:user-1* OR email:user-2*' }, 22],
    ['the few that there are', 1, {}, 3],
    ['nobody', 1, { q: 'email:"nobody@example.com"' }, 0],
  ])('reads %s', async (_, count, query, wanted) => {
    const auth0 = await open({ users: count })
    expect(await pulled(auth0.users.every(query, { settle: 0 }))).toHaveLength(wanted)
    expect(await auth0.users.every(query, { settle: 100 }).run()).toHaveLength(wanted)
  })

  it.each([150, 350, 1201])(
    'reads %i that were created at one moment, while they leave the list',
    async (count) => {
      const auth0 = await open({ users: numbered(count) })
      expect(await pulled(auth0.users.every({}, { settle: 0 }))).toHaveLength(count + 2)
      const left = auth0.users
        .every({ q: 'NOT blocked:true' }, { settle: 0 })
        .each(({ user_id = '' }) => auth0.users(user_id).update({ blocked: true }))
      expect(await left.run()).toHaveLength(count + 2)
    },
    60_000,
  )

  it('names itself where .all() meets the wall', async () => {
    const auth0 = await open({ users: 1100 })
    await expect(auth0.users.list().all().run()).rejects.toThrow(/auth0\.users\.every\(/)
    await expect(auth0.users.list({ q: 'blocked:false OR NOT blocked:true' }).all().run()).rejects.toThrow(
      /users\.every\(/,
    )
  })

  it('misses nobody and gives nobody twice while others create, change and delete users', async () => {
    const auth0 = await open({ users: 500 })
    const before = (await auth0.users.every({}, { settle: 0 }).run()).map(({ user_id = '' }) => user_id)
    const gone = new Set<string>()
    const ids = await pulled(auth0.users.every(), async (count) => {
      if (count % 50 !== 0) return
      // Of those that came already and of those that are still to come.
      const victims = [before[count / 50] ?? '', before[before.length - count / 50] ?? '']
      for (const id of victims) {
        if (gone.has(id)) continue
        gone.add(id)
        await auth0.users(id).delete().run()
      }
      await auth0
        .users(before[count + 1] ?? before[2] ?? '')
        .update({ name: `changed ${count}` })
        .run()
        .outcome()
      await auth0.users
        .create({
          connection: 'Username-Password-Authentication',
          email: `new-${count}@example.com`,
          password: 'Analytical-1843!',
        })
        .run()
    })
    expect(gone.size).toBeGreaterThan(10)
    expect(before.filter((id) => !gone.has(id) && !ids.includes(id))).toEqual([])
  })

  it.each([1, 3])('finds who was created just before, where the search lags %i s', async (seconds) => {
    const auth0 = await open({ users: 3, lag: { search: `${seconds}s` } })
    tenant.clock.advance(60_000)
    const made = await auth0.users
      .create({
        connection: 'Username-Password-Authentication',
        email: 'late@example.com',
        password: 'Analytical-1843!',
      })
      .run()
    expect(await pulled(auth0.users.every({}, { settle: 0 }))).not.toContain(made.user_id)
    expect(await pulled(auth0.users.every({}, { settle: seconds * 1000 + 100 }))).toContain(made.user_id)
  })

  it('keeps the fields that were chosen, and asks for those that it needs', async () => {
    const auth0 = await open({ users: 120 })
    const users = await auth0.users.every({ fields: 'email', include_fields: true }, { settle: 0 }).run()
    expect(users).toHaveLength(122)
    expect(Object.keys(users[0] ?? {}).sort()).toEqual(['created_at', 'email', 'user_id'])
    const others = await auth0.users.every({ fields: 'email,user_id', include_fields: false }, { settle: 0 }).run()
    expect(others).toHaveLength(122)
    expect(others[0]).not.toHaveProperty('email')
  })

  it('says before what it will send, and refuses what it says itself', async () => {
    const auth0 = await open({ users: 1 })
    const { steps } = auth0.users.every({ q: 'blocked:true' }).explain()
    expect(steps[0]?.purpose).toMatch(/oldest 100 users/)
    expect(steps[0]?.plan?.query).toMatchObject({ q: 'blocked:true', sort: 'created_at:1', page: 0 })
    expect(tenant.requests).toEqual([])
    expect(() => auth0.users.every({ page: 2 } as object)).toThrow(/"page" is chosen by every\(\) itself/)
    expect(() => auth0.users.every({ sort: 'email:1' } as object)).toThrow(/"sort"/)
    expect(() => auth0.users.every({}, { settle: -1 })).toThrow(/"settle"/)
    expect(() => auth0.users.every({}, { most: 0 })).toThrow(/"most"/)
  })
})

describe('users.every().each()', () => {
  const mark = (auth0: Session) =>
    auth0.users
      .every({}, { settle: 0 })
      .each((user) => auth0.users(user.user_id ?? '').update({ app_metadata: { seen: true } }), {
        concurrency: 5,
      })

  it('writes while it reads: no more than a page is held', async () => {
    const auth0 = await open({ users: 300 })
    expect(await mark(auth0).run()).toHaveLength(302)
    const order = tenant.requests.map(({ method }) => method).filter((method) => method !== 'POST')
    expect(order.lastIndexOf('GET')).toBeGreaterThan(order.indexOf('PATCH'))
    expect(writes()).toHaveLength(302)
  })

  it('is checked by reads alone, and the review is applied', async () => {
    const auth0 = await open({ users: 150 })
    const review = await mark(auth0).check()
    expect(writes()).toEqual([])
    expect(review.writes).toBe(152)
    await review.apply()
    expect(writes()).toHaveLength(152)
  })

  it('goes on in a runbook after a fault: each user is written once', async () => {
    const auth0 = await open({ users: 130 })
    const runbook = defineRunbook({
      name: 'mark',
      async *steps({ auth0: session, step }) {
        yield* step('mark', mark(session))
      },
    })
    const entries: Parameters<typeof memoryJournal>[0] = []
    tenant.faults.add({ kind: 'status', status: 400, match: { method: 'PATCH' }, after: 60, times: 1 })
    const first = await runRunbook(runbook, auth0, { journal: memoryJournal(entries) })
    expect(first.status).toBe('failed')
    tenant.faults.clear()
    const readsBefore = reads().length
    const second = await runRunbook(runbook, auth0, { journal: memoryJournal(entries) })
    expect(second.status).toBe('done')
    const done = writes()
      .filter(({ status }) => status === 200)
      .map(({ path }) => path)
    expect(new Set(done).size).toBe(132)
    expect(done).toHaveLength(132)
    // What the first run read, it has in its journal.
    expect(reads().length - readsBefore).toBeLessThanOrEqual(2)
  })

  it('stops reading at as many as are wanted', async () => {
    const auth0 = await open({ users: 400 })
    expect(await auth0.users.every({}, { most: 150 }).run()).toHaveLength(150)
    expect(await auth0.users.every({}, { most: 1 }).run()).toHaveLength(1)
    expect(reads()).toHaveLength(3)
  })

  it('stops reading when the loop ends', async () => {
    const auth0 = await open({ users: 400 })
    for await (const _ of auth0.users.every()) break
    expect(reads()).toHaveLength(1)
  })
})
