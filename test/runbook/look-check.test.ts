import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defineRunbook, memoryJournal, runRunbook, undoRun } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

let tenant: Sandbox
/** Writes that reached the transport. */
let reached: string[]

beforeAll(async () => {
  tenant = await sandbox({ seed: 'check', clock: 'fixed', tls: false })
})
beforeEach(() => {
  tenant.reset()
  reached = []
})
afterAll(() => tenant.close())

/** A session that may write, over a transport that fails on writes. */
function writing(): Session {
  const { dispatcher } = tenant.options
  const reading = {
    dispatch(options: { method?: string; path?: string }, handler: object): boolean {
      if (options.method !== 'GET' && options.path !== '/oauth/token') {
        reached.push(`${options.method} ${options.path}`)
        throw new Error('A write reached the transport.')
      }
      return dispatcher.dispatch(options, handler)
    },
  }
  return connect({ ...tenant.options, dispatcher: reading, retry: false })
}

describe('a check in a session that may write', () => {
  it.each(['check', 'plan'] as const)('sends no write in mode %s, whatever the runbook does', async (mode) => {
    const outer = writing()
    const id = tenant.options.clientId
    const made = outer.clients.create({ name: 'made before' })
    const book = defineRunbook({
      name: 'reaching',
      async *steps({ auth0, step }) {
        yield* step('a write', auth0.clients(id).update({ name: 'Other' }))
        yield* step('a flow', auth0.tenant().quotas().clients({ perDay: 3 }).keepRest())
        yield* step('a plan of the session around it', outer.clients(id).update({ description: 'x' }))
        yield* step('a flow of the session around it', outer.tenant().quotas().clients({ perDay: 4 }).keepRest())
        await auth0.clients.create({ name: 'beside a step' }).run()
        await outer.roles.create({ name: 'beside a step, around it' }).run()
        await made.run()
        await writing().roles.create({ name: 'in a session of its own' }).run()
        await auth0.as({ clientId: id, clientSecret: tenant.options.clientSecret }).roles.create({ name: 'as' }).run()
        await new Promise((resolve) => setTimeout(resolve, 1))
        await Promise.all([1, 2].map((at) => outer.roles.create({ name: `role ${at}` }).run()))
      },
    })
    const run = await runRunbook(book, outer, { mode })
    expect(run.error).toBeUndefined()
    expect(reached).toEqual([])
    expect(run.summary).toMatchObject({ written: 0, pending: 4 })
    await expect(outer.roles.create({ name: 'after it' }).run()).rejects.toThrow(/write reached the transport/)
    expect(reached).toHaveLength(1)
  })

  it('holds nothing back of what runs beside it in the same session', async () => {
    const auth0 = connect(tenant.options)
    let hold: (() => void) | undefined
    const held = new Promise<void>((resolve) => {
      hold = resolve
    })
    const slow = defineRunbook({
      name: 'slow',
      async *steps({ auth0, step }) {
        yield* step('read', auth0.roles.list({}))
        await held
        yield* step('write', auth0.roles.create({ name: 'predicted' }))
      },
    })
    const checking = runRunbook(slow, auth0, { mode: 'check' })
    const role = await auth0.roles.create({ name: 'sent meanwhile' }).run()
    expect(role.id).toMatch(/^rol_/)
    hold?.()
    expect((await checking).summary).toMatchObject({ pending: 1, written: 0 })
    const names = (await auth0.roles.list({}).all().run()).map(({ name }) => name)
    expect(names).toContain('sent meanwhile')
    expect(names).not.toContain('predicted')
  })

  it('predicts nothing where the session refuses writes', async () => {
    const auth0 = connect({ ...tenant.options, writes: 'deny' })
    const book = defineRunbook({
      name: 'refused',
      async *steps({ auth0, step }) {
        yield* step('read', auth0.roles.list({}))
        await auth0.roles.create({ name: 'x' }).run()
      },
    })
    const run = await runRunbook(book, auth0, { mode: 'check' })
    expect((run.error as { kind?: string }).kind).toBe('write_denied')
  })

  it('is what a run becomes in a session that predicts writes, and no file says that it was carried out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'))
    try {
      const auth0 = connect({ ...tenant.options, writes: 'check' })
      const book = defineRunbook({
        name: 'predicted',
        async *steps({ auth0, step, check }) {
          const role = yield* step('create', auth0.roles.create({ name: 'x' }))
          yield* step('use', auth0.roles(String(role.id)).update({ name: 'y' }))
          return check
        },
      })
      const run = await runRunbook(book, auth0, { journal: join(folder, 'run.jsonl') })
      expect(run).toMatchObject({ status: 'done', value: true, summary: { pending: 2, written: 0 } })
      expect(readdirSync(folder)).toEqual([])
      const journal = memoryJournal()
      await runRunbook(book, auth0, { journal })
      expect(journal.entries.filter(({ type }) => type === 'done')).toEqual([])
      expect(String((await undoRun(journal, auth0)).error), 'nothing was written').toMatch(/Nothing was undone/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
