import type { Bind, Flow, Plan } from '../../plan/index.ts'
import { ValidationError } from '../../plan/index.ts'
import type { BackchannelAuthorization, Tokens } from '../answers.ts'
import type { BackchannelStart, LoginWords, PasswordLogin, PasswordlessLogin } from '../generated/index.ts'
import type { InteractiveOptions, PasswordLoginPlan } from '../interactive.ts'
import { speak } from './request.ts'

const PASSWORD_REALM = 'http://auth0.com/oauth/grant-type/password-realm'

/** Goes on with a login where a second factor is asked for. */
export type GoOn = (login: Plan<Tokens>, options: InteractiveOptions | undefined) => Flow<Tokens>

/** `auth0.login`: every grant of the token endpoint. */
export function loginWords(bind: Bind, issuer: () => string, goOn: GoOn): LoginWords {
  const tokens = (path: string) => (options: object) => speak<Tokens>(bind, path, options)
  const clientCredentials = tokens('login.clientCredentials')
  return {
    clientCredentials: (options = {}) => clientCredentials(options),
    password: (options) => passwordLogin(bind, options, goOn),
    refreshToken: tokens('login.refreshToken'),
    authorizationCode: tokens('login.authorizationCode'),
    passwordless: (options) => speak(bind, 'login.passwordless', options, { fields: () => sentTo(options) }),
    deviceCode: tokens('login.deviceCode'),
    tokenExchange: tokens('login.tokenExchange'),
    federatedConnection: tokens('login.federatedConnection'),
    startBackchannel: (options) => startBackchannel(bind, options, issuer()),
    backchannel: tokens('login.backchannel'),
  }
}

function passwordLogin(bind: Bind, options: PasswordLogin, goOn: GoOn): PasswordLoginPlan {
  const words = { interactive: (how?: InteractiveOptions) => goOn(plan, how) }
  const grant = options?.realm === undefined ? {} : { grant: PASSWORD_REALM }
  const plan = speak(bind, 'login.password', options, { words, ...grant }) as PasswordLoginPlan
  return plan
}

/** The user and connection that a code was sent to. */
function sentTo(options: PasswordlessLogin): { readonly username?: string; readonly realm?: string } {
  const { email, phoneNumber } = options
  const username = email ?? phoneNumber
  if (username === undefined || (email !== undefined && phoneNumber !== undefined)) {
    throw new ValidationError(
      'auth0.login.passwordless needs either "email" or "phoneNumber", and not both: the one that the code was sent to.',
      { issues: [{ path: 'email', rule: 'exactly one of email and phoneNumber' }] },
    )
  }
  return { username, realm: email === undefined ? 'sms' : 'email' }
}

function startBackchannel(bind: Bind, options: BackchannelStart, iss: string): Plan<BackchannelAuthorization> {
  const fields = () => ({ login_hint: JSON.stringify({ format: 'iss_sub', iss, sub: options.userId }) })
  return speak(bind, 'login.startBackchannel', options, { fields })
}
