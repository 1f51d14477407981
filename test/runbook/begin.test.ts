import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Question, Redactor, type RunEvent, runbookOf } from '../../src/run/index.ts'
import { defineRunbook, fileJournal, planFile, runRunbook, undoRun } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'

let tenant: Sandbox
let folder: string
beforeAll(async () => {
  tenant = await sandbox({ seed: 'begin', clock: 'fixed', tls: false, lag: { search: '2s', members: '1s' } })
})
beforeEach(() => {
  tenant.reset()
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  folder = mkdtempSync(join(tmpdir(), 'begin-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await tenant.close()
})

const open = () => connect({ ...tenant.options, retry: false })
const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/v2/'))
const file = (name: string) => join(folder, `${name}.jsonl`)

const two = defineRunbook({
  name: 'two',
  params: z.object({ name: z.string() }),
  async *steps({ auth0, params, step }) {
    const { client_id = '' } = yield* step('create', auth0.clients.create({ name: params.name }), {
      undo: ({ result }) => auth0.clients(result.client_id ?? '').delete(),
    })
    yield* step('describe', auth0.clients(client_id).update({ description: 'x' }))
  },
})
/** Sends its first write, and fails at the second. */
const half = async (journal: string, name = 'A') => {
  tenant.faults.add({ kind: 'status', status: 400, match: { method: 'PATCH' }, times: 1 })
  const { status } = await runRunbook(two, open(), { params: { name }, journal })
  expect(status).toBe('failed')
}

describe('R6 R26 a run looks at earlier runs of the same', () => {
  it('stops where one is unfinished, and says which', async () => {
    await half(file('1'))
    const sent = writes().length
    const again = runRunbook(two, open(), { params: { name: 'A' }, journal: file('2') })
    await expect(again).rejects.toMatchObject({ kind: 'decision', next: 'resume' })
    await expect(again).rejects.toThrow(/not finished, and has sent 1 write: its journal is .*1\.jsonl/)
    expect(writes()).toHaveLength(sent)
    expect(readdirSync(folder).sort(), 'it leaves nothing behind').toEqual(['1.audit.jsonl', '1.jsonl'])
  })

  it.each([
    ['other parameters', { name: 'B' }, 'run'],
    ['on purpose', { name: 'A' }, 'again'],
  ] as const)('goes on with %s', async (_, params, how) => {
    await half(file('1'))
    const options = { params, journal: file('2'), ...(how === 'again' && { again: true }) }
    expect((await runRunbook(two, open(), options)).status).toBe('done')
  })

  it('continues the unfinished one where a person says so, and not one that wrote nothing', async () => {
    tenant.faults.add({ kind: 'status', status: 400, match: { method: 'POST', path: '/api/v2/clients' }, times: 1 })
    expect((await runRunbook(two, open(), { params: { name: 'A' }, journal: file('0') })).status).toBe('failed')
    await half(file('1'))
    const questions: Question[] = []
    const ask = async (question: Question) => {
      questions.push(question)
      return 'continue'
    }
    const { status, summary } = await runRunbook(two, open(), { params: { name: 'A' }, journal: file('2'), ask })
    expect({ status, recorded: summary.recorded }).toEqual({ status: 'done', recorded: 1 })
    expect(questions.map(({ answers }) => answers)).toEqual([['continue', 'again', 'stop']])
    expect(readdirSync(folder)).not.toContain('2.jsonl')
  })

  it('tells runs apart whose parameters differ in a secret alone, and prints neither', async () => {
    const secretive = defineRunbook({
      name: 'secretive',
      params: z.object({ apiPassword: z.string(), list: z.array(z.object({ token: z.string() })).optional() }),
      async *steps({ auth0, step }) {
        const { client_id = '' } = yield* step('create', auth0.clients.create({ name: 'S' }))
        yield* step('describe', auth0.clients(client_id).update({ description: 'x' }))
      },
    })
    const begun = async (journal: string, params: object) => {
      tenant.faults.add({ kind: 'status', status: 400, match: { method: 'PATCH' }, times: 1 })
      return runRunbook(secretive, open(), { params: params as never, journal: file(journal) })
    }
    const first = { apiPassword: 'canary-one-4711', list: [{ token: 'canary-three-4711' }] }
    expect((await begun('1', first)).status).toBe('failed')
    await expect(begun('2', first), 'the same once more').rejects.toMatchObject({ next: 'resume' })
    expect((await begun('3', { ...first, apiPassword: 'canary-two-4711' })).status).toBe('failed')
    expect((await begun('4', { ...first, list: [{ token: 'canary-four-4711' }] })).status).toBe('failed')
    expect((await begun('5', { apiPassword: 'x' })).status, 'a short one').toBe('failed')
    expect((await begun('6', { apiPassword: 'y' })).status).toBe('failed')
    for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name), 'utf8')).not.toContain('canary')
    expect(statSync(join(folder, '.salt')).mode & 0o077).toBe(0)
  })

  it('says that the same was done, and does it again', async () => {
    await runRunbook(two, open(), { params: { name: 'A' }, journal: file('1') })
    const events: RunEvent[] = []
    const again = { params: { name: 'A' }, journal: file('2'), listener: (event: RunEvent) => events.push(event) }
    expect((await runRunbook(two, open(), again)).status).toBe('done')
    expect(events.flatMap((event) => (event.type === 'say' ? [event.text] : [])).join()).toMatch(
      /The same run was done on/,
    )
  })

  it('counts no run that was undone, and resumes none', async () => {
    await half(file('1'))
    expect((await undoRun(file('1'), open())).status).toBe('done')
    const sent = writes().length
    await expect(runRunbook(two, open(), { params: { name: 'A' }, journal: file('1') })).rejects.toThrow(/was undone/)
    expect(writes()).toHaveLength(sent)
    expect((await runRunbook(two, open(), { params: { name: 'A' }, journal: file('2') })).status).toBe('done')
  })

  it.each([
    ['applied', false, 'again'],
    ['begun', true, 'resume'],
  ] as const)('refuses a plan that was %s', async (_, cut, next) => {
    const { planned } = await runRunbook(two, open(), { params: { name: 'A' }, mode: 'plan' })
    const plan = planFile({ runbook: 'two', tenant: tenant.domain, at: '', who: '', steps: planned })
    const apply = (journal: string) =>
      runRunbook(runbookOf(plan, new Redactor()), open(), { mode: 'apply', journal: file(journal) })
    if (cut) tenant.faults.add({ kind: 'status', status: 400, match: { method: 'PATCH' }, times: 1 })
    expect((await apply('1')).status).toBe(cut ? 'failed' : 'done')
    const sent = writes().length
    await expect(apply('2')).rejects.toMatchObject({ kind: 'decision', next })
    expect(writes()).toHaveLength(sent)
  })

  it('passes over what is no journal beside its own', async () => {
    writeFileSync(file('notes'), 'not a journal\n')
    writeFileSync(file('data'), '{"rows":[]}\n')
    expect((await runRunbook(two, open(), { params: { name: 'A' }, journal: file('1') })).status).toBe('done')
  })
})

describe('R6 the same run, twice at a time', () => {
  it('stops and names the process, until the first has ended', async () => {
    const slow = defineRunbook({
      name: 'slow',
      async *steps({ auth0, step }) {
        yield* step('read', auth0.clients.list({}).all())
        second = runRunbook(slow, open(), { journal: file('2') })
        await expect(second).rejects.toMatchObject({ kind: 'decision' })
        yield* step('read on', auth0.roles.list({}).all())
      },
    })
    let second: Promise<unknown> | undefined
    expect((await runRunbook(slow, open(), { journal: file('1') })).status).toBe('done')
    await expect(second).rejects.toThrow(new RegExp(`process ${process.pid} runs "slow" on ${tenant.domain}`))
    second = undefined
    fileJournal(file('3')).close()
    expect(readdirSync(folder).filter((name) => name.endsWith('.lock'))).toEqual([])
  })
})
