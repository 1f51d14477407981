import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { Redactor, type RunEvent, runbookOf } from '../../src/run/index.ts'
import { defineRunbook, planFile, runRunbook, undoRun } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

let tenant: Sandbox
let folder: string
beforeAll(async () => {
  tenant = await sandbox({
    seed: 'known',
    domain: 'known.example.com',
    clock: 'fixed',
    tls: false,
    lag: { search: '2s', members: '1s' },
  })
})
beforeEach(() => {
  tenant.reset()
  folder = mkdtempSync(join(tmpdir(), 'known-'))
  vi.stubEnv('XDG_STATE_HOME', join(folder, 'state'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})
afterAll(() => tenant.close())

/** A session that cannot tell that its tenant is an embedded one, as another process could not. */
function remote(): Session {
  const { domain, clientId, clientSecret, clock } = tenant.options
  return connect({
    domain,
    clientId,
    clientSecret,
    clock,
    retry: false,
    async transport({ method, url, headers, body }) {
      const { pathname, search } = new URL(url)
      return fetch(`${tenant.url}${pathname}${search}`, {
        method,
        headers: headers as Record<string, string>,
        ...(body !== undefined && { body: body as string }),
      })
    },
  })
}
const embedded = () => connect({ ...tenant.options, retry: false })
const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/v2/'))
const file = (name: string) => {
  mkdirSync(join(folder, name, '..'), { recursive: true })
  return join(folder, `${name}.jsonl`)
}
const states = () =>
  readdirSync(join(folder, 'state', 'tenantlab', 'runs'), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, 'state', 'tenantlab', 'runs', name),
  )

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
const params = { name: 'A' }
const failing = () =>
  tenant.faults.add({ kind: 'status', status: 400, match: { method: 'PATCH', path: '/api/v2/clients/*' }, times: 1 })
const run = (session: Session, journal: string, more = {}) => runRunbook(two, session, { params, journal, ...more })
async function planned(session: Session) {
  const result = await runRunbook(two, session, { params, mode: 'plan' })
  const given = result.params === undefined ? {} : { params: result.params }
  return planFile({ runbook: 'two', tenant: tenant.domain, at: '', who: '', steps: result.planned, ...given })
}
const apply = (plan: Awaited<ReturnType<typeof planned>>, session: Session, journal: string, more = {}) =>
  runRunbook(runbookOf(plan, new Redactor()), session, { mode: 'apply', journal, ...more })

describe.each([
  ['a tenant elsewhere', remote],
  ['an embedded tenant', embedded],
])('R26 R6 earlier runs are found wherever their journals are, on %s', (_, open) => {
  it('stops a second apply whose journal is in another folder, and one of a plan that is half applied', async () => {
    const plan = await planned(open())
    expect((await apply(plan, open(), file('one/a'))).status).toBe('done')
    const sent = writes().length
    const again = apply(plan, open(), file('two/b'))
    await expect(again).rejects.toMatchObject({ kind: 'decision', next: 'again' })
    await expect(again).rejects.toThrow(/one\/a\.jsonl/)
    expect(writes()).toHaveLength(sent)
    expect((await apply(plan, open(), file('two/c'), { again: true })).status).toBe('done')
  })

  it('stops an apply and a run beside an apply that is unfinished elsewhere', async () => {
    const plan = await planned(open())
    failing()
    expect((await apply(plan, open(), file('one/a'))).status).toBe('failed')
    const sent = writes().length
    const journal = file('one/a')
    await expect(apply(plan, open(), file('two/b'))).rejects.toMatchObject({ next: 'resume', journal })
    await expect(run(open(), file('two/c'))).rejects.toThrow(
      /An apply of "two" with these parameters .* is not finished/,
    )
    expect(writes()).toHaveLength(sent)
    expect((await run(open(), file('two/d'), { params: { name: 'B' } })).status, 'other parameters').toBe('done')
    expect((await apply(plan, open(), journal)).status, 'to go on with it').toBe('done')
  })

  it('stops an apply beside a run that is unfinished elsewhere, until that one is undone', async () => {
    failing()
    expect((await run(open(), file('one/a'))).status).toBe('failed')
    const plan = await planned(open())
    await expect(apply(plan, open(), file('two/b'))).rejects.toThrow(
      /A run of "two" with these parameters .* is not finished/,
    )
    const undone = await undoRun(file('one/a'), open(), { journal: file('three/undo') })
    expect(undone.status).toBe('done')
    await expect(run(open(), file('one/a')), 'resumed').rejects.toThrow(/was undone/)
    expect((await run(open(), file('two/c'))).status).toBe('done')
  })

  it('runs one at a time, whatever their journals are called', async () => {
    const seen: unknown[] = []
    const slow = defineRunbook({
      name: 'slow',
      async *steps({ auth0, step }) {
        yield* step('read', auth0.clients.list({}).all())
        seen.push(await runRunbook(slow, open(), { journal: file('two/b') }).catch((error: unknown) => error))
      },
    })
    expect((await runRunbook(slow, open(), { journal: file('one/a') })).status).toBe('done')
    expect(seen).toMatchObject([{ kind: 'decision', message: expect.stringMatching(/The process \d+ runs "slow"/) }])
    expect((await runRunbook(slow, open(), { journal: file('three/c') })).status, 'it is free again').toBe('done')
  })

  it('is not kept from running by a journal that was removed, and says so once', async () => {
    failing()
    expect((await run(open(), file('one/a'))).status).toBe('failed')
    rmSync(join(folder, 'one'), { recursive: true })
    const said = async (journal: string) => {
      const events: RunEvent[] = []
      const { status } = await run(open(), journal, { listener: (event: RunEvent) => events.push(event) })
      return [status, ...events.flatMap((event) => (event.type === 'say' ? [event.text] : []))]
    }
    expect(await said(file('two/b'))).toEqual([
      'done',
      expect.stringMatching(/one\/a\.jsonl is gone or cannot be read/),
    ])
    expect((await said(file('three/c'))).join()).not.toContain('one/a.jsonl')
  })
})

describe('R26 what is known of runs', () => {
  it('is another one for an embedded tenant that was put back', async () => {
    const plan = await planned(embedded())
    failing()
    expect((await apply(plan, embedded(), file('one/a'))).status).toBe('failed')
    tenant.reset()
    expect((await apply(plan, embedded(), file('two/b'))).status).toBe('done')
    const other = await sandbox({ seed: 'known', domain: 'known.example.com', clock: 'fixed', tls: false })
    expect((await apply(plan, connect(other.options), file('three/c'))).status).toBe('done')
    await other.close()
  })

  it('holds no secret and no parameter, and is for its user alone', async () => {
    const secretive = defineRunbook({
      name: 'secretive',
      params: z.object({ apiPassword: z.string(), mail: z.string() }),
      async *steps({ auth0, step }) {
        const { client_id = '' } = yield* step('create', auth0.clients.create({ name: 'S' }))
        yield* step('describe', auth0.clients(client_id).update({ description: 'x' }))
      },
    })
    const begun = (journal: string, apiPassword: string) => {
      failing()
      return runRunbook(secretive, remote(), {
        params: { apiPassword, mail: 'a@canary.example' },
        journal: file(journal),
      })
    }
    expect((await begun('one/a', 'canary-one-4711')).status).toBe('failed')
    await expect(begun('two/b', 'canary-one-4711')).rejects.toMatchObject({ next: 'resume' })
    expect((await begun('three/c', 'canary-two-4711')).status, 'another secret').toBe('failed')
    expect(states().length).toBeGreaterThan(2)
    for (const path of states()) {
      expect(statSync(path).mode & 0o077, path).toBe(0)
      if (statSync(path).isFile()) expect(readFileSync(path, 'utf8')).not.toContain('canary')
    }
  })

  it.each([
    ['is no folder', () => writeFileSync(join(folder, 'state'), '')],
    [
      'can be written by others',
      () => {
        mkdirSync(join(folder, 'state', 'tenantlab', 'runs'), { recursive: true })
        chmodSync(join(folder, 'state', 'tenantlab', 'runs'), 0o777)
      },
    ],
  ])('lets a run go on where its folder %s', async (_, spoil) => {
    spoil()
    expect((await run(remote(), file('one/a'))).status).toBe('done')
    failing()
    expect((await run(remote(), file('one/b'), { again: true })).status).toBe('failed')
    await expect(run(remote(), file('one/c')), 'beside its journal').rejects.toMatchObject({ next: 'resume' })
  })

  it('keeps apart two files that give their runbooks one name, and not one that was copied', async () => {
    for (const [name, text] of [
      ['one', '1'],
      ['two', '2'],
      ['copy', '1'],
    ])
      writeFileSync(join(folder, `${name}.ts`), `// ${text}`)
    failing()
    expect((await run(remote(), file('a/a'), { file: join(folder, 'one.ts') })).status).toBe('failed')
    const copied = run(remote(), file('b/b'), { file: join(folder, 'copy.ts') })
    await expect(copied).rejects.toMatchObject({ next: 'resume' })
    expect((await run(remote(), file('c/c'), { file: join(folder, 'two.ts') })).status).toBe('done')
  })
})
