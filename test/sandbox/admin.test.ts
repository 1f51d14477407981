import { networkInterfaces } from 'node:os'
import { connect as connectTls } from 'node:tls'
import { generate } from 'selfsigned'
import { Agent, fetch } from 'undici'
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { login, manage, mfaToken, send, start } from './bench.ts'

async function ask(
  tenant: Sandbox,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(`${tenant.admin.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${tenant.admin.token}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text), headers: answer.headers }
}

describe('T23 the admin API', () => {
  it('T23 answers /health to everybody, and all else to the holder of its token alone', async () => {
    const tenant = await start({ adminToken: 'of-the-test' })
    const health = await fetch(`${tenant.url}/health`)
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok', domain: tenant.domain }])
    expect(tenant.admin.token).toBe('of-the-test')
    expect((await ask(tenant, 'GET', '/')).body).toContainEqual({ route: 'GET /clock', what: expect.any(String) })
    for (const authorization of ['', 'Bearer wrong', 'Basic of-the-test', 'Bearer of-the-tesT'])
      expect((await ask(tenant, 'GET', '/users', undefined, { authorization })).status).toBe(401)
    expect(JSON.stringify(tenant)).not.toContain('of-the-test')
    expect(tenant.requests).toEqual([])
  })

  it.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('T23 refuses what another site caused (%o), even with the token', async (headers) => {
    const tenant = await start()
    const answer = await ask(tenant, 'POST', '/reset', undefined, headers)
    expect(answer.status).toBe(403)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('T23 shows users with passwords, makes one, and the new one logs in', async () => {
    const tenant = await start()
    const listed = (await ask(tenant, 'GET', '/users')).body
    const { email, password, user_id } = tenant.seed.users[1] ?? {}
    expect(listed[1]).toMatchObject({ email, password, user_id, mfa: false })
    const made = await ask(tenant, 'POST', '/users', { email: 'ci@example.com', password: 'Long-enough-1!', mfa: true })
    expect([made.status, made.body.email]).toEqual([201, 'ci@example.com'])
    const again = await login(tenant, 0, { username: 'ci@example.com', password: 'Long-enough-1!' })
    expect(again.body.error).toBe('mfa_required')
    expect((await ask(tenant, 'POST', '/users', { email: 'x@example.com' })).status).toBe(400)
    expect((await ask(tenant, 'POST', '/users', { email: 'ci@example.com', password: 'Long-enough-1!' })).status).toBe(
      409,
    )
  })

  it('T23 reads codes from the outbox, and answers a push', async () => {
    const tenant = await start()
    const { clientId: client_id } = tenant.options
    const to = '+15005550099'
    await send(tenant, 'POST', '/passwordless/start', { body: { client_id, connection: 'sms', phone_number: to } })
    const last = await ask(tenant, 'GET', `/outbox/last?kind=sms&to=${encodeURIComponent(to)}`)
    expect(last.body).toMatchObject({ kind: 'sms', to, code: tenant.outbox.last('sms').code })
    expect((await ask(tenant, 'GET', '/outbox/last?kind=push')).status).toBe(404)
    const headers = { authorization: `Bearer ${await mfaToken(tenant)}` }
    await send(tenant, 'POST', '/mfa/associate', {
      body: { authenticator_types: ['oob'], oob_channels: ['auth0'] },
      headers,
    })
    const { id } = (await ask(tenant, 'GET', '/outbox?kind=push')).body[0]
    expect((await ask(tenant, 'POST', `/outbox/${id}/approve`)).status).toBe(204)
    expect((await ask(tenant, 'POST', `/outbox/${id}/reject`)).status).toBe(409)
    await ask(tenant, 'DELETE', '/outbox')
    expect(tenant.outbox).toHaveLength(0)
  })

  it('T23 moves the clock, puts faults in place, and tells requests and limits', async () => {
    const tenant = await start({ clock: 'fixed', rateLimit: { burst: 5, perSecond: 5 } })
    const before = tenant.clock.now()
    for (const advance of [1000, '90s', '5m', '2h', '1d'])
      expect((await ask(tenant, 'POST', '/clock', { advance })).status).toBe(200)
    expect((await ask(tenant, 'GET', '/clock')).body.now - before).toBe(
      1000 + 90_000 + 300_000 + 7_200_000 + 86_400_000,
    )
    for (const advance of [-1, 'soon', '5', null])
      expect((await ask(tenant, 'POST', '/clock', { advance })).status).toBe(400)
    const fault = await ask(tenant, 'POST', '/faults', { kind: 'status', status: 503, match: { path: '/userinfo' } })
    expect((await send(tenant, 'GET', '/userinfo')).status).toBe(503)
    expect((await ask(tenant, 'GET', '/faults')).body).toMatchObject([{ kind: 'status', hits: 1 }])
    expect((await ask(tenant, 'DELETE', `/faults/${fault.body.id}`)).status).toBe(204)
    expect((await ask(tenant, 'DELETE', `/faults/${fault.body.id}`)).status).toBe(404)
    expect((await ask(tenant, 'POST', '/faults', { kind: 'rain' })).status).toBe(400)
    await connect(tenant.options).users.list().run()
    const seen = (await ask(tenant, 'GET', '/requests')).body
    expect(seen.map(({ path }: { path: string }) => path)).toContain('/api/v2/users')
    expect(JSON.stringify(seen)).not.toContain(tenant.options.clientSecret)
    expect((await ask(tenant, 'GET', '/requests?since=99999999999999')).body).toEqual([])
    expect((await ask(tenant, 'GET', '/limits')).body).not.toEqual([])
    await ask(tenant, 'DELETE', '/requests')
    expect(tenant.requests).toHaveLength(0)
  })

  it.each<[object, string]>([
    [{}, '"kind" must be one of status'],
    [{ kind: 'status', status: 9999 }, '"status" must be a status from 200 to 599.'],
    [{ kind: 'status', status: '500' }, '"status" must be a status from 200 to 599.'],
    [{ kind: 'slow', delay: -1 }, '"delay" must be milliseconds'],
    [{ kind: 'reset', times: 0 }, '"times" must be a whole number of requests, 1 or more.'],
    [{ kind: 'reset', path: '/userinfo' }, '"path" is not a member of a fault.'],
    [{ kind: 'reset', match: { paths: '/userinfo' } }, '"match.paths" is not a member of a fault.'],
    [{ kind: 'reset', match: { path: 'userinfo' } }, '"match.path" must be a path that begins with /.'],
    [{ kind: 'reset', match: { method: 'FETCH' } }, '"match.method" must be an HTTP method.'],
    [{ kind: 'status', headers: { 'two words': 'x' } }, '"headers" must be'],
  ])('T23 refuses the fault %j, which would do something else', async (fault, message) => {
    const tenant = await start()
    const { body, status } = await ask(tenant, 'POST', '/faults', fault)
    expect([status, body.error]).toEqual([400, expect.stringContaining(message)])
    expect(() => tenant.faults.add(fault as never)).toThrow(message)
    expect(tenant.faults.list).toEqual([])
  })

  it('T23 refuses what it would pass over: fields of users, parameters, broken paths', async () => {
    const tenant = await start()
    const user = { email: 'c@example.com', password: 'Long-enough-1!' }
    expect((await ask(tenant, 'POST', '/users', { ...user, nickNam: 'c' })).body.error).toContain('nickNam')
    expect((await ask(tenant, 'POST', '/users', { ...user, email: 'c' })).body.error).toContain('on property email')
    expect((await ask(tenant, 'POST', '/users', { ...user, mfa: 'no' })).body.error).toContain('"mfa"')
    expect((await ask(tenant, 'GET', '/outbox?knd=sms')).body.error).toContain('takes no ?knd=')
    expect((await ask(tenant, 'GET', '/state/%E0%A4%A')).status).toBe(400)
  })

  it('T23 keeps the state when a snapshot cannot be taken whole', async () => {
    const tenant = await start()
    const saved = (await ask(tenant, 'GET', '/snapshot')).body
    for (const tables of [{}, { ...saved.tables, users: 5 }, { ...saved.tables, others: [['x', [1]]] }])
      expect((await ask(tenant, 'POST', '/restore', { ...saved, tables })).status).toBe(400)
    expect((await ask(tenant, 'POST', '/restore', { ...saved, random: 'x' })).status).toBe(400)
    expect((await ask(tenant, 'GET', '/users')).body).toHaveLength(2)
    expect((await manage(tenant, 'GET', '/roles')).body).toHaveLength(2)
  })

  it('T23 saves and restores the state, and resets it', async () => {
    const tenant = await start()
    const auth0 = connect(tenant.options)
    const count = async () => (await auth0.users.list().run()).items.length
    const saved = (await ask(tenant, 'GET', '/snapshot')).body
    await ask(tenant, 'POST', '/users', { email: 'a@example.com', password: 'Long-enough-1!' })
    expect(await count()).toBe(3)
    expect((await ask(tenant, 'POST', '/restore', saved)).status).toBe(204)
    expect(await count()).toBe(2)
    await ask(tenant, 'POST', '/users', { email: 'b@example.com', password: 'Long-enough-1!' })
    expect((await ask(tenant, 'POST', '/reset')).status).toBe(204)
    expect(await count()).toBe(2)
    expect((await ask(tenant, 'POST', '/restore', { version: 9 })).status).toBe(400)
    expect((await ask(tenant, 'GET', '/state')).body).toMatchObject({ domain: tenant.domain, tables: { users: 2 } })
    const users = (await ask(tenant, 'GET', '/state/users')).body
    expect(JSON.stringify(users)).not.toContain(tenant.seed.users[0]?.password)
    expect((await ask(tenant, 'GET', '/state/nothing')).status).toBe(404)
    expect((await ask(tenant, 'PUT', '/clock', {})).status).toBe(405)
    expect((await ask(tenant, 'GET', '/nothing')).status).toBe(404)
  })
})

const hasV6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))

describe('T23 where a tenant listens', () => {
  it('T23 answers other machines by address and by the names it was given, when it is told to', async () => {
    const address = Object.values(networkInterfaces())
      .flat()
      .find((each) => each?.family === 'IPv4' && !each.internal)?.address
    const tenant = await start({ host: '0.0.0.0', hostNames: ['auth0.test'] })
    const port = new URL(tenant.url).port
    const named = await send(tenant, 'GET', '/.well-known/openid-configuration', { origin: 'http://auth0.test' })
    expect(named.body.issuer).toBe('http://auth0.test/')
    expect((await send(tenant, 'GET', '/', { origin: 'http://auth0.test' })).status).toBe(404)
    if (address === undefined) return
    expect(new URL(tenant.url).hostname).toBe('127.0.0.1')
    // By address over HTTPS as well: the certificate names what other machines type.
    const trusting = new Agent({ connect: { ca: await tenant.ca() } })
    const secure = `https://${address}:${new URL(tenant.httpsUrl ?? '').port}`
    const safe = await fetch(`${secure}/.well-known/openid-configuration`, { dispatcher: trusting })
    expect(((await safe.json()) as { issuer: string }).issuer).toBe(`${secure}/`)
    await trusting.close()
    const answer = await fetch(`http://${address}:${port}/.well-known/openid-configuration`)
    expect(((await answer.json()) as { issuer: string }).issuer).toBe(`http://${address}:${port}/`)
    expect((await fetch(`http://${address}:${port}/`)).status).toBe(404)
  })

  it.each(['127.0.0.2', 'localhost', ...(hasV6 ? ['::1'] : [])])(
    'T23 is where its addresses say, also on %s',
    async (host) => {
      const tenant = await start({ host })
      expect((await fetch(`${tenant.url}/health`)).status).toBe(200)
      expect((await fetch(`${tenant.admin.url}/`)).status).toBe(401)
      const trusting = new Agent({ connect: { ca: await tenant.ca() } })
      expect((await fetch(`${tenant.httpsUrl}/health`, { dispatcher: trusting })).status).toBe(200)
      await trusting.close()
      expect((await connect(tenant.options).users.list().run()).items).toHaveLength(2)
    },
  )

  it('T23 serves a certificate of the caller’s own', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'own' }], {
      keyType: 'ec',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    })
    const tenant = await start({ tls: { cert, key } })
    expect(await tenant.ca()).toBe(cert)
    const port = Number(new URL(tenant.httpsUrl ?? '').port)
    const subject = await new Promise((resolve, reject) => {
      const socket = connectTls({ host: '127.0.0.1', port, servername: 'localhost', ca: cert }, () => {
        resolve(socket.getPeerCertificate().subject.CN)
        socket.end()
      })
      socket.on('error', reject)
    })
    expect(subject).toBe('own')
  })

  it('T23 makes its certificates when the first handshake or reader asks, the same for both', async () => {
    const tenant = await start()
    const [one, two] = await Promise.all([tenant.ca(), tenant.ca()])
    expect(one).toBe(two)
    expect(one).toMatch(/^-----BEGIN CERTIFICATE-----/)
    expect((await send(tenant, 'GET', '/.well-known/jwks.json')).status).toBe(200)
  })
})
