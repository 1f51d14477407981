import { expect, it } from 'vitest'
import { type JournalEntry, Redactor, undoOf } from '../../src/run/index.ts'
import { memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { connect } from '../../src/session/index.ts'
import { shippedRunbook } from './round-trip.ts'
import { keyedClient, secondKey, useTokens } from './shipped-cases.ts'
import { laggingTenant } from './tenant.ts'

const MONTH = { from: '2000-01-01', to: '2100-01-01' }

it('proposes the busiest day and hour with the margin, and never more than there is', async () => {
  await using tenant = await disposable('tighten')
  const auth0 = connect(tenant.options)
  const [, machine] = tenant.seed.clients
  const id = String(machine?.client_id)
  const use = (times: number) => useTokens(auth0, tenant, times)
  await use(3)
  tenant.clock.advance(2 * 3_600_000)
  await use(5)
  tenant.clock.advance(48 * 3_600_000)
  await use(4)
  const runbook = await shippedRunbook('tighten-quotas-by-use')
  const run = (more: object) => runRunbook(runbook, auth0, { params: { ...MONTH, ...more }, yes: true })
  const quota = async () => (await auth0.clients(id).get().run()).token_quota?.client_credentials
  expect((await run({ margin: 2, least: 1 })).error).toBeUndefined()
  const tight = await quota()
  expect(tight).toEqual({ per_day: 16, per_hour: 10, enforce: true })
  const again = await run({ margin: 9, least: 1 })
  expect(again.error).toBeUndefined()
  expect(again.summary.written).toBe(0)
  expect(await quota()).toEqual(tight)
})

it('counts more events than a search reaches', async () => {
  await using tenant = await disposable('reach')
  const auth0 = connect(tenant.options)
  for (const times of [600, 500]) {
    await useTokens(auth0, tenant, times)
    tenant.clock.advance(24 * 3_600_000)
  }
  const said: string[] = []
  const run = await runRunbook(await shippedRunbook('tighten-quotas-by-use'), auth0, {
    params: { from: '2026-11-01', to: '2026-11-08', margin: 1, least: 1 },
    yes: true,
    listener: (event) => {
      if (event.type === 'say') said.push(event.text)
    },
  })
  expect(run.error).toBeUndefined()
  expect(said.join('\n')).toContain('1100 tokens; at most 600 a day')
})

it('leaves both keys until a second run retires the old one, on a yes', async () => {
  await using tenant = await disposable('overlap')
  const auth0 = connect(tenant.options)
  const client = await keyedClient(auth0)
  const runbook = await shippedRunbook('roll-a-client-secret')
  const names = async () => {
    const { client_authentication_methods: methods } = await auth0.clients(client).get().run()
    const taken = methods?.private_key_jwt?.credentials.map(({ id }) => id)
    const keys = await auth0.clients(client).credentials.list().run()
    return keys.filter(({ id }) => taken?.includes(id ?? '')).map(({ name }) => name)
  }
  const added = await runRunbook(runbook, auth0, { params: { client, publicKey: secondKey, name: 'second' } })
  expect(added.error).toBeUndefined()
  expect(await names()).toEqual(['first', 'second'])
  const retire = { client, name: 'second', retire: true }
  const unasked = await runRunbook(runbook, auth0, { params: retire })
  expect(unasked.exitCode).toBe(3)
  expect(await names()).toEqual(['first', 'second'])
  const asked: string[] = []
  const retired = await runRunbook(runbook, auth0, {
    params: retire,
    ask: async ({ text }) => {
      asked.push(text)
      return 'yes'
    },
  })
  expect(retired.error).toBeUndefined()
  expect(asked).toHaveLength(1)
  expect(await names()).toEqual(['second'])
})

it('ends undo before it would take the last key from an application', async () => {
  await using tenant = await disposable('retired')
  const auth0 = connect(tenant.options)
  const client = await keyedClient(auth0)
  const entries: JournalEntry[] = []
  const runbook = await shippedRunbook('roll-a-client-secret')
  const rolled = await runRunbook(runbook, auth0, {
    params: { client, publicKey: secondKey, name: 'second', retire: true },
    yes: true,
    journal: memoryJournal(entries),
  })
  expect(rolled.error).toBeUndefined()
  const undone = await runRunbook(undoOf(entries, new Redactor()), auth0, { mode: 'undo' })
  expect(undone.error).toMatchObject({ status: 404 })
  const keys = await auth0.clients(client).credentials.list().run()
  expect(keys.map(({ name }) => name)).toEqual(['second'])
  const { client_authentication_methods: methods } = await auth0.clients(client).get().run()
  expect(methods?.private_key_jwt?.credentials).toEqual([{ id: keys[0]?.id }])
})

it('rotates a client secret only when asked for, and writes it nowhere', async () => {
  await using tenant = await disposable('rotated')
  const auth0 = connect(tenant.options)
  const [, machine] = tenant.seed.clients
  const runbook = await shippedRunbook('roll-a-client-secret')
  const entries: JournalEntry[] = []
  const params = { client: String(machine?.client_id) }
  const events: unknown[] = []
  const run = (yes: boolean) =>
    runRunbook(runbook, auth0, {
      params,
      yes,
      journal: memoryJournal(entries),
      listener: (event) => events.push(event),
    })
  const stopped = await run(false)
  expect(stopped.exitCode).toBe(3)
  expect(String(stopped.error)).toContain('no overlap')
  const secret = async () => String((await auth0.clients(params.client).get().run()).client_secret)
  expect(await secret()).toBe(machine?.client_secret)
  expect((await run(true)).error).toBeUndefined()
  const rotated = await secret()
  expect(rotated).not.toBe(machine?.client_secret)
  const written = JSON.stringify([entries, events])
  expect(written).not.toContain(rotated)
  expect(written).not.toContain(machine?.client_secret)
})

async function disposable(seed: string) {
  const tenant = await laggingTenant({ seed, clock: 'fixed', tls: false })
  return Object.assign(tenant, { [Symbol.asyncDispose]: () => tenant.close() })
}
