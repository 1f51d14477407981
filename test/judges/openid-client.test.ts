import * as oidc from 'openid-client'
import { fetch } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { sandbox } from '../../src/sandbox/index.ts'

let tenant: Sandbox
afterEach(() => tenant.close())

async function discovered(origin?: string): Promise<oidc.Configuration> {
  tenant = await sandbox({ signInByLoginHint: true })
  const { clientId, clientSecret, dispatcher, domain } = tenant.options
  const through: oidc.CustomFetch = (url, init) => fetch(url, { ...init, dispatcher } as never) as never
  return oidc.discovery(
    new URL(origin ?? `https://${domain}`),
    clientId,
    undefined,
    oidc.ClientSecretPost(clientSecret),
    {
      [oidc.customFetch]: through,
    },
  )
}

describe('an independent OpenID client judges the sandbox', () => {
  it('discovers, takes client credentials and a password grant, and validates the ID token', async () => {
    const config = await discovered()
    const audience = `https://${tenant.domain}/api/v2/`
    expect((await oidc.clientCredentialsGrant(config, { audience })).access_token).toBeTruthy()
    const user = tenant.seed.users[1]
    const username = user?.email ?? ''
    const password = user?.password ?? ''
    const tokens = await oidc.genericGrantRequest(config, 'password', {
      username,
      password,
      scope: 'openid offline_access',
    })
    expect(tokens.claims()?.sub).toBe(user?.user_id)
    const info = await oidc.fetchUserInfo(config, tokens.access_token, user?.user_id ?? '')
    expect(info.sub).toBe(user?.user_id)
    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '')
    expect(renewed.access_token).not.toBe(tokens.access_token)
    await oidc.tokenRevocation(config, tokens.refresh_token ?? '')
    await expect(oidc.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('discovers a custom domain under its own name', async () => {
    const config = await discovered('https://login.acme.example')
    expect(config.serverMetadata().issuer).toBe('https://login.acme.example/')
  })

  it('goes through the authorization-code flow with PKCE', async () => {
    const config = await discovered()
    const verifier = oidc.randomPKCECodeVerifier()
    const redirect_uri = 'https://app.example.com/callback'
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri,
      scope: 'openid email',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      login_hint: tenant.seed.users[1]?.email ?? '',
      state: 'state-1',
      nonce: 'nonce-1',
    })
    const answer = await fetch(url, { redirect: 'manual', dispatcher: tenant.options.dispatcher as never })
    const back = new URL(answer.headers.get('location') ?? '')
    const tokens = await oidc.authorizationCodeGrant(config, back, {
      pkceCodeVerifier: verifier,
      expectedState: 'state-1',
      expectedNonce: 'nonce-1',
    })
    expect(tokens.claims()?.email).toBe(tenant.seed.users[1]?.email)
  })

  it('polls a device login until the person has agreed', async () => {
    const config = await discovered()
    const started = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' })
    tenant.outbox.approve()
    const tokens = await oidc.pollDeviceAuthorizationGrant(config, { ...started, interval: 0.001 })
    expect(tokens.claims()?.sub).toBe(tenant.seed.users[1]?.user_id)
  })

  it('runs the MFA grants as generic grants', async () => {
    const config = await discovered()
    const user = tenant.seed.users[0]
    const failure = await oidc
      .genericGrantRequest(config, 'password', {
        username: user?.email ?? '',
        password: user?.password ?? '',
        scope: 'openid',
      })
      .then(
        () => undefined,
        (error: oidc.ResponseBodyError) => error,
      )
    expect([failure?.error, failure?.status]).toEqual(['mfa_required', 403])
    const mfa_token = String(failure?.cause.mfa_token)
    const enrolment = await fetch(`https://${tenant.domain}/mfa/associate`, {
      method: 'POST',
      dispatcher: tenant.options.dispatcher as never,
      headers: { authorization: `Bearer ${mfa_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ authenticator_types: ['otp'] }),
    })
    const { barcode_uri } = (await enrolment.json()) as { barcode_uri: string }
    const grant = 'http://auth0.com/oauth/grant-type/mfa-otp'
    const tokens = await oidc.genericGrantRequest(config, grant, { mfa_token, otp: tenant.totp(barcode_uri) })
    expect(tokens.claims()?.sub).toBe(user?.user_id)
  })
})
