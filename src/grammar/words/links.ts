import { type Bind, planData, ValidationError } from '../../plan/index.ts'
import type { PushedRequest } from '../answers.ts'
import type { LinkWords, LogoutWords } from '../interfaces.ts'
import { requireOptions } from './arguments.ts'
import { SecretCollector } from './secret-text.ts'

/** What the addresses need of the session. */
export interface LinkContext {
  /** Domain without scheme. */
  domain(): string
  clientId(): string | undefined
}

const AUTHORIZE: Readonly<Record<string, string>> = {
  clientId: 'client_id',
  redirectUri: 'redirect_uri',
  responseType: 'response_type',
  scope: 'scope',
  audience: 'audience',
  state: 'state',
  nonce: 'nonce',
  connection: 'connection',
  organization: 'organization',
  invitation: 'invitation',
  prompt: 'prompt',
  loginHint: 'login_hint',
  codeChallenge: 'code_challenge',
  maxAge: 'max_age',
  uiLocales: 'ui_locales',
  acrValues: 'acr_values',
  responseMode: 'response_mode',
  requestUri: 'request_uri',
}

/** `auth0.authorize`: the login page's address, and the parameters that are sent ahead of it. */
export function authorizeWords(context: LinkContext, bind: Bind): LinkWords {
  return {
    push(request) {
      const place = 'auth0.authorize.push'
      const { requestUri: _, clientId: __, ...parameters } = AUTHORIZE
      const names = [...Object.keys(parameters), 'clientId', 'clientSecret', 'clientAssertion']
      const { clientId, clientSecret, clientAssertion, ...query } = requireOptions(place, request, names)
      const secrets = new SecretCollector(place)
      const client = secrets.client({
        ...(clientId !== undefined && { clientId }),
        ...(clientSecret !== undefined && { clientSecret }),
        ...(clientAssertion !== undefined && { clientAssertion }),
      })
      const sent = Object.entries(query).map(([name, value]) => [parameters[name] as string, String(value)] as const)
      const body = {
        response_type: 'code',
        ...Object.fromEntries(sent),
        ...(query.codeChallenge !== undefined && { code_challenge_method: 'S256' }),
      }
      return bind<PushedRequest>(planData({ op: 'authentication.par', body, client }), secrets.values())
    },
    url(query = {}) {
      requireOptions('auth0.authorize.url', query, Object.keys(AUTHORIZE))
      const clientId = query.clientId ?? context.clientId()
      if (clientId === undefined) {
        throw new ValidationError(
          'auth0.authorize.url needs a clientId: the session has none. Pass { clientId } here or to connect().',
          { issues: [{ path: 'clientId', rule: 'is missing' }] },
        )
      }
      const address = new URL(`https://${context.domain()}/authorize`)
      const named = { responseType: query.requestUri === undefined ? 'code' : undefined, ...query, clientId }
      for (const [name, parameter] of Object.entries(AUTHORIZE)) {
        const value = named[name as keyof typeof named]
        if (value !== undefined) address.searchParams.set(parameter, String(value))
      }
      if (query.codeChallenge !== undefined) address.searchParams.set('code_challenge_method', 'S256')
      return address.href
    },
  }
}

/** `auth0.logout`: the logout address. */
export function logoutWords(context: LinkContext): LogoutWords {
  return {
    url(query = {}) {
      const {
        clientId = context.clientId(),
        returnTo,
        federated,
      } = requireOptions('auth0.logout.url', query, ['clientId', 'returnTo', 'federated'])
      const address = new URL(`https://${context.domain()}/v2/logout`)
      if (clientId !== undefined) address.searchParams.set('client_id', clientId)
      if (returnTo !== undefined) address.searchParams.set('returnTo', returnTo)
      if (federated === true) address.searchParams.set('federated', '')
      return address.href
    },
  }
}
