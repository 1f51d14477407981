import { beforeEach, describe, expect, it } from 'vitest'
import { rows } from '../../../src/catalogue/index.ts'
import { managementHandlers } from '../../../src/sandbox/management/index.ts'
import { type Bench, bench, failed } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
})

const http = { name: 'Stream', type: 'http', sink: { httpEndpoint: 'https://example.com' } }

describe('every other operation', () => {
  it('has no handler for an operation that does not exist', () => {
    const known = new Set(rows().map((row) => row.id))
    expect([...managementHandlers.keys()].filter((id) => !known.has(id))).toEqual([])
  })

  it('stores records with the status of the document, an id of its kind and a strict or a lenient delete', async () => {
    const made = await b.call('logStreams.create', { body: http })
    expect(made).toMatchObject({
      status: 200,
      body: { ...http, id: expect.stringMatching(/^lst_\d{16}$/), status: 'active' },
    })
    const params = { id: made.body.id }
    expect((await b.call('logStreams.list')).body).toEqual([made.body])
    expect((await b.call('logStreams.update', { params, body: { status: 'paused' } })).body).toEqual({
      ...made.body,
      status: 'paused',
    })
    expect((await b.call('logStreams.delete', { params })).status).toBe(204)
    expect((await b.call('logStreams.delete', { params })).status).toBe(204)
    expect(await b.call('flows.delete', { params: { id: 'af_none' } })).toMatchObject(failed(404, 'Flow not found'))
    expect((await b.call('rules.delete', { params: { id: 'rul_none' } })).status).toBe(204)
    expect((await b.call('rules.create', { body: { name: 'r', script: 's' } })).status).toBe(201)
    expect((await b.call('rules.create', { body: { name: 'r', script: 's' } })).status).toBe(409)
  })

  it('keeps created_at, moves updated_at', async () => {
    const made = await b.call('forms.create', { body: { name: 'F' } })
    expect(made.body.id).toMatch(/^ap_/)
    b.tenant.clock.advance(1000)
    const changed = await b.call('forms.update', { params: { id: made.body.id }, body: { name: 'G' } })
    expect(changed.body).toMatchObject({ name: 'G', created_at: made.body.created_at })
    expect(changed.body.updated_at > made.body.updated_at).toBe(true)
  })

  it('refuses a second rate-limit policy of the same triple, and reads by filter', async () => {
    const body = {
      resource: 'oauth_authentication_api',
      consumer: 'client',
      consumer_selector: 'default',
      configuration: { action: 'allow' },
    }
    expect((await b.call('rateLimitPolicies.create', { body })).status).toBe(201)
    expect((await b.call('rateLimitPolicies.create', { body })).status).toBe(409)
    expect(
      (await b.call('rateLimitPolicies.create', { body: { ...body, consumer_selector: 'cimd_clients' } })).status,
    ).toBe(201)
    const list = await b.call('rateLimitPolicies.list', { query: { consumer_selector: 'default' } })
    expect(list.body.rate_limit_policies).toHaveLength(1)
    expect((await b.call('rateLimitPolicies.get', { params: { id: 'rlp_none' } })).status).toBe(404)
  })

  it('wraps actions always, with twenty to a page', async () => {
    for (let index = 0; index < 21; index += 1)
      await b.call('actions.create', { body: { name: `a${index}`, supported_triggers: [] } })
    const { body } = await b.call('actions.list')
    expect(body).toMatchObject({ total: 21, per_page: 20 })
    expect(body).not.toHaveProperty('page')
    expect((await b.call('actions.list', { query: { page: '1' } })).body).toMatchObject({ total: 21, page: 1 })
    expect(body.actions).toHaveLength(20)
    const action = body.actions[0].id
    expect((await b.call('actions.deploy', { params: { id: action } })).status).toBe(200)
    expect((await b.call('actions.deploy', { params: { id: 'none' } })).status).toBe(404)
  })

  it('answers event streams under their camel-case key', async () => {
    await b.call('eventStreams.create', { body: { name: 'e' } })
    expect((await b.call('eventStreams.list')).body.eventStreams).toHaveLength(1)
  })

  it('creates, changes and replaces e-mail templates by name', async () => {
    const template = { template: 'verify_email', subject: 'Hello', enabled: true }
    expect((await b.call('emailTemplates.create', { body: template })).status).toBe(200)
    expect((await b.call('emailTemplates.create', { body: template })).status).toBe(409)
    const params = { templateName: 'verify_email' }
    expect((await b.call('emailTemplates.update', { params, body: { enabled: false } })).body).toEqual({
      ...template,
      enabled: false,
    })
    expect(
      (await b.call('emailTemplates.set', { params, body: { template: 'verify_email', subject: 'New' } })).body,
    ).toEqual({ template: 'verify_email', subject: 'New' })
    expect(
      (await b.call('emailTemplates.update', { params: { templateName: 'welcome_email' }, body: {} })).status,
    ).toBe(404)
  })

  it('keeps single documents: provider, branding, prompts', async () => {
    const provider = { name: 'smtp', credentials: {} }
    expect((await b.call('emails.provider.update', { body: provider })).status).toBe(404)
    expect((await b.call('emails.provider.create', { body: provider })).status).toBe(201)
    expect((await b.call('emails.provider.create', { body: provider })).status).toBe(409)
    expect((await b.call('emails.provider.get')).body).toEqual(provider)
    expect((await b.call('emails.provider.delete')).status).toBe(204)
    expect((await b.call('branding.update', { body: { logo_url: 'https://x' } })).body).toMatchObject({
      logo_url: 'https://x',
      colors: {},
    })
    const params = { prompt: 'login', language: 'en' }
    expect((await b.call('prompts.customText.get', { params })).body).toEqual({})
    await b.call('prompts.customText.set', { params, body: { login: { title: 'Hi' } } })
    expect((await b.call('prompts.customText.get', { params })).body).toEqual({ login: { title: 'Hi' } })
  })

  it('needs the parent of a nested resource, and forgets what is nested in a deleted one', async () => {
    const flag = await b.call('experimentation.featureFlags.create', { body: { name: 'f', type: 'x' } })
    const params = { id: flag.body.id }
    expect(
      (await b.call('experimentation.featureFlags.variations.create', { params, body: { name: 'v' } })).status,
    ).toBe(201)
    expect((await b.call('experimentation.featureFlags.variations.list', { params })).body.variations).toHaveLength(1)
    await b.call('experimentation.featureFlags.delete', { params })
    expect((await b.call('experimentation.featureFlags.variations.list', { params })).status).toBe(404)
    expect(await b.call('connections.scimConfiguration.get', { params: { id: 'con_none' } })).toMatchObject(
      failed(404, 'The connection does not exist.'),
    )
    expect((await b.call('connections.scimConfiguration.get', { params: { id: b.connection } })).status).toBe(404)
    expect(
      (
        await b.call('connections.scimConfiguration.create', {
          params: { id: b.connection },
          body: { user_id_attribute: 'id' },
        })
      ).status,
    ).toBe(201)
    expect((await b.call('connections.scimConfiguration.get', { params: { id: b.connection } })).body).toMatchObject({
      user_id_attribute: 'id',
      connection_id: b.connection,
      strategy: 'auth0',
    })
  })

  it('revokes refresh tokens by ids or by owner', async () => {
    const tokens = b.tenant.tables.refreshTokens
    for (const n of [1, 2, 3])
      tokens.set(`t${n}`, { id: `t${n}`, user_id: n === 3 ? b.other : b.user, client_id: b.client })
    expect((await b.call('refreshTokens.revoke', { body: { ids: ['t1'] } })).status).toBe(202)
    expect((await b.call('refreshTokens.revoke', { body: { user_id: b.other } })).status).toBe(202)
    expect([...tokens.keys()]).toEqual(['t2'])
    expect((await b.call('refreshTokens.revoke', { body: {} })).status).toBe(400)
    expect((await b.call('refreshTokens.get', { params: { id: 't2' } })).status).toBe(200)
    expect((await b.call('refreshTokens.delete', { params: { id: 't2' } })).status).toBe(204)
    expect((await b.call('users.refreshToken.list', { params: { user_id: b.user } })).body).toEqual({ tokens: [] })
  })

  it('is JSON throughout, so that a snapshot brings everything back', async () => {
    await b.call('logStreams.create', { body: http })
    const snapshot = JSON.parse(JSON.stringify(b.lab.snapshot()))
    const before = (await b.call('logStreams.list')).body
    b.lab.reset()
    expect((await b.call('logStreams.list')).body).toEqual([])
    b.lab.reset(snapshot)
    expect((await b.call('logStreams.list')).body).toEqual(before)
  })

  it('answers every operation of the catalogue without falling over', async () => {
    const wrong: string[] = []
    for (const row of rows().filter((one) => one.api === 'management')) {
      const params = Object.fromEntries(row.parameters.map(({ name }) => [name, 'unknown']))
      const answer = await b
        .call(row.id, { params, ...(row.body === undefined ? {} : { body: {} }) })
        .catch((error: Error) => ({ status: 500, body: error.message }))
      const statuses = [...row.statuses, 200, 400, 403, 404, 409]
      if (!statuses.includes(answer.status)) wrong.push(`${row.id} ${answer.status} ${String(answer.body)}`)
    }
    expect(wrong).toEqual([])
  })
})
