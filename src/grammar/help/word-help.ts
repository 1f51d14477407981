import { row, type SchemaLookup } from '../../catalogue/index.ts'
import { giveHelp, type Help, help } from './help.ts'
import { verbText } from './verb-help.ts'

/** What there is to say of a word that was chosen by hand. */
export interface WordHelp {
  readonly signature: string
  readonly says: string
  /** Operation that it sends; absent for a word that only leads to others, or sends nothing. */
  readonly op?: string
  readonly example?: string
  /** Names that may follow, where it leads to others. */
  readonly leads?: string
  readonly docs: string
}

const API = 'https://auth0.com/docs/api/authentication'
const CLIENT = 'clientId?, clientSecret? | clientAssertion?'
const QUOTA = 'https://auth0.com/docs/fine-grained-m2m-token-quotas'
const ENROLL = `${API}/multi-factor-authentication/add-an-authenticator`
const CHALLENGE = `${API}/multi-factor-authentication/request-mfa-challenge`

/** By the path that follows `auth0.`, as completion writes it. */
const WORDS: Readonly<Record<string, WordHelp>> = {
  'login.clientCredentials': {
    signature: `({ audience?, organization?, scope?, ${CLIENT} }?)`,
    says: 'Token for an application itself.',
    op: 'authentication.token',
    example: "auth0.login.clientCredentials({ audience: 'https://api.example.com' }).run()",
    docs: `${API}/client-credential-flow/get-token`,
  },
  'login.password': {
    signature: `({ username, password, realm?, scope?, audience?, forwardedFor?, ${CLIENT} })`,
    says: "Tokens for a user's name and password; with realm by the password-realm grant. audience: 'mfa' stands for the MFA API.",
    op: 'authentication.token',
    example: "auth0.login.password({ username: 'user@example.com', password, scope: 'openid' }).run()",
    docs: `${API}/resource-owner-password-flow/get-token`,
  },
  'login.refreshToken': {
    signature: `({ refreshToken, scope?, audience?, ${CLIENT} })`,
    says: 'New tokens for a refresh token.',
    op: 'authentication.token',
    docs: `${API}/refresh-token/refresh-token`,
  },
  'login.authorizationCode': {
    signature: `({ code, redirectUri?, codeVerifier?, ${CLIENT} })`,
    says: 'Tokens for the code that the login page answered.',
    op: 'authentication.token',
    docs: `${API}/authorization-code-flow/get-token`,
  },
  'login.passwordless': {
    signature: `({ email | phoneNumber, code, scope?, audience?, ${CLIENT} })`,
    says: 'Tokens for a code that passwordless.email or passwordless.sms sent.',
    op: 'authentication.token',
    docs: `${API}/passwordless/authenticate-user`,
  },
  'login.deviceCode': {
    signature: `({ deviceCode, interval?, ${CLIENT} })`,
    says: 'Polls until the user has confirmed on another device; interval in seconds.',
    op: 'authentication.token',
    docs: 'https://auth0.com/docs/get-started/authentication-and-authorization-flow/device-authorization-flow',
  },
  'login.tokenExchange': {
    signature: `({ subjectToken, subjectTokenType, audience?, scope?, organization?, requestedTokenType?, actorToken?, actorTokenType?, ${CLIENT} })`,
    says: 'Tokens for a token of another issuer.',
    op: 'authentication.token',
    docs: `${API}/custom-token-exchange/get-token`,
  },
  'login.federatedConnection': {
    signature: `({ subjectToken, connection, subjectTokenType?, loginHint?, ${CLIENT} })`,
    says: 'Access token of a connected identity provider.',
    op: 'authentication.token',
    docs: `${API}/token-vault-token-exchange/get-token`,
  },
  'login.startBackchannel': {
    signature: `({ userId, bindingMessage, scope, audience?, requestedExpiry?, ${CLIENT} })`,
    says: 'Starts a login that the user confirms on a device.',
    docs: `${API}/login/start-back-channel-login`,
  },
  'login.backchannel': {
    signature: `({ authReqId, interval?, ${CLIENT} })`,
    says: 'Polls a started back-channel login; interval in seconds.',
    op: 'authentication.token',
    docs: `${API}/login/check-back-channel-login-status`,
  },
  mfa: {
    signature: '(errorOrToken, { clientId?, clientSecret? }?)',
    says: 'Continues a login that needs a second factor. Takes the error of the login, its mfaToken, or an access token for the MFA API.',
    leads: 'enroll, challenge, verify, authenticators',
    example: 'auth0.mfa(error).enroll.otp()',
    docs: 'https://auth0.com/docs/secure/multi-factor-authentication/authenticate-using-ropg-flow-with-mfa',
  },
  'mfa().enroll.sms': { signature: '(phoneNumber)', says: 'Adds a phone that receives text messages.', docs: ENROLL },
  'mfa().enroll.voice': { signature: '(phoneNumber)', says: 'Adds a phone that is called.', docs: ENROLL },
  'mfa().enroll.email': { signature: '(address)', says: 'Adds an e-mail address.', docs: ENROLL },
  'mfa().enroll.otp': { signature: '()', says: 'Adds an authenticator app.', docs: ENROLL },
  'mfa().enroll.push': { signature: '()', says: 'Adds push notifications.', docs: ENROLL },
  'mfa().challenge.oob': { signature: '(authenticatorId?)', says: 'Challenges the user out of band.', docs: CHALLENGE },
  'mfa().challenge.otp': {
    signature: '(authenticatorId?)',
    says: 'Challenges the authenticator app.',
    docs: CHALLENGE,
  },
  'mfa().verify.oob': {
    signature: '(enrolmentOrChallenge, code?) or ({ oobCode, bindingCode? })',
    says: 'Ends the login by SMS, voice, e-mail or push; a push is polled.',
    docs: `${API}/multi-factor-authentication/verify-with-out-of-band`,
  },
  'mfa().verify.otp': {
    signature: '(code)',
    says: 'Ends the login by the code of an authenticator app.',
    docs: `${API}/multi-factor-authentication/verify-with-one-time-password-otp`,
  },
  'mfa().verify.recoveryCode': {
    signature: '(code)',
    says: 'Ends the login by a recovery code; the answer carries a new one.',
    docs: `${API}/multi-factor-authentication/verify-with-recovery-code`,
  },
  'passwordless.email': {
    signature: `({ email, send?: 'code' | 'link', authParams?, ${CLIENT} })`,
    says: 'Sends a code or a link by e-mail.',
    docs: `${API}/passwordless/get-code-or-link`,
  },
  'passwordless.sms': {
    signature: `({ phoneNumber, ${CLIENT} })`,
    says: 'Sends a code by SMS.',
    docs: `${API}/passwordless/get-code-or-link`,
  },
  'device.start': {
    signature: `({ scope?, audience?, ${CLIENT} }?)`,
    says: 'Starts a login on a device without a keyboard; show the user user_code and verification_uri.',
    docs: `${API}/device-authorization-flow/authorize-device`,
  },
  'database.signup': {
    signature: `({ connection, password, email?, username?, phoneNumber?, userMetadata?, … , ${CLIENT} })`,
    says: 'Creates a user of a database connection.',
    docs: `${API}/signup/create-a-new-user`,
  },
  'database.changePassword': {
    signature: `({ connection, email, organization?, ${CLIENT} })`,
    says: 'Sends the user a link to change the password.',
    docs: `${API}/change-password/change-password`,
  },
  'authorize.url': {
    signature: '({ redirectUri?, scope?, state?, … }?)',
    says: 'The address of the login page. Nothing is sent.',
    docs: `${API}/authorization-code-flow/authorize-application`,
  },
  'authorize.push': {
    signature: `({ redirectUri?, scope?, state?, codeChallenge?, … , ${CLIENT} })`,
    says: 'Sends the parameters of a login ahead (PAR); authorize.url({ requestUri }) opens it.',
    op: 'authentication.par',
    example: "auth0.authorize.push({ redirectUri: 'https://app.example/callback', scope: 'openid' }).run()",
    docs: `${API}/authorization-code-flow-with-enhanced-privacy-protection/push-authorization-requests`,
  },
  register: {
    signature: '({ redirect_uris, client_name?, token_endpoint_auth_method?, … })',
    says: 'An application registers itself, where the tenant allows dynamic registration.',
    op: 'authentication.register',
    example: "auth0.register({ client_name: 'My app', redirect_uris: ['https://app.example/callback'] }).run()",
    docs: `${API}/dynamic-application-client-registration/dynamic-application-registration`,
  },
  'logout.url': {
    signature: '({ returnTo?, clientId?, federated? }?)',
    says: 'The address that ends the session. Nothing is sent.',
    docs: `${API}/logout/auth-0-logout`,
  },
  userInfo: {
    signature: '(accessToken)',
    says: 'Profile of the user that an access token belongs to; the token needs the scope openid.',
    docs: `${API}/user-profile/get-user-info`,
  },
  revoke: {
    signature: `(refreshToken, { ${CLIENT} }?)`,
    says: 'Revokes a refresh token.',
    docs: `${API}/revoke-refresh-token/revoke-refresh-token`,
  },
  tenant: {
    signature: '()',
    says: 'The tenant itself. tenant().quotas() reads or changes its default token quotas, both in one PATCH.',
    op: 'tenants.settings.update',
    leads: 'quotas()',
    example: 'auth0.tenant().quotas().clients({ perDay: 200 })',
    docs: QUOTA,
  },
  'clients().quota': {
    signature: '({ perDay?, perHour?, enforce? } | null)',
    says: 'Token quota of one application; null clears it.',
    op: 'clients.update',
    example: "auth0.clients('id').quota({ perDay: 200 })",
    docs: QUOTA,
  },
  'organizations().quota': {
    signature: '({ perDay?, perHour?, enforce? } | null)',
    says: 'Token quota of one organization; null clears it.',
    op: 'organizations.update',
    example: "auth0.organizations('id').quota({ perDay: 200 })",
    docs: QUOTA,
  },
  'jobs().finished': {
    signature: '({ every?, timeout? }?)',
    says: 'A flow that polls the job until it has ended; every and timeout in milliseconds.',
    op: 'jobs.get',
    example: "auth0.jobs('id').finished().run()",
    docs: 'https://auth0.com/docs/api/management/v2/jobs/get-jobs-by-id',
  },
  'networkAcls.rule': {
    signature: '()',
    says: 'Builds a rule word by word; ends in create(), update(id) or set(id).',
    op: 'networkAcls.create',
    example: "auth0.networkAcls.rule().block().countries('IMG').scope('management').priority(1).describe('…').create()",
    docs: 'https://auth0.com/docs/secure/tenant-access-control-list',
  },
}

/** Paths of all words that have help. */
export function helpedWords(): readonly string[] {
  return Object.keys(WORDS)
}

/** What there is to say of each word, by its path. */
export function describedWords(): Readonly<Record<string, WordHelp>> {
  return WORDS
}

/** The text on a word; `undefined` for a path that is none. */
export function wordText(path: string, lookup: SchemaLookup | undefined): string | undefined {
  const word = Object.hasOwn(WORDS, path) ? WORDS[path] : undefined
  if (word === undefined) return undefined
  const sent = word.op === undefined ? undefined : row(word.op)
  const lines = [`auth0.${path}${word.signature}`, `  ${word.says}`]
  if (word.leads !== undefined) lines.push(`  Goes on with ${word.leads}.`)
  if (sent !== undefined) {
    const scopes = sent.scopes.length === 0 ? '' : ` · scope ${sent.scopes.join(' or ')}`
    lines.push(`  Sends ${sent.method} ${sent.path}${scopes}`)
    if (sent.api === 'management' && lookup !== undefined) lines.push(`  auth0.help('${sent.id}') lists all fields.`)
  }
  if (word.example !== undefined) lines.push('', 'Example', `  ${word.example}`)
  return [...lines, '', word.docs].join('\n')
}

/** Help on a word by its path. */
export function wordHelp(path: string): Help {
  return help((lookup) => wordText(path, lookup) ?? operationText(path, lookup) ?? `There is no help on ${path}.`)
}

function operationText(id: string, lookup: SchemaLookup): string | undefined {
  const found = row(id)
  return found === undefined ? undefined : verbText(found, lookup)
}

/** Gives the functions of a set of words their help, and the sets below it theirs. */
export function dressWords(words: object, lead: string): void {
  for (const [name, value] of Object.entries(words)) {
    const path = lead === '' ? name : `${lead}.${name}`
    if (typeof value === 'function') {
      if (Object.hasOwn(WORDS, path)) giveHelp(value, () => wordHelp(path))
    } else if (typeof value === 'object' && value !== null) {
      dressWords(value, path)
      const names = Object.keys(value)
      const below = names.filter((each) => Object.hasOwn(WORDS, `${path}.${each}`))
      if (below.length > 0 && Object.isExtensible(value)) giveHelp(value, () => help(() => setText(path, below)))
    }
  }
}

function setText(path: string, names: readonly string[]): string {
  const lines = names.map((name) => `  ${name}${WORDS[`${path}.${name}`]?.signature ?? ''}`)
  return [`auth0.${path}`, ...lines, '', `auth0.${path}.${names[0]}.help says more.`].join('\n')
}
