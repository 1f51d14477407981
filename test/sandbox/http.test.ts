import { inspect } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { Agent, fetch, request } from 'undici'
import { describe, expect, it } from 'vitest'
import type { Sandbox, SandboxFault } from '../../src/sandbox/index.ts'
import { sandbox } from '../../src/sandbox/index.ts'
import { manage, managementToken, send, start, token } from './bench.ts'

const JWKS = '/.well-known/jwks.json'

async function codeOf(failing: Promise<unknown>): Promise<string> {
  const error = await failing.then(
    () => undefined,
    (reason: Error & { code?: string }) => reason,
  )
  return error?.code ?? error?.name ?? 'none'
}

/** A plain undici request, body read, so that faults show as undici throws them. */
async function raw(tenant: Sandbox, path = JWKS): Promise<{ status: number; text: string }> {
  const dispatcher = tenant.options.dispatcher as unknown as Agent
  const { body, statusCode } = await request(`https://${tenant.domain}${path}`, { dispatcher })
  return { status: statusCode, text: await body.text() }
}

describe('servers', () => {
  it('speaks HTTP and HTTPS on loopback, with the issuer of the host in use', async () => {
    const tenant = await start()
    const port = new URL(tenant.httpsUrl ?? '').port
    const trusting = new Agent({ connect: { ca: await tenant.ca() } })
    for (const base of [`https://localhost:${port}`, `https://127.0.0.1:${port}`]) {
      const answer = await fetch(`${base}/.well-known/openid-configuration`, { dispatcher: trusting })
      expect(await answer.json()).toMatchObject({ issuer: `${base}/` })
    }
    const plain = await fetch(`${tenant.url}/.well-known/openid-configuration`)
    expect(await plain.json()).toMatchObject({ issuer: `${tenant.url}/`, jwks_uri: `${tenant.url}${JWKS}` })
    await trusting.close()
  })

  it('is trusted beside another one, by both authorities in one bundle', async () => {
    const tenants = [await start(), await start()]
    const bundle = (await Promise.all(tenants.map((tenant) => tenant.ca()))).join('\n')
    const trusting = new Agent({ connect: { ca: bundle } })
    for (const tenant of tenants) {
      const answer = await fetch(`https://localhost:${new URL(tenant.httpsUrl ?? '').port}${JWKS}`, {
        dispatcher: trusting,
      })
      expect(answer.status).toBe(200)
      await answer.arrayBuffer()
    }
    await trusting.close()
  })

  it('is not trusted without its authority', async () => {
    const tenant = await start()
    await expect(fetch(`${tenant.httpsUrl}${JWKS}`)).rejects.toThrow('fetch failed')
  })

  it('reaches every host of the tenant through the dispatcher, also one verified later, and no other', async () => {
    const tenant = await start()
    const made = await manage(tenant, 'POST', '/custom-domains', {
      domain: 'late.acme.example',
      type: 'auth0_managed_certs',
    })
    const origin = 'https://late.acme.example'
    await expect(send(tenant, 'GET', JWKS, { origin })).rejects.toThrow()
    await manage(tenant, 'POST', `/custom-domains/${made.body.custom_domain_id}/verify`)
    expect((await send(tenant, 'GET', JWKS, { origin })).status).toBe(200)
    await expect(send(tenant, 'GET', '/', { origin: 'https://example.org' })).rejects.toMatchObject({
      cause: expect.objectContaining({ message: expect.stringContaining('none of them') }),
    })
  })

  it('takes https origins to plain HTTP without TLS', async () => {
    const tenant = await start({ tls: false })
    expect(tenant.httpsUrl).toBeUndefined()
    await expect(tenant.ca()).rejects.toThrow('without TLS')
    const answer = await send(tenant, 'GET', '/.well-known/openid-configuration')
    expect(answer.body.issuer).toBe(`https://${tenant.domain}/`)
  })

  it('refuses a host that is none of its own', async () => {
    const tenant = await start()
    const { body, statusCode } = await request(`${tenant.url}${JWKS}`, { headers: { host: 'example.org' } })
    expect([statusCode, ((await body.json()) as { error: string }).error]).toEqual([421, 'misdirected_request'])
  })

  it.each([
    ['gzip, br', true],
    ['br, gzip;q=0.5', true],
    ['identity', false],
    ['gzip;q=0, br', false],
    ['', false],
  ])('N16: compresses a large answer for a client that takes %s: %s', async (accepted, isCompressed) => {
    const tenant = await start({ users: 100 })
    const { body, headers } = await request(`${tenant.url}/api/v2/users?per_page=100`, {
      headers: { authorization: `Bearer ${await managementToken(tenant)}`, 'accept-encoding': accepted },
    })
    const bytes = Buffer.from(await body.arrayBuffer())
    expect(headers['content-encoding']).toBe(isCompressed ? 'gzip' : undefined)
    expect(Number(headers['content-length'])).toBe(bytes.length)
    expect(JSON.parse(String(isCompressed ? gunzipSync(bytes) : bytes))).toHaveLength(100)
    // The embedded tenant's own dispatcher, and a small answer.
    const small = await request(`${tenant.url}${JWKS}`, { headers: { 'accept-encoding': 'gzip' } })
    expect(small.headers['content-encoding']).toBeUndefined()
    await small.body.dump()
  })

  it('answers unknown paths and methods in JSON', async () => {
    const tenant = await start()
    expect(await send(tenant, 'GET', '/nowhere')).toMatchObject({ status: 404, body: { error: 'not_found' } })
    expect(await send(tenant, 'GET', '/oauth/token')).toMatchObject({
      status: 405,
      body: { error: 'method_not_allowed' },
    })
    const headers = { 'content-type': 'application/json' }
    const { body, statusCode } = await request(`${tenant.url}/oauth/token`, { method: 'POST', headers, body: '{' })
    expect([statusCode, await body.json()]).toMatchObject([400, { error: 'invalid_request' }])
  })

  it('listens where it is told and says when it cannot', async () => {
    const tenant = await start()
    const port = Number(new URL(tenant.httpsUrl ?? '').port)
    await expect(sandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('T23 names the address that it cannot listen on, and what to do', async () => {
    const tenant = await start()
    const port = Number(new URL(tenant.httpsUrl ?? '').port)
    await expect(sandbox({ port })).rejects.toThrow(`127.0.0.1:${port} is in use. Choose another port`)
    await expect(sandbox({ host: '192.0.2.1', tls: false })).rejects.toThrow(
      '192.0.2.1 is not an address of this machine',
    )
  })

  it('T23 holds no port when the other one is taken', async () => {
    const [taken, other] = [await start({ tls: false }), await start({ tls: false })]
    const [port, httpPort] = [taken, other].map(({ url }) => Number(new URL(url).port))
    await other.close()
    await expect(sandbox({ port, httpPort })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    const again = await start({ tls: false, port: httpPort })
    expect(again.url).toBe(other.url)
  })

  it('closes twice without complaint, with requests on the way', async () => {
    const tenant = await sandbox()
    tenant.faults.add({ kind: 'slow', delay: 60_000 })
    const waiting = raw(tenant).catch((error: Error) => error)
    while (tenant.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await tenant.close()
    await tenant.close()
    expect(await waiting).toBeInstanceOf(Error)
  })
})

describe('faults', () => {
  it.each<[SandboxFault, string]>([
    [{ kind: 'reset' }, 'ECONNRESET'],
    [{ kind: 'fin' }, 'UND_ERR_SOCKET'],
    [{ kind: 'truncate' }, 'UND_ERR_SOCKET'],
    [{ kind: 'garbage' }, 'HTTPParserError'],
  ])('%o breaks the connection as %s', async (fault, expected) => {
    const tenant = await start()
    tenant.faults.add({ times: 1, ...fault })
    const code = await codeOf(raw(tenant))
    expect(code.startsWith('HPE_') ? 'HTTPParserError' : code).toBe(expected)
    expect(tenant.requests.at(-1)?.fault).toBe(fault.kind)
    expect((await raw(tenant)).status).toBe(200)
  })

  it.each<[SandboxFault, number, string]>([
    [{ kind: 'status' }, 503, 'temporarily_unavailable'],
    [{ kind: 'status', status: 500, body: { no: 'luck' } }, 500, '"no":"luck"'],
    [{ kind: '429' }, 429, 'too_many_requests'],
    [{ kind: 'bad-json' }, 200, '{"broken":'],
    [{ kind: 'html' }, 503, '<html>'],
    [{ kind: 'slow', delay: 1 }, 200, '"keys"'],
    [{ kind: 'drip', delay: 1 }, 200, '"keys"'],
  ])('%o answers %i', async (fault, status, text) => {
    const tenant = await start()
    tenant.faults.add(fault)
    const answer = await raw(tenant)
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(text)
  })

  it('resets TLS and plain connections alike', async () => {
    const tenant = await start()
    tenant.faults.add({ kind: 'reset' })
    expect(await codeOf(request(`${tenant.url}${JWKS}`))).toBe('ECONNRESET')
    expect(await codeOf(raw(tenant))).toBe('ECONNRESET')
  })

  it('hits by method, path, operation, count and after', async () => {
    const tenant = await start()
    const remove = tenant.faults.add({ kind: 'status', match: { operation: 'roles.list' }, after: 1, times: 1 })
    const statuses: number[] = []
    for (let count = 0; count < 3; count += 1) statuses.push((await manage(tenant, 'GET', '/roles')).status)
    expect(statuses).toEqual([200, 503, 200])
    expect(tenant.faults.list[0]).toMatchObject({ hits: 1 })
    remove()
    tenant.faults.add({ kind: 'status', match: { method: 'post', path: '/oauth/*' } })
    expect((await send(tenant, 'GET', JWKS)).status).toBe(200)
    expect((await token(tenant, 'client_credentials')).status).toBe(503)
    tenant.faults.clear()
    expect(tenant.faults.list).toEqual([])
  })

  it('does nothing of what was asked unless told to', async () => {
    const tenant = await start()
    const create = () => manage(tenant, 'POST', '/roles', { name: `role ${tenant.requests.length}` })
    const match = { operation: 'roles.create' }
    const count = async () => (await manage(tenant, 'GET', '/roles')).body.length
    const before = await count()
    tenant.faults.add({ kind: 'status', match, times: 1 })
    await create()
    expect(await count()).toBe(before)
    tenant.faults.add({ kind: 'reset', match, times: 1, applied: true })
    await expect(create()).rejects.toThrow()
    expect(await count()).toBe(before + 1)
  })
})

describe('request list', () => {
  it('tells what came, without its secrets', async () => {
    const tenant = await start()
    const access = await managementToken(tenant)
    await send(tenant, 'GET', '/api/v2/users?per_page=2&q=name', { headers: { authorization: `Bearer ${access}` } })
    await send(tenant, 'GET', '/passwordless/verify_redirect?verification_code=123456&ticket=abc')
    const [asked, listed, link] = tenant.requests
    expect(asked).toMatchObject({
      method: 'POST',
      path: '/oauth/token',
      status: 200,
      body: { grant_type: 'client_credentials', client_secret: '«secret»' },
    })
    expect(listed).toMatchObject({
      path: '/api/v2/users',
      operation: 'users.list',
      query: { per_page: '2', q: 'name' },
    })
    expect(listed?.headers.authorization).toBe('«secret»')
    expect(link?.query).toEqual({ verification_code: '«secret»', ticket: '«secret»' })
    expect(JSON.stringify(tenant.requests)).not.toContain(access)
    expect(JSON.stringify(tenant.requests)).not.toContain(tenant.options.clientSecret)
  })
})

describe('printing', () => {
  it('shows no secret of the tenant in any form', async () => {
    const tenant = await start()
    const secrets = [
      tenant.options.clientSecret,
      ...tenant.seed.clients.map((client) => client.client_secret),
      ...tenant.seed.users.map((user) => user.password),
    ]
    for (const value of [tenant, tenant.options, tenant.seed, tenant.seed.users, tenant.seed.clients]) {
      const printed = `${inspect(value, { depth: 9 })}${JSON.stringify(value)}`
      for (const secret of secrets) expect(printed).not.toContain(secret)
    }
    expect(inspect(tenant)).toContain(tenant.domain)
  })
})
