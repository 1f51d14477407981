// What recorded tenants add to a record, or refuse of it, stated in own words: T12, T16 and T26 of the list of faults.
import { createHash, generateKeyPairSync } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/plan/index.ts'
import { type Bench, bench } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
})

async function connection(strategy: string, options: JsonObject = {}) {
  return await b.call('connections.create', { body: { name: 'one', strategy, options } })
}

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBvjCCAWWgAwIBAgIUdLvIAeP0yp24dFbzUMQ65XkIbEQwCgYIKoZIzj0EAwIw
NTELMAkGA1UEBhMCQVUxEDAOBgNVBAoMB09uZSBMdGQxFDASBgNVBAMMC2lkcC5l
eGFtcGxlMB4XDTI2MTEzMDIzMDY1MloXDTM2MTEyNzIzMDY1MlowNTELMAkGA1UE
BhMCQVUxEDAOBgNVBAoMB09uZSBMdGQxFDASBgNVBAMMC2lkcC5leGFtcGxlMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbkwSI2WEZGwoV7Rqu2XF2JLiDvILKaI+
zlkyF7LYFl3t5mg/bUvl7egbx/0H7GCn0IX8PRQ2adDZaKL7fAelcqNTMFEwHQYD
VR0OBBYEFFOAWJxf3L+eOEcunwPGKex2TCbBMB8GA1UdIwQYMBaAFFOAWJxf3L+e
OEcunwPGKex2TCbBMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIg
Xi8p5lXQSexsECkjaZll+fol+usXi+iU9Cv94q0HPdwCICLREz42ajR157LeCXpJ
gdaMGoneZcSfB8p/IZdD8+Pq
-----END CERTIFICATE-----
`

const active = { identifier: { active: true }, profile_required: true, signup: { status: 'required' } }

describe('T12 options of a connection, by strategy', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'oidc',
      { client_id: 'a' },
      { schema_version: 'oidc-V4', type: 'front_channel', connection_settings: { pkce: 'auto' } },
    ],
    [
      'oidc',
      { attribute_map: { attributes: { a: 'b' } } },
      { attribute_map: { mapping_mode: 'bind_all', attributes: { a: 'b' } } },
    ],
    ['okta', { domain: 'a.okta.com' }, { attribute_map: { mapping_mode: 'basic_profile' }, type: 'back_channel' }],
    ['google-apps', {}, { handle_login_from_social: true, scope: ['email', 'profile'] }],
    ['waad', { use_wsfed: true }, { waad_protocol: 'ws-federation', useCommonEndpoint: false }],
    ['adfs', {}, { should_trust_email_verified_connection: 'always_set_emails_as_verified', thumbprints: [] }],
    ['wordpress', {}, { profile: true, scope: ['profile'] }],
    ['line', {}, { profile: true, scope: ['openid', 'profile'] }],
  ])('%s %j', async (strategy, sent, added) => {
    const made = await connection(strategy, sent)
    expect(made.body.options).toMatchObject({ ...sent, ...added })
    const read = await b.call('connections.get', { params: { id: made.body.id } })
    expect(read.body.options).toMatchObject({ ...sent, ...added })
  })

  it('completes the rules of passwords, and leaves the older policy out then', async () => {
    const { body } = await connection('auth0', { password_options: { history: { active: true, size: 5 } } })
    expect(body.options.password_options).toMatchObject({
      history: { active: true, size: 5 },
      complexity: { min_length: 15, character_type_rule: 'all' },
      dictionary: { active: false, default: 'en_100k', custom: [] },
      profile_data: { active: false },
    })
    expect(body.options).not.toHaveProperty('passwordPolicy')
    expect(
      (await b.call('connections.create', { body: { name: 'two', strategy: 'auth0' } })).body.options,
    ).toMatchObject({
      passwordPolicy: 'good',
    })
  })

  it('says of an address as identifier that it is unique and proven by a link', async () => {
    const { body } = await connection('auth0', { attributes: { email: active, username: active } })
    expect(body.options.attributes.email).toMatchObject({ unique: true, verification_method: 'link' })
    expect(body.options.attributes.username).toEqual(active)
    const other = { attributes: { email: { ...active, verification_method: 'otp', unique: false } } }
    const changed = await b.call('connections.update', { params: { id: body.id }, body: { options: other } })
    expect(changed.body.options.attributes.email).toMatchObject({ unique: false, verification_method: 'otp' })
  })

  it('adds to changed options of a database how people log in, and nothing that was made with it', async () => {
    const { body } = await connection('auth0')
    const changed = await b.call('connections.update', {
      params: { id: body.id },
      body: { options: { import_mode: true } },
    })
    expect(changed.body.options).toMatchObject({
      import_mode: true,
      authentication_methods: { passkey: { enabled: false } },
    })
    expect(changed.body.options).not.toHaveProperty('strategy_version')
  })
})

describe('T12 certificates and metadata of identity providers', () => {
  it('reads endpoints and bindings out of SAML metadata, and does not keep the text', async () => {
    const metadataXml = `<EntityDescriptor><IDPSSODescriptor>
      <md:SingleLogoutService Binding="b" Location="https://idp.example/out"/>
      <md:SingleSignOnService Binding="urn:redirect" Location="https://idp.example/in?a=1&amp;b=2"/></IDPSSODescriptor></EntityDescriptor>`
    const { body } = await connection('samlp', { metadataXml })
    expect(body.options).toMatchObject({
      signInEndpoint: 'https://idp.example/in?a=1&b=2',
      signOutEndpoint: 'https://idp.example/out',
      bindingMethod: 'urn:redirect',
      assertion_decryption_settings: { algorithm_profile: 'v2026-1', algorithm_exceptions: [] },
    })
    expect(body.options).not.toHaveProperty('metadataXml')
  })

  it('says what a certificate says, and keeps what is none', async () => {
    const { body } = await connection('pingfederate', { signingCert: CERTIFICATE })
    const read = {
      cert: CERTIFICATE,
      thumbprints: ['e70eb4f5c65e7d3cff502493d5bbfa00590b6605'],
      subject: { countryName: 'AU', organizationName: 'One Ltd', commonName: 'idp.example' },
      expires: '2036-11-27T23:06:52.000Z',
    }
    expect(body.options).toMatchObject(read)
    expect(body.options).not.toHaveProperty('signingCert')
    const lines = CERTIFICATE.split('\n').slice(1, -2).join('\n')
    const metadataXml = `<KeyDescriptor><ds:X509Certificate>${lines}</ds:X509Certificate></KeyDescriptor>`
    const saml = await b.call('connections.create', {
      body: { name: 'xml', strategy: 'samlp', options: { metadataXml } },
    })
    expect(saml.body.options).toMatchObject({ ...read, signingCert: Buffer.from(CERTIFICATE).toString('base64') })
    const odd = await b.call('connections.create', {
      body: { name: 'two', strategy: 'pingfederate', options: { signingCert: 'no certificate' } },
    })
    expect(odd.body.options).toMatchObject({ signingCert: 'no certificate' })
  })
})

describe('T16 identifiers of a database that contradict each other', () => {
  it.each<[string, JsonObject]>([
    [
      'Cannot set both options.attributes and options.requires_username',
      { requires_username: true, attributes: { email: active } },
    ],
    [
      'Cannot set both options.attributes and options.validation',
      { validation: { username: { min: 1, max: 5 } }, attributes: { username: active } },
    ],
    [
      'attributes must contain one active identifier',
      { attributes: { email: { ...active, identifier: { active: false } } } },
    ],
    ['attributes must contain one active identifier', { attributes: {} }],
    [
      'attribute phone_number must also be required on signup',
      { attributes: { phone_number: { ...active, signup: { status: 'inactive' } } } },
    ],
    [
      'attribute username must also be required on signup',
      { attributes: { email: active, username: { ...active, signup: { status: 'optional' } } } },
    ],
  ])('%s', async (message, options) => {
    expect(await connection('auth0', options)).toMatchObject({
      status: 400,
      body: { message, errorCode: 'invalid_body' },
    })
    const { body } = await connection('auth0')
    const changed = await b.call('connections.update', { params: { id: body.id }, body: { options } })
    expect(changed).toMatchObject({ status: 400, body: { message } })
  })
})

describe('T9 answers to writes', () => {
  it('answers an empty object where there is nothing to say', async () => {
    const server = { identifier: 'https://api.one', scopes: [{ value: 'read:a' }] }
    await b.call('resourceServers.create', { body: server })
    const permissions = [{ resource_server_identifier: server.identifier, permission_name: 'read:a' }]
    expect(await b.call('users.permissions.create', { params: { id: b.user }, body: { permissions } })).toMatchObject({
      status: 201,
      body: {},
    })
    for (const operation of ['users.sessions.delete', 'users.refreshToken.delete'])
      expect(await b.call(operation, { params: { user_id: b.user } })).toMatchObject({ status: 202, body: {} })
  })

  it('answers 201 to the first page template and 204 to the next', async () => {
    const put = () => b.call('branding.templates.updateUniversalLogin', { body: { template: 'a' } })
    expect([(await put()).status, (await put()).status]).toEqual([201, 204])
    await b.call('branding.templates.deleteUniversalLogin')
    expect((await put()).status).toBe(201)
  })
})

describe('T12 defaults of other records', () => {
  it('draws a picture with the first letters where an address has none', async () => {
    const make = async (email: string) =>
      (
        await b.call('users.create', {
          body: { connection: 'Username-Password-Authentication', email, password: 'Aa1!aaaaaaaa' },
        })
      ).body.picture
    expect(await make('zoe@example.com')).toMatch(/&d=https%3A%2F%2Fcdn\.auth0\.com%2Favatars%2Fzo\.png$/)
    expect(await make('q.x@example.com')).toContain('avatars%2Fqx.png')
  })

  it('keeps members of a stage that a change does not name', async () => {
    const change = (id: string, stage: JsonObject) => b.call(`attackProtection.${id}.update`, { body: { stage } })
    const throttled = await change('suspiciousIpThrottling', { 'pre-login': { max_attempts: 7 } })
    expect(throttled.body.stage).toMatchObject({
      'pre-login': { max_attempts: 7, rate: 864_000 },
      'pre-user-registration': { max_attempts: 50 },
      'pre-custom-token-exchange': { max_attempts: 10, rate: 600_000 },
    })
    const breached = await change('breachedPasswordDetection', { 'pre-change-password': { shields: ['block'] } })
    expect(breached.body.stage).toEqual({
      'pre-change-password': { shields: ['block'] },
      'pre-user-registration': { shields: [] },
    })
  })

  it('finds an API by its identifier, encoded once or twice', async () => {
    const identifier = 'https://api.example/v1?a=b'
    const { id } = (await b.call('resourceServers.create', { body: { identifier } })).body
    for (const given of [identifier, encodeURIComponent(identifier)])
      expect((await b.call('resourceServers.get', { params: { id: given } })).body.id).toBe(id)
    expect((await b.call('resourceServers.get', { params: { id: '%E0%A4%A' } })).status).toBe(404)
  })

  it('shows the thumbprint of a key that tokens are encrypted with, never the key', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const { e, n } = publicKey.export({ format: 'jwk' })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const token_encryption = { format: 'compact-nested-jwe', encryption_key: { alg: 'RSA-OAEP-256', pem } }
    const { body } = await b.call('resourceServers.create', { body: { identifier: 'https://e', token_encryption } })
    expect(body.token_encryption.encryption_key).toEqual({
      alg: 'RSA-OAEP-256',
      thumbprint_sha256: createHash('sha256').update(`{"e":"${e}","kty":"RSA","n":"${n}"}`).digest('base64url'),
    })
    const bad = { ...token_encryption, encryption_key: { alg: 'RSA-OAEP-256', pem: 'none' } }
    expect(
      (await b.call('resourceServers.update', { params: { id: body.id }, body: { token_encryption: bad } })).status,
    ).toBe(400)
  })

  it('lets people sign up, or not, only where an organization enables a database', async () => {
    const add = async (strategy: string) => {
      const { id } = (await b.call('connections.create', { body: { name: strategy, strategy } })).body
      return (
        await b.call('organizations.enabledConnections.add', {
          params: { id: b.organization },
          body: { connection_id: id },
        })
      ).body
    }
    expect(await add('auth0')).toMatchObject({ is_signup_enabled: false })
    expect(await add('okta')).not.toHaveProperty('is_signup_enabled')
  })

  it('shows a binding with the versions of its action', async () => {
    const body = { name: 'a', code: 'b', supported_triggers: [{ id: 'post-login', version: 'v3' }], deploy: true }
    const { id } = (await b.call('actions.create', { body })).body
    const ref = { type: 'action_id', value: id }
    const bound = await b.call('actions.triggers.bindings.updateMany', {
      params: { triggerId: 'post-login' },
      body: { bindings: [{ ref }] },
    })
    expect(bound.body.bindings[0].action).toMatchObject({
      current_version: { status: 'BUILT', number: 1, build_time: expect.any(String) },
      deployed_version: { deployed: true },
      all_changes_deployed: false,
    })
  })

  it('names the modules of an action, and the numbers of their versions', async () => {
    const module = (await b.call('actions.modules.create', { body: { name: 'm', code: 'x' } })).body
    const version = (await b.call('actions.modules.versions.create', { params: { id: module.id } })).body
    const modules = [{ module_id: module.id, module_version_id: version.id }]
    const body = { name: 'a', supported_triggers: [{ id: 'post-login', version: 'v3' }], modules }
    const made = await b.call('actions.create', { body })
    expect(made.body.modules).toMatchObject([{ module_name: 'm', module_version_number: 1 }])
  })

  it('shows empty what null clears, where a record begins so', async () => {
    const profile = (
      await b.call('selfServiceProfiles.create', {
        body: { name: 'p', user_attributes: [{ name: 'a', description: 'b', is_optional: true }] },
      })
    ).body
    const cleared = await b.call('selfServiceProfiles.update', {
      params: { id: profile.id },
      body: { user_attributes: null },
    })
    expect(cleared.body.user_attributes).toEqual([])
    const params = { prompt: 'login', screen: 'login' }
    await b.call('prompts.rendering.update', {
      params,
      body: { filters: null, head_tags: null, rendering_mode: 'advanced' },
    })
    expect((await b.call('prompts.rendering.get', { params })).body).toMatchObject({ filters: null, head_tags: [] })
  })
})

describe('T7 what scripts of a database are configured with', () => {
  it.each([
    ['secret-one', 'secret-two'],
    ['', '2.0$'],
  ])('comes back sealed, and may be written again: %j', async (first, second) => {
    const { body } = await connection('auth0', { configuration: { first, second } })
    const sealed = body.options.configuration
    expect(Object.values(sealed).every((value) => String(value).startsWith('2.0$'))).toBe(true)
    expect(JSON.stringify(body)).not.toMatch(/secret-(one|two)/)
    const again = await b.call('connections.update', { params: { id: body.id }, body: { options: body.options } })
    expect(again.body.options.configuration).toEqual(sealed)
  })
})

describe('T10 what is said of what is not there', () => {
  it.each<[string, Record<string, string>, string]>([
    ['branding.phone.providers.get', { id: 'x' }, 'Notification Resource not found'],
    ['branding.phone.templates.delete', { id: 'x' }, 'Notification Resource not found'],
    ['branding.phone.templates.test', { id: 'x' }, 'Notification Resource not found'],
    ['branding.themes.get', { themeId: 'x' }, 'There was an error retrieving branding settings: invalid theme ID'],
    ['branding.themes.delete', { themeId: 'x' }, 'There was an error deleting branding settings: invalid theme ID'],
    ['branding.themes.getDefault', {}, 'There was an error retrieving branding settings: invalid theme ID'],
    ['emailTemplates.get', { templateName: 'verify_email' }, 'The template does not exist.'],
    ['emails.provider.get', {}, 'There is not a configured email provider'],
    ['flows.get', { id: 'x' }, 'Flow not found'],
    ['forms.delete', { id: 'x' }, 'Form not found'],
    ['flows.vault.connections.delete', { id: 'x' }, 'Connection not found'],
    ['hooks.get', { id: 'x' }, 'Error: Hook does not exist'],
    ['customDomains.get', { id: 'cd_x' }, 'The custom domain cd_x does not exist'],
    ['selfServiceProfiles.get', { id: 'ssp_x' }, 'Profile with ID: ssp_x not found'],
    ['tokenExchangeProfiles.get', { id: 'x' }, 'Token exchange profile not found.'],
    ['userAttributeProfiles.get', { id: 'x' }, 'User attribute profile not found.'],
    ['clientGrants.get', { id: 'x' }, 'The grant does not exist.'],
    ['organizations.get', { id: 'x' }, 'No organization found by that id or name'],
    ['resourceServers.get', { id: 'x' }, 'The resource server does not exist'],
  ])('%s %j', async (id, params, message) => {
    const body = id.endsWith('.test') ? { to: '+15550100' } : undefined
    expect(await b.call(id, { params, ...(body === undefined ? {} : { body }) })).toMatchObject({
      status: 404,
      body: { message },
    })
  })

  it('says that a test message is on its way, and keeps the syntax of a template', async () => {
    const made = await b.call('branding.phone.templates.create', {
      body: { type: 'otp_verify', content: { from: '+1555' } },
    })
    expect(made.body.content).toMatchObject({ syntax: 'liquid', from: '+1555' })
    const content = { body: { text: '{{ code }}' } }
    const changed = await b.call('branding.phone.templates.update', { params: { id: made.body.id }, body: { content } })
    expect(changed.body.content).toEqual({ syntax: 'liquid', ...content })
    const sent = await b.call('branding.phone.templates.test', {
      params: { id: made.body.id },
      body: { to: '+15550100' },
    })
    expect(sent).toMatchObject({
      status: 202,
      body: { code: 202, message: 'Test notification successfully sent for processing' },
    })
  })
})
