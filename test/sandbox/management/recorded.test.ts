// What recorded tenants answer, stated in own words: T6 to T16 of the list of faults.
import { generateKeyPairSync } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/plan/index.ts'
import { type Bench, bench, failed } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
})

/** A 404 or 400 without an error code. */
async function codeless(answer: Promise<{ status: number; body: { errorCode?: string } }>, status: number) {
  const { body, status: got } = await answer
  expect([got, body.errorCode]).toEqual([status, undefined])
}

async function action(more: object = {}) {
  const body = { name: 'Greet', supported_triggers: [{ id: 'post-login', version: 'v3' }], code: 'a', ...more }
  return (await b.call('actions.create', { body })).body
}

describe('T6 every 2xx has its effect on the next read', () => {
  it('makes a version with each deploy of an action, and says that all is deployed', async () => {
    const { id } = await action()
    const get = async () => (await b.call('actions.get', { params: { id } })).body
    expect(await get()).toMatchObject({ all_changes_deployed: false })
    expect(await get()).not.toHaveProperty('deployed_version')
    expect(await b.call('actions.deploy', { params: { id } })).toMatchObject({
      status: 200,
      body: { deployed: false, number: 1, action: { id, all_changes_deployed: false } },
    })
    expect(await get()).toMatchObject({ all_changes_deployed: true, deployed_version: { number: 1 } })
    await b.call('actions.update', { params: { id }, body: { code: 'b' } })
    expect(await get()).toMatchObject({ all_changes_deployed: false, deployed_version: { code: 'a' } })
    await b.call('actions.deploy', { params: { id } })
    const versions = (await b.call('actions.versions.list', { params: { actionId: id } })).body.versions
    expect(versions.map((each: { number: number; deployed: boolean }) => [each.number, each.deployed])).toEqual([
      [2, true],
      [1, false],
    ])
    const first = { actionId: id, id: versions[1].id }
    expect((await b.call('actions.versions.deploy', { params: first })).body).toMatchObject({ number: 3, code: 'a' })
  })

  it('binds deployed actions to triggers, and refuses others', async () => {
    const { id } = await action({ deploy: true })
    const draft = await action({ name: 'Draft' })
    const bind = (ref: object) =>
      b.call('actions.triggers.bindings.updateMany', {
        params: { triggerId: 'post-login' },
        body: { bindings: [{ ref, display_name: 'Mine' }] } as never,
      })
    expect((await bind({ type: 'action_id', value: draft.id })).status).toBe(400)
    expect((await bind({ type: 'action_name', value: 'nobody' })).status).toBe(404)
    expect((await bind({ type: 'action_name', value: 'Greet' })).status).toBe(200)
    const list = await b.call('actions.triggers.bindings.list', { params: { triggerId: 'post-login' } })
    expect(list.body.bindings).toMatchObject([{ display_name: 'Mine', action: { id } }])
    expect((await b.call('actions.delete', { params: { id } })).status).toBe(400)
    expect((await b.call('actions.delete', { params: { id }, query: { force: 'true' } })).status).toBe(204)
    const after = await b.call('actions.triggers.bindings.list', { params: { triggerId: 'post-login' } })
    expect(after.body.bindings).toEqual([])
  })

  it('publishes versions of modules', async () => {
    const { id } = (await b.call('actions.modules.create', { body: { name: 'm', code: 'x' } })).body
    await b.call('actions.modules.versions.create', { params: { id } })
    expect((await b.call('actions.modules.get', { params: { id } })).body).toMatchObject({
      all_changes_published: true,
      latest_version: { version_number: 1, code: 'x' },
    })
    expect((await b.call('actions.modules.versions.list', { params: { id } })).body.versions).toHaveLength(1)
  })

  it('registers an application by its metadata document, and rotates keys', async () => {
    const body = { external_client_id: 'https://app.example.net/client.json' }
    const { client_id } = (await b.call('clients.registerCimdClient', { body })).body
    expect((await b.call('clients.get', { params: { id: client_id } })).body).toMatchObject(body)
    expect((await b.call('clients.previewCimdMetadata', { body })).body.client_id).toBe(client_id)
    const keys = async () => (await b.call('keys.signing.list')).body as { kid: string; next?: boolean }[]
    const next = (await keys()).find((key) => key.next === true)?.kid
    expect((await b.call('keys.signing.rotate')).body.kid).toBe(next)
    expect(await keys()).toHaveLength(3)
  })

  it('keeps test events of a stream as deliveries, and counts them', async () => {
    const { id } = (
      await b.call('eventStreams.create', {
        body: {
          name: 's',
          subscriptions: [{ event_type: 'user.created' }],
          destination: {
            type: 'webhook',
            configuration: {
              webhook_endpoint: 'https://x.example',
              webhook_authorization: { method: 'bearer', token: 'hidden-token' },
            },
          },
        },
      })
    ).body
    const event = await b.call('eventStreams.test', { params: { id }, body: { event_type: 'user.created' } })
    expect(event).toMatchObject({ status: 202, body: { status: 'pending', event_stream_id: id } })
    const list = await b.call('eventStreams.deliveries.list', { params: { id } })
    expect(list.body.deliveries).toHaveLength(1)
    expect((await b.call('eventStreams.stats.get', { params: { id } })).body.buckets).toHaveLength(15)
  })
})

describe('T7 secrets that are only ever written', () => {
  it.each([
    ['actions.create', { name: 'a', supported_triggers: [], secrets: [{ name: 'KEY', value: 'only-written' }] }],
    ['actions.modules.create', { name: 'm', code: '', secrets: [{ name: 'KEY', value: 'only-written' }] }],
    ['flows.vault.connections.create', { name: 'v', app_id: 'HTTP', setup: { type: 'BEARER', token: 'only-written' } }],
    ['branding.phone.providers.create', { name: 'twilio', credentials: { auth_token: 'only-written' } }],
    [
      'emails.provider.create',
      { name: 'smtp', credentials: { smtp_host: 'h', smtp_port: 25, smtp_user: 'u', smtp_pass: 'only-written' } },
    ],
    ['attackProtection.captcha.update', { recaptcha_v2: { site_key: 's', secret: 'only-written' } }],
    ['guardian.factors.pushNotification.setFcmProvider', { server_key: 'only-written' }],
    ['guardian.factors.pushNotification.setApnsProvider', { bundle_id: 'b', p12: 'only-written' }],
    ['keys.networkAcls.create', { name: 'k', value: 'only-written' }],
  ])('%s does not show them', async (id, body) => {
    const made = await b.call(id, { body: body as never })
    expect(made.status).toBeLessThan(300)
    expect(JSON.stringify(made.body ?? {})).not.toContain('only-written')
    const read = id.replace(/\.(create|update|set(\w*))$/, (_all, verb: string, name?: string) =>
      verb === 'create' && id !== 'emails.provider.create' ? '.get' : name ? `.get${name}` : '.get',
    )
    if (read.includes('Fcm')) return
    const params = { id: made.body?.id ?? '' }
    expect(JSON.stringify((await b.call(read, { params })).body)).not.toContain('only-written')
  })

  it('shows names of action secrets, keeps those that a change names without a value', async () => {
    const { id } = await action({ secrets: [{ name: 'KEY', value: 'v' }] })
    const body = JSON.parse('{"secrets":[{"name":"KEY"},{"name":"TWO","value":"w"}]}')
    const changed = await b.call('actions.update', { params: { id }, body })
    expect(changed.body.secrets.map((secret: object) => Object.keys(secret))).toEqual([
      ['name', 'updated_at'],
      ['name', 'updated_at'],
    ])
  })
})

describe('T27 tokens of SCIM', () => {
  it.each<JsonObject>([{}, { token_lifetime: 900 }])('show once what they are, with %o', async (body) => {
    const params = { id: b.connection }
    expect((await b.call('connections.scimConfiguration.tokens.create', { params, body })).status).toBe(404)
    await b.call('connections.scimConfiguration.create', { params, body: {} })
    const made = await b.call('connections.scimConfiguration.tokens.create', { params, body })
    expect(made).toMatchObject({ status: 201, body: { token: expect.any(String), token_id: expect.any(String) } })
    const list = await b.call('connections.scimConfiguration.tokens.get', { params })
    expect(list.body).toMatchObject([{ token_id: made.body.token_id }])
    expect(JSON.stringify(list.body)).not.toContain(made.body.token)
  })
})

describe('T8 secrets of hooks', () => {
  it('takes away those that the body names, and hides all', async () => {
    const { id } = (
      await b.call('hooks.create', { body: { name: 'h', script: 's', triggerId: 'credentials-exchange' } })
    ).body
    const params = { id }
    expect((await b.call('hooks.secrets.create', { params, body: { ONE: '1', TWO: '2' } })).status).toBe(201)
    expect((await b.call('hooks.secrets.create', { params, body: { THREE: '3' } })).status).toBe(201)
    expect((await b.call('hooks.secrets.create', { params, body: { ONE: '1' } })).status).toBe(409)
    expect((await b.call('hooks.secrets.delete', { params, body: ['ONE', 'THREE'] })).status).toBe(204)
    expect((await b.call('hooks.secrets.get', { params })).body).toEqual({ TWO: '_VALUE_NOT_SHOWN_' })
  })
})

describe('T9 to T11 statuses and codes', () => {
  it('gives no code for what is unknown in many kinds', async () => {
    await codeless(b.call('organizations.get', { params: { id: 'org_none' } }), 404)
    await codeless(b.call('roles.get', { params: { id: 'rol_none' } }), 404)
    await codeless(b.call('actions.get', { params: { id: 'none' } }), 404)
    await codeless(b.call('logStreams.get', { params: { id: 'lst_0' } }), 404)
    await codeless(b.call('networkAcls.get', { params: { id: 'acl_none' } }), 404)
    await codeless(b.call('flows.get', { params: { id: 'af_none' } }), 404)
    await codeless(b.call('forms.get', { params: { id: 'ap_none' } }), 404)
    const params = { id: b.organization, connectionId: 'con_none', discovery_domain_id: 'none' }
    await codeless(b.call('organizations.enabledConnections.get', { params }), 404)
    await codeless(b.call('organizations.discoveryDomains.get', { params }), 404)
  })

  it.each([
    ['branding.templates.getUniversalLogin', {}, 404, 'inexistent_templates_universal_login'],
    ['rules.get', { id: 'rul_none' }, 404, 'inexistent_rule'],
    ['hooks.get', { id: 'none' }, 404, 'HookDoesNotExist'],
    ['connections.scimConfiguration.get', { id: 'con_none' }, 404, 'inexistent_connection'],
    ['connections.directoryProvisioning.get', { id: 'con_none' }, 404, 'inexistent_connection'],
    ['guardian.enrollments.get', { id: 'dev_none' }, 404, 'enrollment_not_found'],
    ['eventStreams.get', { id: 'est_not-an-id' }, 400, 'invalid_uri'],
    ['networkAcls.get', { id: 'acl_not_an_id' }, 400, 'invalid_uri'],
  ])('%s %o is %i %s', async (id, params, status, code) => {
    expect(await b.call(id, { params: params as never })).toMatchObject(failed(status, /./, code))
  })

  it.each([
    ['logStreams.delete', { id: 'lst_0' }, 204],
    ['organizations.discoveryDomains.delete', { id: '', discovery_domain_id: 'none' }, 204],
    ['clients.credentials.delete', { client_id: '', credential_id: 'none' }, 204],
    ['rules.delete', { id: 'none' }, 204],
    ['actions.delete', { id: 'none' }, 404],
    ['hooks.delete', { id: 'none' }, 404],
    ['flows.delete', { id: 'none' }, 404],
    ['flows.vault.connections.delete', { id: 'none' }, 404],
    ['forms.delete', { id: 'none' }, 404],
    ['branding.phone.providers.delete', { id: 'none' }, 404],
    ['branding.phone.templates.delete', { id: 'none' }, 404],
    ['branding.themes.delete', { themeId: 'none' }, 404],
    ['guardian.enrollments.delete', { id: 'none' }, 404],
  ])('%s of an unknown one is %3$i', async (id, names, status) => {
    const params: Record<string, string> = { ...names }
    if (params['id'] === '') params['id'] = b.organization
    if (params['client_id'] === '') params['client_id'] = b.client
    expect((await b.call(id, { params })).status).toBe(status)
  })
})

describe('T12 keys and defaults', () => {
  it.each([
    [{}, ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'], false, 2_592_000],
    [
      { app_type: 'non_interactive' },
      ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
      false,
      31_557_600,
    ],
    [{ app_type: 'spa' }, ['authorization_code', 'implicit', 'refresh_token'], false, 2_592_000],
    [{ app_type: 'resource_server' }, [], true, 2_592_000],
  ])('an application %o', async (more, grants, conformant, lifetime) => {
    const { body } = await b.call('clients.create', { body: { name: 'x', ...more } })
    expect(body).toMatchObject({
      grant_types: grants,
      oidc_conformant: conformant,
      is_token_endpoint_ip_header_trusted: false,
      refresh_token: { rotation_type: 'non-rotating', token_lifetime: lifetime, infinite_token_lifetime: true },
      // Applications that stand for an API are recorded with an algorithm in the place of a lifetime.
      jwt_configuration: {
        secret_encoded: false,
        ...(conformant ? { alg: 'RS256' } : { lifetime_in_seconds: 36_000 }),
      },
    })
  })

  it('merges settings of an application member by member', async () => {
    const made = await b.call('clients.create', {
      body: { name: 'x', jwt_configuration: { alg: 'RS256' }, native_social_login: { apple: { enabled: true } } },
    })
    expect(made.body.jwt_configuration).toEqual({ alg: 'RS256', secret_encoded: false })
    const body = {
      jwt_configuration: { lifetime_in_seconds: 60 },
      native_social_login: { facebook: { enabled: true } },
    }
    const changed = await b.call('clients.update', { params: { id: made.body.client_id }, body })
    expect(changed.body).toMatchObject({
      jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 60 },
      native_social_login: { apple: { enabled: true }, facebook: { enabled: true } },
    })
  })

  it('gives one key one id, and shows a new key once in the answer that stored it', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const keys = { private_key_jwt: { credentials: [{ credential_type: 'public_key', name: 'k', pem }] } }
    const made = await b.call('clients.create', { body: { name: 'x', client_authentication_methods: keys } })
    const [shown] = made.body.client_authentication_methods.private_key_jwt.credentials
    expect(shown).toMatchObject({ id: expect.stringMatching(/^cred_/), name: 'k', alg: 'RS256' })
    const read = await b.call('clients.get', { params: { id: made.body.client_id } })
    expect(read.body.client_authentication_methods.private_key_jwt.credentials).toEqual([{ id: shown.id }])
    const other = await b.call('clients.credentials.create', {
      params: { client_id: b.client },
      body: { credential_type: 'public_key', name: 'k', pem },
    })
    expect(other.body.kid).toBe(shown.kid)
  })

  it.each([
    ['auth0', { strategy_version: 2, brute_force_protection: true, passwordPolicy: 'good' }, undefined],
    ['sms', { brute_force_protection: true }, undefined],
    ['okta', { type: 'back_channel' }, false],
    ['samlp', {}, false],
  ])('a connection of %s', async (strategy, options, button) => {
    const { body } = await b.call('connections.create', { body: { name: 'new', strategy } })
    expect(body).toMatchObject({ enabled_clients: [], is_domain_connection: false, realms: ['new'] })
    expect(body.options).toMatchObject(options)
    expect(body.show_as_button).toBe(button)
  })

  it('keeps session lifetimes once, in hours', async () => {
    const { body } = await b.call('tenants.settings.update', {
      body: { session_lifetime_in_minutes: 90, idle_session_lifetime_in_minutes: 30 },
    })
    expect(body).toMatchObject({ session_lifetime: 1.5, idle_session_lifetime: 0.5 })
    expect(body).not.toHaveProperty('session_lifetime_in_minutes')
  })

  it('tells settings that nobody has set', async () => {
    expect((await b.call('tenants.settings.get')).body).toMatchObject({
      universal_login: { colors: { primary: '#0059d6' } },
      session_cookie: { mode: 'persistent' },
      resource_parameter_profile: 'audience',
    })
    expect((await b.call('attackProtection.captcha.get')).body).toMatchObject({
      arkose: { site_key: '' },
      simple_captcha: {},
    })
    const screen = { prompt: 'login-id', screen: 'login-id' }
    expect((await b.call('prompts.rendering.get', { params: screen })).body).toMatchObject({
      ...screen,
      rendering_mode: 'standard',
      filters: null,
    })
  })
})

describe('T13 records that every tenant has', () => {
  it('follows the themes with the default theme', async () => {
    expect((await b.call('branding.themes.getDefault')).status).toBe(404)
    const { themeId } = (await b.call('branding.themes.create', { body: { displayName: 'T' } })).body
    expect((await b.call('branding.themes.getDefault')).body.themeId).toBe(themeId)
    await b.call('branding.themes.delete', { params: { themeId } })
    expect((await b.call('branding.themes.getDefault')).status).toBe(404)
  })

  it('has keys, triggers and default mappings', async () => {
    const types = (await b.call('keys.encryption.list')).body.map((key: { type: string }) => key.type)
    expect(types).toEqual(['environment-root-key', 'tenant-master-key'])
    for (const triggerId of ['password-hash-migration', 'custom-phone-provider'])
      expect((await b.call('actions.triggers.bindings.list', { params: { triggerId } })).status).toBe(200)
    const params = { id: b.connection }
    for (const part of ['scimConfiguration', 'directoryProvisioning']) {
      const { body } = await b.call(`connections.${part}.getDefaultMapping`, { params })
      expect(body.mapping.length).toBeGreaterThan(20)
    }
  })

  it('keeps a destroyed key in the list', async () => {
    const { kid } = (await b.call('keys.encryption.create', { body: { type: 'customer-provided-root-key' } })).body
    await b.call('keys.encryption.delete', { params: { kid } })
    expect((await b.call('keys.encryption.get', { params: { kid } })).body.state).toBe('destroyed')
  })
})

describe('T14 passwords under the policy good', () => {
  it.each(['words with Blanks', 'under_score-Dash', 'Tilde~pipe|'])('%s is strong enough', async (password) => {
    const body = { connection: 'Username-Password-Authentication', email: 'p@example.com', password }
    expect((await b.call('users.create', { body })).status).toBe(201)
  })

  it.each(['onlyletters', 'lower and upper'.replaceAll(' ', '')])('%s is not', async (password) => {
    const body = { connection: 'Username-Password-Authentication', email: 'p@example.com', password }
    expect((await b.call('users.create', { body })).status).toBe(400)
  })
})

describe('T15 flexible identifiers', () => {
  const identifier = { identifier: { active: true } }
  const database = (attributes: object) =>
    b.call('connections.create', {
      body: { name: 'flexible', strategy: 'auth0', options: { attributes } } as never,
    })
  const create = (fields: object) =>
    b.call('users.create', { body: { connection: 'flexible', password: 'Flexible-Pass-1', ...fields } })

  it.each([
    [{ username: identifier }, { username: 'somebody' }],
    [{ phone_number: identifier }, { phone_number: '+15005550001' }],
    [{ email: identifier, username: identifier }, { username: 'somebody' }],
    [{ email: identifier, phone_number: identifier }, { email: 'somebody@example.com' }],
  ])('%o takes a user with %o, once', async (attributes, fields) => {
    await database(attributes)
    expect(await create(fields)).toMatchObject({ status: 201, body: fields })
    expect((await create(fields)).status).toBe(409)
    expect((await create({})).status).toBe(400)
  })
})

describe('T16 references and cascades', () => {
  it('takes grants and permissions with their API', async () => {
    const identifier = 'https://gone.example.com/'
    const made = await b.call('resourceServers.create', { body: { identifier, scopes: [{ value: 'a' }] } })
    const grant = await b.call('clientGrants.create', {
      body: { client_id: b.client, audience: identifier, scope: [] },
    })
    const permissions = [{ resource_server_identifier: identifier, permission_name: 'a' }]
    const role = b.lab.seed.roles[0]?.id ?? ''
    await b.call('roles.permissions.add', { params: { id: role }, body: { permissions } })
    await b.call('users.permissions.create', { params: { id: b.user }, body: { permissions } })
    await b.call('resourceServers.delete', { params: { id: made.body.id } })
    expect((await b.call('clientGrants.get', { params: { id: grant.body.id } })).status).toBe(404)
    expect((await b.call('roles.permissions.list', { params: { id: role } })).body).toEqual([])
    expect((await b.call('users.permissions.list', { params: { id: b.user } })).body).toEqual([])
  })

  it('takes memberships, grants and blocks with what they belong to', async () => {
    const { tables } = b.tenant
    await b.call('organizations.delete', { params: { id: b.organization } })
    expect(tables.members.where('organization_id', b.organization)).toEqual([])
    const role = b.lab.seed.roles[0]?.id ?? ''
    await b.call('users.roles.assign', { params: { id: b.user }, body: { roles: [role] } })
    await b.call('roles.delete', { params: { id: role } })
    expect(tables.userRoles.get(b.user)?.roles).toEqual([])
    await b.call('clients.delete', { params: { id: b.client } })
    expect(tables.clientGrants.where('client_id', b.client)).toEqual([])
  })

  it.each([
    [
      'tokenExchangeProfiles.create',
      { name: 't', subject_token_type: 'urn:x', type: 'custom_authentication', action_id: 'none' },
    ],
    ['selfServiceProfiles.create', { name: 's', user_attribute_profile_id: 'uap_none' }],
    [
      'deviceCredentials.createPublicKey',
      { client_id: 'none', device_name: 'd', device_id: '1', type: 'public_key', value: 'v' },
    ],
  ])('%s refuses what is not there', async (id, body) => {
    expect((await b.call(id, { body: body as never })).status).toBe(400)
  })

  it('filters actions', async () => {
    await action({ deploy: true })
    await action({ name: 'Other', supported_triggers: [{ id: 'credentials-exchange', version: 'v2' }] })
    const names = async (query: Record<string, string>) =>
      (await b.call('actions.list', { query })).body.actions.map((each: { name: string }) => each.name)
    expect(await names({ triggerId: 'credentials-exchange' })).toEqual(['Other'])
    expect(await names({ deployed: 'true' })).toEqual(['Greet'])
    expect(await names({ actionName: 'Greet' })).toEqual(['Greet'])
  })
})

describe('applications of an organization', () => {
  it('are associated, changed and taken away', async () => {
    const params = { id: b.organization }
    const body = { clients: [{ client_id: b.client, use_for_member_access: true }] }
    expect(await b.call('organizations.clients.create', { params, body })).toMatchObject({
      status: 201,
      body: [{ client_id: b.client, client: { name: 'Tenantlab' } }],
    })
    const one = { ...params, client_id: b.client }
    await b.call('organizations.clients.update', { params: one, body: { use_for_member_access: false } })
    expect((await b.call('organizations.clients.get', { params: one })).body.use_for_member_access).toBe(false)
    await b.call('organizations.clients.delete', { params, body: { clients: [b.client] } })
    expect((await b.call('organizations.clients.list', { params })).body.clients).toEqual([])
  })
})
