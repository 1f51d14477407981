import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type JournalEntry, Redactor, undoOf } from '../../src/run/index.ts'
import { memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'
import { shippedRunbook } from './round-trip.ts'
import { giveRoles } from './shipped-cases.ts'
import { dyingAfter, Killed } from './support.ts'
import { laggingTenant } from './tenant.ts'

const DATABASE = 'Username-Password-Authentication'
const everybody = { query: `identities.connection:"${DATABASE}"` }

describe('by themselves', () => {
  let tenant: Sandbox
  let auth0: Session
  beforeEach(async () => {
    tenant = await laggingTenant({ seed: 'users', clock: 'fixed', tls: false })
    auth0 = connect(tenant.options)
  })
  afterEach(() => tenant.close())

  it('moves users into a database with a password that nothing shows, and brings deleted ones back', async () => {
    await giveRoles(auth0, tenant)
    await auth0.connections.create({ name: 'Staff', strategy: 'auth0' }).run()
    const { user_id } = tenant.seed.users[0] as { user_id: string }
    const entries: JournalEntry[] = []
    const moved = await runRunbook(await shippedRunbook('move-users-between-connections'), auth0, {
      params: { from: DATABASE, to: 'Staff', old: 'delete' },
      yes: true,
      journal: memoryJournal(entries),
    })
    expect(moved.error).toBeUndefined()
    tenant.clock.advance(2000)
    const users = await auth0.users.list({}).all().run()
    expect(users.map(({ identities }) => identities?.[0]?.connection)).toEqual(['Staff', 'Staff'])
    const copy = users.find(({ app_metadata }) => app_metadata?.moved_from === user_id)
    expect(copy).toMatchObject({ user_metadata: { colour: 'green' }, app_metadata: { plan: 'gold' } })
    const roles = await auth0.users(String(copy?.user_id)).roles.list().all().run()
    expect(roles.map(({ id }) => id)).toEqual(tenant.seed.roles.map(({ id }) => id))
    const passwords = JSON.stringify(entries).match(/[\w-]{32}-aA1/)
    expect(passwords).toBeNull()

    const withheld = await runRunbook(undoOf(entries, new Redactor()), auth0, { mode: 'undo' })
    expect(withheld.exitCode).toBe(3)
    // Each user has a password of their own, and so a variable of its own.
    const variables = tenant.seed.users.map(
      (user) => `TENANTLAB_SECRET_DELETE_${user.user_id.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()}_PASSWORD`,
    )
    expect(variables.some((name) => String(withheld.error).includes(name))).toBe(true)
    for (const name of variables) process.env[name] = 'Back-again-77-Lab'
    try {
      const undone = await runRunbook(undoOf(entries, new Redactor()), auth0, { mode: 'undo' })
      expect(undone.error).toBeUndefined()
    } finally {
      for (const name of variables) delete process.env[name]
    }
    tenant.clock.advance(2000)
    const back = await auth0.users.list({}).all().run()
    expect(back.map((user) => user.user_id).sort()).toEqual(tenant.seed.users.map((user) => user.user_id).sort())
    const again = await auth0.users(user_id).get().run()
    expect(again).toMatchObject({ user_metadata: { colour: 'green' }, app_metadata: { plan: 'gold' } })
    expect(await auth0.users(user_id).roles.list().all().run()).toHaveLength(tenant.seed.roles.length)
  })

  it('does not move a user whose address is there already', async () => {
    const [known] = tenant.seed.users
    const present = await auth0.users.create({ connection: 'email', email: String(known?.email) }).run()
    const params = { from: DATABASE, to: 'email' }
    const run = await runRunbook(await shippedRunbook('move-users-between-connections'), auth0, { params, yes: true })
    expect(run.error).toBeUndefined()
    const users = await auth0.users.listUsersByEmail({ email: String(known?.email) }).run()
    expect(users.map(({ user_id }) => user_id).sort()).toEqual([known?.user_id, present.user_id].sort())
    expect(users.some(({ blocked }) => blocked === true)).toBe(false)
  })

  it('goes on with the copy of a run that was given up, without a second one', async () => {
    await giveRoles(auth0, tenant)
    const runbook = await shippedRunbook('move-users-between-connections')
    const params = { from: DATABASE, to: 'email' }
    const entries: JournalEntry[] = []
    // The journal of this run is lost: it dies when it has copied the first user, and is begun anew.
    const dies = dyingAfter(entries, ({ type, step }) => type === 'done' && step?.startsWith('create ') === true)
    await expect(runRunbook(runbook, auth0, { params, yes: true, journal: dies })).rejects.toBeInstanceOf(Killed)
    expect(entries.some((entry) => entry.type === 'done' && entry.step.startsWith('create '))).toBe(true)
    expect(entries.some((entry) => entry.type === 'done' && entry.step.startsWith('block '))).toBe(false)
    expect((await runRunbook(runbook, auth0, { params, yes: true })).error).toBeUndefined()
    tenant.clock.advance(2000)
    const users = await auth0.users.list({}).all().run()
    expect(users.map(({ blocked = false, identities }) => `${identities?.[0]?.connection} ${blocked}`).sort()).toEqual([
      `${DATABASE} true`,
      `${DATABASE} true`,
      'email false',
      'email false',
    ])
    const copy = users.find(({ app_metadata }) => app_metadata?.moved_from === tenant.seed.users[0]?.user_id)
    const roles = await auth0.users(String(copy?.user_id)).roles.list().all().run()
    expect(roles).toHaveLength(tenant.seed.roles.length)
  })

  it('mails a ticket to everybody but those enrolled, and writes no ticket down', async () => {
    const [enrolled, other] = tenant.seed.users
    await auth0
      .users(enrolled?.user_id ?? '')
      .authenticationMethods.create({ type: 'phone', phone_number: '+15005550009' })
      .run()
    const entries: JournalEntry[] = []
    const run = await runRunbook(await shippedRunbook('enrol-users-in-mfa'), auth0, {
      params: everybody,
      yes: true,
      journal: memoryJournal(entries),
    })
    expect(run.error).toBeUndefined()
    const mails = tenant.outbox.filter(({ subject }) => subject === 'Enroll your second factor')
    expect(mails.map(({ to }) => to)).toEqual([other?.email])
    const ticket = new URL(String(mails[0]?.url)).search.slice(1)
    expect(ticket.length).toBeGreaterThan(8)
    expect(JSON.stringify(entries)).not.toContain(ticket)
  })

  it('says who has no number, and goes on', async () => {
    const said: string[] = []
    const run = await runRunbook(await shippedRunbook('enrol-users-in-mfa'), auth0, {
      params: { ...everybody, by: 'phone' },
      listener: (event) => {
        if (event.type === 'say') said.push(event.text)
      },
    })
    expect(run.error).toBeUndefined()
    expect(run.summary.written).toBe(0)
    expect(said).toHaveLength(tenant.seed.users.length + 1)
  })
})
