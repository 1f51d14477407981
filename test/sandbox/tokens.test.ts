import { createHash, createPublicKey, type JsonWebKey } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { login, manage, send, start, token } from './bench.ts'

const DAY = 86_400_000
const me = (tenant: Sandbox, access: string) =>
  send(tenant, 'GET', '/userinfo', { headers: { authorization: `Bearer ${access}` } })
const refresh = (tenant: Sandbox, refresh_token: string, more: Record<string, string> = {}) =>
  token(tenant, 'refresh_token', { refresh_token, ...more })
const configure = (tenant: Sandbox, changes: object) =>
  manage(tenant, 'PATCH', `/clients/${tenant.options.clientId}`, changes)

describe('password grant', () => {
  it('takes the realm on both grants, and knows wrong credentials without saying which', async () => {
    const tenant = await start()
    const user = tenant.seed.users[1]
    const credentials = { username: user?.email ?? '', password: user?.password ?? '' }
    const realm = tenant.seed.connection.name
    const realmGrant = 'http://auth0.com/oauth/grant-type/password-realm'
    expect((await token(tenant, 'password', credentials)).status).toBe(200)
    expect((await token(tenant, 'password', { ...credentials, realm })).status).toBe(200)
    expect((await token(tenant, realmGrant, { ...credentials, realm })).status).toBe(200)
    expect((await token(tenant, realmGrant, credentials)).body.error_description).toBe(
      'Missing required parameter: realm',
    )
    for (const wrong of [{ password: 'x' }, { username: 'nobody@example.com' }]) {
      const answer = await token(tenant, 'password', { ...credentials, ...wrong })
      expect([answer.status, answer.body]).toEqual([
        403,
        { error: 'invalid_grant', error_description: 'Wrong email or password.' },
      ])
    }
  })

  it('blocks a user after ten wrong passwords, until the block is taken away', async () => {
    const tenant = await start()
    for (let count = 0; count < 10; count += 1) await login(tenant, 1, { password: 'wrong' })
    const blocked = await login(tenant, 1)
    expect([blocked.status, blocked.body.error]).toEqual([429, 'too_many_attempts'])
    await manage(tenant, 'DELETE', `/user-blocks/${encodeURIComponent(tenant.seed.users[1]?.user_id ?? '')}`)
    expect((await login(tenant, 1)).status).toBe(200)
  })

  it('T6 blocks as the brute-force protection of the tenant and the connection say', async () => {
    const tenant = await start()
    const protect = async (changes: object) =>
      expect((await manage(tenant, 'PATCH', '/attack-protection/brute-force-protection', changes)).status).toBe(200)
    const { email = '', user_id = '' } = tenant.seed.users[1] ?? {}
    const blocks = async () =>
      (await manage(tenant, 'GET', `/user-blocks?identifier=${encodeURIComponent(email)}`)).body.blocked_for
    const fail = async (times: number) => {
      for (let count = 0; count < times; count += 1) await login(tenant, 1, { password: 'wrong' })
    }
    await protect({ max_attempts: 3 })
    await fail(2)
    expect((await login(tenant, 1)).status).toBe(200)
    await fail(2)
    expect(await blocks()).toEqual([])
    await fail(1)
    expect((await login(tenant, 1)).status).toBe(429)
    expect(await blocks()).toMatchObject([{ identifier: email, ip: '127.0.0.1' }])
    await manage(tenant, 'DELETE', `/user-blocks/${encodeURIComponent(user_id)}`)

    await protect({ mode: 'count_per_identifier' })
    await fail(3)
    expect(await blocks()).toEqual([{ identifier: email, connection: tenant.seed.connection.name }])
    await manage(tenant, 'DELETE', `/user-blocks/${encodeURIComponent(user_id)}`)

    for (const off of [
      { enabled: false },
      { enabled: true, shields: [] },
      { shields: ['block'], allowlist: ['127.0.0.1'] },
    ]) {
      await protect(off)
      await fail(4)
      expect((await login(tenant, 1)).status).toBe(200)
    }
    await protect({ allowlist: [] })
    const connection = `/connections/${tenant.seed.connection.id}`
    const { options } = (await manage(tenant, 'GET', connection)).body
    await manage(tenant, 'PATCH', connection, { options: { ...options, brute_force_protection: false } })
    await fail(4)
    expect((await login(tenant, 1)).status).toBe(200)
  })

  it('refuses a user whom an administrator blocked', async () => {
    const tenant = await start()
    await manage(tenant, 'PATCH', `/users/${encodeURIComponent(tenant.seed.users[1]?.user_id ?? '')}`, {
      blocked: true,
    })
    expect((await login(tenant, 1)).body).toEqual({ error: 'unauthorized', error_description: 'user is blocked' })
  })
})

describe('scopes', () => {
  it('grants all of the API without a scope, what was asked otherwise, and the whole OIDC set for openid alone', async () => {
    const tenant = await start()
    const audience = tenant.seed.api.identifier
    expect((await login(tenant, 1, { audience })).body.scope).toBe(tenant.seed.api.scopes.join(' '))
    expect((await login(tenant, 1, { audience, scope: 'read:items' })).body.scope).toBe('read:items')
    expect((await login(tenant, 1, { scope: 'openid' })).body.scope).toBe('openid profile email address phone')
  })
})

describe('ID token', () => {
  it('is signed by a key of the JWKS and says what the scopes allow', async () => {
    const tenant = await start()
    const { body } = await login(tenant, 1, { scope: 'openid email' })
    const keys = (await send(tenant, 'GET', '/.well-known/jwks.json')).body.keys
    const { kid } = decodeProtectedHeader(body.id_token)
    const jwk = keys.find((each: { kid: string }) => each.kid === kid)
    expect(jwk.x5c).toHaveLength(1)
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
    const { payload } = await jwtVerify(body.id_token, key, { issuer: `https://${tenant.domain}/` })
    const half = createHash('sha256').update(body.access_token).digest().subarray(0, 16).toString('base64url')
    expect(payload).toMatchObject({ aud: tenant.options.clientId, email: tenant.seed.users[1]?.email, at_hash: half })
    expect(payload.sid).toBeDefined()
    expect(payload).not.toHaveProperty('nickname')
  })

  it('is signed with the client secret where the application says HS256', async () => {
    const tenant = await start()
    await configure(tenant, { jwt_configuration: { alg: 'HS256' } })
    const { body } = await login(tenant, 1, { scope: 'openid' })
    const secret = new TextEncoder().encode(tenant.options.clientSecret)
    await expect(jwtVerify(body.id_token, secret, { algorithms: ['HS256'] })).resolves.toBeDefined()
  })

  it('names the custom domain as issuer when the login came through it', async () => {
    const tenant = await start()
    const user = tenant.seed.users[1]
    const origin = `https://${tenant.seed.customDomains[0]?.domain}`
    const fields = { username: user?.email ?? '', password: user?.password ?? '', scope: 'openid' }
    const { body } = await token(tenant, 'password', fields, origin)
    expect(decodeJwt(body.id_token).iss).toBe(`${origin}/`)
    const discovery = await send(tenant, 'GET', '/.well-known/openid-configuration', { origin })
    expect(discovery.body).toMatchObject({ issuer: `${origin}/`, token_endpoint: `${origin}/oauth/token` })
  })

  it('carries the organization of a member', async () => {
    const tenant = await start()
    const organization = tenant.seed.organizations[0]?.id ?? ''
    await manage(tenant, 'POST', `/organizations/${organization}/members`, { members: [tenant.seed.users[1]?.user_id] })
    const { body } = await login(tenant, 1, { scope: 'openid', organization })
    expect(decodeJwt(body.id_token).org_id).toBe(organization)
    const other = await login(tenant, 1, { scope: 'openid', organization: tenant.seed.organizations[1]?.id ?? '' })
    expect([other.status, other.body.error]).toEqual([403, 'access_denied'])
  })
})

describe('access token of a user', () => {
  it('is opaque without an audience, and opens user info', async () => {
    const tenant = await start({ seed: 'opaque', clock: 'fixed' })
    const { body } = await login(tenant, 1, { scope: 'openid profile email' })
    expect(body.access_token.split('.')).toHaveLength(5)
    expect((await me(tenant, body.access_token)).body).toMatchObject({
      sub: tenant.seed.users[1]?.user_id,
      email: tenant.seed.users[1]?.email,
      nickname: 'user-two',
    })
    tenant.clock.advance(DAY)
    expect((await me(tenant, body.access_token)).status).toBe(401)
  })

  it('is a JWT for an API, with user info as second audience when openid was granted', async () => {
    const tenant = await start()
    const audience = tenant.seed.api.identifier
    const { body } = await login(tenant, 1, { audience, scope: 'openid read:items' })
    expect(decodeJwt(body.access_token)).toMatchObject({
      aud: [audience, `https://${tenant.domain}/userinfo`],
      gty: 'password',
      azp: tenant.options.clientId,
      scope: 'openid read:items',
    })
    expect((await me(tenant, body.access_token)).body).toEqual({ sub: tenant.seed.users[1]?.user_id })
    const plain = await login(tenant, 1, { audience, scope: 'read:items' })
    expect((await me(tenant, plain.body.access_token)).status).toBe(401)
  })
})

describe('refresh token', () => {
  const scope = 'openid offline_access'

  it('gives new tokens and no new refresh token unless rotation is on', async () => {
    const tenant = await start()
    const first = await login(tenant, 1, { scope })
    const again = await refresh(tenant, first.body.refresh_token)
    expect(again.status).toBe(200)
    expect(again.body).not.toHaveProperty('refresh_token')
    expect((await refresh(tenant, 'v1.nothing')).body).toEqual({
      error: 'invalid_grant',
      error_description: 'Unknown or invalid refresh token.',
    })
  })

  it('rotates, and revokes the whole family when a spent one comes back', async () => {
    const tenant = await start()
    await configure(tenant, { refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 } })
    const first = (await login(tenant, 1, { scope })).body.refresh_token
    const second = (await refresh(tenant, first)).body.refresh_token
    expect(second).not.toBe(first)
    const third = (await refresh(tenant, second)).body.refresh_token
    expect((await refresh(tenant, second)).status).toBe(403)
    expect((await refresh(tenant, third)).status).toBe(403)
  })

  it('expires by age', async () => {
    const tenant = await start({ seed: 'age', clock: 'fixed' })
    const settings = {
      rotation_type: 'non-rotating',
      expiration_type: 'expiring',
      token_lifetime: 60,
      idle_token_lifetime: 30,
    }
    await configure(tenant, { refresh_token: settings })
    const given = (await login(tenant, 1, { scope })).body.refresh_token
    tenant.clock.advance(29_000)
    expect((await refresh(tenant, given)).status).toBe(200)
    tenant.clock.advance(29_000)
    expect((await refresh(tenant, given)).status).toBe(200)
    tenant.clock.advance(2_000)
    expect((await refresh(tenant, given)).status).toBe(403)
  })

  it('is gone once revoked', async () => {
    const tenant = await start()
    const given = (await login(tenant, 1, { scope })).body.refresh_token
    const { clientId: client_id, clientSecret: client_secret } = tenant.options
    const revoked = await send(tenant, 'POST', '/oauth/revoke', { body: { client_id, client_secret, token: given } })
    expect([revoked.status, revoked.body]).toEqual([200, ''])
    expect((await refresh(tenant, given)).status).toBe(403)
  })

  it('needs an API that allows it', async () => {
    const tenant = await start()
    await manage(tenant, 'PATCH', `/resource-servers/${tenant.seed.api.id}`, { allow_offline_access: false })
    const { body } = await login(tenant, 1, { scope, audience: tenant.seed.api.identifier })
    expect(body).not.toHaveProperty('refresh_token')
  })
})
