import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { row } from '../../src/catalogue/index.ts'
import { bundleOf } from '../../src/display/show.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

let tenant: Sandbox
let auth0: Session
beforeAll(async () => {
  tenant = await sandbox({ seed: 'inspect', clock: 'fixed' })
  auth0 = connect(tenant.options)
})
afterAll(() => tenant.close())

const jwt = (claims: object, header: object = { alg: 'RS256', typ: 'JWT' }): string =>
  [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('c2ln')
    .join('.')

describe('auth0.inspect(token)', () => {
  it('tells claims, times, scopes and what an access token may call', async () => {
    const [, limited] = tenant.seed.clients
    const { access_token } = await auth0
      .as({ clientId: limited?.client_id ?? '', clientSecret: limited?.client_secret ?? '' })
      .login.clientCredentials({ audience: `https://${tenant.domain}/api/v2/` })
      .run()
    const sent = tenant.requests.length
    const found = auth0.inspect(access_token)
    expect(tenant.requests.length).toBe(sent)
    expect(found).toMatchObject({
      kind: 'jwt',
      use: 'access token',
      algorithm: 'RS256',
      issuer: `https://${tenant.domain}/`,
      audience: [`https://${tenant.domain}/api/v2/`],
      client: limited?.client_id,
      validFor: 86_400_000,
    })
    expect(found.scopes?.length).toBeGreaterThan(0)
    expect(found.operations.length).toBeGreaterThan(0)
    for (const id of found.operations) {
      const scopes = row(id)?.scopes ?? ['unknown operation']
      expect(scopes.length === 0 || scopes.some((scope) => found.scopes?.includes(scope))).toBe(true)
    }
    expect(found.operations).not.toContain('tenants.settings.update')
    expect(inspect(found)).not.toContain(access_token)
    expect(JSON.stringify(found)).not.toContain(access_token.split('.')[2] ?? access_token)
  })

  it('follows the clock: the same token expires', async () => {
    const { access_token } = await auth0.login.clientCredentials().run()
    tenant.clock.advance(90_000_000)
    const found = auth0.inspect(access_token)
    expect(found.validFor).toBeUndefined()
    expect(found.expiredSince).toBe(3_600_000)
    expect(found.notes[0]).toContain('It has expired')
    expect(inspect(found)).toContain('Access token · expired')
    expect(inspect(found)).toMatch(/expired since\s+1 h\n/)
  })

  it('tells an ID token, the MFA API’s token and an opaque one apart', async () => {
    const { email: username, password } = tenant.seed.users[1] ?? { email: '', password: '' }
    const realm = 'Username-Password-Authentication'
    const tokens = await auth0.login.password({ username, password, realm, scope: 'openid profile' }).run()
    expect(auth0.inspect(tokens.id_token ?? '')).toMatchObject({ use: 'ID token', operations: [] })
    expect(auth0.inspect(tokens.access_token).kind).toBe(tokens.access_token.split('.').length === 3 ? 'jwt' : 'opaque')
    const scope = 'enroll read:authenticators'
    const mfa = await auth0.login.password({ username, password, realm, scope, audience: 'mfa' }).run()
    expect(auth0.inspect(mfa.access_token).operations.toSorted()).toEqual([
      'authentication.mfa.associate',
      'authentication.mfa.authenticators.list',
    ])
    expect(auth0.inspect('v1.opaque')).toMatchObject({ kind: 'opaque', operations: [], claims: {} })
  })

  it('says so where a token is for another tenant', () => {
    const found = auth0.inspect(jwt({ aud: 'https://other.example/api/v2/', scope: 'read:users', exp: 4e9 }))
    expect(found.operations).toEqual([])
    expect(found.notes.join(' ')).toContain('another tenant, https://other.example/api/v2/')
  })

  it('shows itself as a card without what a hostile claim tries', () => {
    const hostile = '\u001b[2J<img src=x>\u202e'
    const found = auth0.inspect(
      jwt({
        iss: hostile,
        sub: hostile,
        scope: `openid ${hostile}`,
        exp: 1e300,
        iat: -1,
        more: { secret: 'canary-value' },
        [hostile]: hostile,
      }),
    )
    const bundle = bundleOf(found)
    for (const text of [inspect(found), bundle['text/plain'], bundle['text/html'] ?? '']) {
      for (const bad of ['\u001b', '\u202e', 'canary-value']) expect(text).not.toContain(bad)
    }
    expect(JSON.stringify(bundle)).not.toContain('canary-value')
    expect(bundleOf(found)['text/html']).not.toContain('<img')
  })

  it('takes text only', () => {
    for (const wrong of [undefined, '', 7, {}])
      expect(() => auth0.inspect(wrong as never)).toThrow('auth0.inspect() needs the token')
  })
})
