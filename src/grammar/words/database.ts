import type { Bind, Json } from '../../plan/index.ts'
import { planData } from '../../plan/index.ts'
import type { DeviceAuthorization, PasswordlessStarted, SignedUpUser } from '../answers.ts'
import type { DatabaseWords, DeviceWords, PasswordlessWords } from '../interfaces.ts'
import { requireOptions, requireText } from './arguments.ts'
import { given, SecretCollector } from './secret-text.ts'
import { audienceOf } from './token-request.ts'

const CLIENT = ['clientId', 'clientSecret', 'clientAssertion'] as const

/** `auth0.database`: users of a database connection. */
export function databaseWords(bind: Bind): DatabaseWords {
  return {
    signup(options) {
      const place = 'auth0.database.signup'
      requireOptions(place, options, [
        ...CLIENT,
        'connection',
        'email',
        'password',
        'username',
        'phoneNumber',
        'givenName',
        'familyName',
        'name',
        'nickname',
        'picture',
        'userMetadata',
      ])
      const secrets = new SecretCollector(place)
      const body = given({
        connection: requireText(place, 'connection', options.connection, 'Username-Password-Authentication'),
        email: options.email,
        password: secrets.slot('password', options.password) as unknown as Json,
        username: options.username,
        phone_number: options.phoneNumber,
        given_name: options.givenName,
        family_name: options.familyName,
        name: options.name,
        nickname: options.nickname,
        picture: options.picture,
        user_metadata: options.userMetadata,
      })
      const plan = { op: 'authentication.database.signup', body, client: secrets.client(options) }
      return bind<SignedUpUser>(planData(plan), secrets.values())
    },

    changePassword(options) {
      const place = 'auth0.database.changePassword'
      requireOptions(place, options, [...CLIENT, 'connection', 'email', 'organization'])
      const secrets = new SecretCollector(place)
      const body = given({
        connection: requireText(place, 'connection', options.connection, 'Username-Password-Authentication'),
        email: requireText(place, 'email', options.email, 'user@example.com'),
        organization: options.organization,
      })
      const plan = { op: 'authentication.database.changePassword', body, client: secrets.client(options) }
      return bind<string>(planData(plan), secrets.values())
    },
  }
}

/** `auth0.passwordless`: codes and links by e-mail or SMS. */
export function passwordlessWords(bind: Bind): PasswordlessWords {
  return {
    email(options) {
      const place = 'auth0.passwordless.email'
      requireOptions(place, options, [...CLIENT, 'email', 'send', 'authParams'])
      const secrets = new SecretCollector(place)
      const body = given({
        connection: 'email',
        email: requireText(place, 'email', options.email, 'user@example.com'),
        send: options.send ?? 'code',
        authParams: options.authParams,
      })
      const plan = { op: 'authentication.passwordless.start', body, client: secrets.client(options) }
      return bind<PasswordlessStarted>(planData(plan), secrets.values())
    },

    sms(options) {
      const place = 'auth0.passwordless.sms'
      requireOptions(place, options, [...CLIENT, 'phoneNumber'])
      const secrets = new SecretCollector(place)
      const phone_number = requireText(place, 'phoneNumber', options.phoneNumber, '+15550100')
      const body = { connection: 'sms', phone_number, send: 'code' }
      const plan = { op: 'authentication.passwordless.start', body, client: secrets.client(options) }
      return bind<PasswordlessStarted>(planData(plan), secrets.values())
    },
  }
}

/** `auth0.device`: login on a device without a keyboard. */
export function deviceWords(bind: Bind): DeviceWords {
  return {
    start(options = {}) {
      const place = 'auth0.device.start'
      requireOptions(place, options, [...CLIENT, 'scope', 'audience'])
      const secrets = new SecretCollector(place)
      const body = given({ scope: options.scope, audience: audienceOf(options.audience) })
      const plan = { op: 'authentication.device', body, client: secrets.client(options) }
      return bind<DeviceAuthorization>(planData(plan), secrets.values())
    },
  }
}
