// Invitations that cannot be accepted, or only by whom they are for.
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/index.ts'
import { manage, start, token } from '../bench.ts'
import { authorizeUrl, CALLBACK, type Seen, signIn, Visitor } from './visitor.ts'

const problemOf = ({ url }: Seen): readonly (string | null)[] =>
  ['error', 'error_description', 'state'].map((name) => url.searchParams.get(name))
const GONE = ['invalid_request', 'invitation not found or already used', 's1']

/** A tenant and the link of an invitation to its first organization. */
async function invited(email: string, more: object = {}) {
  const tenant = await start({ clock: 'fixed' })
  await manage(tenant, 'PATCH', `/clients/${tenant.options.clientId}`, { organization_usage: 'allow' })
  const organization = tenant.seed.organizations[0]?.id ?? ''
  const { body } = await manage(tenant, 'POST', `/organizations/${organization}/invitations`, {
    inviter: { name: 'Admin' },
    invitee: { email },
    client_id: tenant.options.clientId,
    ...more,
  })
  const invitation = new URL(body.invitation_url).searchParams.get('invitation') ?? ''
  return { tenant, organization, id: String(body.id), link: { invitation, organization } }
}

const members = async (tenant: Sandbox, organization: string): Promise<readonly string[]> => {
  const { body } = await manage(tenant, 'GET', `/organizations/${organization}/members`)
  return body.map((each: { email: string }) => each.email)
}

describe('T21 an invitation', () => {
  it('that was used, deleted, has run out, or never was is told to the application', async () => {
    const { id, link, organization, tenant } = await invited('guest@example.com', { ttl_sec: 3600 })
    const visitor = new Visitor(tenant)
    const unknown = await visitor.go(authorizeUrl(tenant, { ...link, invitation: 'made-up' }))
    expect(problemOf(unknown)).toEqual(GONE)
    const elsewhere = tenant.seed.organizations[1]?.id ?? ''
    expect(problemOf(await visitor.go(authorizeUrl(tenant, { ...link, organization: elsewhere })))).toEqual(GONE)

    const page = await visitor.go(authorizeUrl(tenant, link))
    await visitor.submit(page, { email: 'guest@example.com', password: 'Long-enough-1!' })
    expect(await members(tenant, organization)).toContain('guest@example.com')
    expect(problemOf(await new Visitor(tenant).go(authorizeUrl(tenant, link)))).toEqual(GONE)
    expect((await manage(tenant, 'GET', `/organizations/${organization}/invitations/${id}`)).status).toBe(404)

    const late = await invited('late@example.com', { ttl_sec: 60 })
    late.tenant.clock.advance(61_000)
    expect(problemOf(await new Visitor(late.tenant).go(authorizeUrl(late.tenant, late.link)))).toEqual(GONE)
    const withdrawn = await invited('never@example.com')
    await manage(withdrawn.tenant, 'DELETE', `/organizations/${withdrawn.organization}/invitations/${withdrawn.id}`)
    expect(problemOf(await new Visitor(withdrawn.tenant).go(authorizeUrl(withdrawn.tenant, withdrawn.link)))).toEqual(
      GONE,
    )
  })

  it('makes nobody a member but the one it is for', async () => {
    const { link, organization, tenant } = await invited('guest@example.com')
    const stranger = tenant.seed.users[1]
    const before = await members(tenant, organization)
    const visitor = new Visitor(tenant)
    const signup = await visitor.go(authorizeUrl(tenant, link))
    const other = await visitor.submit(signup, { email: 'other@example.com', password: 'Long-enough-1!' })
    expect([other.status, other.html.includes('guest@example.com')]).toEqual([400, true])
    const login = await visitor.go(`/u/login${signup.url.search}`)
    const wrong = await visitor.submit(
      login,
      { username: stranger?.email ?? '', password: stranger?.password ?? '' },
      'name="password"',
    )
    expect(wrong.status).toBe(400)
    expect(await members(tenant, organization)).toEqual(before)
  })

  it('asks for a login although somebody is signed in, and takes a member who was there before', async () => {
    const { link, organization, tenant } = await invited('user-two@example.com')
    const visitor = new Visitor(tenant)
    await signIn(visitor, tenant, 1)
    const page = await visitor.go(authorizeUrl(tenant, link))
    expect(page.url.pathname).toMatch(/^\/u\/(login|signup)$/)
    const login = await visitor.go(`/u/login${page.url.search}`)
    const { email: username = '', password = '' } = tenant.seed.users[1] ?? {}
    const back = await visitor.submit(login, { username, password }, 'name="password"')
    const code = back.url.searchParams.get('code') ?? ''
    const { body } = await token(tenant, 'authorization_code', { code, redirect_uri: CALLBACK })
    expect(decodeJwt(body.id_token)).toMatchObject({ org_id: organization })
    expect(await members(tenant, organization)).toContain(username)
  })
})
