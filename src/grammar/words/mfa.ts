import type { Bind, Plan, PollRule } from '../../plan/index.ts'
import { ValidationError } from '../../plan/index.ts'
import type { Authenticator, Tokens } from '../answers.ts'
import type { ClientOptions, OobAnswer, SecretText } from '../argument-types.ts'
import type { AuthenticatorsCollection, MfaChallenge, MfaEnroll, MfaVerify, MfaWords } from '../generated/index.ts'
import { describe, requireText } from './arguments.ts'
import { callable } from './callable.ts'
import { halfSaid } from './half-said.ts'
import { speak } from './request.ts'
import { secretText } from './secret-text.ts'

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

const ENROLL = ['sms(phoneNumber)', 'voice(phoneNumber)', 'email(address)', 'otp()', 'push()', 'oob({ channels })']
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
  const associate = <T>(word: string, options: object = {}) =>
    speak<T>(bind, `mfa().enroll.${word}`, options, { bearer: ['mfa_token', bearer], client })
  return {
    sms: (phoneNumber) => associate('sms', { phoneNumber: phone('sms', phoneNumber) }),
    voice: (phoneNumber) => associate('voice', { phoneNumber: phone('voice', phoneNumber) }),
    email: (address) => associate('email', { address }),
    otp: () => associate('otp'),
    push: () => associate('push'),
    oob: (options) => associate('oob', options),
  }
}

function phone(word: string, value: unknown): string {
  if (typeof value === 'string' && E164.test(value)) return value
  throw new ValidationError(
    `auth0.mfa(…).enroll.${word} needs a phone number in E.164 form: a plus sign and up to 15 digits without blanks, such as +15550100. Write the country code first.`,
    { issues: [{ path: 'phoneNumber', rule: 'must match ^\\+[0-9]{1,15}$' }] },
  )
}

function challengeWords(bind: Bind, mfaToken: string, client: ClientOptions): MfaChallenge {
  const challenge = <T>(type: string, authenticatorId: string | undefined) =>
    speak<T>(bind, `mfa().challenge.${type}`, { authenticatorId }, { mfaToken, client })
  return {
    oob: (authenticatorId) => challenge('oob', authenticatorId),
    otp: (authenticatorId) => challenge('otp', authenticatorId),
  }
}

function verifyWords(bind: Bind, mfaToken: string, client: ClientOptions): MfaVerify {
  const verify = (word: string, code: SecretText) =>
    speak<Tokens>(bind, `mfa().verify.${word}`, { code }, { mfaToken, client })
  return {
    oob(answer, code) {
      const { oobCode, bindingCode } = outOfBandAnswer(answer, code)
      const repeat = bindingCode === undefined ? { repeat: PUSH_POLL } : {}
      return speak<Tokens>(bind, 'mfa().verify.oob', { oobCode, bindingCode }, { mfaToken, client, ...repeat })
    },
    otp: (code) => verify('otp', code),
    recoveryCode: (code) => verify('recoveryCode', code),
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
  const token: [string, string] = ['mfa_token', bearer]
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
      return speak<void>(bind, 'mfa().authenticators().delete', {}, { params: { id }, bearer: token })
    },
  })
  return callable(one, { list: () => speak<Authenticator[]>(bind, 'mfa().authenticators.list', {}, { bearer: token }) })
}
