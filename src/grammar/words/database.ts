import type { Bind, JsonObject, Plan } from '../../plan/index.ts'
import type { ClientOptions, SecretText } from '../argument-types.ts'
import type { DatabaseWords, DeviceWords, PasswordlessWords } from '../generated/index.ts'
import { speak } from './request.ts'

/** `auth0.database`: users of a database connection. */
export function databaseWords(bind: Bind): DatabaseWords {
  return {
    signup: (options) => speak(bind, 'database.signup', options),
    changePassword: (options) => speak(bind, 'database.changePassword', options),
  }
}

/** `auth0.passwordless`: codes and links by e-mail or SMS. */
export function passwordlessWords(bind: Bind): PasswordlessWords {
  return {
    email: (options) => speak(bind, 'passwordless.email', options),
    sms: (options) => speak(bind, 'passwordless.sms', options),
  }
}

/** `auth0.device`: login on a device without a keyboard. */
export function deviceWords(bind: Bind): DeviceWords {
  return { start: (options = {}) => speak(bind, 'device.start', options) }
}

/** `auth0.userInfo`: the profile of the user that a token belongs to. */
export function userInfoWord(bind: Bind) {
  return (accessToken: SecretText): Plan<JsonObject> =>
    speak(bind, 'userInfo', {}, { bearer: ['access_token', accessToken] })
}

/** `auth0.revoke`: a refresh token is worth nothing from now on. */
export function revokeWord(bind: Bind) {
  return (refreshToken: SecretText, client: ClientOptions = {}): Plan<void> =>
    speak(bind, 'revoke', { refreshToken }, { client })
}
