import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { showJoined } from '../../src/display/joined.ts'
import type { MimeBundle } from '../../src/display/look.ts'
import { all, connect, type Session, show } from '../../src/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox.ts'

let tenant: Sandbox
let auth0: Session
let last: MimeBundle | undefined
const around = {
  target: {
    kind: 'notebook' as const,
    write(bundle: MimeBundle) {
      last = bundle
    },
  },
  now: () => performance.now(),
  after(ms: number, act: () => void) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
}

beforeAll(async () => {
  tenant = await sandbox({ seed: 'joined', tls: false, users: 12 })
  auth0 = connect(tenant.options)
  const [role, other] = tenant.seed.roles
  const [user] = tenant.seed.users
  await auth0
    .users(user?.user_id ?? '')
    .roles.assign({ roles: [role?.id ?? '', other?.id ?? ''] })
    .run()
})
afterAll(() => tenant?.close())

const roles = (user: { user_id?: string }) => auth0.users(user.user_id ?? '').roles.list()
const organizations = (user: { user_id?: string }) => auth0.users(user.user_id ?? '').organizations.list()
const text = () => last?.['text/plain'] ?? ''
const asked = (from: number) => tenant.requests.slice(from).filter(({ path }) => path.startsWith('/api/v2'))

describe('a table with what is read for each row', () => {
  it.each([
    ['every user of a query', () => auth0.users.every({}, { settle: 0 })],
    ['a list plan', () => auth0.users.list()],
    [
      'a flow',
      () =>
        auth0.users
          .list()
          .all()
          .map((users) => users.filter(({ email }) => email !== undefined)),
    ],
    ['a flow of parts known beforehand', () => all([auth0.users.list().all()]).map(([users]) => users)],
    ['an array', async () => auth0.users.list().all().run()],
  ])('has a column for each: %s', async (_, source) => {
    const from = tenant.requests.length
    await showJoined(await source(), { columns: ['email'], with: { roles, organizations } }, around)
    const line = text()
      .split('\n')
      .find((each) => each.includes(tenant.seed.users[0]?.email ?? '-'))
    for (const { name } of tenant.seed.roles.slice(0, 2)) expect(line).toContain(name)
    expect(text()).toContain('organizations')
    expect(asked(from).every(({ method }) => method === 'GET')).toBe(true)
  })

  it('reads for the rows alone that are drawn, and no more rows than it needs', async () => {
    const from = tenant.requests.length
    await showJoined(auth0.users.list({ per_page: 5 }), { limit: 3, columns: ['email'], with: { roles } }, around)
    expect(asked(from)).toHaveLength(1 + 3)
    expect(text()).toContain('the first 3')
    const sorted = tenant.requests.length
    await showJoined(auth0.users.list(), { limit: 2, sort: 'email', columns: ['email'], with: { roles } }, around)
    expect(asked(sorted)).toHaveLength(1 + 2)
  })

  it.each([
    ['a write', () => auth0.users(tenant.seed.users[0]?.user_id ?? '').update({ blocked: true })],
    [
      'a flow with a write',
      () =>
        auth0.users
          .list()
          .each((user) => auth0.users(user.user_id ?? '').update({ blocked: true }))
          .andThen(() => auth0.roles.create({ name: 'x' })),
    ],
    ['a raw write', () => auth0.raw('DELETE /api/v2/roles/rol_1')],
    ['a promise', () => auth0.users.list().run()],
  ])('refuses %s as a column, before it is sent', async (_, column) => {
    const from = tenant.requests.length
    const shown = showJoined(auth0.users.list(), { with: { column: column as never } }, around)
    await expect(shown).rejects.toMatchObject({ kind: 'configuration', message: expect.stringContaining('column') })
    expect(asked(from).filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('tells in its cell what failed, and goes on', async () => {
    const broken = (user: { user_id?: string }) => auth0.users(`${user.user_id}-none`).get()
    await showJoined(auth0.users.list(), { columns: ['email'], limit: 2, with: { broken, roles } }, around)
    expect(text()).toContain('404')
  })

  it('is what show() does with "with", and refuses what is no function', async () => {
    await expect(show(auth0.users.list(), { with: { roles: 1 } as never })).rejects.toThrow('"roles"')
    await expect(show(auth0.users.list(), { with: {} })).rejects.toThrow('function for each column')
  })
})
