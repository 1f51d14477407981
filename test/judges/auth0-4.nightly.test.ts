import { createRequire } from 'node:module'
import { fetch } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mcpServerProgram } from '../../scripts/needs.mjs'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { requires } from '../support/index.ts'

// `auth0` 4, whose AuthenticationClient the seventh version no longer has. Auth0's MCP server brings it.

// biome-ignore lint/suspicious/noExplicitAny: its types are not installed here
type Sdk = any

let tenant: Sandbox
let auth: Sdk
let management: Sdk
let sdk: Sdk

beforeEach(async (context) => {
  requires(context, 'mcp-server')
  sdk = createRequire(mcpServerProgram() ?? '')('auth0')
  tenant = await sandbox({ seed: 'auth0-4' })
  const { clientId, clientSecret, dispatcher, domain } = tenant.options
  const options = {
    domain,
    clientId,
    clientSecret,
    fetch: (url: string, init: object) => fetch(url, { ...init, dispatcher: dispatcher as never }),
  }
  management = new sdk.ManagementClient(options)
  // It fetches keys past its own `fetch`; a shared secret needs none.
  await management.clients.update({ client_id: clientId }, { jwt_configuration: { alg: 'HS256' } })
  auth = new sdk.AuthenticationClient({ ...options, idTokenSigningAlg: 'HS256' })
})
afterEach(() => tenant.close())

const person = (index: number) => {
  const user = tenant.seed.users[index]
  return { username: user?.email, password: user?.password, realm: tenant.seed.connection.name }
}

/** Class, status and code of what a call was refused with. */
async function refusal(call: Promise<unknown>): Promise<readonly unknown[]> {
  const error = await call.then(
    () => undefined,
    (reason: Sdk) => reason,
  )
  return [error?.constructor.name, error?.statusCode, error?.errorCode ?? error?.error]
}

describe('auth0 4 judges the tenant', () => {
  it('gets tokens, refreshes with rotation, and loses all of them when one is used twice', async () => {
    const refresh_token = { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0, token_lifetime: 3600 }
    await management.clients.update({ client_id: tenant.options.clientId }, { refresh_token })
    const { data } = await auth.oauth.passwordGrant({ ...person(1), scope: 'openid offline_access' })
    expect(data).toMatchObject({ id_token: expect.any(String), token_type: 'Bearer' })
    const next = (await auth.oauth.refreshTokenGrant({ refresh_token: data.refresh_token })).data
    expect(next.refresh_token).not.toBe(data.refresh_token)
    for (const used of [data.refresh_token, next.refresh_token])
      expect(await refusal(auth.oauth.refreshTokenGrant({ refresh_token: used }))).toEqual([
        'AuthApiError',
        403,
        'invalid_grant',
      ])
  })

  it('revokes, pushes a request, and starts a login on another device', async () => {
    const { data } = await auth.oauth.passwordGrant({ ...person(1), scope: 'openid offline_access' })
    for (const token of [data.refresh_token, data.refresh_token, 'unknown'])
      expect((await auth.oauth.revokeRefreshToken({ token })).status).toBe(200)
    const pushed = await auth.oauth.pushedAuthorization({
      client_id: tenant.options.clientId,
      response_type: 'code',
      redirect_uri: 'http://localhost:3000/callback',
    })
    expect(pushed.data.request_uri).toMatch(/^urn:ietf:params:oauth:request_uri:/)
    const begun = await auth.backchannel.authorize({
      userId: tenant.seed.users[1]?.user_id,
      binding_message: 'x',
      scope: 'openid',
    })
    const poll = auth.backchannel.backchannelGrant({ auth_req_id: begun.auth_req_id })
    expect(await refusal(poll)).toEqual(['AuthApiError', 400, 'authorization_pending'])
  })

  it('signs up, changes a password, and logs in without one', async () => {
    const connection = tenant.seed.connection.name
    const signUp = (email: string, password = 'Aa1!aaaaaaaa') => auth.database.signUp({ email, password, connection })
    expect((await signUp('new@example.com')).data).toMatchObject({ email: 'new@example.com', email_verified: false })
    expect(await refusal(signUp('new@example.com'))).toEqual(['AuthApiError', 400, 'invalid_signup'])
    expect(await refusal(signUp('other@example.com', 'a'))).toEqual(['AuthApiError', 400, 'invalid_password'])
    expect((await auth.database.changePassword({ email: 'new@example.com', connection })).data).toContain('an email')
    await auth.passwordless.sendEmail({ email: 'p@example.com', send: 'code' })
    const code = tenant.outbox.email.at(-1)?.code ?? ''
    expect(await refusal(auth.passwordless.loginWithEmail({ email: 'p@example.com', code: 'x' }))).toEqual([
      'AuthApiError',
      403,
      'invalid_grant',
    ])
    expect(
      (await auth.passwordless.loginWithEmail({ email: 'p@example.com', code, scope: 'openid' })).data.id_token,
    ).toBeTruthy()
    expect(await refusal(auth.passwordless.loginWithEmail({ email: 'p@example.com', code }))).toEqual([
      'AuthApiError',
      403,
      'invalid_grant',
    ])
  })

  it.each<[string, unknown[], () => Promise<unknown>]>([
    [
      'an unknown audience',
      ['AuthApiError', 403, 'access_denied'],
      () => auth.oauth.clientCredentialsGrant({ audience: 'https://none' }),
    ],
    [
      'a wrong password',
      ['AuthApiError', 403, 'invalid_grant'],
      () => auth.oauth.passwordGrant({ ...person(1), password: 'x' }),
    ],
    ['a missing factor', ['AuthApiError', 403, 'mfa_required'], () => auth.oauth.passwordGrant(person(0))],
    [
      'a code that never was',
      ['AuthApiError', 403, 'invalid_grant'],
      () => auth.oauth.authorizationCodeGrant({ code: 'x', redirect_uri: 'http://localhost:3000/callback' }),
    ],
    [
      'a user that is not there',
      ['ManagementApiError', 404, 'inexistent_user'],
      () => management.users.get({ id: 'auth0|none' }),
    ],
    [
      'a page beyond the thousandth record',
      ['ManagementApiError', 400, 'invalid_paging'],
      () => management.users.getAll({ per_page: 100, page: 10 }),
    ],
    [
      'a page that is too long',
      ['ManagementApiError', 400, 'invalid_query_string'],
      () => management.users.getAll({ per_page: 101 }),
    ],
    ['a body without a name', ['ManagementApiError', 400, 'invalid_body'], () => management.clients.create({})],
  ])('reads the refusal of %s', async (_name, expected, call) => {
    expect(await refusal(call())).toEqual(expected)
  })

  it('pages: by number with totals, beyond the end, and by checkpoint', async () => {
    const totals = (await management.users.getAll({ include_totals: true, per_page: 2, page: 0 })).data
    expect(totals).toMatchObject({ start: 0, limit: 2, length: 2 })
    const beyond = (await management.users.getAll({ include_totals: true, per_page: 2, page: 400 })).data
    expect(beyond).toMatchObject({ start: 800, limit: 2, length: 0, users: [], total: totals.total })
    const names: string[] = []
    let from: string | undefined
    do {
      const { data } = await management.organizations.getAll({ take: 1, ...(from && { from }) })
      names.push(...data.organizations.map(({ name }: { name: string }) => name))
      from = data.next
    } while (from)
    expect(names).toEqual(['acme', 'globex'])
  })
})
