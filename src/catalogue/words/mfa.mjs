// `auth0.mfa(mfaToken)`: the state machine of a second factor.
import { authenticatorId, PAGES, phoneNumber, typedCode } from './fields.mjs'

const required = true
const MFA = `${PAGES}/multi-factor-authentication`
const enroll = { operation: 'authentication.mfa.associate', bearer: true, docs: `${MFA}/add-an-authenticator` }
const challenge = { operation: 'authentication.mfa.challenge', token: true, docs: `${MFA}/request-mfa-challenge` }
const verify = { operation: 'authentication.token', token: true, answer: 'Tokens' }
const GRANT = 'http://auth0.com/oauth/grant-type/'
const outOfBand = (channel) => ({ authenticator_types: ['oob'], oob_channels: [channel] })
const received = 'needs the code that the user received'

export const mfaSets = [
  { path: 'mfa()', interface: 'MfaWords', says: 'The state machine of a second factor.' },
  {
    path: 'mfa().enroll',
    interface: 'MfaEnroll',
    member: 'Adds an authenticator. With an mfa token only while the user has none that is active.',
    says: 'Adds an authenticator.',
    docs: enroll.docs,
  },
  {
    path: 'mfa().challenge',
    interface: 'MfaChallenge',
    member: 'Asks the server to challenge the user.',
    says: 'Asks the server to challenge the user.',
    docs: challenge.docs,
  },
  {
    path: 'mfa().verify',
    interface: 'MfaVerify',
    member: 'Answers the challenge; ends in the tokens of the interrupted login.',
    says: 'Answers a challenge.',
    docs: `${MFA}/verify-with-out-of-band`,
  },
  {
    path: 'mfa().authenticators',
    interface: 'AuthenticatorsCollection',
    member: "The user's authenticators.",
    says: "The user's authenticators.",
    docs: `${MFA}/list-authenticators`,
    called: ['id: string', 'AuthenticatorResource'],
  },
  { path: 'mfa().authenticators()', interface: 'AuthenticatorResource', says: 'One authenticator.' },
]

export const mfaWords = [
  {
    path: 'mfa',
    returns: 'MfaWords',
    args: [
      {
        name: 'tokenOrError',
        type: 'unknown',
        required,
        says: 'The `MfaRequiredError` of a login, its `mfaToken`, or an access token for `https://{domain}/mfa/`.',
      },
      { name: 'client', type: 'ClientOptions', says: "The application; that of the login, else the session's." },
    ],
    says: 'Continues a login that needs a second factor.',
    leads: 'enroll, challenge, verify, authenticators',
    example: 'auth0.mfa(mfaToken).enroll.otp()',
    docs: 'https://auth0.com/docs/secure/multi-factor-authentication/authenticate-using-ropg-flow-with-mfa',
  },
  {
    path: 'mfa().enroll.sms',
    ...enroll,
    answer: 'OobEnrollment',
    constants: outOfBand('sms'),
    args: [phoneNumber],
    says: 'Adds a phone that receives text messages.',
    example: "auth0.mfa(mfaToken).enroll.sms('+15550100').run()",
  },
  {
    path: 'mfa().enroll.voice',
    ...enroll,
    answer: 'OobEnrollment',
    constants: outOfBand('voice'),
    args: [phoneNumber],
    says: 'Adds a phone that is called.',
    example: "auth0.mfa(mfaToken).enroll.voice('+15550100').run()",
  },
  {
    path: 'mfa().enroll.email',
    ...enroll,
    answer: 'OobEnrollment',
    constants: outOfBand('email'),
    args: [{ name: 'address', wire: 'email', required, sample: 'user@example.com', says: 'An e-mail address.' }],
    says: 'Adds an e-mail address.',
    example: "auth0.mfa(mfaToken).enroll.email('user@example.com').run()",
  },
  {
    path: 'mfa().enroll.otp',
    ...enroll,
    answer: 'OtpEnrollment',
    constants: { authenticator_types: ['otp'] },
    says: 'Adds an authenticator app.',
    example: 'auth0.mfa(mfaToken).enroll.otp().run()',
  },
  {
    path: 'mfa().enroll.push',
    ...enroll,
    answer: 'PushEnrollment',
    constants: outOfBand('auth0'),
    says: 'Adds push notifications of the Guardian app.',
    example: 'auth0.mfa(mfaToken).enroll.push().run()',
  },
  {
    path: 'mfa().enroll.oob',
    ...enroll,
    answer: 'OobEnrollment | PushEnrollment',
    options: 'OobEnrollOptions',
    fields: [
      {
        name: 'channels',
        wire: 'oob_channels',
        type: 'string[]',
        required,
        says: 'Of `sms`, `voice`, `email` and `auth0` (push); the first that the tenant has counts.',
      },
      {
        name: 'authenticatorTypes',
        wire: 'authenticator_types',
        type: 'string[]',
        fallback: ['oob'],
        says: '`oob` unless given.',
      },
      { name: 'phoneNumber', wire: 'phone_number', says: 'E.164, for `sms` and `voice`.' },
      { name: 'email', says: 'An e-mail address, for `email`.' },
    ],
    says: 'Adds an authenticator by channels in the order of preference.',
    example: "auth0.mfa(mfaToken).enroll.oob({ channels: ['sms'], phoneNumber: '+15550100' }).run()",
  },
  {
    path: 'mfa().challenge.oob',
    ...challenge,
    answer: 'OobChallenge',
    constants: { challenge_type: 'oob' },
    args: [authenticatorId],
    says: 'Challenges the user out of band.',
    needs: 'needs an authenticator',
    example: 'auth0.mfa(mfaToken).challenge.oob().run()',
  },
  {
    path: 'mfa().challenge.otp',
    ...challenge,
    answer: 'OtpChallenge',
    constants: { challenge_type: 'otp' },
    args: [authenticatorId],
    says: 'Challenges the authenticator app.',
    needs: 'needs an authenticator',
    example: 'auth0.mfa(mfaToken).challenge.otp().run()',
  },
  {
    path: 'mfa().verify.oob',
    ...verify,
    grant: `${GRANT}mfa-oob`,
    signature: '(enrolmentOrChallenge, code?) or ({ oobCode, bindingCode? })',
    args: [
      {
        name: 'answer',
        type: 'OobAnswer | OobReceived',
        required,
        in: 'none',
        says: 'An enrolment, a challenge, or `{ oobCode, bindingCode }`.',
      },
      {
        name: 'code',
        secret: true,
        in: 'none',
        says: 'What the user typed. Without it a push is polled, at most every 5 seconds.',
      },
    ],
    made: [
      { name: 'oobCode', wire: 'oob_code', required, secret: true, says: 'Code of the enrolment or challenge.' },
      { name: 'bindingCode', wire: 'binding_code', secret: true, says: 'What the user typed.' },
    ],
    says: 'Ends the login by SMS, voice, e-mail or push.',
    needs: received,
    before: ["const enrolment = await auth0.mfa(mfaToken).enroll.sms('+15550100').run()"],
    example: "auth0.mfa(mfaToken).verify.oob(enrolment, '123456').run()",
    docs: `${MFA}/verify-with-out-of-band`,
  },
  {
    path: 'mfa().verify.otp',
    ...verify,
    grant: `${GRANT}mfa-otp`,
    args: [typedCode('otp', 'Six digits of the authenticator app.')],
    says: 'Ends the login by the code of an authenticator app.',
    needs: 'needs the code of an authenticator app',
    example: "auth0.mfa(mfaToken).verify.otp('123456').run()",
    docs: `${MFA}/verify-with-one-time-password-otp`,
  },
  {
    path: 'mfa().verify.recoveryCode',
    ...verify,
    grant: `${GRANT}mfa-recovery-code`,
    args: [typedCode('recovery_code', 'One of the codes that the first enrolment answered.')],
    says: 'Ends the login by a recovery code; the answer carries a new one, and the old one is spent.',
    needs: 'needs a recovery code',
    example: "auth0.mfa(mfaToken).verify.recoveryCode('…').run()",
    docs: `${MFA}/verify-with-recovery-code`,
  },
  {
    path: 'mfa().authenticators.list',
    operation: 'authentication.mfa.authenticators.list',
    bearer: true,
    answer: 'Authenticator[]',
    says: 'Lists the authenticators of the user. Takes an mfa token, or an access token with `read:authenticators`.',
    example: 'auth0.mfa(mfaToken).authenticators.list().run()',
    docs: `${MFA}/list-authenticators`,
  },
  {
    path: 'mfa().authenticators().delete',
    operation: 'authentication.mfa.authenticators.delete',
    bearer: true,
    answer: 'void',
    says: "Removes an authenticator. Needs an access token for `https://{domain}/mfa/` with `remove:authenticators`: `login.password({ …, audience: 'mfa' })`.",
    needs: 'needs an access token of the MFA API',
    example: "auth0.mfa(mfaToken).authenticators('sms|dev_0123456789abcdef').delete().run()",
    docs: `${MFA}/delete-authenticator`,
  },
]
