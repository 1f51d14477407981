import type { Plan } from '../plan/index.ts'
import type {
  Authenticator,
  BackchannelAuthorization,
  DeviceAuthorization,
  OobChallenge,
  OobEnrollment,
  OtpChallenge,
  OtpEnrollment,
  PasswordlessStarted,
  PushEnrollment,
  PushedRequest,
  SignedUpUser,
  Tokens,
} from './answers.ts'
import type { PasswordLoginPlan } from './interactive.ts'
import type { ClientOptions, SecretText } from './words/secret-text.ts'

/** Arguments of `login.clientCredentials`. */
export interface ClientCredentialsLogin extends ClientOptions {
  /** Identifier of the API; the session's Management audience when left out. */
  readonly audience?: string
  readonly organization?: string
  /** Space separated; all granted scopes when left out. */
  readonly scope?: string
}

/** Arguments of `login.password`. */
export interface PasswordLogin extends ClientOptions {
  /** E-mail address, username or phone number. */
  readonly username: string
  readonly password: SecretText
  /** Name of the connection; chooses the password-realm grant. */
  readonly realm?: string
  /** Space separated. */
  readonly scope?: string
  /** Identifier of the API; `mfa` stands for `https://{domain}/mfa/`. */
  readonly audience?: string
  /** The end user's IP address, for attack protection; needs a confidential application. */
  readonly forwardedFor?: string
}

/** Arguments of `login.refreshToken`. */
export interface RefreshTokenLogin extends ClientOptions {
  readonly refreshToken: SecretText
  readonly scope?: string
  readonly audience?: string
}

/** Arguments of `login.authorizationCode`. */
export interface AuthorizationCodeLogin extends ClientOptions {
  readonly code: SecretText
  readonly redirectUri?: string
  /** For PKCE: 43 to 128 characters. */
  readonly codeVerifier?: SecretText
}

/** Arguments of `login.passwordless`. */
export interface PasswordlessLogin extends ClientOptions {
  /** Where the code was sent: exactly one of the two. */
  readonly email?: string
  readonly phoneNumber?: string
  readonly code: SecretText
  readonly scope?: string
  readonly audience?: string
}

/** Arguments of `login.deviceCode`. */
export interface DeviceCodeLogin extends ClientOptions {
  readonly deviceCode: SecretText
  /** Seconds between two polls; 5, as the device answer says. */
  readonly interval?: number
}

/** Arguments of `login.tokenExchange`. */
export interface TokenExchangeLogin extends ClientOptions {
  readonly subjectToken: SecretText
  readonly subjectTokenType: string
  readonly audience?: string
  readonly scope?: string
  readonly organization?: string
  readonly requestedTokenType?: string
  readonly actorToken?: SecretText
  readonly actorTokenType?: string
}

/** Arguments of `login.federatedConnection`. */
export interface FederatedConnectionLogin extends ClientOptions {
  readonly subjectToken: SecretText
  /** `refresh_token` unless given. */
  readonly subjectTokenType?: 'refresh_token' | 'access_token'
  readonly connection: string
  readonly loginHint?: string
}

/** Arguments of `login.backchannel`. */
export interface BackchannelLogin extends ClientOptions {
  readonly authReqId: SecretText
  /** Seconds between two polls; 5. */
  readonly interval?: number
}

/** Arguments of `login.startBackchannel`. */
export interface BackchannelStart extends ClientOptions {
  /** Subject whose device is asked: a `user_id`. */
  readonly userId: string
  readonly bindingMessage: string
  readonly scope: string
  readonly audience?: string
  /** Seconds. */
  readonly requestedExpiry?: number
}

/** Tokens by grant. Each word is one request to `/oauth/token`. */
export interface LoginWords {
  /**
   * Token for an application itself.
   *
   * @throws QuotaExceededError when the token quota of the application or organization is used up.
   * @see https://auth0.com/docs/api/authentication/client-credential-flow/get-token
   */
  clientCredentials(options?: ClientCredentialsLogin): Plan<Tokens>
  /**
   * Tokens for a user's name and password; with `realm` by the password-realm grant.
   *
   * @throws MfaRequiredError when a second factor is needed: pass it to `auth0.mfa(error)`, or let `.interactive()` go on.
   * @see https://auth0.com/docs/api/authentication/resource-owner-password-flow/get-token
   */
  password(options: PasswordLogin): PasswordLoginPlan
  /** @see https://auth0.com/docs/api/authentication/refresh-token/refresh-token */
  refreshToken(options: RefreshTokenLogin): Plan<Tokens>
  /** @see https://auth0.com/docs/api/authentication/authorization-code-flow/get-token */
  authorizationCode(options: AuthorizationCodeLogin): Plan<Tokens>
  /** Tokens for a code that `passwordless.email` or `passwordless.sms` sent. @see https://auth0.com/docs/api/authentication/passwordless/authenticate-user */
  passwordless(options: PasswordlessLogin): Plan<Tokens>
  /** Polls until the user has confirmed on another device. @see https://auth0.com/docs/get-started/authentication-and-authorization-flow/device-authorization-flow/call-your-api-using-the-device-authorization-flow */
  deviceCode(options: DeviceCodeLogin): Plan<Tokens>
  /** @see https://auth0.com/docs/api/authentication/custom-token-exchange/get-token */
  tokenExchange(options: TokenExchangeLogin): Plan<Tokens>
  /** Access token of a connected identity provider. @see https://auth0.com/docs/api/authentication/token-vault-token-exchange/get-token */
  federatedConnection(options: FederatedConnectionLogin): Plan<Tokens>
  /** Starts a login that the user confirms on a device. @see https://auth0.com/docs/api/authentication/login/start-back-channel-login */
  startBackchannel(options: BackchannelStart): Plan<BackchannelAuthorization>
  /** Polls a started back-channel login. @see https://auth0.com/docs/api/authentication/login/check-back-channel-login-status */
  backchannel(options: BackchannelLogin): Plan<Tokens>
}

/** The state machine of a second factor. */
export interface MfaWords {
  /** Adds an authenticator. With an mfa token only while the user has none that is active. */
  readonly enroll: MfaEnroll
  /** Asks the server to challenge the user. */
  readonly challenge: MfaChallenge
  /** Answers the challenge; ends in the tokens of the interrupted login. */
  readonly verify: MfaVerify
  /** The user's authenticators. */
  readonly authenticators: AuthenticatorsCollection
}

/** @see https://auth0.com/docs/api/authentication/multi-factor-authentication/add-an-authenticator */
export interface MfaEnroll {
  /** @param phoneNumber E.164, such as `+15550100`. */
  sms(phoneNumber: string): Plan<OobEnrollment>
  /** @param phoneNumber E.164, such as `+15550100`. */
  voice(phoneNumber: string): Plan<OobEnrollment>
  email(address: string): Plan<OobEnrollment>
  /** An authenticator app. */
  otp(): Plan<OtpEnrollment>
  /** Push notifications by the Guardian app. */
  push(): Plan<PushEnrollment>
}

/** @see https://auth0.com/docs/api/authentication/multi-factor-authentication/request-mfa-challenge */
export interface MfaChallenge {
  /** @param authenticatorId One of `authenticators.list()`; Auth0 chooses when left out. */
  oob(authenticatorId?: string): Plan<OobChallenge>
  otp(authenticatorId?: string): Plan<OtpChallenge>
}

/** An out-of-band answer: the code of the challenge, and what the user typed. */
export interface OobAnswer {
  readonly oobCode: SecretText
  /** What the user received; left out for push. */
  readonly bindingCode?: SecretText
}

/** What an enrolment or a challenge answered: it carries the code of the challenge. */
export interface OobReceived {
  readonly oob_code: string
}

/** @see https://auth0.com/docs/api/authentication/multi-factor-authentication/verify-with-out-of-band */
export interface MfaVerify {
  /**
   * Verifies by SMS, voice, e-mail or push.
   *
   * @param answer An enrolment, a challenge, or `{ oobCode, bindingCode }`.
   * @param code What the user typed. Without it a push is polled, at most every 5 seconds.
   */
  oob(answer: OobAnswer | OobReceived, code?: SecretText): Plan<Tokens>
  /** @param code Six digits of the authenticator app. */
  otp(code: SecretText): Plan<Tokens>
  /** The answer carries a new recovery code; the old one is spent. */
  recoveryCode(code: SecretText): Plan<Tokens>
}

/** @see https://auth0.com/docs/secure/multi-factor-authentication/manage-mfa-auth0-apis/manage-authenticator-factors-mfa-api */
export interface AuthenticatorsCollection {
  (id: string): AuthenticatorResource
  /** Takes an mfa token, or an access token with `read:authenticators`. */
  list(): Plan<Authenticator[]>
}

/** One authenticator. */
export interface AuthenticatorResource {
  /** Needs an access token for `https://{domain}/mfa/` with `remove:authenticators`: `login.password({ …, audience: 'mfa' })`. */
  delete(): Plan<void>
}

/** Arguments of `passwordless.email`. */
export interface PasswordlessEmail extends ClientOptions {
  readonly email: string
  /** `code` unless given. */
  readonly send?: 'code' | 'link'
  /** Parameters for the link. */
  readonly authParams?: { readonly [name: string]: string }
}

/** Arguments of `passwordless.sms`. */
export interface PasswordlessSms extends ClientOptions {
  readonly phoneNumber: string
}

/** @see https://auth0.com/docs/api/authentication/passwordless/get-code-or-link */
export interface PasswordlessWords {
  email(options: PasswordlessEmail): Plan<PasswordlessStarted>
  sms(options: PasswordlessSms): Plan<PasswordlessStarted>
}

/** @see https://auth0.com/docs/api/authentication/device-authorization-flow/authorize-device */
export interface DeviceWords {
  /** Starts the login; show the user `user_code` and `verification_uri`. */
  start(options?: DeviceStart): Plan<DeviceAuthorization>
}

/** Arguments of `device.start`. */
export interface DeviceStart extends ClientOptions {
  readonly scope?: string
  readonly audience?: string
}

/** Arguments of `database.signup`. */
export interface DatabaseSignup extends ClientOptions {
  readonly connection: string
  readonly email?: string
  readonly password: SecretText
  readonly username?: string
  readonly phoneNumber?: string
  readonly givenName?: string
  readonly familyName?: string
  readonly name?: string
  readonly nickname?: string
  readonly picture?: string
  /** Up to 10 text values. */
  readonly userMetadata?: { readonly [key: string]: string }
}

/** Arguments of `database.changePassword`. */
export interface DatabasePasswordChange extends ClientOptions {
  readonly connection: string
  readonly email: string
  readonly organization?: string
}

/** Users of a database connection. */
export interface DatabaseWords {
  /** @see https://auth0.com/docs/api/authentication/signup/create-a-new-user */
  signup(options: DatabaseSignup): Plan<SignedUpUser>
  /** Sends the user a link; the answer is the server's sentence. @see https://auth0.com/docs/api/authentication/change-password/change-password */
  changePassword(options: DatabasePasswordChange): Plan<string>
}

/** Query of the login page. */
export interface AuthorizeQuery {
  readonly clientId?: string
  readonly redirectUri?: string
  /** `code` unless given. */
  readonly responseType?: string
  readonly scope?: string
  readonly audience?: string
  readonly state?: string
  readonly nonce?: string
  readonly connection?: string
  readonly organization?: string
  readonly invitation?: string
  readonly prompt?: string
  readonly loginHint?: string
  /** S256 challenge of a PKCE verifier. */
  readonly codeChallenge?: string
  /** Seconds. */
  readonly maxAge?: number
  readonly uiLocales?: string
  readonly acrValues?: string
  readonly responseMode?: string
  /** From a pushed authorization request. */
  readonly requestUri?: string
}

/** @see https://auth0.com/docs/api/authentication/authorization-code-flow/authorize-application */
export interface LinkWords {
  /** The address to send the browser to; nothing is sent. */
  url(query?: AuthorizeQuery): string
  /**
   * Sends the parameters of a login ahead (PAR), so that the browser carries a reference alone.
   *
   * @see https://auth0.com/docs/api/authentication/authorization-code-flow-with-enhanced-privacy-protection/push-authorization-requests
   * @example
   * auth0.authorize.push({ redirectUri: 'https://app.example/callback', scope: 'openid' }).run()
   */
  push(request: PushRequestOptions): Plan<PushedRequest>
}

/** Parameters of a login that are sent ahead, and the application that sends them. */
export interface PushRequestOptions extends Omit<AuthorizeQuery, 'requestUri'>, ClientOptions {}

/** Metadata of an application that registers itself, in the names of RFC 7591; further ones are sent as they are. */
export interface RegisterApplication {
  readonly redirect_uris: readonly string[]
  readonly client_name?: string
  /** `none`, `client_secret_post` or `client_secret_basic`. */
  readonly token_endpoint_auth_method?: string
  readonly [name: string]: unknown
}

/** Query of the logout address. */
export interface LogoutQuery {
  readonly clientId?: string
  readonly returnTo?: string
  readonly federated?: boolean
}

/** @see https://auth0.com/docs/api/authentication/logout/auth-0-logout */
export interface LogoutWords {
  /** The address to send the browser to; nothing is sent. */
  url(query?: LogoutQuery): string
}
