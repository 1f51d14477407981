import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { all } from '../../src/index.ts'
import type { Clock } from '../../src/plan/index.ts'
import { doneWhen, type JournalEntry, type Runbook, type RunEvent } from '../../src/run/index.ts'
import { defineRunbook, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'done-when', clock: 'fixed', tls: false, lag: { search: '2s', members: '5s' } })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

/** The tenant's clock, moved on by each wait for an index, as time would. */
const moving = (): Clock => ({
  now: () => tenant.clock.now(),
  after(ms, task) {
    if (ms !== 2000) return tenant.options.clock.after(ms, task)
    const soon = setImmediate(() => {
      tenant.clock.advance(ms)
      task()
    })
    return () => clearImmediate(soon)
  },
})
const open = () => connect({ ...tenant.options, clock: moving(), retry: false })
const posts = (path: string) =>
  tenant.requests.filter((request) => request.method === 'POST' && request.path.split('?')[0] === path)
const oneStep = (steps: Runbook<Record<string, never>>['steps']) => defineRunbook({ name: 'one', steps })
const ended = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step_end' ? [`${event.step}: ${event.outcome}`] : []))

const application = oneStep(async function* ({ auth0, step }) {
  const { client_id = '' } = yield* step('create', auth0.clients.create({ name: 'Shop' }), {
    doneWhen: doneWhen(auth0.clients.list({}).all(), { name: 'Shop' }),
    undo: ({ result }) => auth0.clients(result.client_id ?? '').delete(),
  })
  return client_id
})
const role = oneStep(async function* ({ auth0, step }) {
  const made = yield* step('create', auth0.roles.create({ name: 'clerk' }), {
    doneWhen: doneWhen(auth0.roles.list({}).all(), (all) => all.find(({ name }) => name === 'clerk')),
    undo: ({ result }) => auth0.roles(result.id ?? '').delete(),
  })
  return made.id
})
const organization = oneStep(async function* ({ auth0, step }) {
  const made = yield* step('create', auth0.organizations.create({ name: 'globex-2' }), {
    doneWhen: auth0.organizations.getByName('globex-2'),
    undo: ({ result }) => auth0.organizations(result.id ?? '').delete(),
  })
  return made.id
})

describe('R26 a step that is done already', () => {
  it.each([
    ['an application', application, '/api/v2/clients'],
    ['a role', role, '/api/v2/roles'],
    ['an organization', organization, '/api/v2/organizations'],
  ] as const)('is not sent again: %s', async (_, runbook, path) => {
    const first = await runRunbook(runbook, open())
    expect(first.status).toBe('done')
    for (const mode of ['run', 'check', 'plan'] as const) {
      const events: RunEvent[] = []
      const entries: JournalEntry[] = []
      const again = await runRunbook(runbook, open(), {
        mode,
        journal: memoryJournal(entries),
        listener: (event) => events.push(event),
      })
      expect(again, mode).toMatchObject({ status: 'done', value: first.value, summary: { written: 0, pending: 0 } })
      expect(ended(events), mode).toEqual(['create: unchanged'])
      const done = entries.find((entry) => entry.type === 'done')
      if (mode === 'run') expect(done, 'what it did not write, it does not undo').not.toHaveProperty('undo')
    }
    expect(posts(path)).toHaveLength(1)
  })

  it('is asked of what earlier steps are predicted to leave', async () => {
    const { client_id = '' } = await open().clients.create({ name: 'Shop' }).run()
    const replaced = oneStep(async function* ({ auth0, step }) {
      yield* step('delete', auth0.clients(client_id).delete())
      yield* step('create', auth0.clients.create({ name: 'Shop' }), {
        doneWhen: doneWhen(auth0.clients(client_id).get(), { name: 'Shop' }),
      })
    })
    const checked = await runRunbook(replaced, open(), { mode: 'check' })
    expect(checked).toMatchObject({ status: 'done', summary: { pending: 2 } })
  })
})

describe('R46 C27 a check that asks an index', () => {
  it.each([
    [
      'users by search',
      (auth0: Session) => auth0.users.list({ q: 'email:"a@example.com"' }),
      /asks its doneWhen of users\.list.*users\.listUsersByEmail/s,
    ],
    ['all users', (auth0: Session) => auth0.users.list().all(), /users\.list/],
    [
      'discovery domains',
      (auth0: Session) => auth0.organizations('org_1').discoveryDomains.list().all(),
      /discoveryDomains\.get\b/,
    ],
    ['a raw search', (auth0: Session) => auth0.raw('GET /api/v2/users', { query: { q: 'x' } }), /users\.list/],
    ['a raw search with a slash at its end', (auth0: Session) => auth0.raw('GET /api/v2/users/?q=x'), /users\.list/],
    ['a raw search written in escapes', (auth0: Session) => auth0.raw('GET /api/v2/%75sers?q=x'), /users\.list/],
    ['a raw search in its route', (auth0: Session) => auth0.raw('GET /api/v2/users?q=x'), /users\.list/],
    ['the first of a search', (auth0: Session) => auth0.users.list({ q: 'x' }).first(), /users\.list/],
    [
      'a flow of a search',
      (auth0: Session) =>
        auth0.users
          .list({ q: 'x' })
          .all()
          .map((all) => all[0]),
      /users\.list/,
    ],
    [
      'a flow that goes on from a search',
      (auth0: Session) =>
        auth0.users.list({ q: 'x' }).andThen(({ items }) => auth0.users(items[0]?.user_id ?? '').get()),
      /users\.list/,
    ],
    [
      'a search among others',
      (auth0: Session) => all({ role: auth0.roles.list().all(), found: auth0.users.list({ q: 'x' }).all() }),
      /users\.list/,
    ],
    [
      'what is done with each of a search',
      (auth0: Session) => auth0.users.list({ q: 'x' }).each(({ user_id = '' }) => auth0.users(user_id).roles.list()),
      /users\.list/,
    ],
  ] as const)('is refused where the record itself can be read: %s', async (_, read, message) => {
    const runbook = oneStep(async function* ({ auth0, step }) {
      yield* step('create', auth0.roles.create({ name: 'x' }), {
        doneWhen: doneWhen(read(auth0) as never, () => undefined),
      })
    })
    for (const mode of ['check', 'run'] as const) {
      const { status, error } = await runRunbook(runbook, open(), { mode })
      expect(status).toBe('failed')
      expect(String(error)).toMatch(message)
    }
    expect(posts('/api/v2/roles')).toHaveLength(0)
  })

  const members = async () => {
    const auth0 = open()
    const { id = '' } = await auth0.organizations.create({ name: 'globex-2' }).run()
    const user = tenant.seed.users[0]?.user_id ?? ''
    const runbook = oneStep(async function* ({ auth0: own, step }) {
      yield* step(
        'invite',
        own.organizations(id).invitations.create({
          inviter: { name: 'A' },
          invitee: { email: 'b@example.com' },
          client_id: tenant.options.clientId,
        }),
        {
          doneWhen: doneWhen(own.organizations(id).members.list().all(), (all) =>
            all.find((each) => each.user_id === user),
          ),
        },
      )
    })
    return { id, user, runbook }
  }

  it('whose write may still be late is unknown, and is not sent again', async () => {
    const { runbook, id } = await members()
    const path = `/api/v2/organizations/${id}/invitations`
    tenant.faults.add({ kind: 'reset', match: { method: 'POST', path }, times: 1, applied: true })
    const entries: JournalEntry[] = []
    for (const _ of ['at once', 'by a later run']) {
      const { status, exitCode, error } = await runRunbook(runbook, open(), { journal: memoryJournal(entries) })
      expect({ status, exitCode }).toEqual({ status: 'stopped', exitCode: 3 })
      expect(String(error)).toMatch(/the index that its doneWhen reads does not show it/)
    }
    expect(posts(path)).toHaveLength(1)
  })

  it('whose write may still be late is unknown as well where only a part of a flow asks an index', async () => {
    const auth0 = open()
    const { id = '' } = await auth0.organizations.create({ name: 'globex-3' }).run()
    const runbook = oneStep(async function* ({ auth0: own, step }) {
      const { members, invitations } = own.organizations(id)
      const invitation = {
        inviter: { name: 'A' },
        invitee: { email: 'c@example.com' },
        client_id: tenant.options.clientId,
      }
      yield* step('invite', invitations.create(invitation), {
        // What comes after the first read is known once that has answered.
        doneWhen: doneWhen(
          own
            .organizations(id)
            .get()
            .andThen(() => members.list().all()),
          (all) => all[0],
        ),
      })
    })
    const path = `/api/v2/organizations/${id}/invitations`
    tenant.faults.add({ kind: 'reset', match: { method: 'POST', path }, times: 1, applied: true })
    const waits: string[] = []
    const listener = (event: RunEvent) => void (event.type === 'wait' && waits.push(event.reason))
    const { status, error } = await runRunbook(runbook, open(), { listener })
    expect(status).toBe('stopped')
    expect(String(error)).toMatch(/the index that its doneWhen reads does not show it/)
    expect(waits.filter((reason) => reason === 'index')).toHaveLength(5)
    expect(posts(path)).toHaveLength(1)
  })

  it('counts what it shows at once, and waits for what it shows later', async () => {
    const { id, user, runbook } = await members()
    await open()
      .organizations(id)
      .members.create({ members: [user] })
      .run()
    const path = `/api/v2/organizations/${id}/invitations`
    tenant.faults.add({ kind: 'reset', match: { method: 'POST', path }, times: 1, applied: true })
    const waits: string[] = []
    let added: PromiseLike<unknown> | undefined
    const { status } = await runRunbook(runbook, open(), {
      listener(event) {
        if (event.type === 'request' && event.method === 'POST')
          added = open()
            .organizations(id)
            .members.create({ members: [user] })
            .run()
        if (event.type === 'wait' && event.reason === 'index') waits.push(event.step)
      },
    })
    await added
    expect(status).toBe('done')
    expect(waits).toEqual(['invite', 'invite', 'invite'])
    expect(posts(path)).toHaveLength(1)
  })
})
