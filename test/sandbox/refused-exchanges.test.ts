// Exchanges that are refused before a grant begins leave a log event as well.
import { describe, expect, it } from 'vitest'
import { MFA_GRANT, manage, start, token } from './bench.ts'

describe('T28 log events of exchanges that are refused', () => {
  it.each<[string, string, Record<string, string>]>([
    ['feccft', 'client_credentials', { client_secret: 'wrong' }],
    ['fepft', 'password', { client_secret: 'wrong', username: 'a', password: 'b' }],
    ['fepft', 'http://auth0.com/oauth/grant-type/password-realm', { client_secret: 'wrong' }],
    ['feacft', 'authorization_code', { client_secret: 'wrong', code: 'x' }],
    ['fertft', 'refresh_token', { client_secret: 'wrong', refresh_token: 'x' }],
    ['feotpft', `${MFA_GRANT}/mfa-otp`, { client_secret: 'wrong', mfa_token: 'x', otp: '1' }],
    ['feccft', 'client_credentials', { client_assertion: 'no.assertion.here', client_secret: '' }],
  ])('%s: %s with a wrong proof of the application', async (type, grant, fields) => {
    const tenant = await start()
    const { body, status } = await token(tenant, grant, fields)
    expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(400)
    const { body: events } = await manage(tenant, 'GET', '/logs?per_page=50')
    expect(events.filter((each: { type: string }) => each.type === type)).toMatchObject([
      { type, client_id: tenant.options.clientId, description: body.error_description, ip: expect.any(String) },
    ])
    expect(JSON.stringify(events)).not.toContain('"wrong"')
  })

  it('notes a grant that the application may not use, and nothing of one that is unknown', async () => {
    const tenant = await start()
    const { clientId } = tenant.options
    await manage(tenant, 'PATCH', `/clients/${clientId}`, { grant_types: ['client_credentials'] })
    expect((await token(tenant, 'password', { username: 'a', password: 'b' })).body.error).toBe('unauthorized_client')
    await token(tenant, 'password', { client_id: 'nobody', client_secret: 'x' })
    const { body } = await manage(tenant, 'GET', '/logs?per_page=50')
    expect(body.filter((each: { type: string }) => each.type === 'fepft')).toMatchObject([{ client_id: clientId }])
  })
})
