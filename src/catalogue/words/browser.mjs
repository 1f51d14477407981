// Addresses that a browser opens: the login page and the logout. Only `push` sends something.
import { client, PAGES } from './fields.mjs'

const query = (name, wire, says, more = {}) => ({ name, wire, in: 'query', says, ...more })

const parameters = [
  query('redirectUri', 'redirect_uri', 'Where the browser returns to.'),
  query('responseType', 'response_type', '`code` unless given.'),
  query('scope', 'scope', 'Space separated.'),
  query('audience', 'audience', 'Identifier of the API.'),
  query('state', 'state', 'Comes back as it is.'),
  query('nonce', 'nonce', 'Comes back in the ID token.'),
  query('connection', 'connection', 'Name of the connection to log in with.'),
  query('organization', 'organization', 'Id or name of the organization.'),
  query('invitation', 'invitation', 'Ticket of an invitation, beside `organization`.'),
  query('prompt', 'prompt', '`none`, `login`, `consent` or `select_account`.'),
  query('loginHint', 'login_hint', 'E-mail address that the page shall begin with.'),
  query('codeChallenge', 'code_challenge', 'S256 challenge of a PKCE verifier.'),
  query('maxAge', 'max_age', 'Seconds.', { type: 'number' }),
  query('uiLocales', 'ui_locales', 'Languages of the page, space separated.'),
  query('acrValues', 'acr_values', 'How strongly the user shall log in.'),
  query('responseMode', 'response_mode', '`query`, `fragment`, `form_post` or `web_message`.'),
]
const clientId = { ...client[0], in: 'query' }

export const browserSets = [
  {
    path: 'authorize',
    interface: 'LinkWords',
    member: "The login page's address.",
    says: "The login page's address, and the parameters that are sent ahead of it.",
    docs: `${PAGES}/authorization-code-flow/authorize-application`,
  },
  {
    path: 'logout',
    interface: 'LogoutWords',
    member: 'The logout address.',
    says: 'The logout address.',
    docs: `${PAGES}/logout/auth-0-logout`,
  },
]

export const browserWords = [
  {
    path: 'authorize.url',
    returns: 'string',
    options: 'AuthorizeQuery',
    fields: [clientId, ...parameters, query('requestUri', 'request_uri', 'From a pushed authorization request.')],
    says: 'The address of the login page, to send the browser to; nothing is sent.',
    example: "auth0.authorize.url({ redirectUri: 'https://app.example/callback', scope: 'openid' })",
    docs: `${PAGES}/authorization-code-flow/authorize-application`,
  },
  {
    path: 'authorize.push',
    operation: 'authentication.par',
    answer: 'PushedRequest',
    client: true,
    constants: { response_type: 'code' },
    options: 'PushRequestOptions',
    fields: [...parameters.map((one) => ({ ...one, in: 'body' })), ...client],
    required: true,
    says: 'Sends the parameters of a login ahead (PAR), so that the browser carries a reference alone; `authorize.url({ requestUri })` opens it.',
    example: "auth0.authorize.push({ redirectUri: 'https://app.example/callback', scope: 'openid' }).run()",
    docs: `${PAGES}/authorization-code-flow-with-enhanced-privacy-protection/push-authorization-requests`,
  },
  {
    path: 'logout.url',
    returns: 'string',
    options: 'LogoutQuery',
    fields: [
      clientId,
      { name: 'returnTo', in: 'query', says: 'Where the browser goes afterwards; one of the allowed addresses.' },
      { name: 'federated', type: 'boolean', in: 'query', says: 'Logs out of the identity provider as well.' },
    ],
    says: 'The address that ends the session; nothing is sent.',
    example: "auth0.logout.url({ returnTo: 'https://app.example' })",
    docs: `${PAGES}/logout/auth-0-logout`,
  },
]
