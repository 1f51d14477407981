/** Groups as the Auth0 command line and the dashboard call them, and as they are called here. */
const GROUPS: Readonly<Record<string, string>> = {
  apps: 'clients',
  applications: 'clients',
  apis: 'resourceServers',
  orgs: 'organizations',
  domains: 'customDomains',
  idps: 'connections',
  identityProviders: 'connections',
}

const VERBS: Readonly<Record<string, string>> = {
  list: '.list()',
  get: '(id).get()',
  show: '(id).get()',
  create: '.create({…})',
  update: '(id).update({…})',
  delete: '(id).delete()',
}

const grouped = Object.entries(GROUPS).flatMap(([called, group]) =>
  Object.entries(VERBS).map(([verb, written]) => [`${called}.${verb}`, group + written]),
)

/** Words of the Auth0 command line and of everyday speech, as they are written after `auth0.`. */
export const everydayWords: Readonly<Record<string, string>> = {
  ...Object.fromEntries(grouped),
  'tenantSettings.get': 'tenants.settings.get()',
  'tenantSettings.update': 'tenants.settings.update({…})',
  'tenant.settings': 'tenants.settings.get()',
  'users.block': 'users(id).update({ blocked: true })',
  'users.unblock': 'userBlocks(id).delete()',
  'users.search': 'users.list({ q })',
  'users.query': 'users.list({ q })',
  'users.find': 'users.list({ q })',
  'users.count': 'users.list({ include_totals: true })',
  'users.resetPassword': 'tickets.changePassword({ user_id })',
  'users.changePassword': 'users(id).update({ password, connection })',
  'users.resetMfa': 'users(id).authenticators.deleteAll()',
  'users.logout': 'users(id).revokeAccess()',
  'clients.rotate': 'clients(id).rotateSecret()',
  'clients.search': 'clients.list()',
  'logs.search': 'logs.list({ q })',
  'logs.query': 'logs.list({ q })',
  'logs.tail': 'logs.list()',
  'logs.failed': "logs.list({ q: 'type:f*' })",
  blockUser: 'users(id).update({ blocked: true })',
  resetPassword: 'tickets.changePassword({ user_id })',
}

/** Exports of Auth0's other packages, and what is written here. */
export const EXPORTS: Readonly<Record<string, string>> = {
  ManagementClient: 'connect({ domain, clientId, clientSecret })',
  ManagementApiClient: 'connect({ domain, token })',
  ManagementClientOptions: 'connect({ domain, clientId, clientSecret })',
  AuthenticationClient: 'connect({ domain, clientId, clientSecret })',
  AuthenticationApiClient: 'connect({ domain })',
  UserInfoClient: 'auth0.userInfo(accessToken)',
  ManagementError: "error.kind === 'api'",
  AuthApiError: "error.kind === 'api'",
  ErrorApiException: "error.kind === 'api'",
  RateLimitApiException: "error.kind === 'rate_limit'",
  ClientCredentialsTokenProvider: 'connect({ domain, clientId, clientSecret })',
  DelegateTokenProvider: 'connect({ domain, token })',
  Auth0Client: 'connect({ domain, clientId, clientSecret })',
}
