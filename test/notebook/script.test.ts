import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { type JournalEntry, Redactor, undoOf } from '../../src/run/index.ts'
import { memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { sandbox } from '../../src/sandbox/index.ts'
import { connect, noteUndo, type Session } from '../../src/session/index.ts'
import { notebookOf, run, steps, writes } from './script-book.ts'

describe('the cells of a notebook', () => {
  it('see the names of those before, may declare them anew, and import from the folder of the notebook', async () => {
    const { error } = await run(
      notebookOf(
        '%magic line\nconst a: number = 1, { b = 2 } = {} as { b?: number }\nlet later',
        "import base, { more as one } from './helper.mjs'\nimport { basename } from 'path'\nconst a = base + one\nfunction twice(n: number) { return n * 2 }\nclass Box<T> { constructor(readonly inner: T) {} }",
        'later = () => a\nseen.push(a, b, twice(a), new Box(7).inner, basename(import.meta.url), this === undefined, typeof require)',
        'const a = 5\nseen.push(later())\nexport const last = await Promise.resolve(6)\nenum Kind { One = 1 }',
        'seen.push(last, Kind.One)',
      ),
    )
    expect(error?.message).toBeUndefined()
    expect(seen).toEqual([42, 2, 84, 7, 'book.ipynb', true, 'function', 5, 6, 1])
  })

  it('name the cell and the line of what goes wrong, and nothing is sent where one cannot be read', async () => {
    const thrown = await run(
      notebookOf('const fine = 1', "\nconst inner = () => {\n  throw new RangeError('no')\n}\ninner()"),
    )
    expect(thrown.error?.message).toBe('book.ipynb, cell 2, line 3: RangeError: no')
    const unread = await run(notebookOf('await auth0.users.list().run()', 'const x = 1\nconst y = ((('))
    expect(unread.error?.message).toContain('book.ipynb, cell 2, line 2: SyntaxError: ')
    expect(tenant.requests).toEqual([])
  })

  it('may fail or be left out by their tags', async () => {
    const { error } = await run(
      notebookOf(
        { text: "throw new Error('meant')", tags: ['raises-exception'] },
        { text: 'seen.push(1)', tags: ['skip-execution'] },
        'seen.push(2)',
      ),
    )
    expect(error).toBeUndefined()
    expect(seen).toEqual([2])
  })
})

describe('the runs of a script', () => {
  const create = "const made = await auth0.clients.create({ name: 'Made here' }).run()\nconst id = made.client_id!"
  const change =
    "const changed = await auth0.clients(id).update({ description: 'x' }).run()\nseen.push(changed.description)"

  it('are steps with an id of their cell and operation, also where several run at once', async () => {
    const { events, results } = await run(
      notebookOf(
        create,
        change,
        'const all = await Promise.all([auth0.clients(id).get().run(), auth0.clients(id).get().run()])\nseen.push(all.length)',
      ),
    )
    expect(steps(events)).toEqual([
      'cell 1: clients.create done',
      'cell 2: clients.update done',
      'cell 3: clients.get done',
      'cell 3: clients.get 2 done',
    ])
    expect(seen).toEqual(['x', 2])
    expect(results).toMatchObject([{ status: 'done', exitCode: 0, summary: { written: 2, steps: 4 } }])
  })

  it('are predicted in a check, and a cell that needs more is told, while the others go on', async () => {
    const { events, unpredictable, results } = await run(
      notebookOf(
        create,
        change,
        'const sum = [...made.callbacks].length',
        'seen.push(sum)',
        "await auth0.roles.create({ name: 'r' }).run()",
      ),
      'check',
    )
    expect(writes()).toEqual([])
    expect(unpredictable).toEqual(['cell 3', 'cell 4'])
    expect(steps(events)).toEqual([
      'cell 1: clients.create predicted',
      'cell 2: clients.update predicted',
      'cell 3 skipped',
      'cell 4 skipped',
      'cell 5: roles.create predicted',
    ])
    expect(events.find((event) => event.type === 'step_end' && event.step === 'cell 4')).toMatchObject({
      reason: expect.stringContaining('"sum" has no value: cell 3'),
    })
    expect(results).toMatchObject([{ status: 'done', summary: { pending: 3 } }])
  })

  it('fail a check for what has nothing to do with predictions', async () => {
    const { error } = await run(notebookOf('await auth0.users("auth0|nobody").get().run()'), 'check')
    expect(error?.message).toMatch(/^book.ipynb, cell 1, line 1: /)
  })

  describe('of flows, that the script undoes itself', () => {
    const flow =
      "const flow = auth0.roles.create({ name: 'night' }).andThen((role) => auth0.roles(role.id).update({ description: 'x' }))\nconst run = flow.run()\nconst role = await run"
    const undo = 'const undone = await run.undo()\nseen.push(undone.status, undone.written)'

    it('are undone by steps that follow, in the same journal', async () => {
      const { events, results, error } = await run(
        notebookOf(flow, 'await flow.run().catch(() => seen.push("taken"))', undo),
      )
      expect(error?.message).toBeUndefined()
      expect(seen).toEqual(['taken', 'done', 2])
      expect(writes().map(({ method }) => method)).toEqual(['POST', 'PATCH', 'POST', 'PATCH', 'DELETE'])
      expect(steps(events).slice(-2)).toEqual([
        'cell 3: undo cell 1: roles.create, then/roles.update done',
        'cell 3: undo cell 1: roles.create, then done',
      ])
      expect(results).toMatchObject([{ status: 'done' }])
    })

    it('send no write of the undo twice, where the run goes on after it was cut', async () => {
      const entries: JournalEntry[] = []
      const journalOf = () => ({ journal: memoryJournal(entries) })
      await run(notebookOf(flow, undo, "throw new Error('power cut')"), 'run', { journalOf })
      const before = writes().length
      const { error } = await run(notebookOf(flow, undo), 'run', { journalOf })
      expect(error?.message).toBeUndefined()
      expect(seen).toEqual(['done', 2, 'done', 2])
      expect(writes()).toHaveLength(before)
    })

    it('are not undone where the record was changed since', async () => {
      const { error } = await run(
        notebookOf(
          flow,
          "await auth0.raw('PATCH /api/v2/roles/' + role.id, { body: { description: 'another' } }).run()",
          undo,
        ),
      )
      expect(error?.message).toBeUndefined()
      expect(seen).toEqual(['drift', 0])
    })

    it('have nothing to be undone in a check', async () => {
      const { error } = await run(notebookOf(flow, undo), 'check')
      expect(error?.message).toBeUndefined()
      expect(seen).toEqual(['done', 0])
      expect(writes()).toEqual([])
    })
  })

  it('go on after an interruption with what the journal holds, and refuse another path', async () => {
    const entries: JournalEntry[] = []
    const journalOf = () => ({ journal: memoryJournal(entries) })
    const broken = notebookOf(create, change, "throw new Error('power cut')")
    expect((await run(broken, 'run', { journalOf })).results).toMatchObject([{ status: 'failed', exitCode: 1 }])
    const { events, error } = await run(notebookOf(create, change, 'await auth0.clients(id).get().run()'), 'run', {
      journalOf,
    })
    expect(error).toBeUndefined()
    expect(steps(events)).toEqual([
      'cell 1: clients.create recorded',
      'cell 2: clients.update recorded',
      'cell 3: clients.get done',
    ])
    expect(writes()).toHaveLength(2)
    const other = notebookOf(create, "await auth0.clients('another').update({ description: 'x' }).run()")
    const refused = await run(other, 'run', { journalOf: () => ({ journal: memoryJournal(entries.slice(0, -1)) }) })
    expect(refused.results).toMatchObject([{ status: 'stopped', exitCode: 3 }])
    expect(refused.error?.message).toContain('of another record')
  })

  it.each([2, 3])('R6 reach one domain in %i ways, each with a journal and a run of its own', async (ways) => {
    const folder = mkdtempSync(join(tmpdir(), 'ways-'))
    vi.stubEnv('XDG_STATE_HOME', folder)
    const names: string[] = []
    const journalOf = (_: Session, name: string) => {
      names.push(name)
      return { journal: join(folder, `${name}.jsonl`) }
    }
    const answer = () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{}' })
    Object.assign(globalThis, {
      other: () => connect({ domain: 'many.example.com', token: 'a-token', transport: () => answer() }),
    })
    try {
      const cells = Array.from({ length: ways }, () => 'await other().tenants.settings.get().run()')
      const { error, results } = await run(notebookOf(...cells), 'run', { journalOf })
      expect(error).toBeUndefined()
      expect(results.map(({ status }) => status)).toEqual(cells.map(() => 'done'))
      expect(names).toEqual(['book', 'book.2', 'book.3'].slice(0, ways))
    } finally {
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true })
    }
  })

  it('share a run with the siblings of a session, and have another for another tenant', async () => {
    const other = await sandbox({ seed: 'other', clock: 'fixed', tls: false })
    try {
      Object.assign(globalThis, { other: connect(other.options) })
      const cell =
        'await auth0.as({ clientId: tenant.options.clientId, clientSecret: tenant.options.clientSecret }).users.list().run()\nawait auth0.users.list().run()\nawait other.users.list().run()'
      const { results } = await run(notebookOf(cell))
      expect(results.map(({ summary }) => summary.steps)).toEqual([2, 1])
    } finally {
      await other.close()
    }
  })

  it('can be given up before they are sent', async () => {
    const { events } = await run(
      notebookOf(
        "const running = auth0.users.list().run()\nrunning.abort('enough')\nseen.push((await running.outcome()).status)",
      ),
    )
    expect(seen).toEqual(['error'])
    expect(steps(events)).toEqual([])
    expect(tenant.requests).toEqual([])
  })

  it.each([
    ['a read', 'auth0.users.list()', 'GET', 'run'],
    ['a read of a check', 'auth0.users.list()', 'GET', 'check'],
    ['a write', "auth0.roles.create({ name: 'slow' })", 'POST', 'run'],
    ['a flow', 'auth0.users.list().each((user) => auth0.users(user.user_id).roles.list())', 'GET', 'run'],
  ] as const)('can be given up on their way, and the others go on: %s', async (_, plan, method, mode) => {
    tenant.faults.add({ kind: 'slow', match: { method }, delay: 600_000, times: 1 })
    const { events, error, results } = await run(
      notebookOf(
        `const running = ${plan}.run()\nwhile (tenant.requests.every(({ path }) => !path.startsWith('/api'))) await new Promise((next) => setTimeout(next, 5))`,
        "running.abort('enough')\nseen.push((await running.outcome()).error.kind)",
        'seen.push((await auth0.clients.list().run()).items.length > 0)',
      ),
      mode,
    )
    expect(error).toBeUndefined()
    expect(seen).toEqual(['aborted', true])
    expect(steps(events).at(-1)).toBe('cell 3: clients.list done')
    expect(events.find((event) => event.type === 'step_end' && event.outcome === 'failed')).toMatchObject({
      reason: expect.stringMatching(/was given up by the code that asked for it/),
    })
    expect(results).toMatchObject([{ status: 'done' }])
  })

  it('do not wait for themselves where a token delegate runs a plan', async () => {
    const cell =
      'const own = auth0.as({ token: async () => (await auth0.login.clientCredentials().run()).access_token })\nseen.push((await own.users.list().run()).items.length > 0)'
    expect((await run(notebookOf(cell))).error).toBeUndefined()
    expect(seen).toEqual([true])
  })

  it('hand on what became of a write of unknown fate, which stops the run only where nobody catches it', async () => {
    const lost = () => tenant.faults.add({ kind: 'reset', match: { method: 'POST', path: '/api/v2/roles' }, times: 1 })
    const cell = "const end = await auth0.roles.create({ name: 'r' }).run().outcome()\nseen.push(end.status)"
    lost()
    expect((await run(notebookOf(cell))).results).toMatchObject([{ status: 'done' }])
    expect(seen).toEqual(['error'])
    const entries: JournalEntry[] = []
    const journalOf = () => ({ journal: memoryJournal(entries) })
    const uncaught = notebookOf("await auth0.roles.create({ name: 's' }).run()")
    lost()
    const stopped = await run(uncaught, 'run', { journalOf })
    expect(stopped.results).toMatchObject([{ status: 'stopped', exitCode: 3 }])
    expect(stopped.error?.message).toMatch(/^book.ipynb, cell 1, line 1: .*Look at the tenant, and continue the run.$/)
    expect((await run(uncaught, 'run', { journalOf })).results).toMatchObject([{ exitCode: 3 }])
    expect(writes()).toHaveLength(2)
  })

  it('keep what a lab would take back at its end, so that a run that did not come there can be undone', async () => {
    const entries: JournalEntry[] = []
    const noted = "undo(auth0.clients(id).delete(), auth0)\nthrow new Error('power cut')"
    Object.assign(globalThis, { undo: noteUndo })
    await run(notebookOf(create, noted), 'run', { journalOf: () => ({ journal: memoryJournal(entries) }) })
    const names = async () => (await connect(tenant.options).clients.list({}).all().run()).map(({ name }) => name)
    expect(await names()).toContain('Made here')
    const undone = await runRunbook(undoOf(entries, new Redactor()), connect(tenant.options), { mode: 'undo' })
    expect(undone.status).toBe('done')
    expect(await names()).not.toContain('Made here')
  })

  it('stop a loop that does not end', async () => {
    const { results, error } = await run(notebookOf('for (;;) await auth0.users.list().run()'), 'run', {
      common: { maxRequests: 5 },
    })
    expect(results).toMatchObject([{ exitCode: 3 }])
    expect(error).toMatchObject({ kind: 'decision' })
  })
})

describe('runs that a script has at once', () => {
  const at = (method: string, path: string) =>
    tenant.requests.filter((each) => each.method === method && each.path.startsWith(path))
  const roles = async () => (await connect(tenant.options).roles.list().all().run()).map(({ name }) => name)

  /** How many requests were under way together, by what the tenant was told. */
  async function together(cell: string): Promise<number> {
    const entries: JournalEntry[] = []
    const { error } = await run(notebookOf(cell), 'run', { journalOf: () => ({ journal: memoryJournal(entries) }) })
    expect(error?.message).toBeUndefined()
    let now = 0
    let most = 0
    for (const { type } of entries) {
      if (type === 'send') most = Math.max(most, ++now)
      if (type === 'answer' || type === 'lost') now -= 1
    }
    return most
  }

  it.each([
    ['Promise.all over run()', 'await Promise.all(names.map((name) => auth0.roles.create({ name }).run()))'],
    ['allSettled', 'await Promise.allSettled(names.map((name) => auth0.roles.create({ name }).run()))'],
    [
      'started first, awaited later',
      'const all = names.map((name) => auth0.roles.create({ name }).run())\nfor (const each of all) await each',
    ],
    [
      'reads and writes',
      'await Promise.all(names.flatMap((name) => [auth0.roles.create({ name }).run(), auth0.roles.list().run()]))',
    ],
  ])('are sent at once: %s', async (_, code) => {
    expect(
      await together(`await auth0.roles.list().run()\nconst names = ['a', 'b', 'c', 'd', 'e', 'f']\n${code}`),
    ).toBeGreaterThan(2)
    expect((await roles()).filter((name) => name.length === 1).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  it('follow one another where the script awaits each', async () => {
    expect(await together("for (const name of ['a', 'b', 'c']) await auth0.roles.create({ name }).run()")).toBe(1)
  })

  it('hand on the failure of one, and the others go on; a run that continues sends only that one again', async () => {
    const entries: JournalEntry[] = []
    const journalOf = () => ({ journal: memoryJournal(entries) })
    tenant.faults.add({ kind: 'status', status: 400, match: { method: 'POST', path: '/api/v2/roles' }, times: 1 })
    const book = notebookOf("await Promise.all(['a', 'b', 'c'].map((name) => auth0.roles.create({ name }).run()))")
    expect((await run(book, 'run', { journalOf })).results).toMatchObject([{ status: 'failed' }])
    expect(at('POST', '/api/v2/roles')).toHaveLength(3)
    const { results } = await run(book, 'run', { journalOf })
    expect(results).toMatchObject([{ status: 'done', summary: { recorded: 2, written: 1 } }])
    expect(at('POST', '/api/v2/roles')).toHaveLength(4)
  })

  it('are all told when a person stops the run, and nothing more leaves', async () => {
    const stop = new AbortController()
    const cell = `const all = Array.from({ length: 6 }, (_, n) => auth0.roles.create({ name: 'r' + n }).run().outcome())
      await all[0]
      globalThis.stopNow()
      seen.push(...(await Promise.all(all)).map(({ status }) => status))
      seen.push((await auth0.roles.create({ name: 'late' }).run().outcome()).status)`
    Object.assign(globalThis, { stopNow: () => stop.abort() })
    const { results } = await run(notebookOf(cell), 'run', { common: { stop: stop.signal } })
    expect(results).toMatchObject([{ status: 'stopped' }])
    expect(seen.at(-1)).toBe('error')
    expect(await roles()).not.toContain('late')
  })

  it.each([
    ['waits for nothing', 'await auth0.roles.list().run()'],
    ['fails', "await auth0.roles.list().run()\nthrow new Error('power cut')"],
  ])('are refused in code that goes on when its script %s and is over', async (_, end) => {
    const cell = `globalThis.later = (async () => {
        await new Promise((done) => { globalThis.isOver = done })
        try { await auth0.roles.create({ name: 'late' }).run() } catch (error) { seen.push(error.kind) }
      })()
      ${end}`
    await run(notebookOf(cell))
    const left = globalThis as unknown as { isOver(): void; later: Promise<void> }
    left.isOver()
    await left.later
    expect(seen).toEqual(['aborted'])
    expect(await roles()).not.toContain('late')
  })

  it('are waited for where the script does not await what goes on with them', async () => {
    const cell = `(async () => {
      for (const name of ['a', 'b', 'c']) await auth0.roles.create({ name }).run()
    })()
    1`
    const { results } = await run(notebookOf(cell))
    expect(results).toMatchObject([{ status: 'done', summary: { written: 3 } }])
  })
})
