import { Readable, Writable } from 'node:stream'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ConsoleOptions, openConsole } from '../../src/repl/console.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'

let tenant: Sandbox
beforeEach(async () => {
  tenant = await sandbox()
})
afterEach(() => tenant.close())

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function evaluated(code: string, options: Partial<ConsoleOptions> = {}): Promise<Ran> {
  const texts = { out: '', err: '' }
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _, done) {
        texts[name] += String(chunk)
        done()
      },
    }) as unknown as NodeJS.WriteStream
  const { log } = console
  // What code prints goes to the output of the process, which is that of the console.
  console.log = (...values: unknown[]) => {
    texts.out += `${values.join(' ')}\n`
  }
  try {
    const status = await openConsole({
      session: connect(tenant.options),
      variables: { connect, tenant },
      input: Readable.from([code]),
      output: stream('out'),
      errors: stream('err'),
      ...options,
    })
    return { code: status, ...texts }
  } finally {
    console.log = log
  }
}

const posts = () => tenant.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/api')).length

describe('a console without a terminal', () => {
  it('X4: code prints no secret that is known, of an answer or of the environment, nor a piece of one', async () => {
    process.env.CANARY_API_KEY = 'canary-of-the-environment-1'
    const printed: string[] = []
    const spies = (['log', 'error', 'table', 'dir'] as const).map((name) => {
      const inner = console[name]
      console[name] = (...values: unknown[]) =>
        void printed.push(values.map((value) => inspect(value, { depth: 9 })).join(' '))
      return () => {
        console[name] = inner
      }
    })
    const code = [
      "const made = await auth0.clients.create({ name: 'm2m', app_type: 'non_interactive' }).run()",
      'console.log(made.client_secret)',
      "console.log('%s', JSON.stringify(made), new Map([[1, made.client_secret]]))",
      'console.error(made.client_secret.slice(0, 40)); console.table([{ a: made.client_secret }]); console.dir(new Set([made.client_secret]))',
      'console.log(process.env.CANARY_API_KEY, { ...process.env })',
      'console.log(1, { a: 2 })',
      'JSON.stringify(made)',
      'made.client_secret.slice(0, 40)',
      'process.env',
      "auth0.users.create({ connection: 'c', email: 'a@example.com', passwrd: 'canary-of-a-typo' })",
      'typeof show + typeof chart + typeof follow + typeof watch + typeof secret',
    ].join('\n')
    const streams = { out: '', err: '' }
    const sink = (name: 'out' | 'err') =>
      new Writable({
        write(chunk, _, done) {
          streams[name] += String(chunk)
          done()
        },
      }) as unknown as NodeJS.WriteStream
    try {
      const session = connect(tenant.options)
      const status = await openConsole({
        session,
        variables: { tenant },
        input: Readable.from([code]),
        output: sink('out'),
        errors: sink('err'),
      })
      expect(status).toBe(0)
    } finally {
      for (const end of spies) end()
      delete process.env.CANARY_API_KEY
    }
    const { items } = await connect(tenant.options).clients.list({ fields: 'client_secret,name' }).run()
    const secret = items.find(({ name }) => name === 'm2m')?.client_secret ?? ''
    expect(secret.length).toBeGreaterThan(40)
    const all = `${printed.join('\n')}\n${streams.out}${streams.err}`
    expect(all).not.toContain(secret.slice(0, 20))
    expect(all).not.toMatch(/canary-of/)
    expect(printed).toContain('1 { a: 2 }')
    expect(streams.out).toContain('undefinedundefined')
  })

  it.each([{}, { json: true }, { csv: true }])(
    'X4: prints no secret that it knows, whatever holds it: %j',
    async (how) => {
      const secret = tenant.options.clientSecret
      for (const code of [
        "'a ' + tenant.options.clientSecret",
        "new Map([['t', tenant.options.clientSecret]])",
        'new Set([tenant.options.clientSecret])',
        "new URL('https://x.example/?a=' + tenant.options.clientSecret)",
        'new (class A { x = tenant.options.clientSecret })()',
        "[{ note: 'is ' + tenant.options.clientSecret, more: [tenant.options.clientSecret] }]",
        "Object.assign(new Error('x ' + tenant.options.clientSecret), { more: tenant.options.clientSecret })",
        "throw new TypeError('x ' + tenant.options.clientSecret)",
        "Buffer.from('a:' + tenant.options.clientSecret).toString('base64')",
        '({ get late() { return tenant.options.clientSecret } })',
      ]) {
        const { out, err } = await evaluated(code, how)
        expect(out + err, code).not.toContain(secret)
        expect(out + err, code).not.toContain(Buffer.from(`a:${secret}`).toString('base64').slice(4, 40))
      }
    },
  )

  it('R20: takes a text that a backslash carries over the end of its line', async () => {
    expect(await evaluated('const t = "a\\\nb"\nt.length')).toMatchObject({ code: 0, out: '2\n' })
    expect(await evaluated("'x\\\ny'.toUpperCase()")).toMatchObject({ code: 0, out: 'XY\n' })
    expect((await evaluated('"a\nb"')).code).toBe(1)
  })

  it('R32: carries out what nobody waited for, and a failure of that is a failure', async () => {
    expect(await evaluated("auth0.roles.create({ name: 'late' }).run(); 1", { quiet: true })).toMatchObject({
      code: 0,
      out: '1\n',
      err: '',
    })
    expect(posts()).toBe(1)
    const lost = await evaluated("auth0.users('auth0|none').get().run(); 1")
    expect(lost).toMatchObject({ code: 1, out: '1\n' })
    expect(lost.err).toContain('404')
    expect(await evaluated("Promise.reject(new Error('boo')); 1")).toMatchObject({ code: 1, out: '1\n' })
    const failed = await evaluated("auth0.users.list().run().outcom()\nauth0.roles.create({ name: 'no' }).run()")
    expect(failed.code).toBe(1)
    expect(failed.err).toContain('Did you mean auth0.users.list(…).run(…).outcome?')
    expect(failed.err).not.toMatch(/UND_ERR|at .*\.ts:/)
    expect(posts()).toBe(1)
  })

  it.each([
    ['a list', 'auth0.logs.list().all().run()', 120],
    ['a page', 'auth0.logs.list({ per_page: 100 }).run()', 100],
    ['rows that code made', '(await auth0.logs.list().all().run()).filter(() => true)', 120],
    ['rows of another shape', '(await auth0.logs.list().all().run()).map(({ type }) => ({ type }))', 120],
  ])('R44: gives all rows of %s as CSV and as JSON, not only those that are drawn', async (_, code, least) => {
    const own = await sandbox({ users: 40, days: 8 })
    try {
      const session = connect(own.options)
      const csv = await evaluated(code, { session, csv: true })
      expect(csv.out.trimEnd().split('\n').length - 1).toBeGreaterThanOrEqual(least)
      const json = JSON.parse((await evaluated(code, { session, json: true })).out)
      expect((json.items ?? json).length).toBeGreaterThanOrEqual(least)
    } finally {
      await own.close()
    }
  })

  it.each([
    '(await auth0.clients.list().all().run()).filter(() => true)',
    '(await auth0.clients.list().all().run()).map(({ client_secret }) => ({ client_secret }))',
    'await auth0.clients.list({ per_page: 5 }).run()',
  ])('R44: hides the secrets of all rows in CSV and in JSON: %s', async (code) => {
    const secrets = tenant.seed.clients.flatMap(({ client_secret }) => client_secret ?? [])
    expect(secrets.length).toBeGreaterThan(0)
    for (const form of [{ csv: true }, { json: true }]) {
      const { out } = await evaluated(code, form)
      expect(out).toContain('secret')
      for (const secret of secrets) expect(out).not.toContain(secret)
    }
  })

  it.each([
    ['auth0.users.lst()', 'Did you mean auth0.users.list?'],
    ["new ManagementClient({ domain: 'x' })", 'write connect({ domain, clientId, clientSecret }).'],
    ['auth0.users.list().forEach((x) => x)', '.each((item) => plan)'],
  ])('R42: says what was meant by %s, also where it is quiet or JSON', async (code, hint) => {
    expect((await evaluated(code, { quiet: true })).err).toContain(hint)
    expect(JSON.parse((await evaluated(code, { json: true })).out).error.hint).toContain(hint)
  })

  it('R19 prints what code prints, also where it is quiet', async () => {
    expect(await evaluated('console.log("x")', { quiet: true })).toMatchObject({ code: 0, out: 'x\n' })
    expect((await evaluated('for (const n of [1, 2]) console.log(n)\n3', { quiet: true })).out).toBe('1\n2\n3\n')
  })

  it('R34 keeps to one line of JSON each, whatever code prints', async () => {
    const { out } = await evaluated('console.log("x", { a: 1 })\nconsole.table([1])\n({ b: 2 })', { json: true })
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    expect(lines[0]).toEqual({ log: 'x { a: 1 }' })
    expect(lines).toContainEqual({ b: 2 })
  })

  it('R30 is read-only for every session that it opens', async () => {
    for (const write of [
      "await connect(tenant.options).roles.create({ name: 'a' }).run()",
      "await auth0.as({ clientId: tenant.options.clientId, clientSecret: tenant.options.clientSecret }).roles.create({ name: 'a' }).run()",
      "await auth0.roles.create({ name: 'a' }).run()",
      '.writes on',
    ]) {
      const ran = await evaluated(write, { readOnly: true })
      expect(ran.code, write).toBe(1)
      expect(ran.err, write).toMatch(/Nothing was sent|read-only/)
    }
    expect(posts()).toBe(0)
    expect(process.env.TENANTLAB_WRITES).toBeUndefined()
  })

  it('R30 starts without writes on production, and .writes on allows them in all its sessions', async () => {
    const write = "await connect(tenant.options).roles.create({ name: 'a' }).run().outcome()"
    expect((await evaluated("await auth0.roles.create({ name: 'a' }).run()", { tag: 'production' })).code).toBe(1)
    expect((await evaluated(`.writes on\n${write}`, { tag: 'production' })).code).toBe(0)
    expect(posts()).toBe(1)
  })
})
