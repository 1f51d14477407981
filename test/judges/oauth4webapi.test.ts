import * as oauth from 'oauth4webapi'
import { fetch } from 'undici'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { CALLBACK, signIn, Visitor } from '../sandbox/browser/visitor.ts'

async function bench() {
  const tenant = await sandbox()
  onTestFinished(() => tenant.close())
  const through = {
    [oauth.customFetch]: ((url: string, init: object) =>
      fetch(url, { ...init, dispatcher: tenant.options.dispatcher as never })) as never,
  }
  const issuer = new URL(`https://${tenant.domain}/`)
  const server = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...through }),
  )
  const client: oauth.Client = { client_id: tenant.options.clientId }
  const proof = oauth.ClientSecretPost(tenant.options.clientSecret)
  return { client, proof, server, tenant, through }
}

/** Signs the second user in; the address that the browser is sent to. */
async function authorized(tenant: Sandbox, more: Record<string, string>): Promise<URL> {
  return (await signIn(new Visitor(tenant), tenant, 1, more)).url
}

describe('oauth4webapi judges the tenant', () => {
  it('walks the code flow with PKCE, nonce and max_age, user info, refresh and revocation', async () => {
    const { client, proof, server, tenant, through } = await bench()
    const [verifier, nonce, state] = [
      oauth.generateRandomCodeVerifier(),
      oauth.generateRandomNonce(),
      oauth.generateRandomState(),
    ]
    const code_challenge = await oauth.calculatePKCECodeChallenge(verifier)
    const url = await authorized(tenant, {
      code_challenge,
      code_challenge_method: 'S256',
      nonce,
      state,
      max_age: '300',
      scope: 'openid email offline_access',
    })
    const parameters = oauth.validateAuthResponse(server, client, url, state)
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      proof,
      parameters,
      CALLBACK,
      verifier,
      through,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
      expectedNonce: nonce,
      maxAge: 300,
      requireIdToken: true,
    })
    await oauth.validateApplicationLevelSignature(server, answer, through)
    const claims = oauth.getValidatedIdTokenClaims(tokens)
    expect(claims).toMatchObject({ sub: tenant.seed.users[1]?.user_id, auth_time: expect.any(Number) })
    const me = await oauth.userInfoRequest(server, client, tokens.access_token, through)
    const user = await oauth.processUserInfoResponse(server, client, String(claims?.sub), me)
    expect(user.email).toBe(tenant.seed.users[1]?.email)
    const refresh = tokens.refresh_token ?? ''
    const again = await oauth.refreshTokenGrantRequest(server, client, proof, refresh, through)
    expect((await oauth.processRefreshTokenResponse(server, client, again)).access_token).toBeTypeOf('string')
    await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, proof, refresh, through))
    const gone = await oauth.refreshTokenGrantRequest(server, client, proof, refresh, through)
    await expect(oauth.processRefreshTokenResponse(server, client, gone)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('validates the hybrid answer in the fragment', async () => {
    const { client, proof, server, tenant, through } = await bench()
    const [nonce, state] = [oauth.generateRandomNonce(), oauth.generateRandomState()]
    const url = await authorized(tenant, { response_type: 'code id_token', nonce, state })
    const parameters = await oauth.validateCodeIdTokenResponse(server, client, url, nonce, state, undefined, through)
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      proof,
      parameters,
      CALLBACK,
      oauth.nopkce,
      through,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, { expectedNonce: nonce })
    expect(oauth.getValidatedIdTokenClaims(tokens)?.nonce).toBe(nonce)
  })

  it('pushes a request, logs a device in, and takes client credentials', async () => {
    const { client, proof, server, tenant, through } = await bench()
    const pushed = await oauth.pushedAuthorizationRequest(
      server,
      client,
      proof,
      new URLSearchParams({ response_type: 'code', redirect_uri: CALLBACK, scope: 'openid' }),
      through,
    )
    const { request_uri } = await oauth.processPushedAuthorizationResponse(server, client, pushed)
    expect(request_uri).toMatch(/^urn:ietf:params:oauth:request_uri:/)
    const started = await oauth.deviceAuthorizationRequest(server, client, proof, { scope: 'openid' }, through)
    const device = await oauth.processDeviceAuthorizationResponse(server, client, started)
    tenant.outbox.approve()
    const polled = await oauth.deviceCodeGrantRequest(server, client, proof, device.device_code, through)
    expect((await oauth.processDeviceCodeResponse(server, client, polled)).id_token).toBeTypeOf('string')
    const audience = `https://${tenant.domain}/api/v2/`
    const machine = await oauth.clientCredentialsGrantRequest(server, client, proof, { audience }, through)
    expect((await oauth.processClientCredentialsResponse(server, client, machine)).expires_in).toBe(86_400)
  })

  it('reads what a device is told while it waits, polls too soon and is refused', async () => {
    const { client, proof, server, tenant, through } = await bench()
    const begin = async () =>
      await oauth.processDeviceAuthorizationResponse(
        server,
        client,
        await oauth.deviceAuthorizationRequest(server, client, proof, { scope: 'openid' }, through),
      )
    const poll = async (code: string) =>
      await oauth.processDeviceCodeResponse(
        server,
        client,
        await oauth.deviceCodeGrantRequest(server, client, proof, code, through),
      )
    const device = await begin()
    await expect(poll(device.device_code)).rejects.toMatchObject({ error: 'authorization_pending', status: 403 })
    await expect(poll(device.device_code)).rejects.toMatchObject({ error: 'slow_down', status: 429 })
    const refused = await begin()
    tenant.outbox.reject()
    await expect(poll(refused.device_code)).rejects.toMatchObject({ error: 'access_denied' })
    await expect(poll('no-code')).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('reads refusals of the token endpoint, and who had to prove itself', async () => {
    const { client, server, tenant, through } = await bench()
    const audience = `https://${tenant.domain}/api/v2/`
    const ask = async (proof: oauth.ClientAuth, more: Record<string, string>) =>
      await oauth.processClientCredentialsResponse(
        server,
        client,
        await oauth.clientCredentialsGrantRequest(server, client, proof, more, through),
      )
    await expect(ask(oauth.ClientSecretPost('wrong'), { audience })).rejects.toThrow()
    await expect(ask(oauth.ClientSecretBasic('wrong'), { audience })).rejects.toThrow()
    await expect(ask(oauth.None(), { audience })).rejects.toThrow()
    const proof = oauth.ClientSecretPost(tenant.options.clientSecret)
    await expect(ask(proof, { audience: 'https://nothing.example.com/' })).rejects.toMatchObject({
      error: 'access_denied',
    })
    // What discovery does not name, a client does not call: Auth0 has no introspection.
    await expect(oauth.introspectionRequest(server, client, proof, 'a-token', through)).rejects.toThrow(
      'introspection_endpoint',
    )
  })

  it('asks a person on another channel, and hears yes and no', async () => {
    const { client, proof, server, tenant, through } = await bench()
    const [, user] = tenant.seed.users
    const ask = async () =>
      await oauth.processBackchannelAuthenticationResponse(
        server,
        client,
        await oauth.backchannelAuthenticationRequest(
          server,
          client,
          proof,
          {
            scope: 'openid',
            binding_message: 'Order 7',
            login_hint: JSON.stringify({
              format: 'iss_sub',
              iss: `https://${tenant.domain}/`,
              sub: user?.user_id,
            }),
          },
          through,
        ),
      )
    const poll = async (id: string) =>
      await oauth.processBackchannelAuthenticationGrantResponse(
        server,
        client,
        await oauth.backchannelAuthenticationGrantRequest(server, client, proof, id, through),
      )
    const first = await ask()
    await expect(poll(first.auth_req_id)).rejects.toMatchObject({ error: 'authorization_pending' })
    tenant.outbox.approve()
    const second = await ask()
    tenant.outbox.reject()
    await expect(poll(second.auth_req_id)).rejects.toMatchObject({ error: 'access_denied' })
  })

  it('registers an application, whose users are asked for consent', async () => {
    const { server, tenant, through } = await bench()
    const made = await oauth.processDynamicClientRegistrationResponse(
      await oauth.dynamicClientRegistrationRequest(
        server,
        { client_name: 'Stranger', redirect_uris: [CALLBACK] },
        through,
      ),
    )
    const stored = await connect(tenant.options).clients(made.client_id).get().run()
    expect(stored).toMatchObject({ name: 'Stranger', is_first_party: false, callbacks: [CALLBACK] })
    const page = await signIn(new Visitor(tenant), tenant, 1, { client_id: made.client_id })
    expect(page.url.pathname).toBe('/u/consent')
    const wrong = oauth.dynamicClientRegistrationRequest(server, { redirect_uris: ['no url'] }, through)
    expect((await wrong).status).toBe(400)
  })
})
