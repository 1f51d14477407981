// Writes whose effect only shows when something particular stands there first. Each scene brings that about, and shows
// the effect of a write by the answer of another operation before and after it.
import type { Json, JsonObject } from '../../src/plan/index.ts'
import { collection } from '../../src/sandbox/tenant/index.ts'
import { type Answer, type Bench, bench, type CallOptions } from './management/harness.ts'

/** An operation with what it is called with. */
type Step = readonly [id: string, options?: CallOptions]

/** Calls `write` between two calls of `read`; both count as proven where the write succeeds and the answers differ. */
export interface Prove {
  (write: Step, read: Step): Promise<Answer>
  /** Both are proven by what the scene saw. */
  seen(...ids: readonly string[]): void
}

type Scene = (b: Bench, prove: Prove) => Promise<void>

const id = (value: Json | undefined): CallOptions => ({ params: { id: String(value) } })
const withBody = (body: Json, params: Readonly<Record<string, string>> = {}): CallOptions => ({ body, params })

/** Records that a change of one field shows in: what makes one, what changes it, and where it shows. */
const CHANGES: readonly (readonly [group: string, made: JsonObject, change: JsonObject])[] = [
  ['hooks', { name: 'one', script: 'a', triggerId: 'post-user-registration' }, { name: 'two' }],
  ['rules', { name: 'one', script: 'a' }, { name: 'two' }],
  [
    'rateLimitPolicies',
    {
      resource: 'oauth_authentication_api',
      consumer: 'client',
      consumer_selector: 'all',
      configuration: { action: 'allow' },
    },
    { configuration: { action: 'log', limit: 100 } },
  ],
  [
    'branding.phone.providers',
    { name: 'twilio', configuration: { sid: 'AC1', delivery_methods: ['text'] }, credentials: { auth_token: 'a' } },
    { disabled: true },
  ],
  ['experimentation.segments', { name: 'one', rules: [] }, { name: 'two' }],
  ['experimentation.featureFlags', { name: 'one', parameters: {} }, { description: 'changed' }],
]

const changes: readonly Scene[] = CHANGES.map(([group, made, change]) => async (b, prove) => {
  const { body } = await b.call(`${group}.create`, withBody(made))
  await prove([`${group}.update`, { ...id(body.id), body: change }], [`${group}.get`, id(body.id)])
})

const execution = (b: Bench): JsonObject => {
  const now = new Date(b.tenant.clock.now()).toISOString()
  return { id: 'one', trace_id: 'trace', status: 'done', created_at: now, updated_at: now }
}

const records: readonly Scene[] = [
  async (b, prove) => {
    const flag = await b.call('experimentation.featureFlags.create', withBody({ name: 'of a test', parameters: {} }))
    const made = {
      name: 'one',
      feature_flag_id: flag.body.id,
      authentication_flow: 'login',
      allocation_strategy: 'percentage',
      assignment_config: { subject: 'device' },
      allocations: [],
    }
    const { body } = await b.call('experimentation.experiments.create', withBody(made))
    const change: Step = ['experimentation.experiments.update', { ...id(body.id), body: { name: 'two' } }]
    await prove(change, ['experimentation.experiments.get', id(body.id)])
  },
  async (b, prove) => {
    await b.call(
      'emailTemplates.create',
      withBody({
        template: 'verify_email',
        subject: 'One',
        body: 'a',
        from: 'a@example.com',
        syntax: 'liquid',
        enabled: true,
      }),
    )
    const params = { templateName: 'verify_email' }
    await prove(['emailTemplates.update', withBody({ subject: 'Two' }, params)], ['emailTemplates.get', { params }])
  },
  async (b, prove) => {
    const flag = (await b.call('experimentation.featureFlags.create', withBody({ name: 'one', parameters: {} }))).body
      .id
    const read: Step = ['experimentation.featureFlags.get', id(flag)]
    await prove(['experimentation.featureFlags.updateStatus', { ...id(flag), body: { status: 'active' } }], read)
    const made = { ...id(flag), body: { name: 'one', overrides: {} } }
    const { body } = await b.call('experimentation.featureFlags.variations.create', made)
    const params = { id: String(flag), vid: String(body.id) }
    const change: CallOptions = { params, body: { name: 'two' } }
    const variations = 'experimentation.featureFlags.variations'
    await prove([`${variations}.update`, change], [`${variations}.get`, { params }])
  },
  async (b, prove) => {
    const action = { name: 'Exchange', supported_triggers: [{ id: 'custom-token-exchange', version: 'v1' }], code: 'a' }
    const action_id = (await b.call('actions.create', withBody(action))).body.id
    const profile = {
      name: 'one',
      subject_token_type: 'https://one.example/',
      action_id,
      type: 'custom_authentication',
    }
    const made = await prove(['tokenExchangeProfiles.create', withBody(profile)], ['tokenExchangeProfiles.list'])
    const read: Step = ['tokenExchangeProfiles.get', id(made.body.id)]
    await prove(['tokenExchangeProfiles.update', { ...id(made.body.id), body: { name: 'two' } }], read)
    await prove(['tokenExchangeProfiles.delete', id(made.body.id)], read)
  },
  async (b, prove) => {
    const made = { name: 'one', code: 'first', publish: true }
    const { body } = await b.call('actions.modules.create', withBody(made))
    const [version] = (await b.call('actions.modules.versions.list', id(body.id))).body.versions
    await b.call('actions.modules.update', { ...id(body.id), body: { code: 'second' } })
    const back = { ...id(body.id), body: { module_version_id: version.id } }
    await prove(['actions.modules.rollback', back], ['actions.modules.get', id(body.id)])
  },
  async (b, prove) => {
    const action = { name: 'sample', supported_triggers: [{ id: 'post-login', version: 'v3' }], code: 'a' }
    const { body } = await b.call('actions.create', withBody(action))
    await b.call('actions.deploy', id(body.id))
    const params = { triggerId: 'post-login' }
    const bindings = [{ ref: { type: 'action_name', value: 'sample' }, display_name: 'Sample' }]
    const read: Step = ['actions.triggers.bindings.list', { params }]
    await prove(['actions.triggers.bindings.updateMany', { params, body: { bindings } }], read)
  },
  async (b, prove) => {
    const made = (
      await b.call('customDomains.create', withBody({ domain: 'new.example.com', type: 'auth0_managed_certs' }))
    ).body
    await prove(['customDomains.verify', id(made.custom_domain_id)], ['customDomains.test', id(made.custom_domain_id)])
  },
  async (b, prove) => {
    await b.call('keys.signing.rotate')
    const keys = (await b.call('keys.signing.list')).body as readonly { kid: string; previous?: boolean }[]
    const params = { kid: keys.find((key) => key.previous)?.kid ?? '' }
    await prove(['keys.signing.revoke', { params }], ['keys.signing.get', { params }])
  },
  async (b, prove) => {
    const endpoint = {
      webhook_endpoint: 'https://a.example.com/',
      webhook_authorization: { method: 'bearer', token: 't' },
    }
    const stream = {
      name: 'one',
      subscriptions: [{ event_type: 'user.created' }],
      destination: { type: 'webhook', configuration: endpoint },
    }
    const { body } = await b.call('eventStreams.create', withBody(stream))
    const delivery = (key: string): JsonObject => ({
      id: key,
      event_type: 'user.created',
      status: 'failed',
      attempts: [],
    })
    const deliveries = collection(b.tenant.tables, `/api/v2/event-streams/${body.id}/deliveries`)
    for (const key of ['evt_one', 'evt_two']) deliveries.set(key, delivery(key))
    const read: Step = ['eventStreams.deliveries.list', id(body.id)]
    const one = { params: { id: String(body.id), event_id: 'evt_one' } }
    await prove(['eventStreams.redeliveries.createById', one], read)
    await prove(['eventStreams.redeliveries.create', { ...id(body.id), body: {} }], read)
  },
  async (b, prove) => {
    const groups = [{ id: 'one' }, { id: 'two' }]
    const set: Step = ['connections.directoryProvisioning.set', { ...id(b.connection), body: { groups } }]
    await prove(set, ['connections.directoryProvisioning.listSynchronizedGroups', id(b.connection)])
  },
  async (b, prove) => {
    const { body } = await b.call('flows.create', withBody({ name: 'one' }))
    collection(b.tenant.tables, `/api/v2/flows/${body.id}/executions`).set('one', execution(b))
    const params = { flow_id: String(body.id), execution_id: 'one' }
    await prove(['flows.executions.delete', { params }], ['flows.executions.get', { params }])
  },
  async (b, prove) => {
    // A job is read while it waits and after it is done: time is what writes its end.
    const { body } = await b.call('jobs.usersExports.create', withBody({ format: 'json' }))
    const found = await b.call('jobs.get', id(body.id))
    if (found.body.id === body.id) prove.seen('jobs.usersExports.create', 'jobs.get')
  },
]

const people: readonly Scene[] = [
  async (b, prove) => {
    const [kind = '', key = ''] = b.other.split('|')
    const link: CallOptions = { ...id(b.user), body: { provider: kind, user_id: key } }
    await prove(['users.identities.link', link], ['users.get', id(b.user)])
    const params = { id: b.user, provider: kind, user_id: key }
    await prove(['users.identities.delete', { params }], ['users.get', id(b.user)])
  },
  async (b, prove) => {
    const byEmail: Step = ['users.listUsersByEmail', { query: { email: 'user-one@example.com' } }]
    await prove(['users.update', { ...id(b.user), body: { name: 'Changed' } }], byEmail)
    await prove(
      ['connections.users.deleteByEmail', { ...id(b.connection), query: { email: 'user-one@example.com' } }],
      byEmail,
    )
  },
  async (b, prove) => {
    const made = { type: 'phone', phone_number: '+15005550006', preferred_authentication_method: 'sms' }
    const read: Step = ['users.authenticationMethods.list', id(b.user)]
    const first = await prove(['users.authenticationMethods.create', { ...id(b.user), body: made }], read)
    const params = { id: b.user, authentication_method_id: String(first.body.id) }
    const change: CallOptions = { params, body: { name: 'My phone' } }
    await prove(['users.authenticationMethods.update', change], read)
    await prove(['users.authenticationMethods.delete', { params }], read)
    await b.call('users.authenticationMethods.create', { ...id(b.user), body: made })
    await prove(['users.authenticationMethods.deleteAll', id(b.user)], read)
    await b.call('users.authenticationMethods.create', { ...id(b.user), body: made })
    await prove(['users.authenticators.deleteAll', id(b.user)], read)
  },
  async (b, prove) => {
    const { refreshTokens, sessions } = b.tenant.tables
    const owner = { user_id: b.user, client_id: b.client, created_at: '2026-11-01T00:00:00.000Z' }
    const begin = (): void => {
      sessions.set('one', { id: 'one', ...owner })
      refreshTokens.set('one', { id: 'one', ...owner, session_id: 'one' })
    }
    const params = { user_id: b.user }
    begin()
    await prove(['users.sessions.delete', { params }], ['users.sessions.list', { params }])
    begin()
    await prove(['users.refreshToken.delete', { params }], ['users.refreshToken.list', { params }])
    begin()
    await prove(['users.revokeAccess', { ...id(b.user), body: {} }], ['users.sessions.list', { params }])
  },
  async (b, prove) => {
    const blocked = { blocked_for: [{ identifier: 'user-one@example.com', ip: '192.0.2.1' }] }
    b.tenant.tables.userBlocks.set(b.user, blocked)
    const query = { identifier: 'user-one@example.com' }
    await prove(['userBlocks.deleteByIdentifier', { query }], ['userBlocks.listByIdentifier', { query }])
    collection(b.tenant.tables, '/api/v2/anomaly/blocks/ips').set('192.0.2.7', { id: '192.0.2.7' })
    await prove(['anomaly.blocks.unblockIp', id('192.0.2.7')], ['anomaly.blocks.checkIp', id('192.0.2.7')])
  },
  async (b, prove) => {
    const tokensets = collection(b.tenant.tables, `/api/v2/users/${b.user}/federated-connections-tokensets`)
    tokensets.set('one', { id: 'one', connection: 'google-oauth2', scope: 'a' })
    const params = { id: b.user, tokenset_id: 'one' }
    const read: Step = ['users.federatedConnectionsTokensets.list', id(b.user)]
    await prove(['users.federatedConnectionsTokensets.delete', { params }], read)
    const grants = collection(b.tenant.tables, '/api/v2/grants')
    const grant = (key: string): JsonObject => ({
      id: key,
      clientID: b.client,
      user_id: b.user,
      audience: 'a',
      scope: ['b'],
    })
    for (const key of ['one', 'two']) grants.set(key, grant(key))
    await prove(['userGrants.delete', id('one')], ['userGrants.list'])
    await prove(['userGrants.deleteByUserId', { query: { user_id: b.user } }], ['userGrants.list'])
  },
]

const others: readonly Scene[] = [
  async (b, prove) => {
    await b.call('customDomains.verify', id([...b.tenant.tables.customDomains.keys()][0]))
    const template = '<html><head>{%- auth0:head -%}</head><body>{%- auth0:widget -%}</body></html>'
    await prove(
      ['branding.templates.updateUniversalLogin', withBody({ template })],
      ['branding.templates.getUniversalLogin'],
    )
  },
  async (b, prove) => {
    const made = { name: 'one', allowed_strategies: ['oidc'] }
    const { body } = await b.call('selfServiceProfiles.create', withBody(made))
    const ticket = await b.call('selfServiceProfiles.ssoTicket.create', { ...id(body.id), body: {} })
    const key = new URL(String(ticket.body.ticket)).searchParams.get('ticket') ?? ''
    const params = { profileId: String(body.id), id: key }
    const gone = await b.call('selfServiceProfiles.ssoTicket.revoke', { params })
    if (gone.status < 300) prove.seen('selfServiceProfiles.ssoTicket.create', 'selfServiceProfiles.ssoTicket.revoke')
  },
  async (b, prove) => {
    // What a ticket is for happens when its link is opened.
    const mail = await b.call('tickets.verifyEmail', withBody({ user_id: b.user }))
    if (redeems(b, mail)) prove.seen('tickets.verifyEmail')
    const password = await b.call('tickets.changePassword', withBody({ user_id: b.user }))
    if (redeems(b, password)) prove.seen('tickets.changePassword')
  },
  async (b, prove) => {
    const { body } = await b.call('jobs.verificationEmail.create', withBody({ user_id: b.user }))
    if ((await b.call('jobs.errors.get', id(body.id))).status < 300) prove.seen('jobs.verificationEmail.create')
  },
  async (b) => {
    const made = { type: 'phone', phone_number: '+15005550006', preferred_authentication_method: 'sms' }
    const { body } = await b.call('users.authenticationMethods.create', { ...id(b.user), body: made })
    const params = { id: b.user, authentication_method_id: String(body.id) }
    await b.call('users.authenticationMethods.get', { params })
    const query = { role_id: b.lab.seed.roles[0]?.id ?? '' }
    const member = { id: b.organization, user_id: b.user }
    await b.call('organizations.members.effectiveRoles.sources.groups.list', { params: member, query })
  },
]

/** Whether the link of a ticket leads to what it was made for. */
function redeems(b: Bench, { body }: Answer): boolean {
  const key = new URL(String(body.ticket)).searchParams.get('ticket') ?? ''
  return [...b.tenant.tables.tickets].some(([name, ticket]) => name === key || JSON.stringify(ticket).includes(key))
}

const organizations: readonly Scene[] = [
  async (b, prove) => {
    const { body } = await b.call('connections.create', withBody({ name: 'Other', strategy: 'auth0' }))
    const read: Step = ['organizations.enabledConnections.list', id(b.organization)]
    const params = { id: b.organization, connectionId: String(body.id) }
    const added: CallOptions = { ...id(b.organization), body: { connection_id: body.id } }
    await prove(['organizations.enabledConnections.add', added], read)
    const change: CallOptions = { params, body: { assign_membership_on_login: true } }
    await prove(['organizations.enabledConnections.update', change], read)
    await prove(['organizations.enabledConnections.delete', { params }], read)
  },
  async (b, prove) => {
    const params = { id: b.organization, name: 'acme' }
    const change: CallOptions = { params, body: { display_name: 'Changed' } }
    await prove(['organizations.update', change], ['organizations.getByName', { params }])
  },
  async (b, prove) => {
    const domain: CallOptions = { ...id(b.organization), body: { domain: 'one.example.com', status: 'pending' } }
    const { body } = await b.call('organizations.discoveryDomains.create', domain)
    const params = { id: b.organization, discovery_domain_id: String(body.id), discovery_domain: 'one.example.com' }
    const read: Step = ['organizations.discoveryDomains.getByName', { params }]
    await prove(['organizations.discoveryDomains.update', { params, body: { status: 'verified' } }], read)
  },
  async (b, prove) => {
    const params = { id: b.organization, template_id: 'otp_1' }
    const read: Step = ['organizations.organizationTemplate.get', { params }]
    await prove(['organizations.organizationTemplate.assignOrganizationTemplate', { params }], read)
    await prove(['organizations.organizationTemplate.unassignOrganizationTemplate', { params }], read)
  },
  async (b, prove) => {
    const params = { organization_id: b.organization, group_id: 'grp_1' }
    collection(b.tenant.tables, '/api/v2/groups').set('grp_1', { id: 'grp_1', name: 'Sample' })
    const roles = b.lab.seed.roles.map((role) => role.id)
    const read: Step = ['organizations.groups.roles.list', { params }]
    await prove(['organizations.groups.roles.create', { params, body: { roles } }], read)
    await prove(['organizations.groups.roles.delete', { params, body: { roles } }], read)
  },
]

/** Everything that a scene proved, and what a scene wanted to prove and could not, one line each. */
export async function playScenes(make: () => Bench | Promise<Bench> = bench): Promise<{
  readonly proven: ReadonlySet<string>
  readonly failed: readonly string[]
}> {
  const proven = new Set<string>()
  const failed: string[] = []
  for (const scene of [...changes, ...records, ...people, ...organizations, ...others]) {
    const b = await make()
    const prove = async (write: Step, read: Step): Promise<Answer> => {
      const before = await b.call(...read)
      const answer = await b.call(...write)
      const after = await b.call(...read)
      const same = JSON.stringify([before.status, before.body]) === JSON.stringify([after.status, after.body])
      if (answer.status >= 300 || same)
        failed.push(
          `${write[0]} ${answer.status} ${JSON.stringify(answer.body) ?? ''}: ${read[0]} ${after.status} ${JSON.stringify(after.body)}`,
        )
      else seen(write[0], read[0])
      return answer
    }
    const seen = (...ids: readonly string[]): void => {
      for (const each of ids) proven.add(each)
    }
    await scene(b, Object.assign(prove, { seen }))
  }
  return { proven, failed }
}
