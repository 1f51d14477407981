import { describe, expect, it } from 'vitest'
import { schemaTexts } from '../../src/catalogue/generated/schemas.ts'
import { row, rows } from '../../src/catalogue/index.ts'
import { Converter } from '../../src/pipeline/validate/convert.ts'
import { validatePlan } from '../../src/pipeline/validate/validate-plan.ts'
import { type Json, type PlanData, planData, secretSlot, ValidationError } from '../../src/plan/index.ts'

async function issuesOf(plan: PlanData, secrets: Record<string, string> = {}): Promise<readonly object[]> {
  try {
    await validatePlan(plan, row(plan.op)!, secrets)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(ValidationError)
    return (error as ValidationError).issues
  }
}

const body = (op: string, value: Json, params?: Record<string, string>): PlanData =>
  planData({ op, body: value, ...(params && { params }) })

describe('validation', () => {
  it('understands every schema of the catalogue', async () => {
    const names = Object.keys(schemaTexts())
    const converter = new Converter(await import('zod'))
    for (const name of names) converter.named(name).safeParse({})
    expect(names.length).toBeGreaterThan(1000)
    for (const each of rows()) if (each.querySchema) expect(names).toContain(each.querySchema)
  })

  it.each<[string, PlanData, object[]]>([
    [
      'the wrong casing gets the right name',
      body('tenants.settings.update', { default_token_quota: { clients: { client_credentials: { perHour: 5 } } } }),
      [
        {
          path: 'default_token_quota.clients.client_credentials.perHour',
          rule: 'is not a field here',
          suggestion: 'per_hour',
        },
      ],
    ],
    [
      'the wrong casing in an open object, too',
      body('users.update', { emailVerified: true }, { id: 'auth0|1' }),
      [{ path: 'emailVerified', rule: 'is not a field here', suggestion: 'email_verified' }],
    ],
    [
      'a number out of range',
      body('tenants.settings.update', { default_token_quota: { clients: { client_credentials: { per_day: 0 } } } }),
      [{ path: 'default_token_quota.clients.client_credentials.per_day', rule: 'must be 1 or more' }],
    ],
    [
      'a field that is missing',
      body('users.create', { email: 'a@example.com' }),
      [{ path: 'connection', rule: 'is required' }],
    ],
    [
      'several issues at once',
      body('users.create', { connection: 1, email: 'nobody', blocked: 'yes' }),
      [
        { path: 'email', rule: 'must be an e-mail address' },
        { path: 'blocked', rule: 'must be a boolean' },
        { path: 'connection', rule: 'must be a string' },
      ],
    ],
    ['a body that is missing', planData({ op: 'users.create' }), [{ path: 'body', rule: 'is required' }]],
    [
      'a body that nobody takes',
      body('users.get', { a: 1 }, { id: '1' }),
      [{ path: 'body', rule: 'is not taken by this operation' }],
    ],
    [
      'a query name that nobody knows',
      planData({ op: 'users.list', query: { perPage: 10 } }),
      [{ path: 'perPage', rule: 'is not a parameter here', suggestion: 'per_page' }],
    ],
    [
      'a query value out of range',
      planData({ op: 'users.list', query: { per_page: 1000 } }),
      [{ path: 'per_page', rule: 'must be 100 or less' }],
    ],
  ])('%s', async (_, plan, issues) => {
    const found = await issuesOf(plan)
    expect(found).toHaveLength(issues.length)
    expect(found).toEqual(expect.arrayContaining(issues))
  })

  it('lets what is right pass', async () => {
    const quota = { client_credentials: { per_day: 200, enforce: false } }
    expect(await issuesOf(body('tenants.settings.update', { default_token_quota: { clients: quota } }))).toEqual([])
    expect(await issuesOf(body('tenants.settings.update', { default_token_quota: null }))).toEqual([])
    expect(await issuesOf(planData({ op: 'users.list', query: { per_page: '10', include_totals: 'true' } }))).toEqual(
      [],
    )
    const users = [{ email: 'a@example.com' }]
    expect(await issuesOf(body('jobs.usersImports.create', { users, connection_id: 'con_0123456789abcdef' }))).toEqual(
      [],
    )
    const rule = { action: { block: true }, match: { geo_country_codes: ['US'] }, scope: 'management' }
    const acl = { description: 'x', active: false, priority: 1, rule }
    expect(await issuesOf(body('networkAcls.create', acl))).toEqual([])
  })

  it('never fills a default in, and never changes the plan', async () => {
    const plan = body('users.create', { connection: 'db', email: 'a@example.com' })
    const before = JSON.stringify(plan)
    expect(await issuesOf(plan)).toEqual([])
    expect(JSON.stringify(plan)).toBe(before)
  })

  it.each<[string, Json]>([
    [
      'emails.provider.create',
      {
        name: 'smtp',
        credentials: { smtp_host: 'h', smtp_port: 25, smtp_user: 'u', smtp_pass: secretSlot('p') as never },
      },
    ],
    [
      'emails.provider.update',
      {
        name: 'ses',
        credentials: { accessKeyId: 'a', secretAccessKey: secretSlot('s') as never, region: 'eu-west-1' },
      },
    ],
    [
      'logStreams.create',
      { type: 'datadog', name: 'l', sink: { datadogApiKey: secretSlot('k') as never, datadogRegion: 'eu' } },
    ],
  ])('R27 checks nothing about a secret that is not known, whichever shape %s has', async (op, value) => {
    expect(await issuesOf(body(op, value))).toEqual([])
  })

  it('R27 still refuses what is known beside a secret that is not', async () => {
    const credentials = { smtp_host: 'h', smtp_port: 'x', smtp_user: 'u', smtp_pass: secretSlot('p') as never }
    expect(await issuesOf(body('emails.provider.create', { name: 'smtp', credentials }))).toMatchObject([
      { path: 'credentials.smtp_port' },
    ])
  })

  it('checks the value of a secret and shows it nowhere', async () => {
    const plan = body('users.create', {
      connection: 'db',
      email: 'a@example.com',
      password: secretSlot('password') as never,
    })
    expect(await issuesOf(plan, { password: 'a fine long password' })).toEqual([])
    expect(await issuesOf(plan, { password: '' })).toEqual([
      { path: 'password', rule: 'must have at least 1 character' },
    ])
    expect(await issuesOf(plan)).toEqual([])
    const secret = 'canary-secret-value'
    const wrong = body('users.create', { connection: 'db', blocked: secretSlot('flag') as never })
    await expect((async () => validatePlan(wrong, row('users.create')!, { flag: secret }))()).rejects.toSatisfy(
      (error: Error) => !error.message.includes(secret) && /blocked must be a boolean/.test(error.message),
    )
  })

  it('needs no waiting once the schemas are loaded', async () => {
    await issuesOf(body('users.create', { connection: 'db' }))
    expect(validatePlan(body('users.create', { connection: 'db' }), row('users.create')!)).toBeUndefined()
    expect(() => validatePlan(body('users.create', {}), row('users.create')!)).toThrow(ValidationError)
  })

  it('leaves raw plans alone', () => {
    const plan = planData({ op: 'raw', route: 'POST /api/v2/users', body: { anything: 1 } })
    expect(validatePlan(plan, row('users.create')!)).toBeUndefined()
  })
})
