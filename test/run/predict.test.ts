import { describe, expect, it } from 'vitest'
import type { JournalEntry, RunEvent, StepMaker, StepRequest } from '../../src/run/index.ts'
import { defineRunbook, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import type { Session } from '../../src/session/index.ts'
import { planLab } from './plan-file-lab.ts'

const lab = planLab('check')

type Steps = (auth0: Session, step: StepMaker) => AsyncGenerator<StepRequest, unknown, unknown>

/** Checks the steps, and answers their value and what they would change. */
async function check(steps: Steps) {
  const events: RunEvent[] = []
  const before = lab.writes().length
  const runbook = defineRunbook({ name: 'predicted', steps: ({ auth0, step }) => steps(auth0, step) })
  const result = await lab.predict(runbook as never, 'check', { listener: (event) => events.push(event) })
  expect(result.error).toBeUndefined()
  expect(lab.writes()).toHaveLength(before)
  const changes = events.flatMap((event) => (event.type === 'planned_change' ? [event] : []))
  return { value: result.value as never, changes, planned: result.planned, pending: result.summary.pending, events }
}

const client = () => String(lab.tenant.seed.clients[1]?.client_id)

describe('a predicted write', () => {
  it('shows of a creation the body, and the name that the server adds', async () => {
    const { changes } = await check(async function* (auth0, step) {
      yield* step('create client', auth0.clients.create({ name: 'Job' }))
      yield* step(
        'create user',
        auth0.users.create({ connection: 'Username-Password-Authentication', email: 'a@b.example', user_id: 'own' }),
      )
      yield* step('create role', auth0.roles.create({ name: 'Reader' }))
    })
    expect(changes.map(({ action, before, after }) => [action, before, after])).toEqual([
      ['create', null, { name: 'Job', client_id: '{{create client.client_id}}' }],
      ['create', null, expect.objectContaining({ user_id: '{{create user.user_id}}' })],
      ['create', null, { name: 'Reader', id: '{{create role.id}}' }],
    ])
  })

  it('shows of a deletion what is lost', async () => {
    const { changes } = await check(async function* (auth0, step) {
      yield* step('delete', auth0.roles(String(lab.tenant.seed.roles[0]?.id)).delete())
    })
    expect(changes[0]).toMatchObject({ action: 'delete', after: null })
    expect(changes[0]?.changes).toContainEqual({
      kind: 'removed',
      path: 'name',
      before: lab.tenant.seed.roles[0]?.name,
    })
  })

  it('is no change where the record is so already, and is not pending', async () => {
    const { changes, pending, events } = await check(async function* (auth0, step) {
      const { name = '' } = yield* step('read', auth0.clients(client()).get())
      yield* step('same', auth0.clients(client()).update({ name }))
    })
    expect(changes[0]).toMatchObject({ step: 'same', changes: [] })
    expect(pending).toBe(0)
    expect(events).toContainEqual(
      expect.objectContaining({ step: 'same', outcome: 'predicted', reason: 'it changes nothing' }),
    )
  })

  it('is a change where nothing can read what it writes, such as a password', async () => {
    const id = String(lab.tenant.seed.users[1]?.user_id)
    const { changes, pending, planned } = await check(async function* (auth0, step) {
      yield* step('password', auth0.users(id).update({ password: 'Canary-7781-secret' }))
      yield* step('mail', auth0.users(id).update({ verify_email: true }))
    })
    expect(pending).toBe(2)
    expect(changes.map((each) => each.changes.map(({ path }) => path))).toEqual([['password'], ['verify_email']])
    expect(JSON.stringify([changes, planned])).not.toContain('Canary')
  })

  it('merges metadata on the first level, and replaces every other member whole, as the catalogue says', async () => {
    const id = String(lab.tenant.seed.users[1]?.user_id)
    await lab
      .open()
      .users(id)
      .update({ user_metadata: { kept: 1, deep: { a: 1, b: 2 } } })
      .run()
    await lab.open().tenant().quotas().clients({ perDay: 9, perHour: 3 }).run()
    const { changes } = await check(async function* (auth0, step) {
      yield* step('user', auth0.users(id).update({ user_metadata: { deep: { a: 5 } } }))
      yield* step('quota', auth0.tenant().quotas().clients({ perDay: 5 }))
    })
    expect(changes[0]?.changes).toEqual([
      { kind: 'changed', path: 'user_metadata.deep.a', before: 1, after: 5 },
      { kind: 'removed', path: 'user_metadata.deep.b', before: 2 },
    ])
    const quota = 'default_token_quota.clients.client_credentials'
    expect(changes[1]?.changes).toContainEqual({ kind: 'changed', path: `${quota}.per_day`, before: 9, after: 5 })
    expect(changes[1]?.changes).toContainEqual({ kind: 'removed', path: `${quota}.per_hour`, before: 3 })
  })

  it('begins where an earlier write to the record ends', async () => {
    const { changes, planned } = await check(async function* (auth0, step) {
      yield* step('one', auth0.clients(client()).update({ description: 'one' }))
      yield* step('two', auth0.clients(client()).update({ description: 'two' }))
      const made = yield* step('create', auth0.clients.create({ name: 'Job', description: 'first' }))
      yield* step('again', auth0.clients(made.client_id ?? '').update({ description: 'second' }))
      yield* step('and again', auth0.clients(made.client_id ?? '').update({ description: 'second' }))
    })
    expect(changes[1]?.changes).toEqual([{ kind: 'changed', path: 'description', before: 'one', after: 'two' }])
    expect(changes[3]?.changes).toEqual([{ kind: 'changed', path: 'description', before: 'first', after: 'second' }])
    expect(changes[4]?.changes).toEqual([])
    // Only the first is based on the tenant.
    expect(planned.map((step) => 'basis' in step)).toEqual([true, false, false, false, false])
  })

  it('counts against the budget of requests, so that a loop of creations ends', async () => {
    const endless = defineRunbook({
      name: 'endless',
      maxRequests: 9,
      async *steps({ auth0, step }) {
        for (let i = 0; ; i += 1) yield* step(`create ${i}`, auth0.clients.create({ name: `Job ${i}` }))
      },
    })
    for (const mode of ['check', 'plan'] as const) {
      const result = await lab.predict(endless as never, mode)
      expect(result).toMatchObject({ exitCode: 3, summary: { pending: 9 } })
      expect(String(result.error)).toContain('its budget of 9 requests')
    }
  })
})

describe('a read after a predicted write', () => {
  it('gives the record as the write leaves it, and refuses one that is deleted like the tenant would', async () => {
    const { value } = await check(async function* (auth0, step) {
      yield* step('rename', auth0.clients(client()).update({ name: 'Other' }))
      const { name } = yield* step('read', auth0.clients(client()).get())
      yield* step('delete', auth0.clients(client()).delete())
      const gone = yield* step('read again', auth0.clients(client()).get()).outcome()
      return [name, gone.status, (gone as { error?: { status?: number } }).error?.status]
    })
    expect(value).toEqual(['Other', 'error', 404])
  })

  it('shows it in lists: what is changed, deleted and created', async () => {
    const [, first, second] = lab.tenant.seed.clients
    const { value, planned } = await check(async function* (auth0, step) {
      yield* step('rename', auth0.clients(String(first?.client_id)).update({ name: 'Other' }))
      yield* step('delete', auth0.clients(String(second?.client_id)).delete())
      yield* step('create', auth0.clients.create({ name: 'Job' }))
      const all = yield* step('list', auth0.clients.list({ per_page: 2 }).all())
      const page = yield* step('page', auth0.clients.list({}))
      const job = all.find(({ name }) => name === 'Job')
      yield* step('describe', auth0.clients(job?.client_id ?? '').update({ description: 'found in the list' }))
      return [all.map(({ name }) => name), page.items.map(({ name }) => name)]
    })
    const [all, page] = value as [string[], string[]]
    for (const names of [all, page]) {
      expect(names).toContain('Other')
      expect(names).toContain('Job')
      expect(names).not.toContain(second?.name)
      expect(names).toHaveLength(lab.tenant.seed.clients.length)
    }
    expect(planned.at(-1)).toMatchObject({ route: 'PATCH /api/v2/clients/{{create.client_id}}' })
    // What the tenant answered is what a drift is looked for in.
    const list = planned.find(({ id }) => id === 'list')
    expect(JSON.stringify(list)).not.toContain('"Other"')
    expect(list).toMatchObject({ reason: 'It reads what an earlier step of the plan changes.' })
  })

  it('says so where a list may not show what is created', async () => {
    const { planned } = await check(async function* (auth0, step) {
      yield* step('create', auth0.clients.create({ name: 'Job', app_type: 'spa' }))
      yield* step('list', auth0.clients.list({ app_type: 'spa' }).all())
    })
    expect(planned[1]).toMatchObject({ reason: 'It does not show what "create" would add.' })
  })

  it('knows of a created record what its body says', async () => {
    const { value } = await check(async function* (auth0, step) {
      const made = yield* step('create', auth0.roles.create({ name: 'Reader' }))
      const { name } = yield* step('read', auth0.roles(made.id ?? '').get())
      return name
    })
    expect(value).toBe('Reader')
  })
})

describe('a raw request', () => {
  it('is predicted like the operation of its route, and read before it is sent where its undo asks for it', async () => {
    const { value, changes } = await check(async function* (auth0, step) {
      yield* step('raw', auth0.raw(`PATCH /api/v2/clients/${client()}`, { body: { description: 'raw' } }))
      const { description } = yield* step('read', auth0.clients(client()).get())
      const raw = yield* step('read raw', auth0.raw(`GET /api/v2/clients/${client()}`))
      const made = yield* step('create', auth0.raw('POST /api/v2/roles', { body: { name: 'Raw' } }))
      return [description, (raw as { description?: string }).description, (made as { name?: string }).name]
    })
    expect(value).toEqual(['raw', 'raw', 'Raw'])
    expect(changes.map(({ action, changes: [first] }) => [action, first?.path])).toEqual([
      ['update', 'description'],
      ['create', 'name'],
    ])
    const undoing = defineRunbook({
      name: 'undoing',
      async *steps({ auth0, step }) {
        const route = `PATCH /api/v2/clients/${client()}`
        yield* step('raw', auth0.raw(route, { body: { description: 'raw' } }), {
          undo: ({ before }) => auth0.raw(route, { body: { name: (before as { name: string }).name } }),
        })
      },
    })
    const entries: JournalEntry[] = []
    expect((await runRunbook(undoing, lab.open(), { journal: memoryJournal(entries) })).error).toBeUndefined()
    expect(JSON.stringify(entries.find(({ type }) => type === 'done'))).toContain(
      String(lab.tenant.seed.clients[1]?.name),
    )
  })
})

describe('the arguments of a predicted write', () => {
  it('are held to the rules that sending it would hold them to', async () => {
    const wrong = defineRunbook({
      name: 'wrong',
      async *steps({ auth0, step }) {
        yield* step('create', auth0.clients.create({ name: 'Job', app_type: 5 } as never))
      },
    })
    for (const mode of ['check', 'plan'] as const) {
      const events: RunEvent[] = []
      const result = await lab.predict(wrong as never, mode, { listener: (event) => events.push(event) })
      expect(result).toMatchObject({ exitCode: 1, error: { kind: 'validation' } })
      expect(events).toContainEqual(expect.objectContaining({ type: 'step_end', step: 'create', outcome: 'failed' }))
    }
    expect(tenantRequests()).toBe(0)
  })

  it('pass where they are known only later', async () => {
    const { pending } = await check(async function* (auth0, step) {
      const made = yield* step('create', auth0.connections.create({ name: 'partner', strategy: 'oidc' } as never))
      const options = (made as unknown as { options: never }).options
      yield* step('copy', auth0.connections(lab.tenant.seed.connection.id).update({ options }))
      yield* step(
        'grant',
        auth0.clientGrants.create({ client_id: String(made.id), audience: 'https://a.example', scope: [] }),
      )
    })
    expect(pending).toBe(3)
  })
})

const tenantRequests = () => lab.tenant.requests.filter(({ path }) => path !== '/oauth/token').length
