import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/index.ts'
import { login, manage, send, start, token } from '../bench.ts'
import { authorizeUrl, CALLBACK, pkce, Visitor } from './visitor.ts'

/** A tenant where `login_hint` signs in, and the way to a code. */
async function bench() {
  const tenant = await start({ signInByLoginHint: true })
  const login_hint = tenant.seed.users[1]?.email ?? ''
  const ask = async (more: Record<string, string> = {}) =>
    (await new Visitor(tenant).go(authorizeUrl(tenant, { login_hint, ...more }))).url.searchParams
  const code = async (more: Record<string, string> = {}) => (await ask(more)).get('code') ?? ''
  return { tenant, ask, code }
}

const redeem = (tenant: Sandbox, code: string, more: Record<string, string> = {}) =>
  token(tenant, 'authorization_code', { code, redirect_uri: CALLBACK, ...more })
const me = (tenant: Sandbox, access: string) =>
  send(tenant, 'GET', '/userinfo', { headers: { authorization: `Bearer ${access}` } })

describe('X16 codes and PKCE', () => {
  it.each([
    ['plain', { code_challenge: 'v'.repeat(43), code_challenge_method: 'plain' }],
    ['no method', { code_challenge: 'v'.repeat(43) }],
    ['an unknown method', { code_challenge: 'v'.repeat(43), code_challenge_method: 'S512' }],
    ['small letters', { code_challenge: 'v'.repeat(43), code_challenge_method: 's256' }],
    ['a short challenge', { code_challenge: 'v'.repeat(42), code_challenge_method: 'S256' }],
    ['a method alone', { code_challenge_method: 'S256' }],
  ])('X16 refuses %s', async (_name, more) => {
    const { ask } = await bench()
    expect((await ask(more)).get('error')).toBe('invalid_request')
  })

  it('X16 refuses a verifier without a challenge, one that does not fit, and none where one is due', async () => {
    const { code, tenant } = await bench()
    const { challenge, verifier } = pkce()
    const refused = [403, { error: 'invalid_grant', error_description: 'Failed to verify code verifier' }]
    const alone = await redeem(tenant, await code(), { code_verifier: verifier })
    expect([alone.status, alone.body]).toEqual(refused)
    const guarded = { code_challenge: challenge, code_challenge_method: 'S256' }
    for (const more of [{ code_verifier: pkce().verifier }, { code_verifier: '' }]) {
      const answer = await redeem(tenant, await code(guarded), more as Record<string, string>)
      expect([answer.status, answer.body]).toEqual(refused)
    }
    expect((await redeem(tenant, await code(guarded), { code_verifier: verifier })).status).toBe(200)
  })

  it('X16 takes the tokens of a code away when it is used again', async () => {
    const { code, tenant } = await bench()
    const given = await code({ scope: 'openid offline_access' })
    const first = await redeem(tenant, given)
    expect((await me(tenant, first.body.access_token)).status).toBe(200)
    const rotated = await token(tenant, 'refresh_token', { refresh_token: first.body.refresh_token })
    expect(rotated.status).toBe(200)
    expect((await redeem(tenant, given)).body.error_description).toBe('Invalid authorization code')
    const { refresh_token } = first.body
    expect((await token(tenant, 'refresh_token', { refresh_token })).status).toBe(403)
    expect((await me(tenant, first.body.access_token)).status).toBe(401)
    expect((await me(tenant, rotated.body.access_token)).status).toBe(401)
    const own = await code({ scope: 'openid', audience: tenant.seed.api.identifier })
    const signed = (await redeem(tenant, own)).body.access_token
    expect((await me(tenant, signed)).status).toBe(200)
    await redeem(tenant, own)
    expect((await me(tenant, signed)).status).toBe(401)
  })

  it('X16 ties a code to its application, which needs PKCE where it has no secret', async () => {
    const { ask, code, tenant } = await bench()
    const native = tenant.seed.clients[2]?.client_id ?? ''
    const other = { client_id: native, client_secret: '' }
    expect((await redeem(tenant, await code(), other)).status).toBe(403)
    const bare = (await ask({ client_id: native })).get('code') ?? ''
    const answer = await redeem(tenant, bare, other)
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request'])
    const { challenge, verifier } = pkce()
    const guarded = { client_id: native, code_challenge: challenge, code_challenge_method: 'S256' }
    const fine = (await ask(guarded)).get('code') ?? ''
    expect((await redeem(tenant, fine, { ...other, code_verifier: verifier })).status).toBe(200)
  })

  it.each([
    ['client_secret', (secret: string) => [secret]],
    ['client_id', (_secret: string, id: string) => [id]],
    ['client_secret', (secret: string) => ({ value: secret })],
    ['audience', () => ['https://x/']],
  ] as const)('X16 refuses a list or an object as %s', async (name, value) => {
    const tenant = await start()
    const { clientId: client_id, clientSecret: client_secret } = tenant.options
    const good = {
      grant_type: 'client_credentials',
      client_id,
      client_secret,
      audience: `https://${tenant.domain}/api/v2/`,
    }
    const body = { ...good, [name]: value(client_secret, client_id) }
    const answer = await send(tenant, 'POST', '/oauth/token', { body })
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: 'invalid_request', error_description: `The parameter ${name} must be a string.` },
    ])
  })

  it('X16 refuses a parameter that a form names twice', async () => {
    const tenant = await start()
    const { clientId: client_id, clientSecret: client_secret } = tenant.options
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret: 'wrong' })
    form.append('client_secret', client_secret)
    const { fetch } = await import('undici')
    const answer = await fetch(`https://${tenant.domain}/oauth/token`, {
      method: 'POST',
      body: form,
      dispatcher: tenant.options.dispatcher as never,
    })
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_request' }])
  })
})

describe('T27 codes', () => {
  it('T27 are refused without the redirect_uri that was sent before, and with another', async () => {
    const { code, tenant } = await bench()
    for (const redirect_uri of ['', `${CALLBACK}/`, 'https://app.example.com/']) {
      const answer = await redeem(tenant, await code(), { redirect_uri })
      expect([answer.status, answer.body.error]).toEqual([403, 'invalid_grant'])
    }
  })

  it('T27 need none where none was sent', async () => {
    const { tenant } = await bench()
    const query = new URLSearchParams({
      client_id: tenant.options.clientId,
      response_type: 'code',
      login_hint: tenant.seed.users[1]?.email ?? '',
    })
    const { url } = await new Visitor(tenant).go(`/authorize?${query}`)
    const code = url.searchParams.get('code') ?? ''
    expect((await token(tenant, 'authorization_code', { code })).status).toBe(200)
  })
})

describe('T20 what tokens say', () => {
  it('T20 keeps authorization details from the request to the tokens, also when they are refreshed', async () => {
    const { ask, code, tenant } = await bench()
    const details = [{ type: 'transfer', to: 'a' }]
    const audience = tenant.seed.api.identifier
    const more = { authorization_details: JSON.stringify(details), audience, scope: 'openid offline_access' }
    const { body } = await redeem(tenant, await code(more))
    expect(body.authorization_details).toEqual(details)
    expect(decodeJwt(body.access_token).authorization_details).toEqual(details)
    const next = await token(tenant, 'refresh_token', { refresh_token: body.refresh_token })
    expect(decodeJwt(next.body.access_token).authorization_details).toEqual(details)
    expect((await ask({ authorization_details: '"text"' })).get('error')).toBe('invalid_authorization_details')
  })

  it('T20 a password grant without scope gives the scopes of OpenID Connect', async () => {
    const tenant = await start()
    const { body } = await login(tenant, 1)
    expect(body.scope).toBe('openid profile email address phone')
    expect(decodeJwt(body.id_token)).toMatchObject({ email: tenant.seed.users[1]?.email })
  })

  it('T20 a pushed request keeps its details, and an application may require that requests are pushed', async () => {
    const { tenant } = await bench()
    const { clientId: client_id, clientSecret: client_secret } = tenant.options
    await manage(tenant, 'PATCH', `/clients/${client_id}`, { require_pushed_authorization_requests: true })
    const login_hint = tenant.seed.users[1]?.email ?? ''
    const plain = await new Visitor(tenant).go(authorizeUrl(tenant, { login_hint }))
    expect(plain.url.searchParams.get('error')).toBe('invalid_request')
    const authorization_details = JSON.stringify([{ type: 'x' }])
    const asked = { response_type: 'code', redirect_uri: CALLBACK, scope: 'openid', login_hint, authorization_details }
    const pushed = await send(tenant, 'POST', '/oauth/par', { form: { client_id, client_secret, ...asked } })
    const query = new URLSearchParams({ client_id, request_uri: pushed.body.request_uri })
    const { url } = await new Visitor(tenant).go(`/authorize?${query}`)
    const { body } = await redeem(tenant, url.searchParams.get('code') ?? '')
    expect(body.authorization_details).toEqual([{ type: 'x' }])
  })
})

describe('T19 pages of other origins', () => {
  it('T19 may read answers where an application lists their origin, and nobody else may', async () => {
    const tenant = await start()
    await manage(tenant, 'PATCH', `/clients/${tenant.options.clientId}`, { web_origins: ['http://localhost:3000'] })
    const preflight = (origin: string) =>
      send(tenant, 'OPTIONS', '/oauth/token', {
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'auth0-client,content-type',
        },
      })
    const allow = (answer: { headers: Headers }) => answer.headers.get('access-control-allow-origin')
    for (const origin of ['http://localhost:3000', 'https://app.example.com']) {
      const answer = await preflight(origin)
      expect([answer.status, allow(answer)]).toEqual([204, origin])
      expect(answer.headers.get('access-control-allow-headers')).toBe('auth0-client,content-type')
      expect(allow(await send(tenant, 'GET', '/userinfo', { headers: { origin } }))).toBe(origin)
    }
    for (const origin of ['http://localhost:3001', 'https://evil.example', 'null']) {
      expect(allow(await preflight(origin))).toBeNull()
      expect(allow(await send(tenant, 'GET', '/userinfo', { headers: { origin } }))).toBeNull()
    }
    const keys = await send(tenant, 'GET', '/.well-known/jwks.json', { headers: { origin: 'https://any.example' } })
    expect(allow(keys)).toBe('*')
  })
})
