// What Auth0 makes itself, and what it refuses to refer to: T12, T16 and T26 of the list of faults.
import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/plan/index.ts'
import { type Bench, bench } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
})

describe('T12: an API that Auth0 makes itself says what it is', () => {
  it.each([
    ['me', 'Auth0 My Account API', 600, 'create:me:connected_accounts', 'Create Connected Accounts'],
    ['my-org', 'Auth0 My Organization API', 600, 'read:my_org:details', 'Read Details'],
    ['urn', 'Okta OIN Express Configuration API', 300, 'express_configure:sso', 'Ability to create SSO configurations'],
  ])('%s: %s', async (path, name, token_lifetime, value, description) => {
    const identifier = path === 'urn' ? 'urn:auth0:express-configure' : `https://${b.tenant.domain}/${path}/`
    const made = await b.call('resourceServers.create', {
      body: { identifier, name: 'a name of mine', scopes: [{ value: 'mine' }] },
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ identifier, is_system: true, name, token_lifetime })
    expect(made.body.subject_type_authorization.client).toEqual({ policy: 'deny_all' })
    expect(made.body.scopes).toContainEqual({ value, description })
    expect(made.body.scopes).not.toContainEqual({ value: 'mine' })
    const params = { id: made.body.id }
    const changes: JsonObject[] = [{ name: 'another' }, { scopes: [] }, { signing_alg: 'HS256' }]
    for (const body of changes) expect((await b.call('resourceServers.update', { params, body })).status).toBe(400)
    expect((await b.call('resourceServers.update', { params, body: { name } })).status).toBe(200)
    expect((await b.call('resourceServers.update', { params, body: { token_lifetime: 700 } })).status).toBe(200)
    expect((await b.call('resourceServers.get', { params })).body).toMatchObject({ name, token_lifetime: 700 })
    expect((await b.call('resourceServers.delete', { params })).status).toBe(204)
    expect((await b.call('resourceServers.get', { params })).status).toBe(404)
  })

  it('keeps the settings that came with the wish', async () => {
    const authorization_policy = { policy_id: '5a2f7dc0-0000-4000-a000-000000000001' }
    const identifier = `https://${b.tenant.domain}/me/`
    const made = await b.call('resourceServers.create', { body: { identifier, authorization_policy } })
    expect(made.body).toMatchObject({ authorization_policy, proof_of_possession: { mechanism: 'dpop' } })
  })

  it.each(['/me', '/me/x/', '/my-org'])('takes https://{domain}%s as an API like any other', async (path) => {
    const identifier = `https://${b.tenant.domain}${path}`
    const made = await b.call('resourceServers.create', { body: { identifier, name: 'mine' } })
    expect(made.body.name).toBe('mine')
    expect(made.body.is_system).toBeUndefined()
  })
})

describe('T12: applications of Auth0 own kinds', () => {
  it('gives an express configuration its callback, its organization rule and its keys', async () => {
    const { body } = await b.call('clients.create', { body: { name: 'x', app_type: 'express_configuration' } })
    expect(body).toMatchObject({
      callbacks: ['https://system-admin.okta.com/admin/app/generic/oauth20redirect'],
      organization_usage: 'require',
      client_authentication_methods: { private_key_jwt: { credentials: [] } },
      jwt_configuration: { alg: 'RS256', secret_encoded: false },
    })
  })

  it.each([
    ['resource_server', { alg: 'RS256', secret_encoded: false }],
    ['express_configuration', { alg: 'RS256', secret_encoded: false }],
    ['native', { lifetime_in_seconds: 36_000, secret_encoded: false }],
    ['regular_web', { lifetime_in_seconds: 36_000, secret_encoded: false }],
  ])('%s has the settings of tokens %j', async (app_type, expected) => {
    const { body } = await b.call('clients.create', { body: { name: 'x', app_type, oidc_conformant: true } })
    expect(body.jwt_configuration).toEqual(expected)
  })
})

describe('T16: an application refers to nothing that is not there', () => {
  it.each<JsonObject>([
    { my_organization_configuration: { connection_profile_id: 'cop_a', allowed_strategies: ['okta'] } },
    { my_organization_configuration: { user_attribute_profile_id: 'uap_a', allowed_strategies: ['okta'] } },
    { express_configuration: { connection_profile_id: 'cop_b' } },
    { express_configuration: { user_attribute_profile_id: 'uap_b' } },
    { express_configuration: { linked_clients: [{ client_id: 'nobody' }] } },
    { default_organization: { organization_id: 'org_a', flows: ['client_credentials'] } },
    { app_type: 'resource_server', resource_server_identifier: 'https://nothing.example.com/' },
  ])('%j', async (body) => {
    const refused = { status: 400, body: { message: expect.stringContaining('does not exist') } }
    expect(await b.call('clients.create', { body: { name: 'x', ...body } })).toMatchObject(refused)
    const made = await b.call('clients.create', { body: { name: 'y' } })
    expect(await b.call('clients.update', { params: { id: made.body.client_id }, body })).toMatchObject(refused)
  })

  it('takes profiles that are there', async () => {
    const profile = await b.call('connectionProfiles.create', { body: { name: 'one' } })
    const my_organization_configuration = { connection_profile_id: profile.body.id, allowed_strategies: ['okta'] }
    const made = await b.call('clients.create', { body: { name: 'x', my_organization_configuration } })
    expect(made.body.my_organization_configuration).toEqual(my_organization_configuration)
  })
})

describe('T26: answers to writes', () => {
  it('says null for the description that a new role lacks, and shows an empty one from then on', async () => {
    const made = await b.call('roles.create', { body: { name: 'one' } })
    expect(made.body.description).toBeNull()
    expect((await b.call('roles.get', { params: { id: made.body.id } })).body.description).toBe('')
    const told = await b.call('roles.create', { body: { name: 'two', description: 'Two' } })
    expect(told.body.description).toBe('Two')
  })

  it('answers 201 to a change of the secrets of a hook', async () => {
    const hook = { name: 'one', script: 'module.exports = () => {}', triggerId: 'credentials-exchange' }
    const { body } = await b.call('hooks.create', { body: hook })
    const params = { id: body.id }
    await b.call('hooks.secrets.create', { params, body: { ONE: '1', TWO: '2' } })
    expect((await b.call('hooks.secrets.update', { params, body: { ONE: '3' } })).status).toBe(201)
  })

  it('shows a default audience and class references that were never set as empty', async () => {
    const { body } = await b.call('tenants.settings.get')
    expect(body).toMatchObject({ acr_values_supported: [], default_audience: '' })
  })
})
