import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { fetch } from 'undici'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { login, manage, managementToken, start } from './bench.ts'

interface Received {
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/** A receiver on loopback; it refuses the first so many posts. */
async function receiver(refusals = 0) {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' })
  const got: Received[] = []
  let waiting: (() => void)[] = []
  let left = refusals
  const server = createSecureServer({ cert, key }, (request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      left -= 1
      response.writeHead(left >= 0 ? 500 : 200).end()
      if (left >= 0) return
      got.push({ headers: request.headers, text })
      for (const tell of waiting.splice(0)) tell()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const until = async (fits: (all: readonly Received[]) => boolean): Promise<readonly Received[]> => {
    while (!fits(got)) await new Promise<void>((resolve) => (waiting = [...waiting, resolve]))
    return got
  }
  return { url: `https://localhost:${(server.address() as AddressInfo).port}/hook`, until }
}

const newUser = (tenant: Sandbox, email: string) =>
  manage(tenant, 'POST', '/users', { connection: tenant.seed.connection.name, email, password: 'Long-enough-1!' })

/** Reads server-sent events until there are so many. */
async function events(tenant: Sandbox, query: string, count: number, meanwhile?: () => Promise<unknown>) {
  const answer = await fetch(`https://${tenant.domain}/api/v2/events${query}`, {
    dispatcher: tenant.options.dispatcher as never,
    headers: { authorization: `Bearer ${await managementToken(tenant)}` },
  })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  const found: { type: string; offset: string; event?: { type: string; data: { object: Record<string, unknown> } } }[] =
    []
  const done = meanwhile?.()
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString('utf8')
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) found.push(JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '{}'))
    if (found.filter((each) => each.event).length >= count) break
  }
  await done
  return found
}

describe('T6 events', () => {
  it('T6 stream what happens to users, organizations, members and roles', async () => {
    const tenant = await start()
    const organization = tenant.seed.organizations[1]?.id
    const found = await events(tenant, '', 7, async () => {
      const { body } = await newUser(tenant, 'new@example.com')
      const path = `/users/${encodeURIComponent(body.user_id)}`
      await manage(tenant, 'PATCH', path, { nickname: 'n' })
      await manage(tenant, 'POST', `/organizations/${organization}/members`, { members: [body.user_id] })
      const roles = { roles: [tenant.seed.roles[0]?.id] }
      await manage(
        tenant,
        'POST',
        `/organizations/${organization}/members/${encodeURIComponent(body.user_id)}/roles`,
        roles,
      )
      await manage(tenant, 'PATCH', `/organizations/${organization}`, { display_name: 'Other' })
      await login(tenant, 1)
      await manage(tenant, 'DELETE', path)
    })
    const types = found.map((each) => each.type)
    expect(types.slice(0, 6)).toEqual([
      'offset-only',
      'user.created',
      'user.updated',
      'organization.member.added',
      'organization.member.role.assigned',
      'organization.updated',
    ])
    expect(types).toContain('user.deleted')
    expect(found[1]?.event).toMatchObject({
      specversion: '1.0',
      id: expect.stringMatching(/^evt_[a-zA-Z0-9]{16}$/),
      data: { object: { email: 'new@example.com' } },
    })
    expect(JSON.stringify(found)).not.toContain('Long-enough')
  })

  it('T6 resume from a cursor or a time, choose types, and say when a cursor is gone', async () => {
    const tenant = await start()
    await newUser(tenant, 'a@example.com')
    await newUser(tenant, 'b@example.com')
    const all = await events(tenant, '?from=000000000000', 2)
    const created = all.filter((each) => each.event)
    expect(created.map((each) => each.event?.data.object.email)).toEqual(['a@example.com', 'b@example.com'])
    const rest = await events(tenant, `?from=${created[0]?.offset}`, 1)
    expect(rest.find((each) => each.event)?.event?.data.object.email).toBe('b@example.com')
    const timed = await events(tenant, '?from_timestamp=2020-01-01T00:00:00Z&event_type=user.created', 2)
    expect(timed.filter((each) => each.event)).toHaveLength(2)
    expect((await manage(tenant, 'GET', '/events?from=nonsense')).status).toBe(410)
  })

  it('T6 reach our own client, which takes as many as it asks for', async () => {
    const tenant = await start()
    await newUser(tenant, 'a@example.com')
    const auth0 = connect(tenant.options)
    const plan = auth0.events.subscribe({ from: '000000000000' } as never) as unknown as {
      take(n: number): { run(): PromiseLike<readonly { type: string }[]> }
    }
    const taken = await plan.take(1).run()
    expect(taken[0]?.type).toBe('user.created')
  })
})

describe('T6 deliveries', () => {
  const webhook = (tenant: Sandbox, url: string, types = ['user.created']) =>
    manage(tenant, 'POST', '/event-streams', {
      name: 'hook',
      subscriptions: types.map((event_type) => ({ event_type })),
      destination: {
        type: 'webhook',
        configuration: { webhook_endpoint: url, webhook_authorization: { method: 'bearer', token: 'hook-token' } },
      },
    })

  it('T6 posts events to a webhook on loopback, again after a refusal', async () => {
    const tenant = await start()
    const { until, url } = await receiver(2)
    const { body } = await webhook(tenant, url)
    await newUser(tenant, 'hooked@example.com')
    const [first] = await until((all) => all.length > 0)
    expect(first?.headers.authorization).toBe('Bearer hook-token')
    expect(JSON.parse(first?.text ?? '{}')).toMatchObject({
      type: 'user.created',
      a0stream: body.id,
      data: { object: { email: 'hooked@example.com' } },
    })
    await manage(tenant, 'POST', `/event-streams/${body.id}/test`, { event_type: 'user.created' })
    expect((await until((all) => all.length > 1)).length).toBe(2)
  })

  it('T6 sends nothing to other machines, and shows the failure', async () => {
    const tenant = await start()
    const { body } = await webhook(tenant, 'https://hooks.example.com/')
    await newUser(tenant, 'far@example.com')
    const seen = async () => (await manage(tenant, 'GET', `/event-streams/${body.id}/deliveries`)).body.deliveries ?? []
    let found = await seen()
    while (found.length === 0) found = await seen()
    expect(JSON.stringify(found)).toContain('loopback only')
  })

  it.each([
    ['JSONLINES', (text: string) => text.split('\n').map((line) => JSON.parse(line))],
    ['JSONARRAY', (text: string) => JSON.parse(text)],
    ['JSONOBJECT', (text: string) => [JSON.parse(text)]],
  ] as const)(
    'T6 posts log events as %s to a log stream, those of its categories alone',
    async (httpContentFormat, read) => {
      const tenant = await start()
      const { until, url } = await receiver(1)
      await manage(tenant, 'POST', '/log-streams', {
        name: 'logs',
        type: 'http',
        sink: {
          httpEndpoint: url,
          httpContentFormat,
          httpContentType: 'application/json',
          httpAuthorization: 'secret-of-it',
        },
        filters: [{ type: 'category', name: 'auth.login.fail' }],
      })
      await login(tenant, 1)
      await login(tenant, 1, { password: 'wrong' })
      const [first] = await until((all) => all.length > 0)
      expect(first?.headers.authorization).toBe('secret-of-it')
      const items = read(first?.text ?? '') as { log_id: string; data: { type: string } }[]
      expect(items.map((each) => each.data.type)).toEqual(['fp'])
      expect(items[0]?.log_id).toMatch(/^900\d+/)
    },
  )

  it('T6 ends what is on its way when the tenant closes', async () => {
    const tenant = await start()
    const hanging = createServer(() => undefined)
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      hanging.closeAllConnections()
      hanging.close()
    })
    await webhook(tenant, `https://127.0.0.1:${(hanging.address() as AddressInfo).port}/`)
    await newUser(tenant, 'slow@example.com')
    await tenant.close()
  })
})
