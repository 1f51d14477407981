import { describe, expect, it } from 'vitest'
import { sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'

const auth0 = connect({ domain: 'tenant.example.com', clientId: 'c', clientSecret: 'canary-secret' })

describe('auth0.authorize.push()', () => {
  it('is a plan of the pushed request, with its secrets beside it', () => {
    const plan = auth0.authorize.push({
      redirectUri: 'https://a.example',
      scope: 'openid',
      codeChallenge: 'x',
      maxAge: 5,
    })
    expect(plan.data).toMatchObject({
      op: 'authentication.par',
      body: {
        response_type: 'code',
        redirect_uri: 'https://a.example',
        scope: 'openid',
        code_challenge: 'x',
        code_challenge_method: 'S256',
        max_age: '5',
      },
    })
    const other = auth0.authorize.push({ clientId: 'd', clientSecret: 'canary-other' })
    expect(JSON.stringify(other)).not.toContain('canary')
    expect(other.data.client).toMatchObject({ clientId: 'd' })
    expect(() => auth0.authorize.push({ redirect_uri: 'x' } as never)).toThrow(/Did you mean "redirectUri"/)
  })

  it('leads to the login page of the tenant', async () => {
    const tenant = await sandbox({ seed: 'par', tls: false })
    try {
      const session = connect({ ...tenant.options })
      const [client] = (await session.clients.list().all().run()).filter(
        ({ callbacks }) => (callbacks ?? []).length > 0,
      )
      const redirectUri = client?.callbacks?.[0] ?? 'https://app.example/callback'
      await session
        .clients(tenant.options.clientId)
        .update({ callbacks: [redirectUri] })
        .run()
      const pushed = await session.authorize.push({ redirectUri, scope: 'openid' }).run()
      expect(pushed.request_uri).toMatch(/^urn:ietf:params:oauth:request_uri:/)
      const address = new URL(session.authorize.url({ requestUri: pushed.request_uri }))
      expect([...address.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
    } finally {
      await tenant.close()
    }
  })
})

describe('auth0.register()', () => {
  it('is a plan of the registration, in the names of the RFC', () => {
    const plan = auth0.register({ client_name: 'App', redirect_uris: ['https://a.example'], software_id: 'x' })
    expect(plan.data).toEqual({
      v: 1,
      op: 'authentication.register',
      body: { client_name: 'App', redirect_uris: ['https://a.example'], software_id: 'x' },
    })
  })

  it.each([
    [{}, /redirect_uris must be a list/],
    [{ redirect_uris: [] }, /redirect_uris must be a list/],
    [{ redirect_uris: ['https://a.example'], clientName: 'x' }, /did you mean client_name/],
    [{ redirect_uris: ['https://a.example'], grant_type: [] }, /did you mean grant_types/],
  ])('refuses %j', (application, text) => {
    expect(() => auth0.register(application as never)).toThrow(text)
  })
})
