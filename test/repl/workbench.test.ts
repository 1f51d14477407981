import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect } from '../../src/connect/index.ts'
import { screenOf } from '../../src/repl/screen.ts'
import { openWorkbench, type Workbench } from '../../src/repl/workbench.ts'
import { WriteGuard } from '../../src/repl/write-guard.ts'
import { defineRunbook, memoryJournal, runRunbook, undoRun } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { all, internalsOf, type Session } from '../../src/session/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'tenantlab-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

let tenant: Sandbox
let auth0: Session
let bench: Workbench
let printed: string[] = []

/** Runs a statement and answers what it printed. */
async function typed(statement: string): Promise<string> {
  printed = []
  await bench.run(statement)
  return printed.join('\n')
}

beforeEach(async () => {
  tenant = await sandbox()
  auth0 = connect(tenant.options)
  const print = (text: string): void => void printed.push(text)
  const style = () => ({ columns: 100, colours: false })
  const screen = screenOf({ out: print, err: print, style, json: false, quiet: false, terminal: true })
  const guard = new WriteGuard(false)
  guard.add(auth0)
  bench = openWorkbench({ session: auth0, variables: { auth0, tenant }, screen, guard })
})
afterEach(async () => {
  bench.close()
  await tenant.close()
})

const sent = (): string[] =>
  tenant.requests.filter(({ path }) => path !== '/oauth/token').map((r) => `${r.method} ${r.path}`)

describe('the workbench', () => {
  it('does not send, after a failure, the plan that was shown before it', async () => {
    await typed('auth0.roles.list()')
    await typed('nope')
    expect(await typed('.run')).toContain('No plan was shown since the last failure')
    expect(sent()).toEqual([])
  })

  it.each(['failed logins', 'client secret'])(
    'N7: shows what a search for "%s" finds with each expression whole, not in a table',
    async (words) => {
      const found = await auth0.find(words)
      for (const typedLine of [`auth0.find('${words}')`, `.find ${words}`]) {
        const text = await typed(typedLine)
        for (const { word } of found.slice(0, 3)) expect(text.split('\n')).toContain(word)
      }
    },
  )

  it.each(['(await auth0.users.list().run()).data', '(await auth0.roles.list({}).run()).length'])(
    'C29: says that a page has items, where %s is undefined',
    async (code) => {
      expect(await typed(code)).toContain('its records are in items')
    },
  )

  it('waits for a run and for a promise that stand last, and runs no plan', async () => {
    expect(await typed('auth0.roles.list().run()')).toMatch(/\d+ roles?/)
    expect(await typed('Promise.resolve(7)')).toBe('7')
    expect(await typed('await auth0.users.list()')).toContain('not sent')
    expect(sent()).toEqual(['GET /api/v2/roles'])
  })

  it('R4 undoes a create by its delete, and a change by the values before, however it was sent', async () => {
    await typed("auth0.roles.create({ name: 'one', description: 'before' })")
    expect(await typed('.run')).toContain('before')
    await typed('const id = _.id')
    await typed("auth0.roles(id).update({ description: 'after' })")
    expect(await typed('.diff')).toContain('before → after')
    await typed('.run')
    expect(await typed('.undo')).toMatch(/PATCH[\s\S]*"description": "before"[\s\S]*Nothing has been sent/)
    expect(await typed('.run')).toContain('before')
    await typed("auth0.roles(id).update({ description: 'again' })")
    await typed('.run')
    expect(await typed('.undo')).toMatch(/PATCH[\s\S]*"description": "before"/)
    await typed("await auth0.roles.create({ name: 'older' }).run(); await auth0.roles.create({ name: 'newer' }).run()")
    await typed('.undo')
    await typed('.run')
    const names = async () => (await auth0.roles.list().run()).items.map(({ name }) => name)
    expect(await names()).toContain('older')
    expect(await names()).not.toContain('newer')
    await typed("auth0.roles.create({ name: 'two' })")
    await typed('.run')
    expect(await typed('.undo')).toContain('DELETE /api/v2/roles/')
    await typed('.run')
    expect((await auth0.roles.list().run()).items.map(({ name }) => name)).not.toContain('two')
  })

  describe('R4 R24 the undo of writes', () => {
    const names = async () => (await auth0.roles.list().run()).items.map(({ name }) => name)

    it('knows those that no command sent, the last first, and each by its number', async () => {
      await typed("auth0.roles.create({ name: 'one' })")
      await typed('.run')
      await typed("await auth0.roles.create({ name: 'two' }).run(); await auth0.roles.create({ name: 'three' }).run()")
      expect(await typed('.changes')).toMatch(/1 .*roles\.create.*\n.*2 .*roles\.create.*\n.*3 .*roles\.create/)
      await typed('.undo')
      await typed('.run')
      expect(await names()).toEqual(expect.arrayContaining(['one', 'two']))
      expect(await names()).not.toContain('three')
      await typed('.undo 1')
      await typed('.run')
      expect(await names()).not.toContain('one')
      expect(await typed('.undo 3')).toContain('is undone already')
      await typed('.undo')
      await typed('.run')
      expect(await names()).not.toContain('two')
      expect(await typed('.undo')).toContain('Nothing was written here that is not undone already')
      expect(await typed('.undo 99')).toContain('There is no write 99')
    })

    it('goes to the session that wrote, and knows the values before it', async () => {
      const other = await sandbox({ seed: 'other' })
      try {
        Object.assign(globalThis, { otherOptions: other.options, connectHere: connect })
        await typed('const st = connectHere(otherOptions)')
        const id = other.seed.users[0]?.user_id
        const own = tenant.seed.users[0]?.user_id
        await typed(`st.users('${id}').update({ user_metadata: { a: 1 } })`)
        await typed('.run')
        await typed(`auth0.users('${own}').update({ user_metadata: { z: 9 } })`)
        await typed(`await st.users('${id}').update({ user_metadata: { b: 2 } }).run()`)
        await typed('.undo')
        await typed('.run')
        const metadata = (
          await connect(other.options)
            .users(id ?? '')
            .get()
            .run()
        ).user_metadata
        expect(metadata).toMatchObject({ a: 1 })
        expect(metadata).not.toHaveProperty('b')
        expect(sent().filter((request) => request.startsWith('PATCH'))).toEqual([])
      } finally {
        await other.close()
        Reflect.deleteProperty(globalThis, 'otherOptions')
        Reflect.deleteProperty(globalThis, 'connectHere')
      }
    })

    it('knows writes in a loop, in a flow and by their replacement, and says what nothing undoes', async () => {
      await typed("for (const name of ['x', 'y']) await auth0.roles.create({ name }).run().outcome()")
      await typed('.undo 2')
      await typed('.run')
      expect(await names()).toContain('x')
      expect(await names()).not.toContain('y')
      await typed('const id = (await auth0.roles.list().run()).items.find(({ name }) => name === "x").id')
      await typed("await auth0.roles(id).update({ description: 'first' }).run()")
      await typed("await auth0.roles(id).update({ description: 'second' }).andThen(() => auth0.roles(id).get()).run()")
      expect(await typed('.undo')).toMatch(/"description": "first"/)
      await typed("await auth0.raw('POST /api/v2/roles', { body: { name: 'raw' } }).run()")
      expect(await typed('.undo')).toMatch(/DELETE \/api\/v2\/roles/)
      await typed("await auth0.raw('POST /api/v2/nowhere', { body: { a: 1 } }).run().outcome()")
    })
  })

  describe('R24 the undo of what a flow wrote', () => {
    const roles = async () => (await auth0.roles.list().run()).items.map(({ name }) => name)
    const blocked = async () => (await auth0.users.list().all().run()).filter((user) => user.blocked === true).length
    const block = 'auth0.users.list().each((user) => auth0.users(user.user_id).update({ blocked: true }))'

    it.each([
      ['its own undo', `const run = ${block}.run({ journal: true }); await run; await run.undo()`],
      ['undoRun() in another session', `await runHere(${block}, other)`],
      [
        'two flows, one in the other',
        `const run = auth0.users.list().andThen(() => ${block}).run(); await run; await run.undo()`,
      ],
    ])('marks it undone by %s, and does not do the damage again', async (_, code) => {
      Object.assign(globalThis, {
        other: connect(tenant.options),
        async runHere(flow: never, session: Session) {
          const journal = memoryJournal()
          await runRunbook(
            defineRunbook({
              name: 'block',
              async *steps({ step }) {
                yield* step('block', flow)
              },
            }),
            auth0,
            { journal },
          )
          await undoRun(journal, session)
        },
      })
      try {
        const before = await blocked()
        const writes = tenant.seed.users.length
        await typed(code)
        expect(await blocked()).toBe(before)
        const changes = (await typed('.changes')).split('\n')
        expect(changes).toHaveLength(2 * writes)
        expect(changes.filter((line) => !line.endsWith('(undone)'))).toEqual([])
        expect(await typed('.undo')).toContain('undone already')
        expect(await typed('.undo 1')).toContain('undone already')
      } finally {
        Reflect.deleteProperty(globalThis, 'other')
        Reflect.deleteProperty(globalThis, 'runHere')
      }
    })

    it('marks what an undo of the reader undoes', async () => {
      await typed(
        "const run = auth0.roles.create({ name: 'mine' }).undoWith(({ result }) => auth0.roles(result.id).update({ description: 'gone' })).andThen(() => auth0.roles.list()).run(); await run; await run.undo()",
      )
      const changes = (await typed('.changes')).split('\n')
      expect(changes.filter((line) => line.endsWith('(undone)'))).toHaveLength(2)
      expect(await typed('.undo')).toContain('undone already')
    })

    it.each([
      ['.run', (flow: string) => [flow, '.run']],
      ['run()', (flow: string) => [`await ${flow}.run()`]],
      ['a review', (flow: string) => [`await (await ${flow}.check()).apply()`]],
    ])('undoes all of it at once, as %s sent it', async (_, statements) => {
      const before = await blocked()
      for (const statement of statements(block)) await typed(statement)
      expect(await blocked()).toBe(tenant.seed.users.length)
      expect(await typed('.undo')).toMatch(/This undoes the 2 writes of [\s\S]*Nothing has been sent/)
      await typed('.run')
      expect(await blocked()).toBe(before)
      expect(await typed('.undo')).toContain('undone already')
    })

    it('undoes the last first, says what nothing undoes, and each alone by its number', async () => {
      const flow =
        "auth0.roles.create({ name: 'a' }).andThen(({ id }) => auth0.roles(id).update({ description: 'b' }).andThen(() => auth0.jobs.verificationEmail.create({ user_id: tenant.seed.users[0].user_id })))"
      await typed(flow)
      await typed('.run')
      expect(await typed('.undo')).toMatch(/2 writes of[\s\S]*write 3, jobs\.verificationEmail\.create, stays: nothing/)
      await typed('.run')
      expect(await roles()).not.toContain('a')
      await typed(`await ${flow}.run({ journal: false })`)
      await typed('.undo 7')
      await typed('.run')
      expect((await auth0.roles.list().run()).items.find(({ name }) => name === 'a')?.description).not.toBe('b')
    })

    it.each([
      block,
      "auth0.roles.create({ name: 'new' }).andThen(({ id }) => auth0.roles(id).update({ description: 'd' }))",
      "auth0.clients.list().each((client) => auth0.clients(client.client_id).update({ name: 'n' }))",
    ])('.diff of a flow is its check, and no command that looks forgets it: %s', async (flow) => {
      expect(await typed(flow)).toContain('.diff shows every request')
      const writes = () => sent().filter((request) => !request.startsWith('GET'))
      expect(await typed('.diff')).toMatch(/roles\.create|users\.update|clients\.update|PATCH|POST/)
      expect(await typed('.explain')).toContain('flow of')
      expect(await typed('.curl')).toContain('.curl is for one plan')
      expect(await typed('.save plan.json')).toContain('is a flow of several')
      expect(await typed('.json nowhere/x.json')).not.toBe('')
      expect(await typed('.explain it')).toContain('takes nothing')
      expect(writes()).toEqual([])
      await typed('.run')
      expect(writes().length).toBeGreaterThan(0)
      await typed(flow)
      await typed('.undo 99')
      expect(await typed('.run')).toContain('No plan was shown since the last failure')
    })

    it.each([
      block,
      "all([auth0.roles.create({ name: 'x' }), auth0.roles.create({ name: 'y' })])",
      "auth0.roles.create({ name: 'x' }).map((role) => [role, role])",
    ])('shows its answers as a table: %s', async (flow) => {
      Object.assign(globalThis, { all })
      try {
        await typed(flow)
        const table = await typed('.run')
        expect(table).toMatch(/^2 \w+/m)
        expect(table.split('\n').length).toBeLessThan(12)
        expect(table).not.toMatch(/^\s*\{/m)
      } finally {
        Reflect.deleteProperty(globalThis, 'all')
      }
    })
  })

  it.each([
    ['auth0.user.list()', 'auth0.user is not there. Did you mean auth0.users?'],
    ['auth0.users.lst()', 'auth0.users.lst is not there. Did you mean auth0.users.list?'],
    [
      "await auth0.organizations('o').member.list().run()",
      'auth0.organizations(…).member is not there. Did you mean auth0.organizations(…).members?',
    ],
    [
      'auth0.networkAcls.list().rn()',
      'auth0.networkAcls.list(…).rn is not there. Did you mean auth0.networkAcls.list(…).run?',
    ],
    ['const x = auth0.login.pasword({})', 'auth0.login.pasword is not there. Did you mean auth0.login.password?'],
  ])('R42 names the nearest word: %s', async (statement, hint) => {
    expect(await typed(statement)).toContain(hint)
    expect(await typed('nothingHere.x')).not.toContain('Did you mean')
  })

  it.each([
    ['auth0.usres', 'auth0.usres is not there. Did you mean auth0.users?'],
    ['auth0.roles.lst;', 'auth0.roles.lst is not there. Did you mean auth0.roles.list?'],
    ['await auth0.organisations', 'Did you mean auth0.organizations?'],
  ])('R42 names the nearest word of one that leads to nothing: %s', async (statement, hint) => {
    expect(await typed(statement)).toContain(hint)
    expect(await typed('({}).nothing')).toBe('')
  })

  it.each(['.run now', '.changes 1', '.explain auth0.users.list()', '.exit please'])(
    'R1 uses every word behind a command, or refuses it: %s',
    async (command) => {
      await typed("auth0.roles.create({ name: 'never' })")
      expect(await typed(command)).toMatch(/takes nothing, and ".*" would be left out\. Nothing was done/)
      expect(sent()).toEqual([])
    },
  )

  it('R53 shows on the card of an invalid plan what run() would refuse', async () => {
    const shown = async (statement: string) => (await typed(statement)).replace(/\s+/g, ' ')
    expect(await shown("auth0.users.list({ qq: 'x' })")).toContain('run() refuses this: qq is not a parameter here')
    expect(await shown("auth0.users('u').update({ blokced: true })")).toMatch(
      /run\(\) refuses this: blokced .*did you mean blocked/,
    )
    expect(await shown('auth0.users.list({ per_page: 1000 })')).toContain(
      'run() refuses this: per_page must be 100 or less',
    )
    expect(sent()).toEqual([])
  })

  it('R33 shows the next rows of a list, and skips none', async () => {
    const more = await sandbox()
    try {
      const session = connect(more.options)
      for (let count = 0; count < 130; count += 1) {
        const user = {
          connection: 'Username-Password-Authentication',
          email: `u${count}@example.com`,
          password: 'Long-enough-1!',
        }
        await session.users.create(user).run()
      }
      Object.assign(globalThis, { many: session })
      const seen = new Set<string>()
      const collect = (text: string) => {
        for (const id of text.match(/auth0\|\w+/g) ?? []) seen.add(id)
      }
      collect(await typed('many.users.list({ per_page: 100, fields: "user_id", include_fields: true }).run()'))
      for (let count = 0; count < 4; count += 1) collect(await typed('it'))
      const all = await session.users.list({ per_page: 100 }).all().run()
      expect(all.filter(({ user_id }) => !seen.has(user_id ?? ''))).toEqual([])
      expect(await typed('it')).toContain('last rows')
      seen.clear()
      collect(
        await typed('(await many.users.list({ per_page: 100, fields: "user_id", include_fields: true }).all().run())'),
      )
      for (let count = 0; count < 2; count += 1) collect(await typed('it'))
      expect(seen.size).toBe(all.length)
    } finally {
      await more.close()
      Reflect.deleteProperty(globalThis, 'many')
    }
  })

  it('ends a loop over pages, and not one that was started before', async () => {
    await typed(
      'let seen = 0; const earlier = (async () => { for await (const user of auth0.users.list({ per_page: 1 })) seen += 1 })(); 0',
    )
    await typed('await earlier')
    expect(await typed('seen')).toBe('2')
    tenant.faults.add({ kind: 'slow', match: { path: '/api/v2/users' }, after: 1, delay: 3_600_000 })
    const loop = bench.run(
      'for await (const user of auth0.users.list({ per_page: 1 }).with({ timeout: 3_600_000 })) seen += 1',
    )
    while (sent().length < 3) await new Promise((resolve) => setTimeout(resolve, 5))
    printed = []
    await bench.interrupt()
    expect(await loop).toBe('cancelled')
    expect(await typed('1 + 1')).toBe('2')
  })

  describe('R5 ends the program of a cancelled statement, and not only its plan', () => {
    const posts = () => sent().filter((request) => request.startsWith('POST')).length
    const untilSlow = (path: string, nth: number) => {
      tenant.faults.add({ kind: 'slow', match: { method: 'POST', path }, after: nth - 1, delay: 3_600_000 })
    }
    const reached = async (count: number) => {
      while (posts() < count) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const made = "auth0.roles.create({ name: 'r' + Math.random() }).with({ timeout: 3_600_000, maxRetries: 0 })"

    it.each([
      ['outcomes', `for (let i = 0; i < 20; i++) { await ${made}.run().outcome() }`],
      ['caught errors', `for (let i = 0; i < 20; i++) { try { await ${made}.run() } catch {} }`],
      [
        'cold events',
        `for (let i = 0; i < 20; i++) await new Promise((go) => ${made}.events().subscribe({ error: go, complete: () => go(1) }))`,
      ],
      ['a loop without end', `for (;;) await ${made}.run().outcome()`],
      [
        'code that waits between its plans',
        `for (let i = 0; i < 20; i++) { await ${made}.run().outcome(); await new Promise(setImmediate) }`,
      ],
    ])('with %s', async (_, code) => {
      untilSlow('/api/v2/roles', 4)
      const running = bench.run(code)
      await reached(4)
      bench.interrupt()
      expect(await running).toBe('cancelled')
      expect(await typed('1 + 1')).toBe('2')
      for (let turn = 0; turn < 400; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      expect(posts()).toBe(4)
      expect(await typed('(await auth0.users.list().run()).items.length')).toBe('2')
    })

    it('refuses what its timers begin later, and nothing of the statements after it', async () => {
      untilSlow('/api/v2/roles', 1)
      await typed('let open; const go = new Promise((resolve) => { open = resolve })')
      const running = bench.run(`void go.then(() => ${made}.run().outcome()); await ${made}.run()`)
      await reached(1)
      bench.interrupt()
      expect(await running).toBe('cancelled')
      tenant.faults.clear()
      await typed('open()')
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      expect(posts()).toBe(1)
      expect(await typed(`(await ${made}.run().outcome()).status`)).toBe('ok')
    })
  })

  it('tells the token, the limits and the writes, and changes the last', async () => {
    expect(await typed('auth0.roles.list()')).toContain('not sent')
    expect(await typed('.scopes')).toContain('roles.list is allowed: it needs read:roles.')
    await typed('.run')
    expect(await typed('.limits')).toContain('Rate limits and token quotas')
    expect(await typed('.writes off')).toContain('refused')
    await typed("auth0.roles.create({ name: 'x' })")
    expect(await typed('.run')).toContain('Nothing was sent.')
    expect(await typed('.writes on')).toContain('are sent')
    expect(await typed('.writes maybe')).toContain('takes on or off')
  })

  it('allows no write that the environment forbids', async () => {
    process.env.TENANTLAB_WRITES = 'deny'
    try {
      expect(await typed('.writes on')).toContain('refused')
      expect(internalsOf(auth0).writes()).toBe('deny')
    } finally {
      delete process.env.TENANTLAB_WRITES
    }
  })

  it('saves what was typed, secrets left out, or the plan; and replaces no file', async () => {
    await typed('const name: string = "x"')
    await typed("const password = 'canary'")
    await typed('auth0.roles.create({ name })')
    const script = join(folder, 'session.ts')
    await typed(`.save ${script}`)
    expect(readFileSync(script, 'utf8')).toContain(
      'const name: string = "x"\nconst password = SECRET_PASSWORD\nauth0.roles.create({ name })\n',
    )
    expect(readFileSync(script, 'utf8')).toContain("await secret('PASSWORD')")
    expect(readFileSync(script, 'utf8')).not.toContain('canary')
    expect(await typed(`.save ${script}`)).toContain('left alone')
    await typed('auth0.roles.create({ name })')
    await typed(`.save ${join(folder, 'plan.json')}`)
    expect(JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'))).toMatchObject({ op: 'roles.create' })
    expect(await typed('.save')).toContain('needs the file')
    expect(existsSync(join(folder, 'undefined'))).toBe(false)
  })

  it('prints no secret: not of a record, a list, a token or an error', async () => {
    const tokens = await typed('const tokens = await auth0.login.clientCredentials().run(); tokens')
    const alone = await typed('tokens.access_token')
    const within = await typed('({ tokens, list: [tokens] })')
    for (const text of [tokens, alone, within, await typed('.json')]) {
      expect(text).toContain('«secret»')
      expect(text).not.toContain('eyJ')
    }
  })

  it.each([
    ["auth0.roles.create({ name: 'shown' })", '"op": "roles.create"', 'It holds the plan roles.create.'],
    ['auth0.users.list().all().each((user) => auth0.users(user.user_id).get())', '"steps": [', 'It holds the flow '],
    ['[1, 2, 3]', '3', 'It holds the 3 rows'],
  ])('R44 .json holds what was shown last, and says what that is: %s', async (statement, held, told) => {
    await typed("({ older: 'value' })")
    await typed(statement)
    const file = join(folder, `json-${held.length}.json`)
    expect(await typed(`.json ${file}`)).toContain(told)
    expect(readFileSync(file, 'utf8')).toContain(held)
    expect(readFileSync(file, 'utf8')).not.toContain('older')
    await typed("({ newer: 'value' })")
    expect(await typed('.json')).toContain('newer')
  })

  it.each(['narrow.users.list()', 'narrow.users.list().all().map((users) => users.length)', "narrow.roles('r').get()"])(
    'R44 .scopes tells of the token that would send what was shown: %s',
    async (statement) => {
      const { audience } = await internalsOf(auth0).token()
      const client = await auth0.clients.create({ name: 'narrow', app_type: 'non_interactive' }).run()
      const { client_id = '', client_secret = '' } = client
      await auth0.clientGrants.create({ client_id, audience, scope: ['read:roles'] }).run()
      Object.assign(globalThis, { narrowed: auth0.as({ clientId: client_id, clientSecret: client_secret }) })
      try {
        await typed('const narrow = narrowed')
        expect(await typed('.scopes')).not.toContain('1 scope for')
        await typed(statement)
        const told = await typed('.scopes')
        expect(told).toContain('1 scope for')
        if (statement.endsWith('list()')) expect(told).toContain('users.list is not allowed')
        if (statement.endsWith('get()')) expect(told).toContain('roles.get is allowed')
      } finally {
        Reflect.deleteProperty(globalThis, 'narrowed')
      }
    },
  )

  it('names the nearest command, and gives help on all of them', async () => {
    expect(await typed('.explian')).toContain('Did you mean .explain?')
    const help = await typed('help')
    for (const name of ['.run', 'it', '.undo', '.writes [on|off]', '.save FILE']) expect(help).toContain(name)
    expect(await typed('.help networkAcls.create')).toContain('POST /api/v2/network-acls')
    expect(await bench.run('.exit')).toBe('end')
  })
})
