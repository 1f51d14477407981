// What the OpenAPI documents lack, leave open or get wrong, by hand. The generator (`node scripts/catalogue.mjs`) bakes
// all of it into `generated/`; nothing reads this file at run time. It is plain JavaScript because the generator runs
// without a TypeScript loader.

const authenticationPage = 'https://auth0.com/docs/api/authentication'

/**
 * Ids of the Authentication API's operations, which the document does not group: by method and path.
 * `docs` is the page under https://auth0.com/docs/api/authentication.
 */
export const authenticationOperations = {
  'GET /authorize': { id: 'authorize', docs: 'authorization-code-flow/authorize-application' },
  'POST /oauth/token': {
    id: 'token',
    effect: 'token',
    retry: 'grant',
    rate: 'token',
    docs: 'client-credential-flow/get-token',
  },
  'POST /mfa/challenge': {
    id: 'mfa.challenge',
    effect: 'token',
    docs: 'multi-factor-authentication/request-mfa-challenge',
  },
  'POST /mfa/associate': {
    id: 'mfa.associate',
    scopes: ['enroll'],
    docs: 'multi-factor-authentication/add-an-authenticator',
  },
  'GET /mfa/authenticators': {
    id: 'mfa.authenticators.list',
    scopes: ['read:authenticators'],
    docs: 'multi-factor-authentication/list-authenticators',
  },
  'DELETE /mfa/authenticators/{id}': {
    id: 'mfa.authenticators.delete',
    scopes: ['remove:authenticators'],
    docs: 'multi-factor-authentication/delete-authenticator',
  },
  'POST /passwordless/start': {
    id: 'passwordless.start',
    effect: 'token',
    rate: 'passwordless',
    docs: 'passwordless/get-code-or-link',
  },
  'POST /passwordless/verify': { id: 'passwordless.verify', effect: 'token', docs: 'passwordless/verify' },
  'POST /oauth/device/code': {
    id: 'device',
    effect: 'token',
    rate: 'device',
    docs: 'device-authorization-flow/authorize-device',
  },
  'POST /oauth/revoke': { id: 'revoke', effect: 'token', docs: 'revoke-refresh-token/revoke-refresh-token' },
  'POST /oauth/par': {
    id: 'par',
    effect: 'token',
    rate: 'par',
    docs: 'authorization-code-flow-with-enhanced-privacy-protection/push-authorization-requests',
  },
  'GET /userinfo': { id: 'userInfo', scopes: ['openid'], rate: 'userinfo', docs: 'user-profile/get-user-info' },
  'GET /v2/logout': { id: 'logout', docs: 'logout/auth-0-logout' },
  'GET /oidc/logout': { id: 'oidcLogout', docs: 'logout/oidc-logout' },
  'POST /dbconnections/signup': { id: 'database.signup', docs: 'signup/create-a-new-user' },
  'POST /dbconnections/change_password': {
    id: 'database.changePassword',
    rate: 'changePassword',
    docs: 'change-password/change-password',
  },
  'POST /oauth/access_token': {
    id: 'legacy.socialToken',
    effect: 'token',
    docs: 'login-legacy/social-with-providers-access-token',
  },
  'POST /oauth/ro': { id: 'legacy.resourceOwner', effect: 'token', docs: 'login-legacy/database-ad-lapd-active' },
  'POST /tokeninfo': { id: 'legacy.tokenInfo', effect: 'read', docs: 'user-profile-legacy/get-token-info' },
  'POST /delegation': { id: 'legacy.delegation', effect: 'token', docs: 'delegation-legacy/delegation' },
  'POST /users/{user_id}/impersonate': {
    id: 'legacy.impersonate',
    effect: 'token',
    docs: 'impersonation-legacy/impersonation',
  },
  'POST /login/unlink': { id: 'legacy.unlink', docs: 'account-linking-legacy/unlink' },
  'POST /bc-authorize': {
    id: 'backchannel',
    effect: 'token',
    rate: 'backchannel',
    docs: 'login/start-back-channel-login',
  },
  'POST /oidc/register': {
    id: 'register',
    rate: 'register',
    docs: 'dynamic-application-client-registration/dynamic-application-registration',
  },
  'GET /samlp/{clientId}': { id: 'saml.request', docs: 'saml/accept-saml-request' },
  'GET /samlp/metadata/{clientId}': { id: 'saml.metadata', docs: 'saml/get-saml-metadata' },
  'POST /samlp/{client_id}/logout': { id: 'saml.logout', effect: 'token', docs: 'logout/saml-logout' },
  'POST /login/callback': { id: 'saml.callback', effect: 'token', docs: 'saml/idp-initiated-sso' },
  'GET /wsfed/{clientId}': { id: 'wsFederation.request', docs: 'ws-federation/accept-ws-federation-request' },
  'GET /wsfed/FederationMetadata/2007-06/FederationMetadata.xml': {
    id: 'wsFederation.metadata',
    docs: 'ws-federation/get-ws-federation-metadata',
  },
  'POST /oauth/global-token-revocation/connection/{connection_name}': {
    id: 'globalTokenRevocation',
    rate: 'globalTokenRevocation',
    docs: 'logout/global-token-revocation',
  },
}

/** Operations that exist and that no document lists. */
export const addedOperations = [
  {
    id: 'authentication.discovery',
    method: 'GET',
    path: '/.well-known/openid-configuration',
    answer: { type: 'object' },
    docs: 'https://auth0.com/docs/get-started/applications/configure-applications-with-oidc-discovery',
    notes: ['The OpenAPI document does not list this operation; it is added by hand.'],
  },
  {
    id: 'authentication.keys',
    method: 'GET',
    path: '/.well-known/jwks.json',
    rate: 'authentication.jwks',
    answer: { type: 'object' },
    docs: 'https://auth0.com/docs/secure/tokens/json-web-tokens/json-web-key-sets',
    notes: ['The OpenAPI document does not list this operation; it is added by hand.'],
  },
]

export { authenticationPage }

/** How an application names itself in the body; see ClientFields in row.ts. Operations without an entry: not at all. */
export const clientFields = {
  'authentication.token': 'credential',
  'authentication.mfa.challenge': 'credential',
  'authentication.mfa.associate': 'if-any',
  'authentication.revoke': 'credential',
  'authentication.par': 'credential',
  'authentication.backchannel': 'credential',
  'authentication.device': 'id',
  'authentication.passwordless.start': 'credential',
  'authentication.passwordless.verify': 'id',
  'authentication.database.signup': 'id',
  'authentication.database.changePassword': 'id',
}

/** Members of a create that no two records may share. */
export const uniqueMembers = {
  'roles.create': ['name'],
  'organizations.create': ['name'],
  'connections.create': ['name'],
  'resourceServers.create': ['identifier'],
  'customDomains.create': ['domain'],
  'users.create': ['user_id', 'email', 'username', 'phone_number'],
}

/** Answers that are not simply their JSON: tokens are verified, errors of a job become a union, 'OK' says nothing. */
export const answersAs = {
  'authentication.token': 'tokens',
  'authentication.revoke': 'nothing',
  'jobs.errors.get': 'job-errors',
}

/** Operations that Auth0 lists nowhere and that recorded tenants answered; their names are chosen here. */
export const recordedOnly = [
  'blacklists.tokens.create',
  'blacklists.tokens.list',
  'eventStreams.stats.get',
  'guardian.factors.webauthnPlatform.get',
  'guardian.factors.webauthnPlatform.set',
  'guardian.factors.webauthnRoaming.get',
  'guardian.factors.webauthnRoaming.set',
  'prompts.mfaPush.get',
  'prompts.mfaPush.update',
]

/** Operations whose page is not known: those above, and some that the official SDK has and the document lacks. */
export const withoutPage = [
  ...recordedOnly,
  'experimentation.experiments.advanceRamp',
  'guardian.factors.email.get',
  'guardian.factors.email.set',
  'guardian.factors.phone.get',
  'guardian.factors.phone.set',
  'guardian.get',
  'guardian.set',
  'organizations.organizationTemplate.assignOrganizationTemplate',
  'organizations.organizationTemplate.get',
  'organizations.organizationTemplate.unassignOrganizationTemplate',
  'organizations.search',
  'resourceServers.search',
]

/** How the Authentication API takes bodies; a path that no entry begins is JSON. */
export const formBodies = [
  '/oauth/token',
  '/oauth/device/',
  '/oauth/revoke',
  '/oauth/par',
  '/bc-authorize',
  '/samlp/',
  '/login/callback',
]

/**
 * Rows on which the `Auth0-Custom-Domain` header counts and that no document marks with the header parameter; those it
 * marks are kept by themselves. `users.update` is kept under a condition that only the body shows.
 */
export const customDomain = {
  'jobs.usersImports.create': 'kept',
  'users.update': 'user-update',
}

/** POSTs that change nothing. */
export const effects = {
  'clients.previewCimdMetadata': 'read',
  'customDomains.test': 'read',
  'experimentation.experiments.validate': 'read',
}

/** Retry classes that the method does not tell. */
export const retries = {
  'branding.phone.templates.reset': 'unsafe',
}

/** Operations that need all of these scopes instead of any of those that the document lists. */
export const allScopes = {
  'roles.users.list': ['read:roles', 'read:users'],
}

/** Merge rules that the method does not tell; `null`: what it does to the twin is not known. */
export const merges = {
  'users.update': 'assign-user',
  'clients.update': 'assign-client',
  'branding.phone.templates.reset': null,
  'keys.signing.revoke': null,
}

/** Paging that the parameters do not tell. `reach`: offset paging ends after so many records; `beyond`: what then. */
export const paging = {
  'users.list': {
    reach: 1000,
    beyond:
      'auth0.users.every({ … }) reads all of them, with the same q; or narrow the list, or export all with auth0.jobs.usersExports.create({ … }) and auth0.jobs(id).finished().',
  },
  'connections.list': { reach: 1000 },
  'organizations.members.list': { reach: 1000 },
  'organizations.invitations.list': { reach: 1000 },
  'deviceCredentials.list': { reach: 1000 },
  'logs.list': { style: 'logs', reach: 1000 },
  'eventStreams.deliveries.list': { items: 'deliveries' },
  'events.subscribe': { style: 'stream', items: 'events', most: 0 },
}

/**
 * Success statuses that recorded tenants answer where the document says another one. Where recordings of different
 * years disagree, the later one counts.
 */
export const statuses = {
  'actions.deploy': 200,
  'actions.versions.deploy': 200,
  'clients.credentials.update': 200,
  'hooks.update': 200,
  'networkAcls.delete': 200,
  'organizations.invitations.create': 201,
  'refreshTokens.delete': 204,
  'resourceServers.update': 200,
  'roles.permissions.delete': 204,
}

/**
 * Reads that rest on an index: a copy that shows a write some seconds later. `store` names the operations that read
 * the same record itself, the most useful first; `settle` is the time in milliseconds after which the index surely
 * shows a write, where it is not the usual one.
 * https://auth0.com/docs/manage-users/user-search
 */
export const indexReads = {
  'logs.list': {},
  'organizations.discoveryDomains.getByName': { store: ['organizations.discoveryDomains.get'] },
  'organizations.discoveryDomains.list': { store: ['organizations.discoveryDomains.get'] },
  'organizations.invitations.list': {},
  'organizations.members.list': {},
  'organizations.roles.members.list': {},
  'organizations.search': { store: ['organizations.getByName', 'organizations.get'] },
  // Sessions and refresh tokens are deleted in the background.
  'refreshTokens.list': { store: ['refreshTokens.get'] },
  'resourceServers.search': { store: ['resourceServers.get'] },
  'users.list': { store: ['users.listUsersByEmail', 'users.get'] },
  'users.logs.list': {},
  'users.refreshToken.list': { store: ['refreshTokens.get'] },
  'users.sessions.list': { store: ['sessions.get'] },
}

/** Members of an answer that name what was created, where neither the path parameter nor `id` does. */
export const createdKeys = {
  'agents.create': 'agent_id',
  'clients.create': 'client_id',
  'customDomains.create': 'custom_domain_id',
  'users.create': 'user_id',
}

/** Writes whose row looks as if another operation undid them, and that none undoes. */
export const withoutInverse = {
  // What is sent is the key's wrapped material; a key that was in use cannot be put back.
  'keys.encryption.create': true,
}

/** Server buckets by first match: method(s), pattern of the path under /api/v2, bucket. The rest draws from `management`. */
export const rateKeys = [
  ['GET', /^\/users(-by-email|\/\{[^}]+\})?$/, 'management.users.read'],
  ['POST PATCH', /^\/users(\/\{[^}]+\})?$/, 'management.users.write'],
  ['DELETE', /^\/users\/\{[^}]+\}$/, 'management.users.delete'],
  ['GET', /^\/logs/, 'management.logs.read'],
  ['GET', /^\/clients(\/\{[^}]+\})?$/, 'management.clients.read'],
  ['GET', /^\/connections\/\{[^}]+\}\/status$/, 'management.connections.status'],
  ['GET', /^\/connections(\/\{[^}]+\})?$/, 'management.connections.read'],
  ['GET', /^\/organizations$/, 'management.organizations.list'],
  ['GET', /^\/organizations\/name\//, 'management.organizations.byName'],
  ['GET', /^\/organizations\/\{[^}]+\}$/, 'management.organizations.byId'],
  ['POST PATCH DELETE', /^\/organizations(\/\{[^}]+\})?$/, 'management.organizations.write'],
  ['GET', /^\/organizations\/\{[^}]+\}\/members\/\{[^}]+\}\/roles$/, 'management.organizations.memberRoles.read'],
  [
    'POST DELETE',
    /^\/organizations\/\{[^}]+\}\/members\/\{[^}]+\}\/roles$/,
    'management.organizations.memberRoles.write',
  ],
  ['GET', /^\/organizations\/\{[^}]+\}\/members$/, 'management.organizations.members.read'],
  ['POST DELETE', /^\/organizations\/\{[^}]+\}\/members$/, 'management.organizations.members.write'],
  ['GET', /^\/organizations\/\{[^}]+\}\/invitations/, 'management.organizations.invitations.read'],
  ['POST DELETE', /^\/organizations\/\{[^}]+\}\/invitations/, 'management.organizations.invitations.write'],
  ['GET', /^\/organizations\/\{[^}]+\}\/(enabled_)?connections/, 'management.organizations.connections.read'],
  [
    'POST PATCH DELETE',
    /^\/organizations\/\{[^}]+\}\/(enabled_)?connections/,
    'management.organizations.connections.write',
  ],
  ['GET', /^\/organizations\/\{[^}]+\}\/client-grants/, 'management.organizations.clientGrants.read'],
  ['POST DELETE', /^\/organizations\/\{[^}]+\}\/client-grants/, 'management.organizations.clientGrants.write'],
  ['POST DELETE', /^\/device-credentials/, 'management.deviceCredentials.write'],
  ['POST', /^\/custom-domains/, 'management.customDomains.write'],
  ['POST PUT', /^\/keys\/signing/, 'management.keys.signing.write'],
  ['GET', /^\/email-templates/, 'management.emailTemplates.read'],
  ['POST PATCH PUT', /^\/email-templates/, 'management.emailTemplates.write'],
  ['GET', /^\/emails\/provider/, 'management.emails.provider.read'],
  ['POST PATCH DELETE', /^\/emails\/provider/, 'management.emails.provider.write'],
  ['GET PUT', /^\/prompts\/\{[^}]+\}\/partials/, 'management.prompts.partials'],
  ['GET', /^\/token-exchange-profiles/, 'management.tokenExchangeProfiles.read'],
  ['POST PATCH DELETE', /^\/token-exchange-profiles/, 'management.tokenExchangeProfiles.write'],
]

// The document leaves the options of a connection open; these are the secrets that its strategies know.
const connectionSecrets = [
  'client_secret',
  'app_secret',
  'api_key',
  'admin_access_token',
  'admin_refresh_token',
  'twilio_token',
  'decryptionKey',
  'decryptionKey.*',
  'signing_key.key',
  'password',
  'consumerSecret',
  'configuration.*',
  'gateway_authentication.secret',
  'provider_credentials.*',
  'credentials.*',
].map((path) => `options.${path}`)
const withPrefix = (prefix, paths) => paths.map((path) => `${prefix}.${path}`)

/** Secret paths that names do not tell: added to what the generator finds. */
export const secretBodies = {
  'actions.create': ['secrets.*.value'],
  'actions.update': ['secrets.*.value'],
  'actions.modules.create': ['secrets.*.value'],
  'actions.modules.update': ['secrets.*.value'],
  'actions.versions.deploy': ['secrets.*.value'],
  'keys.networkAcls.create': ['value'],
  'hooks.create': ['secrets.*'],
  'hooks.secrets.create': ['*'],
  'hooks.secrets.update': ['*'],
  'rulesConfigs.set': ['value'],
  // The webhook of a Slack connection is a URL that lets anyone post.
  'flows.vault.connections.create': ['setup.url'],
  'flows.vault.connections.update': ['setup.url'],
  'logStreams.create': ['sink.httpCustomHeaders.*.value'],
  'logStreams.update': ['sink.httpCustomHeaders.*.value'],
  'connections.create': connectionSecrets,
  'connections.update': connectionSecrets,
  'jobs.usersImports.create': [
    'users.*.password_hash',
    'users.*.custom_password_hash.hash.value',
    'users.*.custom_password_hash.hash.key.value',
    'users.*.custom_password_hash.salt.value',
    'users.*.mfa_factors.*.totp.secret',
  ],
  'authentication.token': [
    'code',
    'refresh_token',
    'client_secret',
    'client_assertion',
    'subject_token',
    'actor_token',
    'password',
    'otp',
  ],
  'authentication.revoke': ['token'],
}

/** The same for answers. */
export const secretAnswers = {
  'authentication.token': ['recovery_code', 'mfa_token', 'device_secret'],
  'authentication.backchannel': ['auth_req_id'],
  'authentication.register': ['registration_access_token'],
  'clients.create': ['signing_keys.*.key'],
  'clients.get': ['signing_keys.*.key'],
  'clients.list': ['*.signing_keys.*.key'],
  'clients.rotateSecret': ['client_secret', 'signing_keys.*.key'],
  'clients.update': ['signing_keys.*.key'],
  'connections.create': connectionSecrets,
  'connections.update': connectionSecrets,
  'connections.get': connectionSecrets,
  'connections.list': withPrefix('*', connectionSecrets),
  'guardian.enrollments.createTicket': ['ticket_id'],
  'jobs.errors.get': ['*', 'errors.*'].flatMap((start) =>
    withPrefix(`${start}.user`, ['password_hash', 'custom_password_hash.hash.value', 'mfa_factors.*.totp.secret']),
  ),
  'logStreams.create': ['sink.httpCustomHeaders.*.value'],
  'logStreams.get': ['sink.httpCustomHeaders.*.value'],
  'logStreams.list': ['*.sink.httpCustomHeaders.*.value'],
  'logStreams.update': ['sink.httpCustomHeaders.*.value'],
  'organizations.invitations.create': ['ticket_id'],
  'organizations.invitations.get': ['ticket_id'],
  'organizations.invitations.list': ['*.ticket_id'],
}

/** URLs in answers whose query is a ticket. */
export const secretUrls = {
  'tickets.verifyEmail': ['ticket'],
  'tickets.changePassword': ['ticket'],
  'guardian.enrollments.createTicket': ['ticket_url'],
  'organizations.invitations.create': ['invitation_url'],
  'organizations.invitations.get': ['invitation_url'],
  'organizations.invitations.list': ['*.invitation_url', 'invitations.*.invitation_url', 'items.*.invitation_url'],
  'selfServiceProfiles.ssoTicket.create': ['ticket'],
  'jobs.get': ['location'],
  'jobs.usersExports.create': ['location'],
}

/** Sentences that `explain()` adds. */
export const notes = {
  'tenants.settings.update': [
    'default_token_quota is replaced whole: a level that the body leaves out of it is cleared.',
  ],
  'users.update': [
    'user_metadata and app_metadata merge on their first level: null deletes a key, {} empties the object; nested objects are replaced.',
  ],
  'users.list': [
    'Search results end after 1000 records.',
    'q is read with search_engine v3; without it some tenants answer 400.',
  ],
  'clients.update': ['client_metadata merges key by key; null deletes a key.'],
  'connections.update': ['options is replaced whole: .keepRest() reads it first and sends all of it.'],
  ...Object.fromEntries(
    [
      'refreshTokens.delete',
      'refreshTokens.revoke',
      'sessions.delete',
      'users.refreshToken.delete',
      'users.sessions.delete',
    ].map((id) => [id, ['The deletion happens in the background: reads may show it for some seconds more.']]),
  ),
  'actions.deploy': ['An action that is still being built is refused: .whenBuilt() waits for it first.'],
  'connections.delete': ['The connection is deleted in the background when the answer is 202.'],
  'networkAcls.create': [
    'priority is 50 when left out and must be unique: a second ACL with the same one is answered with 409.',
  ],
  'networkAcls.set': ['priority falls back to 50 when left out.'],
  'networkAcls.update': ['rule is replaced whole; .keepRest() reads it first.'],
  'jobs.usersImports.create': [
    'The custom domain counts only where e-mails are sent for the import; the body cannot say so, so the header is kept.',
    'send_completion_email is true unless the body says false: the owners of the tenant get an e-mail.',
    'The file may hold 512000 bytes; two imports may run at once.',
  ],
  'jobs.usersExports.create': [
    'The link in location is valid for 60 seconds; reading the job again gives a new one for 24 hours.',
  ],
  'jobs.get': ['A job and its data are deleted after 24 hours.'],
  'jobs.errors.get': ['Records that could not be imported leave the job completed; they are listed here.'],
  'customDomains.verify': ['Both outcomes answer 200: read status.'],
  'organizations.invitations.create': ['The client must have an initiate_login_uri, else the answer is 400.'],
  'logs.list': ['from and take page by checkpoint; page and per_page end after 1000 records.'],
  ...Object.fromEntries(
    recordedOnly.map((id) => [
      id,
      [
        'Auth0 documents this operation nowhere; tenants answer it. The scope is not known, and it may change unannounced.',
      ],
    ]),
  ),
  'authentication.mfa.authenticators.delete': [
    'Needs an access token for https://{domain}/mfa/; an mfa_token is refused.',
  ],
  'authentication.authorize': ['This is a URL for a browser.'],
  'authentication.logout': ['This is a URL for a browser.'],
  'authentication.oidcLogout': ['This is a URL for a browser.'],
}

/** Exported names of types where the rule (drop RequestContent, ResponseContent and the verb) gives a poor one. */
export const typeNames = {
  UserResponseSchema: 'User',
  UserIdentitySchema: 'UserIdentity',
  UpdateUserRequestContent: 'UpdateUser',
  DeleteUserIdentityResponseContentItem: 'LinkedIdentity',
  Client: 'Client',
  Organization: 'Organization',
  CreateOrganizationResponseContent: 'CreatedOrganization',
  NetworkAclsResponseContent: 'NetworkAcl',
  GetTenantSettingsResponseContent: 'TenantSettings',
  UpdateTenantSettingsRequestContent: 'UpdateTenantSettings',
  GetJobResponseContent: 'Job',
  GetJobErrorResponseContent: 'ImportJobError',
  GetJobImportUserError: 'ImportJobUserError',
  GetJobGenericErrorResponseContent: 'JobError',
  GetJobSummary: 'JobSummary',
  CustomDomain: 'CustomDomain',
  VerifyCustomDomainResponseContent: 'VerifiedCustomDomain',
  TestCustomDomainResponseContent: 'CustomDomainTest',
  Role: 'Role',
  PermissionsResponsePayload: 'RolePermission',
  GetConnectionResponseContent: 'Connection',
  PostConnectionsKeysResponseContentItem: 'CreatedConnectionKey',
  Log: 'LogEvent',
  TokenQuota: 'TokenQuotaSettings',
  GetFlowResponseContent: 'FlowDefinition',
  VerifyEmailTicketResponseContent: 'Ticket',
  RegenerateUsersRecoveryCodeResponseContent: 'RecoveryCode',
  RotateSigningKeysResponseContent: 'RotatedSigningKey',
  ListUserBlocksResponseContent: 'UserBlocks',
  TestActionResponseContent: 'ActionTest',
  TokenResponse: 'TokenSet',
  GetHookResponseContent: 'Hook',
  GetSettingsResponseContent: 'PromptSettings',
  SessionResponseContent: 'UserSession',
  EventStreamSubscribeEventsResponseContent: 'EventMessage',
  AgentResponseContent: 'Agent',
  CreateKeysNetworkAclsResponseContent: 'NetworkAclKey',
  GetAllKeysNetworkAclsResponseContent: 'NetworkAclKeys',
  CreateKeysNetworkAclsRequestContent: 'CreateNetworkAclKey',
  PhoneProviderSchemaMasked: 'PhoneProvider',
  EmailProviderCredentialsSchemaChoice1: 'EmailProviderApiKey',
  PostClientCredentialResponseContent: 'CreatedClientCredential',
}

/** Names that generated types must not take. */
export const reservedTypeNames = [
  'Plan',
  'ListPlan',
  'Flow',
  'Page',
  'Execution',
  'Runner',
  'Bind',
  'Json',
  'JsonObject',
  'Clock',
  'Secret',
  'Stage',
  'Outcome',
  'Diff',
  'Change',
  'Observer',
  'Subscribable',
  'Explanation',
  'TokenQuota',
  'TenantQuotas',
  'JobErrors',
  'OpenObject',
  'EmptyObject',
  'Error',
  'Object',
  'String',
  'Function',
  'Array',
  'Date',
  'Promise',
  'Record',
  'Session',
  'Sandbox',
  'PlanData',
  'PlanOptions',
  'RunOptions',
  'Effect',
  'Paging',
  'Transport',
  'Request',
  'Response',
  'Reply',
]

/** Hand-written answer types (from `words.ts`), by operation. */
export const answerTypes = {
  'jobs.errors.get': 'JobErrors',
}

/**
 * Operations that answer what another one answers: the document gives them none, or a variant of the entity in which
 * only the required fields differ.
 */
export const sameAnswers = {
  'clients.rotateSecret': 'clients.get',
  'networkAcls.create': 'networkAcls.get',
  'networkAcls.update': 'networkAcls.get',
  'customDomains.create': 'customDomains.get',
  'customDomains.update': 'customDomains.get',
  'jobs.usersExports.create': 'jobs.get',
  'jobs.usersImports.create': 'jobs.get',
  'jobs.verificationEmail.create': 'jobs.get',
}

/** Members that answers always have, beside the key of a record, by schema. */
export const alwaysAnswered = {
  Client: ['client_id', 'name'],
  GetClientResponseContent: ['client_id', 'name'],
  CreateClientResponseContent: ['client_id', 'name'],
  UpdateClientResponseContent: ['client_id', 'name'],
  GetConnectionResponseContent: ['name', 'strategy'],
  ConnectionForList: ['name', 'strategy'],
  CreateConnectionResponseContent: ['name', 'strategy'],
  UpdateConnectionResponseContent: ['name', 'strategy'],
  Organization: ['name'],
  GetOrganizationResponseContent: ['name'],
  GetOrganizationByNameResponseContent: ['name'],
  UpdateOrganizationResponseContent: ['name'],
  CreateOrganizationResponseContent: ['name'],
  Role: ['name'],
  GetRoleResponseContent: ['name'],
  CreateRoleResponseContent: ['name'],
  UpdateRoleResponseContent: ['name'],
  ResourceServer: ['identifier'],
  GetResourceServerResponseContent: ['identifier'],
  CreateResourceServerResponseContent: ['identifier'],
  UpdateResourceServerResponseContent: ['identifier'],
  UserIdentitySchema: ['provider', 'user_id'],
  Log: ['date', 'type'],
  GetLogResponseContent: ['date', 'type'],
  VerifyEmailTicketResponseContent: ['ticket'],
  ChangePasswordTicketResponseContent: ['ticket'],
}

/** Operations whose answer is not a record of the tenant, so that no key is sure. */
export const keysNotAnswered = ['clients.previewCimdMetadata', 'actions.test', 'eventStreams.stats.get']

/** Hand-written body types (from `words.ts`), by operation. */
export const bodyTypes = {
  'jobs.usersImports.create': 'CreateUsersImport',
}

/** Hand-written words on nodes of the tree: node path and the interface of `words.ts` that it extends. */
export const treeWords = {
  'clients()': 'ClientWords',
  'organizations()': 'OrganizationWords',
  'jobs()': 'JobWords',
  networkAcls: 'NetworkAclWords',
  users: 'UsersWords',
}

/** Plans with words of their own, by operation: the interface of `words.ts` that the verb answers. */
export const planTypes = {
  'actions.deploy': 'ActionDeployPlan',
}

/** Changes schemas in place: facts that the documents lack or contradict. */
export function correctSchemas(schemas) {
  const match = schemas.get('NetworkAclMatch')
  match.properties.auth0_managed ??= { type: 'array', minItems: 1, items: { type: 'string' } }
  const rule = schemas.get('NetworkAclRule')
  rule.properties.match_all ??= { type: 'boolean' }
  // The schema knows only `true`; the documentation switches monitoring off with `log: false`.
  schemas.set('NetworkAclActionLogEnum', { type: 'boolean' })
  // Auth0 refuses more: https://auth0.com/docs/api/management/v2/connections/patch-clients
  schemas.get('UpdateEnabledClientConnectionsRequestContent').maxItems ??= 50
  // One type for a group, read alone or as an item of a list.
  schemas.set('GetGroupResponseContent', schemas.get('Group'))
  // One type for a connection, listed or read alone.
  const { properties } = schemas.get('GetConnectionResponseContent')
  schemas.get('ConnectionForList').properties.enabled_clients ??= properties.enabled_clients
  // What the answers of imports and exports say, the job that is read later still says.
  const job = schemas.get('GetJobResponseContent').properties
  const { limit, fields } = schemas.get('CreateExportUsersResponseContent').properties
  Object.assign(job, {
    connection: { type: 'string' },
    external_id: { type: 'string' },
    upsert: { type: 'boolean' },
    limit,
    fields,
  })
  // Requests refer to the answers' schemas, which leave the secrets out.
  schemas.get('EventStreamWebhookBasicAuth').properties.password ??= { type: 'string' }
  schemas.get('EventStreamWebhookBearerAuth').properties.token ??= { type: 'string' }
  schemas.get('EventStreamWebhookCustomHeaderAuth').additionalProperties = true
  for (const schema of schemas.values()) {
    // Required and declared nowhere: `connection` of the job schemas is a real field, the rest is left optional.
    if (schema.properties === undefined || schema.required === undefined || schema.allOf !== undefined) continue
    const missing = schema.required.filter((key) => !(key in schema.properties))
    if (missing.includes('connection')) schema.properties.connection = { type: 'string' }
    schema.required = schema.required.filter((key) => key in schema.properties)
  }
}

/** Changes operations in place, schemas inline in them included. */
export function correctOperation(operation) {
  const { id } = operation
  if (id === 'authentication.mfa.associate') {
    operation.body.schema.properties.oob_channels.items.enum.push('email')
    operation.body.schema.properties.email = { type: 'string', format: 'email' }
  }
  if (id === 'authentication.mfa.challenge') {
    // The server takes a list separated by spaces, and finds the client by client assertion as well.
    operation.body.schema.properties.challenge_type = { type: 'string' }
    operation.body.schema.properties.oob_channel.enum.push('email')
    operation.body.schema.properties.client_assertion = { type: 'string' }
    operation.body.schema.properties.client_assertion_type = { type: 'string' }
    operation.body.schema.required = ['mfa_token']
  }
  if (id === 'authentication.passwordless.start') operation.body.schema.required = ['client_id', 'connection']
  if (id === 'authentication.backchannel') {
    for (const key of ['client_secret', 'client_assertion', 'client_assertion_type'])
      operation.body.schema.properties[key] = { type: 'string' }
  }
  if (id === 'authentication.device') {
    for (const key of ['client_secret', 'client_assertion', 'client_assertion_type'])
      operation.body.schema.properties[key] = { type: 'string' }
  }
  if (id === 'authentication.register') operation.body.schema.additionalProperties = true
  if (id === 'authentication.wsFederation.request') operation.pathNames = { 'client-id': 'clientId' }
  if (id === 'authentication.token') {
    // The document knows eleven grants; the server takes more, and extension grants besides.
    const text = [
      'client_id',
      'client_secret',
      'client_assertion',
      'client_assertion_type',
      'audience',
      'resource',
      'scope',
      'organization',
      'code',
      'code_verifier',
      'redirect_uri',
      'refresh_token',
      'username',
      'password',
      'realm',
      'connection',
      'device_code',
      'mfa_token',
      'otp',
      'oob_code',
      'binding_code',
      'recovery_code',
      'subject_token',
      'subject_token_type',
      'actor_token',
      'actor_token_type',
      'requested_token_type',
      'login_hint',
      'user_profile',
      'auth_req_id',
      'assertion',
      'authn_response',
      'auth_session',
      'send',
    ]
    operation.body.schema = {
      type: 'object',
      required: ['grant_type'],
      properties: {
        grant_type: { type: 'string', minLength: 1 },
        ...Object.fromEntries(text.map((key) => [key, { type: 'string' }])),
      },
    }
  }
}
