import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outputsOf } from '../../src/notebook/cells/messages.ts'
import type { KernelClient } from '../notebooks/kernel-client.ts'
import { shownBy } from '../notebooks/stored.ts'
import { type Kernels, profile, run, shown, startKernels } from './kernels.ts'

/** One thing that the profile adds: cells, and what the last of them shows with it and without it. */
interface Probe {
  readonly title: string
  readonly before?: string
  readonly cell: string
  readonly profiled: readonly [status: string, shows: RegExp]
  readonly stock: readonly [status: string, shows: RegExp]
}

const probes: readonly Probe[] = [
  {
    title: 'checks strictly',
    cell: `const text: string = null; console.log('ran')`,
    profiled: ['error', /Type 'null' is not assignable to type 'string'/],
    stock: ['ok', /ran/],
  },
  {
    title: 'narrows by a boolean, which takes strict checking',
    before: `const answer = { ok: false, error: 'no' } as { ok: true; value: number } | { ok: false; error: string }`,
    cell: `if (!answer.ok) console.log('because:', answer.error)`,
    profiled: ['ok', /because: no/],
    stock: ['error', /Property 'error' does not exist/],
  },
  {
    title: 'resolves a package by its exports',
    cell: `import { answer as modern } from 'modern/deep'\nconsole.log('modern', modern)`,
    profiled: ['ok', /modern 42/],
    stock: ['error', /Cannot find module 'modern\/deep'/],
  },
  {
    title: 'knows what Node 20 knows',
    cell: `console.log('last', [3, 1, 2].findLast((one) => one > 1))`,
    profiled: ['ok', /last 2/],
    stock: ['error', /Property 'findLast' does not exist/],
  },
  {
    title: 'takes the shorthand of an earlier variable',
    before: `const tenant = 'acme'`,
    cell: `console.log(JSON.stringify({ tenant }))`,
    profiled: ['ok', /acme/],
    stock: ['error', /tenant is not defined/],
  },
  {
    title: 'assigns to an earlier variable by destructuring',
    before: `let count = 0`,
    cell: `void ({ count } = { count: 7 })\nconsole.log('count is', count)`,
    profiled: ['ok', /count is 7/],
    stock: ['ok', /count is 0/],
  },
  {
    title: 'takes a default in such an assignment',
    before: `let size = 0; const nothing: { size?: number } = {}`,
    cell: `void ({ size = 9 } = nothing)\nconsole.log('size is', size)`,
    profiled: ['ok', /size is 9/],
    stock: ['ok', /size is 0/],
  },
  {
    title: 'takes a for await as the only await',
    cell: `for await (const item of ['a', 'b']) console.log('item', item)`,
    profiled: ['ok', /item a.*item b/],
    stock: ['error', /Unexpected reserved word/],
  },
  {
    title: 'takes an await before a parenthesis',
    cell: `const five = await (async () => 5)()\nconsole.log('five is', five)`,
    profiled: ['ok', /five is 5/],
    stock: ['error', /await is not defined|Cannot find name 'await'/],
  },
  {
    title: 'takes an await before a bracket',
    cell: `const list = await [6]\nconsole.log('list of', list.length)`,
    profiled: ['ok', /list of 1/],
    stock: ['error', /await is not defined|Cannot find name 'await'/],
  },
  {
    title: 'shows the last value in all its media types',
    cell: `({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'plain form', 'text/html': '<b>rich form</b>' }) })`,
    profiled: ['ok', /"text\/html":"<b>rich form<\/b>"/],
    stock: ['ok', /\[Symbol\(Jupyter\.display\)\]/],
  },
  {
    title: 'shows a plan as a card',
    cell: `import { connect } from 'tenantlab'\nconnect({ domain: 'acme.example.com', token: 'none' }).clients.list()`,
    profiled: ['ok', /"text\/html".*Nothing has been sent/],
    stock: ['ok', /^\[\{"stream":"stdout","text":"GET \/api\/v2\/clients/],
  },
  {
    title: 'prints an error without the frames of the kernel',
    cell: `function inner() {\n  throw new Error('boom')\n}\ninner()`,
    profiled: [
      'error',
      /^(?=.*Error: boom\\n {4}at inner \(cell\[\d+\]:2\)\\n {4}at cell\[\d+\]:4")(?!.*tslab)(?!.*node:vm)/,
    ],
    stock: ['error', /tslab.dist.executor\.js/],
  },
]

describe('the kernel profile', () => {
  let kernels: Kernels

  beforeAll(async () => {
    kernels = await startKernels()
  })
  afterAll(() => kernels?.close())

  async function judge(kernel: KernelClient, probe: Probe, [status, shows]: Probe['stock']): Promise<void> {
    if (probe.before !== undefined) expect((await run(kernel, probe.before)).status).toBe('ok')
    const reply = await run(kernel, probe.cell)
    expect(shown(reply)).toMatch(shows)
    expect(reply.status).toBe(status)
  }

  for (const probe of probes) {
    it(probe.title, () => judge(kernels.profiled, probe, probe.profiled))
    it(`${probe.title}: not so in tslab as it comes`, () => judge(kernels.stock, probe, probe.stock))
  }

  it('N8 completes groups and verbs, and next to nothing else', async () => {
    const begin = "import { connect } from 'tenantlab'; const auth8 = connect({ domain: 'a.example.com', token: 'x' })"
    const named = (names: readonly string[]) => names.map((name) => name.replace(/\(.*$/, '')).sort()
    for (const [kernel, extra] of [
      [kernels.profiled, 0],
      [kernels.stock, 10],
    ] as const) {
      expect((await run(kernel, begin)).status).toBe('ok')
      for (const [typed, right] of [
        ['auth8.networkAcls.', ['create', 'list', 'rule']],
        ['auth8.networkAcls.c', ['create']],
        ["auth8.networkAcls('acl').", ['delete', 'get', 'set', 'update']],
        ["auth8.organizations('o').invitations.", ['create', 'list']],
        ["auth8.mfa('t').", ['authenticators', 'challenge', 'enroll', 'verify']],
      ] as const) {
        const offered = named(await kernel.complete(typed)).filter((name) => name !== 'help')
        expect(offered, typed).toEqual(expect.arrayContaining([...right]))
        expect(offered.length - right.length, `${typed} ${offered}`).toBeLessThanOrEqual(extra)
      }
    }
  })

  it('C29 R42 says what a mistyped name meant, where TypeScript stops and where the cell does', async () => {
    const kernel = kernels.profiled
    const opened = `import { connect as open } from 'tenantlab'\nconst auth0 = open({ domain: 'acme.example.com', token: 'none' })\nconst acls = auth0.networkAcls\nconst loose: any = auth0`
    expect(shown(await run(kernel, opened))).not.toMatch(/rror/)
    const told = async (cell: string) => shown(await run(kernel, cell)).replace(/\s+/g, ' ')
    expect(await told(`auth0.clients.update('id', { name: 'x' })`)).toMatch(
      /Property 'update' does not exist.*write auth0\.clients\(id\)\.update\(\{…\}\)/,
    )
    expect(await told(`auth0.jobs.errors.get('id')`)).toMatch(/write auth0\.jobs\(id\)\.errors\.get\(\)/)
    expect(await told(`acls.get('id')`)).toMatch(/write auth0\.networkAcls\(id\)\.get\(\)/)
    expect(await told('loose.user.list()')).toMatch(
      /auth0\.users\?|loose\.user is not there\. Did you mean loose\.users\?/,
    )
    expect(await told('auth0.organisations.list()')).toMatch(/Did you mean '?(auth0\.)?organizations/)
    expect(await told('[1, 2].fnd(1)')).not.toMatch(/is not there/)
  })

  it.each([
    [
      'a cause thrown beside it',
      `const inner = () => {\n  throw new Error('outer', { cause: new TypeError('deep') })\n}\ninner()`,
      /outer[\s\S]*:2[\s\S]*TypeError: deep/,
    ],
    [
      'a cause that was caught',
      `try {\n  JSON.parse('{')\n} catch (error) {\n  throw new Error('no JSON', { cause: error })\n}`,
      /no JSON[\s\S]*:4[\s\S]*SyntaxError/,
    ],
    [
      'a cause of a cause, awaited',
      `const three = async () => { await null\n  throw new Error('a', { cause: new Error('b', { cause: new Error('c') }) }) }\nawait three()`,
      /: a[\s\S]*: b[\s\S]*: c/,
    ],
  ])('N4 tells %s without frames that nobody typed', async (_, cell, text) => {
    const told = shown(await run(kernels.profiled, cell))
    expect(told).toMatch(text)
    expect(told).not.toMatch(/matching cause|node:|node_modules|evalmachine/)
  })

  it.each([
    ['a microtask', `const n = 1\nqueueMicrotask(() => { throw new Error('uncaught') })`],
    ['a timer', `const n = 1\nsetTimeout(() => { throw new TypeError('uncaught') }, 1)`],
    [
      'a promise that nobody awaits',
      `const n = 1\nvoid (async () => { await null; throw new RangeError('uncaught') })()`,
    ],
  ])('N4 tells what nobody caught by its line: in %s', async (_, cell) => {
    const told = shown(await run(kernels.profiled, `${cell}\nawait new Promise((next) => setTimeout(next, 60))`))
    expect(told).toMatch(/Error: uncaught.*cell\[\d+\]:2\b/)
    expect(told).not.toMatch(/node:|node_modules|:2:\d/)
  })

  it('names the error in its reply, as the protocol asks', async () => {
    const { reply } = await run(kernels.profiled, `throw new TypeError('named')`)
    expect(reply).toMatchObject({ status: 'error', ename: 'TypeError', evalue: 'named' })
    expect((await run(kernels.stock, `throw new TypeError('named')`)).reply).not.toHaveProperty('ename')
  })

  it('loses nothing of a burst, and sends it as one message', async () => {
    const burst = `for (let at = 0; at < 3000; at++) console.log('line ' + at)`
    const { status, messages } = await run(kernels.profiled, burst)
    const text = messages.map((message) => (message.kind === 'stream' ? message.text : '')).join('')
    expect(status).toBe('ok')
    expect(text.trimEnd().split('\n')).toEqual(Array.from({ length: 3000 }, (_, at) => `line ${at}`))
    expect(messages.length).toBe(1)
  })

  it('loses nothing of a burst: not so in tslab as it comes', async () => {
    const before = kernels.stock.count('stream')
    const burst = `for (let at = 0; at < 3000; at++) console.log('line ' + at)`
    // The reply may be among what is lost, and after it what later cells show: waiting for either has an end.
    const patiently = (work: Promise<unknown>) => Promise.race([work, new Promise((wake) => setTimeout(wake, 5000))])
    await patiently(kernels.stock.execute(burst, { untilReply: true }))
    for (let look = 0; look < 10 && !kernels.stock.hasShown('afterwards'); look += 1) {
      await patiently(kernels.stock.execute(`console.log('afterwards')`, { untilReply: true }))
    }
    expect(kernels.stock.count('stream') - before).toBeLessThan(3000)
  })

  it('loses no display of a burst', async () => {
    const burst = `import * as tslab from 'tslab'\nfor (let at = 0; at < 1200; at++) tslab.display.text('display ' + at)`
    const { messages } = await run(kernels.profiled, burst)
    const last = JSON.stringify(messages.at(-1))
    expect(messages.length).toBe(1200)
    expect(last).toContain('display 1199')
  })

  it('keeps the order of streams and displays', async () => {
    const mixed = `import * as shows from 'tslab'\nconsole.log('one'); console.error('two'); shows.display.text('three'); console.log('four')`
    const { messages } = await run(kernels.profiled, mixed)
    expect(messages.map((message) => (message.kind === 'stream' ? message.name : message.kind))).toEqual([
      'stdout',
      'stderr',
      'display',
      'stdout',
    ])
  })

  it('runs cells that use several of its points at once', async () => {
    const cell = `const rows = await ([1, 2] as const)\nfor await (const row of rows) console.log('row', row)\nconsole.log({ rows })`
    expect(shown(await run(kernels.profiled, cell))).toMatch(/row 1.*row 2/)
  })
})

describe('the kernel profile beside another tslab', () => {
  it('says so and steps aside', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tenantlab-other-'))
    const dist = join(folder, 'node_modules', 'tslab', 'dist')
    try {
      mkdirSync(dist, { recursive: true })
      writeFileSync(join(dist, '..', 'package.json'), '{"name":"tslab","version":"1.0.99"}')
      writeFileSync(join(dist, 'executor.js'), 'exports.createExecutor = function original() {}')
      const program = `console.log(require(${JSON.stringify(join(dist, 'executor.js'))}).createExecutor.name)`
      const child = spawnSync(process.execPath, ['--require', profile, '-e', program], { encoding: 'utf8' })
      expect(child.stderr).toMatch(/written for tslab 1\.0\.22 and found 1\.0\.99: it steps aside/)
      expect(child.stdout.trim()).toBe('original')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('an interrupt', () => {
  let kernels: Kernels

  beforeAll(async () => {
    kernels = await startKernels()
    for (const kernel of [kernels.stock, kernels.profiled]) {
      const opened = await run(kernel, OPEN)
      expect(opened.status, shown(opened)).toBe('ok')
    }
  })
  afterAll(() => kernels?.close())

  // The second read is answered only when the first has ended, so that the order shows whether it was cancelled.
  const OPEN = `
    import { connect } from 'tenantlab'
    import { sandbox } from 'tenantlab/sandbox'
    const tenant = await sandbox({ seed: 'interrupt', clock: 'fixed', tls: false })
    const auth0 = connect({ ...tenant.options })
    await auth0.tenants.settings.get().run()
    tenant.faults.add({ kind: 'slow', delay: 600000, match: { path: '/api/v2/clients' } })
    let aborted = 'still running'`
  const WAIT = `
    const slow = auth0.clients.list().with({ timeout: 600000 }).run()
    void slow.outcome().then((end) => (aborted = end.status === 'error' ? end.error.kind : end.status))
    await new Promise((next) => setImmediate(next))
    console.log('waiting')
    const answer = await slow`

  async function interrupted(kernel: KernelClient): Promise<{ shown: string; status: string; after: string }> {
    const reply = await kernel.execute(WAIT, {
      async whileRunning() {
        await kernel.shows('waiting')
        kernel.interrupt()
      },
    })
    const after = shown(await run(kernel, 'console.log(aborted)'))
    return { shown: shown(reply), status: reply.status, after }
  }

  it('cancels the plan that runs, and says which', async () => {
    const end = await interrupted(kernels.profiled)
    expect(end.status).toBe('error')
    expect(end.shown).toContain('Interrupted: 1 plan was cancelled (clients.list).')
    expect(end.after).toContain('aborted')
  })

  it('R5 ends the program of the cell: what it would begin after it is refused', async () => {
    const cell = `
      tenant.faults.add({ kind: 'slow', delay: 600000, match: { method: 'POST', path: '/api/v2/roles' }, after: 3 })
      for (let i = 0; i < 20; i++) {
        const end = await auth0.roles.create({ name: 'r' + i }).with({ timeout: 600000, maxRetries: 0 }).run().outcome()
        console.log('ended', i, end.status)
        if (i === 2) console.log('begun')
      }`
    const reply = await kernels.profiled.execute(cell, {
      async whileRunning() {
        await kernels.profiled.shows('begun')
        kernels.profiled.interrupt()
      },
    })
    expect(reply.status).toBe('error')
    const count =
      "tenant.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v2/roles').length <= 4"
    expect(
      shown(await run(kernels.profiled, `await new Promise((next) => setTimeout(next, 50))\nconsole.log(${count})`)),
    ).toContain('true')
    expect(
      shown(await run(kernels.profiled, 'console.log((await auth0.users.list().run()).items.length > 0)')),
    ).toContain('true')
  })

  it('leaves it running in tslab as it comes', async () => {
    const end = await interrupted(kernels.stock)
    expect(end.status).toBe('error')
    expect(end.after).toContain('still running')
  })

  it('is not needed for a live display: one output, in its last state', async () => {
    const cell = `
      import { show, watch } from 'tenantlab'
      const running = auth0.users.list({ per_page: 1 }).all().run()
      show(running)
      const everybody = await running
      const again = await watch(auth0.users.list({ per_page: 1 }).all())
      console.log(everybody.length === again.length)`
    for (const kernel of [kernels.stock, kernels.profiled]) {
      const reply = await run(kernel, cell)
      const [first, second, third, ...rest] = outputsOf(reply.messages)
      expect(reply.messages.filter(({ kind }) => kind === 'display')).toHaveLength(2)
      expect(shownBy([first!])).toMatch(/users\.list · done/)
      expect(shownBy([second!])).toMatch(/users\.list · done/)
      expect(shownBy([third!])).toContain('true')
      expect(rest).toEqual([])
    }
  })

  it('leaves the kernel usable', async () => {
    expect(shown(await run(kernels.profiled, 'console.log(1 + 1)'))).toContain('2')
  })
})

describe('secret() in a kernel', () => {
  let kernels: Kernels

  beforeAll(async () => {
    kernels = await startKernels()
  })
  afterAll(() => kernels?.close())

  const ASK = `
    import { secret } from 'tenantlab'
    const canary = await secret('CANARY_SECRET')
    console.log('got', canary.reveal().length, 'characters')`

  it('says so where the front end takes no questions', async () => {
    const reply = await run(kernels.profiled, ASK)
    expect(reply.status).toBe('error')
    expect(shown(reply)).toContain('CANARY_SECRET is not set')
  })

  it('asks through the front end and hides what is typed', async () => {
    await run(kernels.profiled, 'void 0')
    const reply = await kernels.profiled.execute(ASK, { answer: 'canary-typed-9b1c' })
    expect(reply.question).toEqual({ prompt: expect.stringContaining('CANARY_SECRET'), password: true })
    expect(shown(reply)).toContain('got 17 characters')
    const last = await run(kernels.profiled, 'canary')
    expect(shown(last)).toContain('«secret»')
    expect(shown(reply) + shown(last)).not.toContain('canary-typed')
  })

  it('cannot ask in tslab as it comes', async () => {
    const reply = await kernels.stock.execute(ASK, { answer: 'canary-typed-9b1c' })
    expect(reply.question).toBeUndefined()
    expect(shown(reply)).toContain('tenantlab notebooks install')
  })

  it('lets an interrupt take the question back', async () => {
    await run(kernels.profiled, 'void 0')
    const code = `import { secret } from 'tenantlab'\nconst never = await secret('ANOTHER_SECRET')`
    const reply = await kernels.profiled.execute(code, {
      whileAsked: () => kernels.profiled.interrupt(),
    })
    expect(reply.status).toBe('error')
    expect(shown(await run(kernels.profiled, `console.log('alive')`))).toContain('alive')
  })
})
