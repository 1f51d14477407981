import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Json, planData } from '../../src/plan/index.ts'
import { restore, WriteHistory } from '../../src/run/index.ts'
import { inverseOf } from '../../src/run/undo/index.ts'
import { defineRunbook, memoryJournal, runRunbook, undoRun } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'

let production: Sandbox
let staging: Sandbox
let history: WriteHistory
beforeAll(async () => {
  const lag = { search: '2s', members: '1s' }
  production = await sandbox({ seed: 'production', clock: 'fixed', tls: false, lag })
  staging = await sandbox({ seed: 'staging', clock: 'fixed', tls: false, lag })
})
beforeEach(() => {
  production.reset()
  staging.reset()
  history = new WriteHistory()
})
afterEach(() => history.close())
afterAll(async () => {
  await production.close()
  await staging.close()
})

const writes = ({ requests }: Sandbox) =>
  requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/v2/')).map(({ method }) => method)

describe('R24 the undo of a write', () => {
  it('goes to the session that sent the write, whichever it is', async () => {
    const own = connect(production.options)
    const other = connect(staging.options)
    const id = staging.options.clientId
    const { name } = await other.clients(id).get().run()
    await other.clients(id).update({ name: 'Changed' }).run()
    const { entries, work } = history.undo()
    expect(entries[0]?.session).toBe(other)
    await work.run()
    expect((await other.clients(id).get().run()).name).toBe(name)
    expect(writes(production)).toEqual([])
    await own.roles.create({ name: 'clerk' }).run()
    await history.undo().work.run()
    expect(writes(production)).toEqual(['POST', 'DELETE'])
  })

  it.each([
    ['keys of metadata that were not there', { user_metadata: { a: 1 } }, { user_metadata: { b: 2 } }],
    ['keys of metadata that were changed', { app_metadata: { a: 1, c: 3 } }, { app_metadata: { a: 9 } }],
    ['metadata that were deleted whole', { user_metadata: { a: 1, b: 2 } }, { user_metadata: {} }],
    ['fields beside them', { name: 'Old', user_metadata: { a: 1 } }, { name: 'New', user_metadata: { a: null, z: 1 } }],
  ])('restores %s', async (_, first, change) => {
    const auth0 = connect(production.options)
    const id = production.seed.users[0]?.user_id ?? ''
    await auth0
      .users(id)
      .update(first as never)
      .run()
    const before = await auth0.users(id).get().run()
    await auth0
      .users(id)
      .update(change as never)
      .run()
    await history.undo().work.run()
    const { user_metadata, app_metadata, name } = await auth0.users(id).get().run()
    expect({ user_metadata, app_metadata, name }).toEqual({
      user_metadata: before.user_metadata,
      app_metadata: before.app_metadata,
      name: before.name,
    })
  })

  it('is exported for the undo of a step', async () => {
    const auth0 = connect(production.options)
    const id = production.seed.users[0]?.user_id ?? ''
    await auth0
      .users(id)
      .update({ user_metadata: { a: 1 } })
      .run()
    const runbook = defineRunbook({
      name: 'upgrade',
      async *steps({ auth0: own, step }) {
        const change = own.users(id).update({ user_metadata: { b: 2 } })
        yield* step('upgrade', change, { undo: ({ before }) => restore(change, before) })
      },
    })
    const journal = memoryJournal()
    expect((await runRunbook(runbook, auth0, { journal })).status).toBe('done')
    expect((await undoRun(journal, auth0)).status).toBe('done')
    expect((await auth0.users(id).get().run()).user_metadata).toEqual({ a: 1 })
  })

  it('says why, where it cannot be undone', async () => {
    const auth0 = connect(production.options)
    const id = production.seed.users[0]?.user_id ?? ''
    await auth0.users(id).update({ password: 'Another-77-Lab!' }).run()
    expect(() => history.undo()).toThrow(/no operation shows the value that "password" had before/)
    await auth0.users(id).delete().run()
    expect(() => history.undo()).toThrow(/users\.delete cannot be undone/)
    expect(() => inverseOf(planData({ op: 'raw', route: 'POST /api/v2/nowhere' }), {})).toThrow(/no operation/)
  })
})

describe('R4 the history of writes', () => {
  it('knows each write, however it was sent, and undoes level by level and by number', async () => {
    const auth0 = connect(production.options)
    await auth0.roles.create({ name: 'one' }).run()
    const runbook = defineRunbook({
      name: 'two',
      async *steps({ auth0: own, step }) {
        yield* step('two', own.roles.create({ name: 'two' }))
      },
    })
    await runRunbook(runbook, auth0)
    await auth0.roles
      .create({ name: 'three' })
      .andThen(({ id = '' }) => auth0.roles(id).update({ description: 'x' }))
      .run()
    await auth0.raw('POST /api/v2/roles', { body: { name: 'four' } }).run()
    const names = async () =>
      (await auth0.roles.list().all().run()).flatMap(({ name = '' }) =>
        /^(one|two|three|four)$/.test(name) ? [name] : [],
      )
    expect(history.entries.map(({ plan }) => plan.op)).toEqual([
      'roles.create',
      'roles.create',
      'roles.create',
      'roles.update',
      'raw',
    ])
    await history.undo().work.run()
    expect((await names()).sort()).toEqual(['one', 'three', 'two'])
    await history.undo(1).work.run()
    expect((await names()).sort()).toEqual(['three', 'two'])
    // All that the flow has written.
    await history.undo().work.run()
    expect(await names()).toEqual(['two'])
    await history.undo().work.run()
    expect(await names()).toEqual([])
    expect(() => history.undo()).toThrow(/not undone already/)
    expect(() => history.undo(1)).toThrow(/undone already/)
    expect(() => history.undo(77)).toThrow(/There is no write 77/)
  })

  it('holds a write whose answer was lost, and none that was refused', async () => {
    const auth0 = connect({ ...production.options, retry: false })
    const id = production.options.clientId
    const { name } = (await auth0.clients(id).get().run()) as { name?: Json }
    production.faults.add({ kind: 'reset', match: { method: 'PATCH' }, times: 1, applied: true })
    await auth0.clients(id).update({ name: 'Changed' }).run().outcome()
    await auth0.clients(id).update({ name: '' }).run().outcome()
    await auth0.clients('none').update({ name: 'x' }).run().outcome()
    expect(history.entries).toHaveLength(1)
    await history.undo().work.run()
    expect((await auth0.clients(id).get().run()).name).toBe(name)
  })
})
