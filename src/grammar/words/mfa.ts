import type { Bind, Json, Plan, PollRule } from '../../plan/index.ts'
import { planData, ValidationError } from '../../plan/index.ts'
import type { Authenticator, OobChallenge, OtpChallenge, Tokens } from '../answers.ts'
import type {
  AuthenticatorsCollection,
  MfaChallenge,
  MfaEnroll,
  MfaVerify,
  MfaWords,
  OobAnswer,
} from '../interfaces.ts'
import { describe, requireText } from './arguments.ts'
import { callable } from './callable.ts'
import { halfSaid } from './half-said.ts'
import { type ClientOptions, given, SecretCollector, type SecretText, secretText } from './secret-text.ts'
import { tokenPlan } from './token-request.ts'

const GRANT = 'http://auth0.com/oauth/grant-type/'
/** The server permits 12 polls per minute and session. */
const PUSH_POLL: PollRule = { kind: 'poll', every: 5000, until: 'grant' }
const E164 = /^\+[0-9]{1,15}$/

/** `auth0.mfa(token)`: the state machine of a second factor. */
export function mfaWords(bind: Bind, tokenOrError: unknown, client: ClientOptions = {}): MfaWords {
  const bearer = mfaToken(tokenOrError)
  const place = 'auth0.mfa(token)'
  const words = {
    enroll: halfSaid(enrollWords(bind, bearer, client), `${place}.enroll`, ENROLL),
    challenge: halfSaid(challengeWords(bind, bearer, client), `${place}.challenge`, CHALLENGE),
    verify: halfSaid(verifyWords(bind, bearer, client), `${place}.verify`, VERIFY),
    authenticators: authenticatorWords(bind, bearer),
  }
  return halfSaid(words, place, [
    ...ENROLL.map((word) => `enroll.${word}`),
    ...CHALLENGE.map((word) => `challenge.${word}`),
    ...VERIFY.map((word) => `verify.${word}`),
    'authenticators.list()',
    'authenticators(id).delete()',
  ])
}

const ENROLL = ['sms(phoneNumber)', 'voice(phoneNumber)', 'email(address)', 'otp()', 'push()']
const CHALLENGE = ['oob(authenticatorId)', 'otp()']
const VERIFY = ['oob({ oobCode, bindingCode })', 'otp(code)', 'recoveryCode(code)']

function mfaToken(tokenOrError: unknown): string {
  if (tokenOrError instanceof Error) {
    const token = (tokenOrError as { mfaToken?: unknown }).mfaToken
    if (typeof token === 'string' && token !== '') return token
    throw new ValidationError(
      `auth0.mfa() takes the error of a login that needs a second factor, but this one is "${tokenOrError.name}: ${tokenOrError.message}" and carries no mfa token. Rethrow it, or handle its own cause.`,
      { cause: tokenOrError, issues: [{ path: '', rule: 'must carry an mfa token' }] },
    )
  }
  return secretText(tokenOrError, 'auth0.mfa() needs the MfaRequiredError of a login, or its mfa token')
}

function enrollWords(bind: Bind, bearer: string, client: ClientOptions): MfaEnroll {
  const associate = <T>(word: string, fields: Record<string, Json>): Plan<T> => {
    const secrets = new SecretCollector(`auth0.mfa(…).enroll.${word}`)
    const slot = secrets.slot('mfa_token', bearer)
    const plan = { op: 'authentication.mfa.associate', body: fields, bearer: slot, client: secrets.client(client) }
    return bind<T>(planData(plan), secrets.values())
  }
  const outOfBand = (channel: string, rest: Record<string, Json> = {}) => ({
    authenticator_types: ['oob'],
    oob_channels: [channel],
    ...rest,
  })
  return {
    sms: (phoneNumber) => associate('sms', outOfBand('sms', { phone_number: phone('sms', phoneNumber) })),
    voice: (phoneNumber) => associate('voice', outOfBand('voice', { phone_number: phone('voice', phoneNumber) })),
    email: (address) =>
      associate(
        'email',
        outOfBand('email', {
          email: requireText('auth0.mfa(…).enroll.email', 'address', address, 'user@example.com'),
        }),
      ),
    otp: () => associate('otp', { authenticator_types: ['otp'] }),
    push: () => associate('push', outOfBand('auth0')),
  }
}

function phone(word: string, value: unknown): string {
  if (typeof value === 'string' && E164.test(value)) return value
  throw new ValidationError(
    `auth0.mfa(…).enroll.${word} needs a phone number in E.164 form: a plus sign and up to 15 digits without blanks, such as +15550100. Write the country code first.`,
    { issues: [{ path: 'phoneNumber', rule: 'must match ^\\+[0-9]{1,15}$' }] },
  )
}

function challengeWords(bind: Bind, bearer: string, client: ClientOptions): MfaChallenge {
  const challenge = <T>(type: 'oob' | 'otp', authenticatorId: string | undefined): Plan<T> => {
    const secrets = new SecretCollector(`auth0.mfa(…).challenge.${type}`)
    const body = given({
      mfa_token: secrets.slot('mfa_token', bearer) as unknown as Json,
      challenge_type: type,
      authenticator_id: authenticatorId,
    })
    const plan = { op: 'authentication.mfa.challenge', body, client: secrets.client(client) }
    return bind<T>(planData(plan), secrets.values())
  }
  return {
    oob: (authenticatorId) => challenge<OobChallenge>('oob', authenticatorId),
    otp: (authenticatorId) => challenge<OtpChallenge>('otp', authenticatorId),
  }
}

function verifyWords(bind: Bind, bearer: string, client: ClientOptions): MfaVerify {
  const verify = (
    word: string,
    grant: string,
    fields: (secrets: SecretCollector) => Record<string, Json | undefined>,
    repeat?: PollRule,
  ): Plan<Tokens> => {
    const secrets = new SecretCollector(`auth0.mfa(…).verify.${word}`)
    const body = { mfa_token: secrets.slot('mfa_token', bearer) as unknown as Json, ...fields(secrets) }
    const rest = { client: secrets.client(client), ...(repeat === undefined ? {} : { repeat }) }
    return tokenPlan(bind, secrets, `${GRANT}${grant}`, body, rest)
  }
  return {
    oob(answer, code) {
      const { oobCode, bindingCode } = outOfBandAnswer(answer, code)
      return verify(
        'oob',
        'mfa-oob',
        (secrets) => ({
          oob_code: secrets.slot('oob_code', oobCode, 'oobCode') as unknown as Json,
          binding_code: secrets.optional('binding_code', bindingCode, 'bindingCode') as Json | undefined,
        }),
        bindingCode === undefined ? PUSH_POLL : undefined,
      )
    },
    otp: (code) =>
      verify('otp', 'mfa-otp', (secrets) => ({ otp: secrets.slot('otp', code, 'code') as unknown as Json })),
    recoveryCode: (code) =>
      verify('recoveryCode', 'mfa-recovery-code', (secrets) => ({
        recovery_code: secrets.slot('recovery_code', code, 'code') as unknown as Json,
      })),
  }
}

function outOfBandAnswer(answer: unknown, code: SecretText | undefined): OobAnswer {
  const place = 'auth0.mfa(…).verify.oob'
  if (typeof answer !== 'object' || answer === null) {
    throw new ValidationError(
      `${place} takes an enrolment, a challenge, or { oobCode, bindingCode }; it got ${describe(answer)}. Pass the value that enroll or challenge resolved to.`,
      { issues: [{ path: '', rule: 'must carry an oob code' }] },
    )
  }
  const { oobCode, oob_code, bindingCode, binding_method } = answer as {
    oobCode?: SecretText
    oob_code?: string
    bindingCode?: SecretText
    binding_method?: string
  }
  const found = oobCode ?? oob_code
  if (found === undefined) {
    throw new ValidationError(
      `${place} found no oob code in its first argument. Pass the value that enroll or challenge resolved to; an authenticator app is verified with verify.otp(code).`,
      { issues: [{ path: 'oobCode', rule: 'is missing' }] },
    )
  }
  const typed = code ?? bindingCode
  if (typed === undefined && binding_method === 'prompt') {
    throw new ValidationError(
      `${place} needs the code that the user received: this challenge has the binding method "prompt". Pass it as second argument.`,
      { issues: [{ path: 'bindingCode', rule: 'is required by binding_method prompt' }] },
    )
  }
  return typed === undefined ? { oobCode: found } : { oobCode: found, bindingCode: typed }
}

function authenticatorWords(bind: Bind, bearer: string): AuthenticatorsCollection {
  const list = (): Plan<Authenticator[]> => {
    const secrets = new SecretCollector('auth0.mfa(…).authenticators.list')
    const plan = { op: 'authentication.mfa.authenticators.list', bearer: secrets.slot('mfa_token', bearer) }
    return bind<Authenticator[]>(planData(plan), secrets.values())
  }
  const one = (id: string) => ({
    delete(): Plan<void> {
      const place = 'auth0.mfa(…).authenticators(id).delete'
      requireText(place, 'id', id, 'sms|dev_0123456789abcdef')
      if (bearer.split('.').length < 3) {
        throw new ValidationError(
          `${place} needs an access token for the MFA API, and an mfa token is none: Auth0 lets a user remove a factor only after the login is complete. Get one with auth0.login.password({ …, audience: 'mfa', scope: 'remove:authenticators' }), and pass its access_token to auth0.mfa().`,
          { issues: [{ path: 'token', rule: 'must be an access token for https://{domain}/mfa/' }] },
        )
      }
      const secrets = new SecretCollector(place)
      const slot = secrets.slot('mfa_token', bearer)
      const plan = { op: 'authentication.mfa.authenticators.delete', params: { id }, bearer: slot }
      return bind<void>(planData(plan), secrets.values())
    },
  })
  return callable(one, { list })
}
