import { describe, expect, it } from 'vitest'
import { connect } from '../../src/session/index.ts'

const token = (scope: string) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ scope, exp: 4102444800 })}.x`
}
const session = (scope: string) =>
  connect({
    domain: 'tenant.example.com',
    token: token(scope),
    transport: () => {
      throw new Error('something was sent')
    },
  })
const auth0 = session('read:users read:clients')

describe('auth0.scopesFor()', () => {
  it('gives the least set, named after what is done where several would do', () => {
    expect(auth0.scopesFor([auth0.users.list(), auth0.users('u').get()])).toEqual(['read:users'])
    expect(auth0.scopesFor([auth0.clients('c').get()])).toEqual(['read:clients'])
    expect(auth0.scopesFor([auth0.roles('r').users.list()])).toEqual(['read:roles', 'read:users'])
    expect(auth0.scopesFor([auth0.jobs('j').get(), auth0.users.create({ connection: 'db' })])).toEqual(['create:users'])
    expect(auth0.scopesFor([])).toEqual([])
    expect(auth0.scopesFor([auth0.login.clientCredentials(), auth0.raw('GET /api/v2/roles')])).toEqual(['read:roles'])
  })

  it('knows the parts of a flow, and refuses what is neither plan nor flow', () => {
    const flow = auth0.tenant().quotas().clients({ perDay: 5 }).keepRest()
    expect(auth0.scopesFor([flow])).toEqual(['read:tenant_settings', 'update:tenant_settings'])
    expect(() => auth0.scopesFor([42 as never])).toThrow(/must be a plan or a flow/)
  })
})

describe('auth0.can()', () => {
  it('asks the token that is there', async () => {
    await expect(auth0.can(auth0.users.list())).resolves.toBe(true)
    await expect(auth0.can(auth0.users('u').delete())).resolves.toBe(false)
    await expect(auth0.can(auth0.roles('r').users.list())).resolves.toBe(false)
    await expect(auth0.can(auth0.login.clientCredentials())).resolves.toBe(true)
    const opaque = connect({ domain: 'tenant.example.com', token: 'opaque' })
    await expect(opaque.can(opaque.users.list())).resolves.toBe(true)
  })
})

describe('auth0.schema()', () => {
  it('gives the zod schema of a body or a query', () => {
    const users = auth0.schema('users.create')
    expect(users.safeParse({ connection: 'db', email: 'a@example.com' }).success).toBe(true)
    expect(users.safeParse({ email: 'a@example.com' })).toMatchObject({
      success: false,
      error: { issues: [{ path: ['connection'] }] },
    })
    expect(() => users.parse({ connection: 5 })).toThrow()
    expect(auth0.schema('users.list').safeParse({ per_page: 1000 }).success).toBe(false)
  })

  it('says which operations there are', () => {
    expect(() => auth0.schema('user.create')).toThrow(/Did you mean "users\.create"/)
    expect(() => auth0.schema('roles.get')).toThrow(/takes neither body nor query/)
  })
})
