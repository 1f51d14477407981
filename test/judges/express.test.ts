import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { auth as protect, requiredScopes } from 'express-oauth2-jwt-bearer'
import openid from 'express-openid-connect'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { hiddenFields, Visitor } from '../sandbox/browser/visitor.ts'

// These libraries take no transport of their own. They reach the tenant by its plain HTTP port on loopback, whose issuer
// is that address.

// biome-ignore lint/suspicious/noExplicitAny: Express brings no types of its own.
type Untyped = any
const express: Untyped = createRequire(import.meta.url)('express')

async function serve(app: Untyped): Promise<string> {
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://localhost:${(server.address() as AddressInfo).port}`
}

async function start(): Promise<Sandbox> {
  const tenant = await sandbox()
  onTestFinished(() => tenant.close())
  return tenant
}

/** A person's browser at an application: keeps its cookies, follows it to wherever it leads. */
async function visit(url: string, cookies: Map<string, string>, form?: Record<string, string>) {
  const answer = await fetch(url, {
    redirect: 'manual',
    method: form === undefined ? 'GET' : 'POST',
    headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
  })
  for (const cookie of answer.headers.getSetCookie()) {
    const [pair = ''] = cookie.split(';')
    cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
  }
  return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() }
}

describe('express-openid-connect judges the tenant', () => {
  it('logs a person in with its default configuration: an ID token in a form that the browser posts', async () => {
    const tenant = await start()
    const app = express()
    const baseURL = await serve(app)
    const callback = `${baseURL}/callback`
    await connect(tenant.options)
      .clients(tenant.options.clientId)
      .update({ callbacks: [callback], allowed_logout_urls: [baseURL] })
      .run()
    app.use(
      openid.auth({
        issuerBaseURL: tenant.url,
        baseURL,
        clientID: tenant.options.clientId,
        secret: 'a-long-secret-that-encrypts-the-cookies-of-the-test',
        idpLogout: true,
      }),
    )
    app.get('/', (request: Untyped, response: Untyped) => {
      response.json(request.oidc.user)
    })
    const cookies = new Map<string, string>()
    const away = await visit(baseURL, cookies)
    expect(away.location).toContain(`${tenant.url}/authorize?`)
    const visitor = new Visitor(tenant, tenant.url)
    const page = await visitor.go(away.location ?? '')
    const { email: username = '', password = '', user_id } = tenant.seed.users[1] ?? {}
    const posted = await visitor.submit(page, { username, password }, 'name="password"')
    expect(posted.html).toContain(`action="${callback}"`)
    const back = await visit(callback, cookies, hiddenFields(posted.html))
    expect([back.status, back.text]).toMatchObject([302, expect.anything()])
    const home = await visit(baseURL, cookies)
    expect(JSON.parse(home.text)).toMatchObject({ sub: user_id, email: username })
    const out = await visit(`${baseURL}/logout`, cookies)
    expect((await visitor.go(out.location ?? '')).url.origin).toBe(baseURL)
  })

  it('exchanges a code, and asks for what the session has to have', async () => {
    const tenant = await start()
    const app = express()
    const baseURL = await serve(app)
    const callback = `${baseURL}/callback`
    await connect(tenant.options)
      .clients(tenant.options.clientId)
      .update({ callbacks: [callback] })
      .run()
    app.use(
      openid.auth({
        issuerBaseURL: tenant.url,
        baseURL,
        clientID: tenant.options.clientId,
        clientSecret: tenant.options.clientSecret,
        secret: 'a-long-secret-that-encrypts-the-cookies-of-the-test',
        authorizationParams: { response_type: 'code', scope: 'openid email offline_access', max_age: 300 },
      }),
    )
    app.get('/', (request: Untyped, response: Untyped) => {
      const { auth_time } = request.oidc.idTokenClaims ?? {}
      response.json({ auth_time, refreshes: request.oidc.refreshToken !== undefined })
    })
    const cookies = new Map<string, string>()
    const visitor = new Visitor(tenant, tenant.url)
    const page = await visitor.go((await visit(baseURL, cookies)).location ?? '')
    const { email: username = '', password = '' } = tenant.seed.users[1] ?? {}
    const { url } = await visitor.submit(page, { username, password }, 'name="password"')
    await visit(url.href, cookies)
    const home = await visit(baseURL, cookies)
    expect(JSON.parse(home.text)).toEqual({ auth_time: expect.any(Number), refreshes: true })
  })

  it('logs in to an organization, refreshes with rotation, and ends the session of the tenant too', async () => {
    const tenant = await start()
    const app = express()
    const baseURL = await serve(app)
    const auth0 = connect(tenant.options)
    const [organization] = tenant.seed.organizations
    const [, user] = tenant.seed.users
    await auth0
      .organizations(organization?.id ?? '')
      .members.create({ members: [user?.user_id ?? ''] })
      .run()
    await auth0
      .clients(tenant.options.clientId)
      .update({
        callbacks: [`${baseURL}/callback`],
        allowed_logout_urls: [`${baseURL}/bye`],
        organization_usage: 'allow',
        refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 },
      })
      .run()
    app.use(
      openid.auth({
        issuerBaseURL: tenant.url,
        baseURL,
        clientID: tenant.options.clientId,
        clientSecret: tenant.options.clientSecret,
        secret: 'a-long-secret-that-encrypts-the-cookies-of-the-test',
        authRequired: false,
        idpLogout: true,
        routes: { postLogoutRedirect: '/bye' },
        authorizationParams: {
          response_type: 'code',
          scope: 'openid offline_access',
          organization: organization?.id ?? '',
        },
      }),
    )
    app.get('/bye', (_request: Untyped, response: Untyped) => {
      response.send('bye')
    })
    app.get('/refresh', async (request: Untyped, response: Untyped) => {
      const before = request.oidc.accessToken.access_token
      const { access_token } = await request.oidc.accessToken.refresh()
      response.json({ fresh: access_token !== before, org_id: request.oidc.idTokenClaims.org_id })
    })
    const cookies = new Map<string, string>()
    const visitor = new Visitor(tenant, tenant.url)
    const page = await visitor.go((await visit(`${baseURL}/login`, cookies)).location ?? '')
    const { url } = await visitor.submit(
      page,
      { username: user?.email ?? '', password: user?.password ?? '' },
      'name="password"',
    )
    await visit(url.href, cookies)
    for (const _turn of [1, 2]) {
      const refreshed = await visit(`${baseURL}/refresh`, cookies)
      expect(JSON.parse(refreshed.text)).toEqual({ fresh: true, org_id: organization?.id })
    }
    const out = await visit(`${baseURL}/logout`, cookies)
    expect(new URL(out.location ?? '').searchParams.get('id_token_hint')).not.toBe('')
    expect((await visitor.go(out.location ?? '')).url.href).toBe(`${baseURL}/bye`)
    // The session of the tenant is over: the next login asks again.
    const again = await visitor.go((await visit(`${baseURL}/login`, cookies)).location ?? '')
    expect(again.html).toContain('name="username"')
  })
})

describe('express-oauth2-jwt-bearer judges the tenant', () => {
  it('takes its access tokens and their scopes, and refuses others', async () => {
    const tenant = await start()
    const audience = tenant.seed.api.identifier
    const app = express()
    app.use(protect({ issuerBaseURL: tenant.url, audience }))
    app.get('/items', requiredScopes('read:items'), (request: Untyped, response: Untyped) => {
      response.json(request.auth?.payload.azp)
    })
    app.get('/secrets', requiredScopes('read:secrets'), (_request: Untyped, response: Untyped) => {
      response.json('no')
    })
    // Express knows a handler of errors by its four parameters.
    app.use((error: Untyped, _request: unknown, response: Untyped, _next: unknown) =>
      response.status(error.status ?? 500).end(),
    )
    const api = await serve(app)
    const { clientId: client_id, clientSecret: client_secret } = tenant.options
    const ask = async (): Promise<string> => {
      const fields = { grant_type: 'client_credentials', client_id, client_secret, audience }
      const answer = await fetch(`${tenant.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields) })
      return ((await answer.json()) as { access_token: string }).access_token
    }
    const authorization = `Bearer ${await ask()}`
    const call = (path: string, headers: Record<string, string> = { authorization }) =>
      fetch(`${api}${path}`, { headers })
    expect(await (await call('/items')).json()).toBe(client_id)
    expect((await call('/secrets')).status).toBe(403)
    expect((await call('/items', {})).status).toBe(401)
    expect((await call('/items', { authorization: `${authorization}x` })).status).toBe(401)
  })
})
