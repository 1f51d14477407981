import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { all, connect, type Flow, type Session, type Work } from '../../src/index.ts'
import type { JournalEntry } from '../../src/run/index.ts'
import { defineRunbook, memoryJournal, runRunbook, undoRun } from '../../src/runbook.ts'
import type { Sandbox } from '../../src/sandbox.ts'
import { Killed, mortalJournal, writesTo } from '../runbook/support.ts'
import { laggingTenant } from '../runbook/tenant.ts'

let tenant: Sandbox
let auth0: Session

beforeEach(async () => {
  tenant = await laggingTenant({ seed: 'parts' })
  auth0 = connect(tenant.options)
})
afterEach(() => tenant.close())

const writes = () => writesTo(tenant)

/** Blocks every user, after making an application and giving it a quota. */
const program = defineRunbook({
  name: 'parts',
  async *steps({ auth0: session, step }) {
    yield* step(
      'night',
      session.clients
        .create({ name: 'night' })
        .andThen((client) => session.clients(client.client_id ?? '').update({ description: 'Runs at night' })),
    )
    return yield* step(
      'block',
      session.users
        .list()
        .each((user) => session.users(user.user_id ?? '').update({ blocked: true }), { concurrency: 4 }),
    )
  },
})

describe('a flow in a runbook', () => {
  it.each([
    [
      'one after the other',
      (session: Session) =>
        [1, 2, 3, 4]
          .map((n) => session.roles.create({ name: `r${n}` }))
          .reduce<Work<unknown>>((sum, each) => sum.andThen(() => each), session.users.list().first()),
    ],
    [
      'within each other',
      (session: Session) =>
        session.roles
          .create({ name: 'r1' })
          .andThen(() =>
            session.roles
              .create({ name: 'r2' })
              .andThen(() => session.roles.create({ name: 'r3' }).andThen(() => session.roles.create({ name: 'r4' }))),
          ),
    ],
    [
      'in an all() of flows',
      (session: Session) =>
        all(
          [1, 2].map((n) =>
            session.roles.create({ name: `r${n}` }).andThen(() => session.roles.create({ name: `r${n + 2}` })),
          ),
        ),
    ],
  ])('gives each part an id of its own, also where flows name theirs alike: %s', async (_, make) => {
    const entries: JournalEntry[] = []
    const runbook = defineRunbook({
      name: 'alike',
      async *steps({ auth0: session, step }) {
        yield* step('x', make(session) as Flow<unknown>)
      },
    })
    expect((await runRunbook(runbook, auth0, { journal: memoryJournal(entries) })).status).toBe('done')
    const begun = entries.flatMap((entry) =>
      entry.type === 'begun' && entry.plan?.op === 'roles.create' ? [entry.step] : [],
    )
    expect(new Set(begun).size).toBe(4)
    await undoRun(entries, auth0)
    expect(writes().filter((write) => write.startsWith('DELETE'))).toHaveLength(4)
  })

  it('makes its parts steps with stable ids, each journalled by itself', async () => {
    const entries: JournalEntry[] = []
    const result = await runRunbook(program, auth0, { journal: memoryJournal(entries) })
    expect(result.error).toBeUndefined()
    expect(result.status).toBe('done')
    const done = entries.flatMap((entry) => (entry.type === 'done' ? [entry.step] : []))
    const users = tenant.seed.users.map(({ user_id }) => `block/${user_id}`)
    expect(done.slice(0, 3)).toEqual(['night', 'night/clients.update', 'block/list'])
    expect(done.slice(3).sort()).toEqual(users.sort())
    expect(writes()).toHaveLength(2 + users.length)
  })

  it('is checked part by part, without a write', async () => {
    const result = await runRunbook(program, auth0, { mode: 'check' })
    expect(result.status).toBe('done')
    expect(writes()).toEqual([])
    expect(result.planned.filter(({ effect }) => effect === 'write').map(({ id }) => id)).toEqual([
      'night',
      'night/clients.update',
      ...tenant.seed.users.map(({ user_id }) => `block/${user_id}`),
    ])
  })

  it('is undone part by part, by the rows of its operations', async () => {
    const entries: JournalEntry[] = []
    const before = await auth0.users.list().all().run()
    const clients = await auth0.clients
      .list()
      .all()
      .map((list) => list.length)
      .run()
    await runRunbook(program, auth0, { journal: memoryJournal(entries) })
    const undone = await undoRun(memoryJournal(entries).entries, auth0)
    expect(undone.error).toBeUndefined()
    const blocked = (list: readonly { blocked?: boolean }[]) => list.map((user) => user.blocked ?? false)
    expect(blocked(await auth0.users.list().all().run())).toEqual(blocked(before))
    expect(
      await auth0.clients
        .list()
        .all()
        .map((list) => list.length)
        .run(),
    ).toBe(clients)
  })

  it('loses no write and doubles none, killed at every line of its journal', async () => {
    for (let line = 1; ; line += 1) {
      for (const when of ['before', 'after'] as const) {
        tenant.reset()
        const entries: JournalEntry[] = []
        const killed = await runRunbook(program, auth0, { journal: mortalJournal(entries, line, when) }).catch(
          (error: unknown) => error,
        )
        if (!(killed instanceof Killed)) {
          expect(line).toBeGreaterThan(10)
          return
        }
        const resumed = await runRunbook(program, auth0, { journal: memoryJournal(entries), yes: true })
        const counts = new Map<string, number>()
        for (const write of writes()) counts.set(write, (counts.get(write) ?? 0) + 1)
        // A create whose answer was lost stops for a decision; nothing is ever sent twice that may not be.
        if (resumed.status === 'done') {
          // The records themselves: an index may not show them yet.
          const users = tenant.seed.users.map(({ user_id }) => auth0.users(user_id).get().run())
          expect((await Promise.all(users)).every((user) => user.blocked === true)).toBe(true)
        } else expect(resumed.status).toBe('stopped')
        expect(counts.get('POST /api/v2/clients') ?? 0).toBeLessThanOrEqual(1)
      }
    }
  })

  it('goes on after a failure that the flow has caught, and tells a resumed run the same', async () => {
    const caught = defineRunbook({
      name: 'caught',
      async *steps({ auth0: session, step }) {
        return yield* step(
          'try',
          all({
            missing: session
              .users('auth0|nobody')
              .update({ blocked: true })
              .otherwise(() => 'missing'),
            role: session.roles.create({ name: 'made' }).map(({ name }) => name),
          }),
        )
      },
    })
    const entries: JournalEntry[] = []
    const first = await runRunbook(caught, auth0, { journal: memoryJournal(entries) })
    expect(first.value).toEqual({ missing: 'missing', role: 'made' })
    expect(entries.filter(({ type }) => type === 'caught')).toHaveLength(1)
  })

  it('refuses options that only a single write can have', async () => {
    const wrong = defineRunbook({
      name: 'wrong',
      async *steps({ auth0: session, step }) {
        yield* step(
          'block',
          session.roles.list().each(() => undefined),
          { undo: session.roles('x').delete() as never },
        )
      },
    })
    const result = await runRunbook(wrong, auth0)
    expect(result).toMatchObject({ status: 'failed', error: { kind: 'validation' } })
    expect(String((result.error as Error).message)).toContain('"undo" belongs to a single write')
  })
})
