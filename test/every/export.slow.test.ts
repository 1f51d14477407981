import { readdirSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { Agent } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { connect, type Session } from '../../src/index.ts'
import { defineRunbook, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'

let tenant: Sandbox | undefined
const closing: (() => unknown)[] = []
afterEach(async () => {
  await tenant?.close()
  tenant = undefined
  for (const close of closing.splice(0)) await close()
})

async function open(users: number): Promise<Session> {
  tenant = await sandbox({ clock: 'fixed', seed: 'export', users, tls: false })
  return connect(tenant.options)
}
const asked = (method: string, path: string) =>
  (tenant?.requests ?? []).filter((each) => each.method === method && each.path.startsWith(path))
const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tenantlab-export-'))

describe('users.export()', () => {
  it.each([
    ['json', 122, (line: string) => JSON.parse(line).email],
    ['csv', 123, (line: string) => line.split(',')[1]],
  ] as const)('gives the lines of a job: %s', async (format, count, email) => {
    const auth0 = await open(120)
    const lines: string[] = []
    for await (const line of auth0.users.export({ format, fields: ['user_id', 'email'] }, { every: 10 }))
      lines.push(line)
    expect(lines).toHaveLength(count)
    expect(lines.some((line) => String(email(line)).includes('@'))).toBe(true)
    expect(asked('POST', '/api/v2/jobs/users-exports')).toHaveLength(1)
    expect(left()).toEqual([])
  })

  it('composes like any list, and a run that continues makes no second job', async () => {
    const auth0 = await open(5)
    const flow = (session: Session, breaks: boolean) =>
      session.users.export({ fields: ['user_id'] }, { every: 10 }).each(
        (line) => {
          const { user_id } = JSON.parse(line) as { user_id: string }
          if (breaks && user_id === tenant?.seed.users[1]?.user_id) throw new Error('power cut')
          return session.users(user_id).update({ blocked: true })
        },
        { concurrency: 1 },
      )
    const entries: never[] = []
    const runbook = (breaks: boolean) =>
      defineRunbook({
        name: 'block',
        async *steps({ auth0: session, step }) {
          yield* step('block', flow(session, breaks))
        },
      })
    expect((await runRunbook(runbook(true), auth0, { journal: memoryJournal(entries) })).status).toBe('failed')
    expect((await runRunbook(runbook(false), auth0, { journal: memoryJournal(entries) })).status).toBe('done')
    expect(asked('PATCH', '/api/v2/users')).toHaveLength(7)
    expect(asked('POST', '/api/v2/jobs/users-exports')).toHaveLength(1)
    expect(JSON.stringify(entries)).not.toMatch(/\/exports\/\w{8}/)
    expect(left()).toEqual([])
  })

  it('says what it sends, sends no job in a check, and refuses a query', async () => {
    const auth0 = await open(2)
    const flow = auth0.users.export({ fields: ['user_id'] })
    expect(flow.explain().steps[0]?.plan?.op).toBe('jobs.usersExports.create')
    expect((await flow.check()).requests.map(({ route }) => route)).toContain('POST /api/v2/jobs/users-exports')
    expect(asked('POST', '/api/v2/jobs')).toEqual([])
    expect(() => auth0.users.export({ q: 'blocked:true' } as object)).toThrow(/users\.every/)
    expect(() => auth0.users.export({ feilds: [] } as object)).toThrow('feilds')
  })

  it('leaves no file behind where the loop ends early', async () => {
    const auth0 = await open(5)
    for await (const _ of auth0.users.export({}, { every: 10 })) break
    expect(left()).toEqual([])
  })
})

/** A tenant whose links lead to another host, as Auth0's do. */
async function elsewhere(answer: (path: string, times: number) => { status: number; body: Buffer; headers?: object }) {
  const links: IncomingMessage[] = []
  let number = 0
  const server = createServer((request, reply) => {
    const json = (value: object) => reply.setHeader('content-type', 'application/json').end(JSON.stringify(value))
    if (request.url?.startsWith('/api/v2/jobs') === true) {
      number += 1
      const location = `https://bucket.example/users.json.gz?X-Amz-Signature=canary-${number}`
      return json({ id: 'job_1', status: request.method === 'POST' ? 'pending' : 'completed', location })
    }
    links.push(request)
    const { status, body, headers = {} } = answer(request.url ?? '', links.length)
    reply.writeHead(status, { ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const agent = new Agent()
  closing.push(
    () => agent.close(),
    () => server.close(),
  )
  const dispatcher = {
    dispatch: (options: object, handler: object) => agent.dispatch({ ...options, origin } as never, handler as never),
  }
  return { auth0: connect({ domain: 'acme.eu.auth0.com', token: 'eyJ.canary.token', dispatcher }), links }
}

describe('the file of an export', () => {
  const text = '{"a":1,"separator":"\u2028"}\n{"a":2}\r\n{"a":3}'
  const lines = (session: Session) => session.users.export({}, { every: 1 }).run()

  it.each([
    ['plain', Buffer.from(text), {}],
    ['stored packed', gzipSync(text), { 'content-type': 'application/gzip' }],
    ['packed on the way', gzipSync(text), { 'content-encoding': 'gzip' }],
  ])('is read %s, without the credential of the session', async (_, body, headers) => {
    const { auth0, links } = await elsewhere(() => ({ status: 200, body, headers }))
    expect((await lines(auth0)).map((line) => JSON.parse(line).a)).toEqual([1, 2, 3])
    expect(links).toHaveLength(1)
    expect(links[0]?.headers.authorization).toBeUndefined()
  })

  it.each([
    [403, 2],
    [500, 3],
  ])('has another link where one is answered with %i', async (status, good) => {
    const { auth0, links } = await elsewhere((_, times) =>
      times < good ? { status, body: Buffer.from('no') } : { status: 200, body: Buffer.from(text) },
    )
    expect(await lines(auth0)).toHaveLength(3)
    expect(new Set(links.map(({ url }) => url)).size).toBe(good)
  })

  it.each([
    ['refused', () => ({ status: 403, body: Buffer.from('canary') })],
    ['broken', () => ({ status: 200, body: gzipSync(text).subarray(0, 20) })],
  ])('tells no link where it is %s', async (_, answer) => {
    const { auth0 } = await elsewhere(answer)
    const run = auth0.users.export({}, { every: 1 }).run()
    const outcome = await run.outcome()
    expect(outcome.status).toBe('error')
    expect(inspect(outcome, { depth: 9 }) + inspect(run)).not.toContain('canary')
    expect(left()).toEqual([])
  })
})

describe('users.every() by an export job', () => {
  it.each([
    [{ fields: 'email' }, {}, 'of more than 5000 an export job instead'],
    [{ q: 'blocked:true', fields: 'email' }, {}, 'it takes no q'],
    [{}, {}, 'the fields alone that are named'],
    [{ fields: 'email', include_fields: false }, {}, 'the fields alone that are named'],
    [{ fields: 'email' }, { most: 10 }, 'no more than some'],
  ])('says which way it goes, and why: %j %j', async (query, options, text) => {
    const auth0 = await open(1)
    expect(auth0.users.every(query, options).explain().steps[0]?.purpose).toContain(text)
  })

  it('goes by it where that takes fewer requests, and by pages where writes are denied', async () => {
    const auth0 = await open(5200)
    const emails = new Set<string>()
    for await (const user of auth0.users.every({ fields: 'email' }, { settle: 0 })) {
      expect(Object.keys(user).sort()).toEqual(['created_at', 'email', 'user_id'])
      emails.add(user.user_id ?? '')
    }
    expect(emails.size).toBe(5202)
    expect(tenant?.requests.filter(({ path }) => path.startsWith('/api/v2')).length).toBeLessThan(10)
    const from = tenant?.requests.length ?? 0
    const reading = connect({ ...(tenant as Sandbox).options, writes: 'deny' })
    expect(await reading.users.every({ fields: 'email' }, { settle: 0 }).run()).toHaveLength(5202)
    expect(tenant?.requests.slice(from).some(({ method }) => method === 'POST')).toBe(false)
  }, 60_000)
})
