import { TOTP, URI } from 'otpauth'
import type { Sandbox } from '../../sandbox/index.ts'
import type { Session } from '../../session/index.ts'
import type { TourContext, TourFlow } from './flow.ts'

const REALM = 'Username-Password-Authentication'
const LOGIN =
  "auth0.login.password({ username, password, realm, scope: 'openid profile email', clientId, clientSecret })"

function login(auth0: Session, tenant: Sandbox, audience?: string) {
  const user = tenant.seed.users[0]
  if (user === undefined) throw new Error('The sandbox has no first user; connect the tour to a fresh sandbox.')
  return auth0.login.password({
    username: user.email,
    password: user.password,
    realm: REALM,
    scope: audience === undefined ? 'openid profile email' : 'enroll read:authenticators remove:authenticators',
    clientId: tenant.options.clientId,
    clientSecret: tenant.options.clientSecret,
    ...(audience === undefined ? {} : { audience }),
  })
}

/** A login that stops at the second factor; answers the error that carries the mfa token. */
async function interrupted({ auth0, tenant, fails, expect }: TourContext): Promise<unknown> {
  const error = await fails(LOGIN, login(auth0, tenant))
  expect((error as { kind?: string }).kind === 'mfa_required', 'the login asks for a second factor')
  return error
}

async function enrolledBySms(context: TourContext): Promise<void> {
  const { auth0, tenant, step } = context
  const error = await interrupted(context)
  const enrollment = await step(
    "auth0.mfa(error).enroll.sms('+911234567890')",
    auth0.mfa(error).enroll.sms('+911234567890'),
  )
  const code = tenant.outbox.last('sms').code ?? ''
  await step('auth0.mfa(error).verify.oob(enrollment, code)', auth0.mfa(error).verify.oob(enrollment, code))
}

function totp(barcode: string, at: number): string {
  const app = URI.parse(barcode)
  if (!(app instanceof TOTP)) throw new Error('The barcode is not one of a time-based authenticator app.')
  return app.generate({ timestamp: at })
}

/** The password grant with MFA, step by step. Each flow starts from a fresh tenant. */
export const mfaFlows: readonly TourFlow[] = [
  {
    flow: 'password-mfa-required',
    documented: 'Resource-owner password with realm; MFA required',
    calls: ['GetTokenAsync(ResourceOwnerTokenRequest)', 'ApiError.ExtraData["mfa_token"]'],
    here: 'auth0.login.password({ username, password, realm, scope })',
    async run(context) {
      const { auth0, tenant, step, say, expect } = context
      const error = await interrupted(context)
      say(`the error's mfa_token is a text: ${typeof (error as { mfaToken?: unknown }).mfaToken}`)
      const second = tenant.seed.users[1]
      const tokens = await step(
        'auth0.login.password({ username, password, scope })  // a user without MFA',
        auth0.login.password({
          username: second?.email ?? '',
          password: second?.password ?? '',
          scope: 'openid profile email offline_access',
        }),
      )
      expect(tokens.id_token !== undefined, 'the answer has an ID token, and its signature was checked')
      const renewed = await step(
        'auth0.login.refreshToken({ refreshToken })',
        auth0.login.refreshToken({ refreshToken: tokens.refresh_token ?? '' }),
      )
      expect(renewed.access_token !== '', 'a refresh token brings a new access token')
    },
  },
  {
    flow: 'mfa-associate',
    documented: 'Associate an authenticator',
    calls: ['AssociateMfaAuthenticatorAsync'],
    here: 'auth0.mfa(token).enroll.sms(phone) · .voice(phone) · .email(address) · .otp() · .push()',
    async run(context) {
      const { auth0, step, expect } = context
      const error = await interrupted(context)
      const enroll = auth0.mfa(error).enroll
      const sms = await step(
        "auth0.mfa(error).enroll.oob({ channels: ['sms'], authenticatorTypes: ['oob'], phoneNumber: '+911234567890' })",
        enroll.oob({ channels: ['sms'], authenticatorTypes: ['oob'], phoneNumber: '+911234567890' }),
      )
      expect(sms.oob_channel === 'sms' && sms.binding_method === 'prompt', 'a code is on its way by SMS')
      await step("auth0.mfa(error).enroll.voice('+911234567891')", enroll.voice('+911234567891'))
      await step("auth0.mfa(error).enroll.email('user-one@example.com')", enroll.email('user-one@example.com'))
      const otp = await step('auth0.mfa(error).enroll.otp()', enroll.otp())
      expect(otp.barcode_uri.startsWith('otpauth://'), 'an authenticator app gets a barcode')
      const push = await step('auth0.mfa(error).enroll.push()', enroll.push())
      expect(push.oob_channel === 'auth0', 'push goes through the Guardian app')
    },
  },
  {
    flow: 'mfa-verify-oob',
    documented: 'Token by OOB',
    calls: ['GetTokenAsync(MfaOobTokenRequest)'],
    here: 'auth0.mfa(token).verify.oob({ oobCode, bindingCode }) · .oob(enrollment, code)',
    async run(context) {
      const { auth0, tenant, step, expect } = context
      const error = await interrupted(context)
      const enrollment = await step(
        "auth0.mfa(error).enroll.oob({ channels: ['sms'], authenticatorTypes: ['oob'], phoneNumber: '+911234567890' })",
        auth0.mfa(error).enroll.oob({
          channels: ['sms'],
          authenticatorTypes: ['oob'],
          phoneNumber: '+911234567890',
        }),
      )
      const bindingCode = tenant.outbox.last('sms').code ?? ''
      const tokens = await step(
        'auth0.mfa(error).verify.oob({ oobCode: enrollment.oob_code, bindingCode })',
        auth0.mfa(error).verify.oob({ oobCode: enrollment.oob_code, bindingCode }),
      )
      expect(tokens.id_token !== undefined, 'verification ends in the tokens of the interrupted login')
    },
  },
  {
    flow: 'mfa-verify-otp',
    documented: 'Token by OTP',
    calls: ['GetTokenAsync(MfaOtpTokenRequest)'],
    here: 'auth0.mfa(token).verify.otp(code)',
    async run(context) {
      const { auth0, tenant, step, expect } = context
      const error = await interrupted(context)
      const enrollment = await step('auth0.mfa(error).enroll.otp()', auth0.mfa(error).enroll.otp())
      const code = totp(enrollment.barcode_uri, tenant.clock.now())
      const tokens = await step('auth0.mfa(error).verify.otp(code)', auth0.mfa(error).verify.otp(code))
      expect(tokens.access_token !== '', 'the code of an authenticator app completes the login')
      const next = await interrupted(context)
      const challenge = await step('auth0.mfa(error).challenge.otp()', auth0.mfa(next).challenge.otp())
      expect(challenge.challenge_type === 'otp', 'the next login asks for a code of the app')
    },
  },
  {
    flow: 'mfa-verify-recovery-code',
    documented: 'Token by recovery code',
    calls: ['GetTokenAsync(MfaRecoveryCodeRequest)'],
    here: 'auth0.mfa(token).verify.recoveryCode(code)',
    async run(context) {
      const { auth0, tenant, step, expect } = context
      const first = await interrupted(context)
      const enrollment = await step('auth0.mfa(error).enroll.otp()', auth0.mfa(first).enroll.otp())
      const code = totp(enrollment.barcode_uri, tenant.clock.now())
      await step('auth0.mfa(error).verify.otp(code)', auth0.mfa(first).verify.otp(code))
      const error = await interrupted(context)
      const tokens = await step(
        'auth0.mfa(error).verify.recoveryCode(recoveryCode)',
        auth0.mfa(error).verify.recoveryCode(enrollment.recovery_codes?.[0] ?? ''),
      )
      expect(tokens.recovery_code !== undefined, 'a spent recovery code is replaced by a new one')
    },
  },
  {
    flow: 'mfa-challenge',
    documented: 'Challenge',
    calls: ['MfaChallenge(MfaChallengeRequest)'],
    here: 'auth0.mfa(token).challenge.oob(authenticatorId) · .otp()',
    async run(context) {
      const { auth0, tenant, step, expect } = context
      await enrolledBySms(context)
      const error = await interrupted(context)
      const list = await step('auth0.mfa(error).authenticators.list()', auth0.mfa(error).authenticators.list())
      const sms = list.find((one) => one.oob_channel === 'sms' && one.active)
      const challenge = await step(
        'auth0.mfa(error).challenge.oob(authenticatorId)',
        auth0.mfa(error).challenge.oob(sms?.id),
      )
      const tokens = await step(
        'auth0.mfa(error).verify.oob(challenge, code)',
        auth0.mfa(error).verify.oob(challenge, tenant.outbox.last('sms').code),
      )
      expect(tokens.access_token !== '', 'the challenge was answered')
    },
  },
  {
    flow: 'mfa-push',
    documented: 'Token by OOB, push',
    calls: ['GetTokenAsync(MfaOobTokenRequest)'],
    here: 'auth0.mfa(token).verify.oob(enrollment)  // polled',
    async run(context) {
      const { auth0, tenant, step, expect } = context
      const error = await interrupted(context)
      const enrollment = await step('auth0.mfa(error).enroll.push()', auth0.mfa(error).enroll.push())
      tenant.outbox.approve()
      const tokens = await step('auth0.mfa(error).verify.oob(enrollment)', auth0.mfa(error).verify.oob(enrollment))
      expect(tokens.access_token !== '', 'a push needs no code: the answer of the device is polled')
    },
  },
  {
    flow: 'mfa-list-authenticators',
    documented: 'List authenticators',
    calls: ['ListMfaAuthenticatorsAsync'],
    here: 'auth0.mfa(token).authenticators.list()',
    async run(context) {
      const { auth0, step, expect } = context
      await enrolledBySms(context)
      const error = await interrupted(context)
      const list = await step('auth0.mfa(error).authenticators.list()', auth0.mfa(error).authenticators.list())
      expect(
        list.some((one) => one.id.startsWith('sms|')),
        'the enrolled phone is on the list',
      )
    },
  },
  {
    flow: 'mfa-delete-authenticator',
    documented: 'Delete an authenticator',
    calls: ['DeleteMfaAuthenticatorAsync'],
    here: "auth0.mfa(accessToken).authenticators(id).delete(), with a token of auth0.login.password({ …, audience: 'mfa' })",
    async run(context) {
      const { auth0, tenant, step, fails, expect } = context
      await enrolledBySms(context)
      const error = await fails(
        "auth0.login.password({ …, audience: 'mfa', scope: 'enroll read:authenticators remove:authenticators' })",
        login(auth0, tenant, 'mfa'),
      )
      const challenge = await step('auth0.mfa(error).challenge.oob()', auth0.mfa(error).challenge.oob())
      const tokens = await step(
        'auth0.mfa(error).verify.oob(challenge, code)',
        auth0.mfa(error).verify.oob(challenge, tenant.outbox.last('sms').code),
      )
      const authenticators = auth0.mfa(tokens.access_token).authenticators
      const list = await step('auth0.mfa(tokens.access_token).authenticators.list()', authenticators.list())
      const sms = list.find((one) => one.id.startsWith('sms|'))
      await step('auth0.mfa(tokens.access_token).authenticators(id).delete()', authenticators(sms?.id ?? '').delete())
      const rest = await step('auth0.mfa(tokens.access_token).authenticators.list()', authenticators.list())
      expect(!rest.some((one) => one.id.startsWith('sms|')), 'the authenticator is gone')
    },
  },
]
