// What logins leave behind, as the Management API shows it.
import { describe, expect, it } from 'vitest'
import { login, manage, start, token } from './bench.ts'

const TOKEN =
  'id user_id created_at idle_expires_at expires_at device client_id session_id rotating resource_servers refresh_token_metadata last_exchanged_at'.split(
    ' ',
  )
const SESSION =
  'id user_id created_at updated_at authenticated_at idle_expires_at expires_at last_interacted_at device clients authentication cookie session_metadata'.split(
    ' ',
  )
const WEEK = 168 * 3_600_000

describe('T17 sessions and refresh tokens', () => {
  async function loggedIn(settings: object = {}) {
    const tenant = await start({ clock: 'fixed' })
    await manage(tenant, 'PATCH', `/clients/${tenant.options.clientId}`, { refresh_token: settings })
    const { body } = await login(tenant, 1, { scope: 'openid offline_access' })
    const user = encodeURIComponent(tenant.seed.users[1]?.user_id ?? '')
    const tokens = async () => (await manage(tenant, 'GET', `/users/${user}/refresh-tokens`)).body.tokens
    const sessions = async () => (await manage(tenant, 'GET', `/users/${user}/sessions`)).body.sessions
    return { tenant, refresh: String(body.refresh_token), sessions, tokens }
  }

  it('tell when they end, by the settings of the application and of the tenant', async () => {
    const { refresh, sessions, tenant, tokens } = await loggedIn({
      rotation_type: 'non-rotating',
      expiration_type: 'expiring',
      token_lifetime: 7200,
      idle_token_lifetime: 3600,
    })
    const now = tenant.clock.now()
    const at = (after: number) => new Date(now + after).toISOString()
    expect(await tokens()).toMatchObject([{ expires_at: at(7_200_000), idle_expires_at: at(3_600_000) }])
    expect(await sessions()).toMatchObject([{ expires_at: at(WEEK), idle_expires_at: at(72 * 3_600_000) }])
    await manage(tenant, 'PATCH', '/tenants/settings', { session_lifetime: 10, idle_session_lifetime: 5 })
    expect(await sessions()).toMatchObject([{ expires_at: at(36_000_000), idle_expires_at: at(18_000_000) }])
    tenant.clock.advance(1_800_000)
    await token(tenant, 'refresh_token', { refresh_token: refresh })
    expect(await tokens()).toMatchObject([{ expires_at: at(7_200_000), idle_expires_at: at(5_400_000) }])
    tenant.clock.advance(3_700_000)
    expect((await token(tenant, 'refresh_token', { refresh_token: refresh })).body.error).toBe('invalid_grant')
  })

  it('say nothing of an end that does not come', async () => {
    const { tokens } = await loggedIn({ rotation_type: 'non-rotating', expiration_type: 'non-expiring' })
    const [held] = await tokens()
    expect(Object.keys(held)).not.toEqual(expect.arrayContaining(['expires_at']))
    expect(held).not.toHaveProperty('idle_expires_at')
  })

  it('show no member that the document does not know', async () => {
    const { sessions, tenant, tokens } = await loggedIn({ rotation_type: 'rotating', expiration_type: 'expiring' })
    const [held] = await tokens()
    const [session] = await sessions()
    const read = async (path: string) => (await manage(tenant, 'GET', path)).body
    for (const each of [held, await read(`/refresh-tokens/${held.id}`)])
      expect(TOKEN).toEqual(expect.arrayContaining(Object.keys(each)))
    for (const each of [session, await read(`/sessions/${session.id}`)])
      expect(SESSION).toEqual(expect.arrayContaining(Object.keys(each)))
    expect(await read(`/sessions/${session.id}`)).toEqual(session)
  })
})
