import type { Bind, Flow, Json, Plan } from '../../plan/index.ts'
import { planData, ValidationError } from '../../plan/index.ts'
import type { BackchannelAuthorization, Tokens } from '../answers.ts'
import type { InteractiveOptions, PasswordLoginPlan } from '../interactive.ts'
import type { LoginWords } from '../interfaces.ts'
import { requireOptions, requireText } from './arguments.ts'
import { given, SecretCollector } from './secret-text.ts'
import { audienceOf, tokenPlan } from './token-request.ts'

const CLIENT = ['clientId', 'clientSecret', 'clientAssertion'] as const
const FEDERATED = 'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token'
const PASSWORD_REALM = 'http://auth0.com/oauth/grant-type/password-realm'
const PASSWORDLESS = 'http://auth0.com/oauth/grant-type/passwordless/otp'
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const BACKCHANNEL = 'urn:openid:params:grant-type:ciba'
const SECONDS = 1000

/** Goes on with a login where a second factor is asked for. */
export type GoOn = (login: Plan<Tokens>, options: InteractiveOptions | undefined) => Flow<Tokens>

/** `auth0.login`: every grant of the token endpoint. */
export function loginWords(bind: Bind, issuer: () => string, goOn: GoOn): LoginWords {
  return {
    clientCredentials(options = {}) {
      const place = 'auth0.login.clientCredentials'
      const { audience, organization, scope } = requireOptions(place, options, [
        ...CLIENT,
        'audience',
        'organization',
        'scope',
      ])
      const secrets = new SecretCollector(place)
      const fields = { audience: audienceOf(audience) ?? '{audience}', organization, scope }
      return tokenPlan(bind, secrets, 'client_credentials', fields, { client: secrets.client(options) })
    },

    password(options) {
      const place = 'auth0.login.password'
      const { username, password, realm, scope, audience, forwardedFor } = requireOptions(place, options, [
        ...CLIENT,
        'username',
        'password',
        'realm',
        'scope',
        'audience',
        'forwardedFor',
      ])
      const secrets = new SecretCollector(place)
      const fields = {
        username: requireText(place, 'username', username, 'user@example.com'),
        password: secrets.slot('password', password) as unknown as Json,
        realm,
        scope,
        audience: audienceOf(audience),
      }
      const rest = {
        client: secrets.client(options),
        ...(forwardedFor === undefined ? {} : { options: { headers: { 'auth0-forwarded-for': forwardedFor } } }),
      }
      const grant = realm === undefined ? 'password' : PASSWORD_REALM
      const plan: PasswordLoginPlan = tokenPlan(bind, secrets, grant, fields, rest, {
        interactive: (how?: InteractiveOptions) => goOn(plan, how),
      }) as PasswordLoginPlan
      return plan
    },

    refreshToken(options) {
      const place = 'auth0.login.refreshToken'
      const { refreshToken, scope, audience } = requireOptions(place, options, [
        ...CLIENT,
        'refreshToken',
        'scope',
        'audience',
      ])
      const secrets = new SecretCollector(place)
      const slot = secrets.slot('refresh_token', refreshToken, 'refreshToken') as unknown as Json
      const fields = { refresh_token: slot, scope, audience: audienceOf(audience) }
      return tokenPlan(bind, secrets, 'refresh_token', fields, { client: secrets.client(options) })
    },

    authorizationCode(options) {
      const place = 'auth0.login.authorizationCode'
      const { code, redirectUri, codeVerifier } = requireOptions(place, options, [
        ...CLIENT,
        'code',
        'redirectUri',
        'codeVerifier',
      ])
      const secrets = new SecretCollector(place)
      const fields = {
        code: secrets.slot('code', code) as unknown as Json,
        redirect_uri: redirectUri,
        code_verifier: secrets.optional('code_verifier', codeVerifier, 'codeVerifier') as Json | undefined,
      }
      return tokenPlan(bind, secrets, 'authorization_code', fields, { client: secrets.client(options) })
    },

    passwordless(options) {
      const place = 'auth0.login.passwordless'
      const { email, phoneNumber, code, scope, audience } = requireOptions(place, options, [
        ...CLIENT,
        'email',
        'phoneNumber',
        'code',
        'scope',
        'audience',
      ])
      if ((email === undefined) === (phoneNumber === undefined)) {
        throw new ValidationError(
          `${place} needs either "email" or "phoneNumber", and not both: the one that the code was sent to.`,
          { issues: [{ path: 'email', rule: 'exactly one of email and phoneNumber' }] },
        )
      }
      const secrets = new SecretCollector(place)
      const fields = {
        username: email ?? phoneNumber,
        otp: secrets.slot('otp', code, 'code') as unknown as Json,
        realm: email === undefined ? 'sms' : 'email',
        scope,
        audience: audienceOf(audience),
      }
      return tokenPlan(bind, secrets, PASSWORDLESS, fields, { client: secrets.client(options) })
    },

    deviceCode(options) {
      const place = 'auth0.login.deviceCode'
      const { deviceCode, interval = 5 } = requireOptions(place, options, [...CLIENT, 'deviceCode', 'interval'])
      const secrets = new SecretCollector(place)
      const fields = { device_code: secrets.slot('device_code', deviceCode, 'deviceCode') as unknown as Json }
      return tokenPlan(bind, secrets, DEVICE_CODE, fields, {
        client: secrets.client(options),
        repeat: { kind: 'poll', every: interval * SECONDS, until: 'grant' },
      })
    },

    tokenExchange(options) {
      const place = 'auth0.login.tokenExchange'
      requireOptions(place, options, [
        ...CLIENT,
        'subjectToken',
        'subjectTokenType',
        'audience',
        'scope',
        'organization',
        'requestedTokenType',
        'actorToken',
        'actorTokenType',
      ])
      const secrets = new SecretCollector(place)
      const fields = {
        subject_token: secrets.slot('subject_token', options.subjectToken, 'subjectToken') as unknown as Json,
        subject_token_type: requireText(
          place,
          'subjectTokenType',
          options.subjectTokenType,
          'urn:ietf:params:oauth:token-type:access_token',
        ),
        audience: audienceOf(options.audience),
        scope: options.scope,
        organization: options.organization,
        requested_token_type: options.requestedTokenType,
        actor_token: secrets.optional('actor_token', options.actorToken, 'actorToken') as Json | undefined,
        actor_token_type: options.actorTokenType,
      }
      return tokenPlan(bind, secrets, TOKEN_EXCHANGE, fields, { client: secrets.client(options) })
    },

    federatedConnection(options) {
      const place = 'auth0.login.federatedConnection'
      const {
        subjectToken,
        subjectTokenType = 'refresh_token',
        connection,
        loginHint,
      } = requireOptions(place, options, [...CLIENT, 'subjectToken', 'subjectTokenType', 'connection', 'loginHint'])
      const secrets = new SecretCollector(place)
      const fields = {
        subject_token: secrets.slot('subject_token', subjectToken, 'subjectToken') as unknown as Json,
        subject_token_type: `urn:ietf:params:oauth:token-type:${subjectTokenType}`,
        requested_token_type: 'http://auth0.com/oauth/token-type/federated-connection-access-token',
        connection: requireText(place, 'connection', connection, 'google-oauth2'),
        login_hint: loginHint,
      }
      return tokenPlan(bind, secrets, FEDERATED, fields, { client: secrets.client(options) })
    },

    startBackchannel(options) {
      const place = 'auth0.login.startBackchannel'
      requireOptions(place, options, [...CLIENT, 'userId', 'bindingMessage', 'scope', 'audience', 'requestedExpiry'])
      const secrets = new SecretCollector(place)
      const subject = requireText(place, 'userId', options.userId, 'auth0|507f1f77bcf86cd799439011')
      const body = given({
        binding_message: requireText(place, 'bindingMessage', options.bindingMessage, 'Order 4711'),
        login_hint: JSON.stringify({ format: 'iss_sub', iss: issuer(), sub: subject }),
        scope: requireText(place, 'scope', options.scope, 'openid'),
        audience: audienceOf(options.audience),
        requested_expiry: options.requestedExpiry === undefined ? undefined : String(options.requestedExpiry),
      })
      return bind<BackchannelAuthorization>(
        planData({ op: 'authentication.backchannel', body, client: secrets.client(options) }),
        secrets.values(),
      )
    },

    backchannel(options) {
      const place = 'auth0.login.backchannel'
      const { authReqId, interval = 5 } = requireOptions(place, options, [...CLIENT, 'authReqId', 'interval'])
      const secrets = new SecretCollector(place)
      const fields = { auth_req_id: secrets.slot('auth_req_id', authReqId, 'authReqId') as unknown as Json }
      return tokenPlan(bind, secrets, BACKCHANNEL, fields, {
        client: secrets.client(options),
        repeat: { kind: 'poll', every: interval * SECONDS, until: 'grant' },
      })
    },
  }
}
