import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientCredentials, connect } from '../../src/index.ts'
import { customDomain, retry, token } from '../../src/rx.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'

const SECRET = 'canary-secret-of-a-provider'
const PROVIDER = { clientId: 'provider-client', clientSecret: SECRET }

let tenant: Sandbox
beforeEach(async () => {
  tenant = await sandbox({ seed: 'providers', tls: false })
})
afterEach(() => tenant.close())

function reach(): { domain: string; dispatcher: Sandbox['options']['dispatcher'] } {
  const { domain, dispatcher } = tenant.options
  return { domain, dispatcher }
}

const own = () => ({ clientId: tenant.options.clientId, clientSecret: tenant.options.clientSecret })

describe('token providers as values', () => {
  it('connects with the application of clientCredentials(), and spends one token', async () => {
    const { domain } = tenant.options
    const session = connect({ ...reach(), token: clientCredentials({ domain, ...own() }) })
    await session.users.list().run()
    await session.clients.list().run()
    expect(tenant.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(1)
  })

  it('takes the domain and the audience from the provider', async () => {
    const { domain, dispatcher } = tenant.options
    const audience = tenant.seed.api.identifier
    const session = connect({ dispatcher, token: clientCredentials({ domain, audience, ...own() }) })
    const outcome = await session.users.list().run().outcome()
    expect(outcome.status).toBe('error')
    expect(tenant.requests.find(({ path }) => path === '/oauth/token')?.body).toMatchObject({ audience })
  })

  it('serves the words of the Authentication API too, and another application through as()', async () => {
    const session = connect({ ...reach(), token: clientCredentials(own()) })
    const [, user] = tenant.seed.users
    const { email = '', password = '' } = user ?? {}
    const login = { username: email, password, scope: 'openid' }
    expect((await session.login.password(login).run()).access_token).toBeTypeOf('string')
    const other = connect(tenant.options).as({ token: clientCredentials(own()) })
    expect((await other.users.list().run()).items.length).toBeGreaterThan(0)
  })

  it('takes an object with getAccessToken(), in connect() and in as()', async () => {
    const { access_token } = await connect(tenant.options).login.clientCredentials().run()
    const asked: boolean[] = []
    const vault = {
      text: access_token,
      getAccessToken({ rejected }: { rejected: boolean }) {
        asked.push(rejected)
        return this.text
      },
    }
    await connect({ ...reach(), token: vault })
      .users.list()
      .run()
    await connect(tenant.options).as({ token: vault }).users.list().run()
    expect(asked).toEqual([false, false])
  })

  it.each([
    ['a function', (text: string) => async () => text],
    ['an object', (text: string) => ({ getAccessToken: () => text })],
    ['a token', (text: string) => text],
  ])('takes %s in the stage token(provider), in a session without credentials', async (_, made) => {
    const { access_token } = await connect(tenant.options).login.clientCredentials().run()
    const session = connect({ ...reach(), pipeline: [retry(), token(made(access_token)), customDomain()] })
    expect((await session.users.list().run()).items.length).toBeGreaterThan(0)
  })

  it('takes an application in the stage, once for all requests', async () => {
    const session = connect({ ...reach(), pipeline: [token(clientCredentials(own()))] })
    await session.users.list().run()
    await session.roles.list().run()
    expect(tenant.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(1)
  })

  it('shows no secret, however it is printed', () => {
    const provider = clientCredentials(PROVIDER)
    expect(`${inspect(provider, { showHidden: true, depth: 9 })}${JSON.stringify(provider)}`).not.toContain(SECRET)
    expect(provider).toEqual({ kind: 'client_credentials', clientId: 'provider-client' })
  })

  it.each([
    ['nothing', () => clientCredentials(undefined as never), /needs the application\. Pass clientId/],
    ['no credential', () => clientCredentials({ clientId: 'x' }), /needs the application/],
    ['an unknown option', () => clientCredentials({ ...PROVIDER, scope: 'x' } as never), /"scope" is not an option/],
    [
      'an application beside it',
      () => connect({ domain: 'x.example.com', clientId: 'y', token: clientCredentials(PROVIDER) }),
      /"clientId" and token: clientCredentials\(\{ … \}\) both name an application/,
    ],
    [
      'another domain',
      () =>
        connect({ domain: 'x.example.com', token: clientCredentials({ ...PROVIDER, domain: 'other.example.com' }) }),
      /Tokens come from the domain of the session/,
    ],
    [
      'an object without the method',
      () => connect({ domain: 'x.example.com', token: { get: () => 'x' } as never }),
      /function or object with getAccessToken\(\)/,
    ],
  ])('refuses %s', (_, act, message) => expect(act).toThrow(message))
})
