import type { JsonObject, Plan } from '../plan/index.ts'
import type { RegisteredApplication } from './answers.ts'
import type {
  DatabaseWords,
  DeviceWords,
  LinkWords,
  LoginWords,
  LogoutWords,
  MfaWords,
  PasswordlessWords,
  RegisterApplication,
} from './interfaces.ts'
import type { ClientOptions, SecretText } from './words/secret-text.ts'

/** The words of the Authentication API, chosen by hand. */
export interface AuthenticationWords {
  /** Tokens by any grant. */
  readonly login: LoginWords
  /**
   * Continues a login that needs a second factor.
   *
   * @param tokenOrError The `MfaRequiredError` of a login, its `mfaToken`, or an access token for `https://{domain}/mfa/`.
   * @see https://auth0.com/docs/secure/multi-factor-authentication/authenticate-using-ropg-flow-with-mfa
   */
  mfa(tokenOrError: unknown, client?: ClientOptions): MfaWords
  /** Codes and links by e-mail or SMS. */
  readonly passwordless: PasswordlessWords
  /** Login on a device without a keyboard. */
  readonly device: DeviceWords
  /** Sign-up and password change of database users. */
  readonly database: DatabaseWords
  /** The login page's address. */
  readonly authorize: LinkWords
  /** The logout address. */
  readonly logout: LogoutWords
  /**
   * Profile of the user that an access token belongs to. Needs an access token with the scope `openid`.
   *
   * @see https://auth0.com/docs/api/authentication/user-profile/get-user-info
   */
  userInfo(accessToken: SecretText): Plan<JsonObject>
  /**
   * Registers an application by itself, where the tenant allows dynamic registration.
   *
   * @see https://auth0.com/docs/api/authentication/dynamic-application-client-registration/dynamic-application-registration
   * @example
   * auth0.register({ client_name: 'My app', redirect_uris: ['https://app.example/callback'] }).run()
   */
  register(application: RegisterApplication): Plan<RegisteredApplication>
  /**
   * Revokes a refresh token.
   *
   * @see https://auth0.com/docs/api/authentication/revoke-refresh-token/revoke-refresh-token
   */
  revoke(refreshToken: SecretText, client?: ClientOptions): Plan<void>
}
