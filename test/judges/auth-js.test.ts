import { AuthClient, isMfaRequiredError } from '@auth0/auth0-auth-js'
import { fetch } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { sandbox } from '../../src/sandbox/index.ts'

let tenant: Sandbox
afterEach(() => tenant.close())

async function client(): Promise<AuthClient> {
  tenant = await sandbox()
  const { clientId, clientSecret, dispatcher, domain } = tenant.options
  const customFetch = ((url: string, init: object) =>
    fetch(url, { ...init, dispatcher: dispatcher as never })) as unknown as typeof globalThis.fetch
  return new AuthClient({ domain, clientId, clientSecret, customFetch })
}

const credentials = (index: number) => {
  const user = tenant.seed.users[index]
  return {
    username: user?.email ?? '',
    password: user?.password ?? '',
    scope: 'openid profile email',
    realm: tenant.seed.connection.name,
  }
}

/** The mfa token of the login that stops at the second factor. */
async function interrupted(auth: AuthClient): Promise<string> {
  const error: unknown = await auth.getTokenByPassword(credentials(0)).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isMfaRequiredError(error)) throw new Error('The login did not ask for a second factor.', { cause: error })
  return String(error.cause?.mfa_token)
}

describe("Auth0's own JavaScript client judges the sandbox", () => {
  it('takes a client-credentials token, and a password login with its ID token', async () => {
    const auth = await client()
    const machine = await auth.getTokenByClientCredentials({ audience: `https://${tenant.domain}/api/v2/` })
    expect(machine.accessToken).toBeTruthy()
    const tokens = await auth.getTokenByPassword(credentials(1))
    expect(tokens.claims?.sub).toBe(tenant.seed.users[1]?.user_id)
  })

  it('walks the MFA chain with a one-time code', async () => {
    const auth = await client()
    const mfaToken = await interrupted(auth)
    expect(await auth.mfa.listAuthenticators({ mfaToken })).toEqual([])
    const enrolment = await auth.mfa.enrollAuthenticator({ authenticatorTypes: ['otp'], mfaToken })
    if (!('secret' in enrolment)) throw new Error('The enrolment has no secret.')
    const first = await auth.mfa.verify({ mfaToken, factorType: 'otp', otp: tenant.totp(enrolment.secret) })
    expect(first.accessToken).toBeTruthy()

    const again = await interrupted(auth)
    const listed = await auth.mfa.listAuthenticators({ mfaToken: again })
    expect(listed.filter((each) => each.active).map((each) => each.authenticatorType)).toContain('otp')
    const challenge = await auth.mfa.challengeAuthenticator({ challengeType: 'otp', mfaToken: again })
    expect(challenge.challengeType).toBe('otp')
    const second = await auth.mfa.verify({ mfaToken: again, factorType: 'otp', otp: tenant.totp(enrolment.secret) })
    expect(second.idToken).toBeTruthy()
  })

  it('walks the MFA chain with a text message and a recovery code', async () => {
    const auth = await client()
    const mfaToken = await interrupted(auth)
    const enrolment = await auth.mfa.enrollAuthenticator({
      authenticatorTypes: ['oob'],
      oobChannels: ['sms'],
      phoneNumber: '+15005550001',
      mfaToken,
    })
    if (!('oobCode' in enrolment)) throw new Error('The enrolment has no out-of-band code.')
    const bindingCode = tenant.outbox.last('sms').code ?? ''
    await auth.mfa.verify({ mfaToken, factorType: 'oob', oobCode: enrolment.oobCode ?? '', bindingCode })

    const again = await interrupted(auth)
    const recoveryCode = enrolment.recoveryCodes?.[0] ?? ''
    const recovered = await auth.mfa.verify({ mfaToken: again, factorType: 'recovery-code', recoveryCode })
    expect(recovered.recoveryCode).toMatch(/^[A-Z0-9]{24}$/)
  })

  it('reads the refusals', async () => {
    const auth = await client()
    await expect(auth.getTokenByPassword({ ...credentials(1), password: 'wrong' })).rejects.toMatchObject({
      cause: { error: 'invalid_grant' },
    })
    const mfaToken = await interrupted(auth)
    await expect(auth.mfa.verify({ mfaToken, factorType: 'otp', otp: '000000' })).rejects.toBeInstanceOf(Error)
  })
})
