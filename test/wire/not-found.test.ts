import { afterAll, expect, it } from 'vitest'
import { sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'

const tenant = await sandbox()
afterAll(() => tenant.close())
const auth0 = connect(tenant.options)

it.each([
  [auth0.users('ada@example.com').get(), "auth0.users.listUsersByEmail({ email: 'ada@example.com' }) finds it"],
  [auth0.users('o@x.example').update({ blocked: true }), 'auth0.users.listUsersByEmail('],
  [auth0.organizations('acme').get(), "auth0.organizations.getByName('acme') finds it"],
  [auth0.roles('editor').get(), "auth0.roles.list({ name_filter: 'editor' }) finds it"],
  [auth0.connections('google').get(), "auth0.connections.list({ name: 'google' }) finds it"],
  [auth0.users('auth0|nobody').get(), 'Check "auth0|nobody", and that the session is connected to the right tenant.'],
  [auth0.clients('nothing').get(), 'Check "nothing", and that the session is connected to the right tenant.'],
])('12 (e): says what finds a record whose name was written for its id (%#)', async (plan, next) => {
  const outcome = await plan.run().outcome()
  expect(outcome).toMatchObject({ status: 'error', error: { status: 404 } })
  expect(outcome.status === 'error' && outcome.error.message).toContain(next)
})
