// What an export of auth0-deploy-cli holds beside applications, connections, roles and organizations.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { manage, start } from './bench.ts'

function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-from-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

const EXPORT = {
  'hooks/Check.json': {
    name: 'Check',
    enabled: true,
    script: './hooks/Check.js',
    triggerId: 'pre-user-registration',
    secrets: { KEY: 'x' },
  },
  'hooks/Check.js': 'module.exports = () => {}',
  'rules/Old.json': { name: 'Old', script: './Old.js', order: 1, enabled: false, stage: 'login_success' },
  'rules/Old.js': 'function old() {}',
  'rules-configs/COLOR.json': { key: 'COLOR', value: 'blue' },
  'action-modules/shared.json': {
    name: 'shared',
    code: './action-modules/shared/code.js',
    secrets: [{ name: 'K' }],
    dependencies: [],
    all_changes_published: true,
    latest_version_number: 1,
    actions_using_module_total: 1,
  },
  'action-modules/shared/code.js': 'exports.one = 1',
  'actions/Uses.json': {
    name: 'Uses',
    code: 'a',
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
    deployed: true,
    modules: [{ module_name: 'shared', module_version_number: 1 }],
  },
  'flow-vault-connections/Http.json': { name: 'Http', app_id: 'HTTP', account_name: 'x', ready: false },
  'flows/Call.json': {
    name: 'Call',
    actions: [{ id: 'a', type: 'HTTP', action: 'SEND_REQUEST', params: { connection_id: 'Http' } }],
  },
  'forms/Ask.json': { name: 'Ask', nodes: [{ id: 'n', type: 'FLOW', config: { flow_id: 'Call' } }] },
  'phone-providers/provider.json': [
    { name: 'twilio', disabled: false, configuration: { sid: 'AC1', delivery_methods: ['text'] } },
  ],
  'phone-templates/otp_verify.json': { type: 'otp_verify', disabled: false, content: { body: { text: '{{ code }}' } } },
  'guardian/phoneFactorMessageTypes.json': { message_types: ['voice'] },
  'guardian/phoneFactorSelectedProvider.json': { provider: 'twilio' },
  'guardian/templates/sms.json': {
    name: 'sms',
    enrollment_message: 'enrol {{code}}',
    verification_message: 'code {{code}}',
  },
  'guardian/providers/sms-twilio.json': {
    name: 'sms',
    provider: 'twilio',
    from: '+1555',
    messaging_service_sid: 'MG1',
    sid: 'AC1',
    auth_token: 't',
  },
  'prompts/prompts.json': { identifier_first: true },
  'prompts/partials.json': {
    login: [{ login: [{ name: 'form-content-start', template: 'partials/login/login/form-content-start.liquid' }] }],
  },
  'prompts/partials/login/login/form-content-start.liquid': '<b>Hello</b>',
  'prompts/screenRenderSettings/signup_signup.json': {
    prompt: 'signup',
    screen: 'signup',
    rendering_mode: 'advanced',
    head_tags: [],
  },
  'branding/templates/universal_login.json': {
    template: 'universal_login',
    body: './branding/templates/universal_login.html',
  },
  'branding/templates/universal_login.html': '<html>{%- auth0:head -%}{%- auth0:widget -%}</html>',
  'rate-limit-policies/all.json': {
    resource: 'oauth_authentication_api',
    consumer: 'client',
    consumer_selector: 'all',
    configuration: { action: 'allow' },
  },
  'attack-protection/captcha.json': { active_provider_id: 'simple_captcha' },
  'risk-assessment/settings.json': { settings: { enabled: true }, new_device: { remember_for: 7 } },
  'clients/Job.json': { name: 'Job', app_type: 'non_interactive', organization_usage: 'allow' },
  'resource-servers/Orders.json': {
    name: 'Orders',
    identifier: 'https://orders.example/',
    scopes: [{ value: 'read:orders' }],
  },
  'grants/Job.json': {
    client_id: 'Job',
    audience: 'https://orders.example/',
    scope: ['read:orders'],
    organization_usage: 'allow',
  },
  'organizations/north.json': {
    name: 'north',
    client_grants: [{ client_id: 'Job', audience: 'https://orders.example/' }],
  },
}

describe('T23 a tenant that begins with a whole export', () => {
  it('T23 takes hooks, rules, modules, flows, forms, phone settings, prompts and policies', async () => {
    const tenant = await start({ empty: true, from: folderWith(EXPORT) })
    expect(tenant.skipped).toEqual([])
    const read = async (path: string) => (await manage(tenant, 'GET', path)).body
    const [hook] = await read('/hooks')
    expect(hook).toMatchObject({ name: 'Check', script: 'module.exports = () => {}' })
    expect(Object.keys(await read(`/hooks/${hook.id}/secrets`))).toEqual(['KEY'])
    expect(await read('/rules')).toMatchObject([{ name: 'Old', script: 'function old() {}', enabled: false }])
    expect(await read('/rules-configs')).toEqual([{ key: 'COLOR' }])
    const [action] = (await read('/actions/actions')).actions
    expect(action).toMatchObject({ modules: [{ module_name: 'shared', module_version_number: 1 }] })
    const [vault] = (await read('/flows/vault/connections')) as { id: string }[]
    const [flow] = (await read('/flows')) as { id: string }[]
    expect((await read(`/flows/${flow?.id}`)).actions[0].params.connection_id).toBe(vault?.id)
    const [form] = (await read('/forms')) as { id: string }[]
    expect((await read(`/forms/${form?.id}`)).nodes[0].config.flow_id).toBe(flow?.id)
    expect((await read('/branding/phone/providers')).providers).toMatchObject([{ name: 'twilio' }])
    expect((await read('/branding/phone/templates')).templates).toMatchObject([{ type: 'otp_verify' }])
    expect(await read('/guardian/factors/phone/message-types')).toEqual({ message_types: ['voice'] })
    expect(await read('/guardian/factors/phone/selected-provider')).toEqual({ provider: 'twilio' })
    expect(await read('/guardian/factors/sms/templates')).toMatchObject({ verification_message: 'code {{code}}' })
    expect(await read('/guardian/factors/sms/providers/twilio')).toMatchObject({ sid: 'AC1' })
    expect(await read('/prompts/login/partials')).toEqual({ login: { 'form-content-start': '<b>Hello</b>' } })
    expect(await read('/prompts/signup/screen/signup/rendering')).toMatchObject({ rendering_mode: 'advanced' })
    expect((await read('/branding/templates/universal-login')).body).toContain('auth0:widget')
    expect((await read('/rate-limit-policies')).rate_limit_policies).toHaveLength(1)
    expect(await read('/attack-protection/captcha')).toMatchObject({ active_provider_id: 'simple_captcha' })
    expect(await read('/risk-assessments/settings/new-device')).toEqual({ remember_for: 7 })
    const [north] = await read('/organizations')
    expect(await read(`/organizations/${north.id}/client-grants`)).toMatchObject([
      { audience: 'https://orders.example/' },
    ])
  })

  it('T23 tells of files that it does not know, and of names that lead nowhere', async () => {
    const tenant = await start({
      from: folderWith({
        'tenant.json': { friendly_name: 'x' },
        'crystal-balls/one.json': { name: 'one' },
        'actions/A.json': {
          name: 'A',
          supported_triggers: [{ id: 'post-login', version: 'v3' }],
          modules: [{ module_name: 'none' }],
        },
        'organizations/o.json': { name: 'o', client_grants: [{ client_id: 'nobody', audience: 'https://none/' }] },
      }),
    })
    expect([...tenant.skipped].sort()).toEqual([
      'action A: no published module none.',
      'crystal-balls/one.json: the embedded tenant takes no such file.',
      'organization o: no grant of nobody.',
    ])
  })

  it('T23 reads no file outside of the folder that was named', async () => {
    const folder = folderWith({
      'secret.txt': 'canary',
      'in/rules/R.json': { name: 'R', script: './../../secret.txt' },
    })
    const tenant = await start({ from: join(folder, 'in') })
    expect(JSON.stringify((await manage(tenant, 'GET', '/rules')).body)).not.toContain('canary')
  })
})
