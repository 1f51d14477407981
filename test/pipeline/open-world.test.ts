import { describe, expect, it } from 'vitest'
import { row } from '../../src/catalogue/index.ts'
import { inspectPlan, type UnknownPolicy, unknownText, validatePlan } from '../../src/pipeline/index.ts'
import { type Json, type PlanData, planData, type UnknownPart, ValidationError } from '../../src/plan/index.ts'

const body = (op: string, value: Json, params: Record<string, string> = { id: 'x' }): PlanData =>
  planData({ op, body: value, ...(row(op)?.parameters.length === 0 ? {} : { params }) })

async function checked(plan: PlanData, unknown?: UnknownPolicy) {
  const told: UnknownPart[] = []
  try {
    await validatePlan(plan, row(plan.op)!, {}, { ...(unknown && { unknown }), tell: (parts) => told.push(...parts) })
    return { told, issues: [], message: '' }
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error
    return { told, issues: error.issues, message: error.message }
  }
}

describe('C10 what is not known passes, and is told', () => {
  it.each<[string, PlanData, UnknownPart[]]>([
    [
      'an unknown field beside known ones',
      body('resourceServers.update', { token_lifetime_for_robots: 3600 }),
      [{ path: 'token_lifetime_for_robots', what: 'field' }],
    ],
    [
      'an unknown field of an open object',
      body('users.update', { favourite: 1 }),
      [{ path: 'favourite', what: 'field' }],
    ],
    [
      'an unknown field deep inside',
      body('tenants.settings.update', { flags: { brand_new_switch: true } }),
      [{ path: 'flags.brand_new_switch', what: 'field' }],
    ],
    [
      'an unknown query parameter',
      planData({ op: 'users.list', query: { brand_new: 'x' } }),
      [{ path: 'brand_new', what: 'parameter' }],
    ],
    [
      'a query parameter where none is documented',
      planData({ op: 'roles.get', params: { id: 'rol_1' }, options: { query: { fresh: 1 } } }),
      [{ path: 'fresh', what: 'parameter' }],
    ],
    ['a null that is not documented', body('clients.update', { name: null }), [{ path: 'name', what: 'null' }]],
    ['a null deep inside', body('users.update', { app_metadata: { a: null } }), []],
    [
      'an unknown value of a listed field',
      body('clients.update', { app_type: 'robot' }),
      [{ path: 'app_type', what: 'value' }],
    ],
    [
      'an unknown kind of thing, with fields that no shape has',
      body('eventStreams.create', {
        subscriptions: [{ event_type: 'user.created' }],
        destination: { type: 'carrier_pigeon', configuration: { loft: 'north' } },
      }),
      [{ path: 'destination.type', what: 'value' }],
    ],
    ['a body where none is documented', body('roles.delete', { force: true }), [{ path: 'body', what: 'body' }]],
  ])('%s', async (_, plan, parts) => {
    const { told, issues } = await checked(plan)
    expect(issues).toEqual([])
    expect(told.map(({ path, what }) => ({ path, what }))).toEqual(expect.arrayContaining(parts))
    if (parts.length === 0) expect(told).toEqual([])
    for (const part of told) expect(unknownText(part)).toMatch(/Auth0 documents/)
  })

  it.each<[string, PlanData]>([
    [
      'the options of a social connection',
      body('connections.create', {
        name: 'g',
        strategy: 'google-oauth2',
        options: { client_id: 'a', client_secret: 'b', scope: ['email'] },
      }),
    ],
    [
      'the options of an enterprise connection',
      body('connections.create', {
        name: 's',
        strategy: 'samlp',
        options: { signInEndpoint: 'https://idp.example.com' },
      }),
    ],
    ['the options of a connection that is changed', body('connections.update', { options: { twilio_sid: 'AC1' } })],
  ])('C10 says nothing of names in %s: they depend on the strategy', async (_, plan) => {
    expect(await checked(plan)).toEqual({ told: [], issues: [], message: '' })
    expect(await checked(plan, 'refuse')).toEqual({ told: [], issues: [], message: '' })
  })

  it.each([
    ['a swap', { improt_mode: true }, 'options.improt_mode', 'import_mode'],
    ['casing', { importMode: true }, 'options.importMode', 'import_mode'],
  ])('C10 refuses what is surely misspelt in open options: %s', async (_, options, path, suggestion) => {
    const { issues } = await checked(body('connections.update', { options }))
    expect(issues).toEqual([expect.objectContaining({ path, suggestion })])
  })

  it.each([
    ['a required field', body('roles.create', { nam: 'r' })],
    ['a type', body('users.update', { blokced: true, nickname: 5 })],
  ])('C10 does not advise the policy that is in force, where another rule is broken: %s', async (_, plan) => {
    const { issues, message } = await checked(plan, 'allow')
    expect(issues).toHaveLength(1)
    expect(message).not.toContain('unknown:')
  })

  it('lets pass what the newer document knows, untold', async () => {
    for (const plan of [
      body('clients.update', { addons: null }),
      body('resourceServers.update', { token_lifetime_for_web: 3600 }),
      planData({ op: 'logs.list', query: { q: 'type:f' } }),
      planData({
        op: 'branding.templates.updateUniversalLogin',
        body: '<html>{%- auth0:head -%}{%- auth0:widget -%}</html>',
      }),
    ])
      expect(await checked(plan), plan.op).toEqual({ told: [], issues: [], message: '' })
  })

  it.each<[string, PlanData, string, string]>([
    ['a swap', body('users.update', { blokced: true }), 'blokced', 'blocked'],
    ['a deletion', body('roles.create', { name: 'r', descripton: 'x' }), 'descripton', 'description'],
    ['an insertion', body('clients.update', { callbackss: [] }), 'callbackss', 'callbacks'],
    ['a replacement', body('organizations.update', { displey_name: 'x' }), 'displey_name', 'display_name'],
    ['casing', body('users.update', { emailVerified: true }), 'emailVerified', 'email_verified'],
    ['an underscore', body('clients.update', { granttypes: [] }), 'granttypes', 'grant_types'],
    ['a parameter', planData({ op: 'users.list', query: { qq: 'x' } }), 'qq', 'q'],
    ["a filter by another tool's word", planData({ op: 'users.list', query: { query: 'x' } }), 'query', 'q'],
    ['a filter of logs', planData({ op: 'logs.list', query: { filter: 'type:f' } }), 'filter', 'q'],
    ['a filter of applications', planData({ op: 'clients.list', query: { where: 'name:a' } }), 'where', 'q'],
    [
      'a parameter given with with()',
      planData({ op: 'users.list', options: { query: { per_pge: 5 } } }),
      'per_pge',
      'per_page',
    ],
    [
      'a field deep inside an open object',
      body('clients.create', { name: 'c', jwt_configuration: { algg: 'RS256' } }),
      'jwt_configuration.algg',
      'alg',
    ],
  ])('refuses a name that is surely misspelt: %s', async (_, plan, path, suggestion) => {
    const { issues, message } = await checked(plan)
    expect(issues).toEqual([expect.objectContaining({ path, suggestion })])
    expect(message).toContain(`did you mean ${suggestion}?`)
    expect(message).toContain("connect({ unknown: 'allow' })")
    expect((await checked(plan, 'allow')).issues).toEqual([])
    expect(inspectPlan(plan, row(plan.op)!).issues).toEqual(issues)
  })

  it('takes no value for misspelt, and no name of a free object', async () => {
    const near = body('clients.update', { app_type: 'spaa' })
    expect(await checked(near)).toMatchObject({
      issues: [],
      told: [{ path: 'app_type', what: 'value', suggestion: 'spa' }],
    })
    expect(await checked(body('users.update', { user_metadata: { nmae: 1, Name: 2 } }))).toMatchObject({
      issues: [],
      told: [],
    })
    expect(
      (await checked(body('networkAcls.update', { rule: { scope: 'managment', action: { block: true } } }))).issues,
    ).toEqual([])
  })

  it('refuses all of it, or lets all of it pass, where the session says so', async () => {
    const plan = body('users.update', { favourite: 1, given_name: 'A' })
    expect(await checked(plan, 'refuse')).toMatchObject({ issues: [{ path: 'favourite' }], told: [] })
    expect((await checked(plan, 'refuse')).message).toContain("connect({ unknown: 'tell' })")
    expect(await checked(plan, 'allow')).toMatchObject({ issues: [], told: [] })
    const value = body('clients.update', { app_type: 'robot' })
    expect((await checked(value, 'refuse')).issues).toMatchObject([{ path: 'app_type' }])
    const nothing = body('clients.update', { app_type: null })
    expect((await checked(nothing, 'refuse')).issues).toMatchObject([{ path: 'app_type' }])
  })

  it('keeps known rules: types, ranges, patterns, required fields, exclusive choices', async () => {
    const issues = async (plan: PlanData) => (await checked(plan, 'allow')).issues.map(({ path }) => path)
    expect(await issues(body('users.update', { blocked: 'yes' }))).toEqual(['blocked'])
    expect(await issues(body('clients.update', { app_type: 5 }))).toEqual(['app_type'])
    expect(await issues(body('roles.create', {}))).toEqual(['name'])
    expect(await issues(planData({ op: 'users.list', query: { per_page: 1000 } }))).toEqual(['per_page'])
    const stream = (destination: Json) =>
      body('eventStreams.create', { subscriptions: [{ event_type: 'user.created' }], destination })
    const configuration = {
      webhook_endpoint: 'https://a.example',
      webhook_authorization: { method: 'bearer', token: 't' },
    }
    expect(await issues(stream({ type: 'webhook', configuration }))).toEqual([])
    expect(await issues(stream({ type: 'webhook', configuration: { action_id: 'a' } }))).not.toEqual([])
    expect(await issues(stream({ type: 'webhook', configuration: { ...configuration, action_id: 'a' } }))).toEqual([
      'destination.configuration.action_id',
    ])
    expect(await issues(stream({ type: 'action', configuration }))).not.toEqual([])
    expect(await issues(planData({ op: 'users.create' }))).toEqual(['body'])
  })

  it('lets a body be missing where an empty one would do', async () => {
    for (const op of ['guardian.policies.set', 'prompts.customText.set', 'prompts.rendering.update']) {
      const plan = planData({ op, params: { prompt: 'login', language: 'en', screen: 'login' } })
      expect(await checked(plan), op).toMatchObject({ issues: [], told: [{ path: 'body', what: 'body' }] })
    }
  })
})
