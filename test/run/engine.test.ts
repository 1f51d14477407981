import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { doneWhen, type RunEvent } from '../../src/run/index.ts'
import { defineRunbook, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'

let tenant: Sandbox
let folder: string

beforeAll(async () => {
  tenant = await sandbox({ seed: 'runbook', clock: 'fixed', tls: false })
})
beforeEach(() => {
  tenant.reset()
  folder = mkdtempSync(join(tmpdir(), 'runbook-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
afterAll(() => tenant.close())

const allow = () => connect({ ...tenant.options, retry: false })
const predicting = () => connect({ ...tenant.options, writes: 'check' })
const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')

const quota = defineRunbook({
  name: 'quota',
  params: z.object({ name: z.string(), perDay: z.number().int() }),
  async *steps({ auth0, params, step }) {
    const client = yield* step(
      'create client',
      auth0.clients.create({ name: params.name, app_type: 'non_interactive' }),
      {
        doneWhen: doneWhen(auth0.clients.list({}).all(), (all) => all.find(({ name }) => name === params.name)),
        undo: ({ result }) => auth0.clients(String(result.client_id)).delete(),
      },
    )
    const changed = yield* step(
      `quota ${params.name}`,
      auth0.clients(String(client.client_id)).update({ description: `at most ${params.perDay}` }),
      { tags: ['quota'] },
    )
    return changed.description
  },
})

describe('a run', () => {
  it('sends its steps in order, gives them their values and records both in a journal that only its owner reads', async () => {
    const journal = join(folder, 'run.jsonl')
    const result = await runRunbook(quota, allow(), { params: { name: 'Job', perDay: 5 }, journal })
    expect(result).toMatchObject({ status: 'done', exitCode: 0, value: 'at most 5', summary: { steps: 2, written: 2 } })
    const lines = readFileSync(journal, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ type }) => type)).toEqual([
      'journal',
      // Its check is asked before it is sent.
      'send',
      'answer',
      'begun',
      'send',
      'answer',
      'done',
      'begun',
      'send',
      'answer',
      'done',
      'closed',
    ])
    expect(statSync(journal).mode & 0o777).toBe(0o600)
    const audit = readFileSync(join(folder, 'run.audit.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(audit).toHaveLength(3)
    expect(audit[1]).toMatchObject({
      who: tenant.options.clientId,
      tenant: tenant.domain,
      step: 'create client',
      method: 'POST',
      status: 201,
      plan: expect.stringMatching(/^sha256-/),
    })
  })

  it('refuses parameters that break the schema before it sends anything', async () => {
    await expect(runRunbook(quota, allow(), { params: { name: 'Job', perDay: 'many' } })).rejects.toThrow(/"perDay": /)
    expect(tenant.requests).toHaveLength(0)
  })

  it('refuses two steps of one id', async () => {
    const twice = defineRunbook({
      name: 'twice',
      async *steps({ auth0, step }) {
        for (let i = 0; i < 2; i += 1) yield* step('read', auth0.clients.list({}))
      },
    })
    const result = await runRunbook(twice, allow())
    expect(result.exitCode).toBe(1)
    expect(String(result.error)).toContain('In a loop put the key into it')
  })

  it('stops a loop that does not end at its budget, for a decision', async () => {
    const endless = defineRunbook({
      name: 'endless',
      maxRequests: 7,
      async *steps({ auth0, step }) {
        for (let i = 0; ; i += 1) {
          try {
            yield* step(`read ${i}`, auth0.clients.list({}))
          } catch {
            // A runbook cannot catch the end of its budget.
          }
        }
      },
    })
    const result = await runRunbook(endless, allow())
    expect(result).toMatchObject({ exitCode: 3, summary: { requests: 7 } })
    expect(tenant.requests.filter(({ path }) => path === '/api/v2/clients')).toHaveLength(7)
  })
})

describe('a check', () => {
  it('sends no write, shows what would change, and lets values of writes flow into later steps', async () => {
    const events: RunEvent[] = []
    const result = await runRunbook(quota, predicting(), {
      params: { name: 'Job', perDay: 5 },
      mode: 'check',
      listener: (event) => events.push(event),
    })
    expect(result).toMatchObject({ status: 'done', exitCode: 0, summary: { pending: 2, written: 0 } })
    expect(writes()).toEqual([])
    const planned = events.filter((event) => event.type === 'planned_change')
    expect(planned).toHaveLength(2)
    expect(planned[1]).toMatchObject({
      route: 'PATCH /api/v2/clients/{{create client.client_id}}',
      changes: [{ kind: 'added', path: 'description', after: 'at most 5' }],
    })
  })

  it('is proven by a transport that fails on writes', async () => {
    const { dispatcher } = tenant.options
    const reading = {
      dispatch(options: { method?: string; path?: string }, handler: object): boolean {
        if (options.method !== 'GET' && options.path !== '/oauth/token')
          throw new Error('A write reached the transport.')
        return dispatcher.dispatch(options, handler)
      },
    }
    const session = connect({ ...tenant.options, dispatcher: reading, writes: 'check' })
    const flow = defineRunbook({
      name: 'flow',
      async *steps({ auth0, step }) {
        yield* step('level', auth0.tenant().quotas().clients({ perDay: 3 }).keepRest())
        await auth0.clients.create({ name: 'beside a step' }).run()
        yield* step('rename', auth0.clients(tenant.options.clientId).update({ name: 'Other' }))
        const { name } = yield* step('read', auth0.clients(tenant.options.clientId).get())
        return name
      },
    })
    const result = await runRunbook(flow, session, { mode: 'plan' })
    expect(result.error).toBeUndefined()
    expect(result.value, 'a later read sees what an earlier step would have changed').toBe('Other')
    expect(result.planned.map(({ id, plan }) => `${id} ${plan?.op}`)).toEqual([
      'level tenants.settings.update',
      'rename clients.update',
      'read clients.get',
    ])
    const control = connect({ ...tenant.options, dispatcher: reading, retry: false })
    await expect(control.clients.create({ name: 'x' }).run()).rejects.toThrow(/write reached the transport/)
  })

  it('leaves out writes by tag, id and start, and keeps reads', async () => {
    const params = { name: 'Job', perDay: 5 }
    const chosen = await runRunbook(quota, predicting(), { params, mode: 'check', select: { tags: ['quota'] } })
    expect(String(chosen.error)).toContain('The step "create client" was left out')
    const strange = await runRunbook(quota, predicting(), { params, mode: 'check', select: { only: ['create clien'] } })
    expect(strange.exitCode).toBe(1)
  })
})
