import { describe, expect, it } from 'vitest'
import { type Bench, bench } from './harness.ts'

const keysOf = (body: object): readonly string[] => Object.keys(body).sort()

async function screen(b: Bench, body: object) {
  const params = { prompt: 'login', screen: 'login' }
  return (await b.call('prompts.rendering.update', { params, body: body as never })).body
}

describe('T26 answers have no key that real tenants do not send', () => {
  it.each([
    [{}, {}],
    [{ rendering_mode: 'advanced' }, { rendering_mode: 'advanced' }],
    [{ filters: null }, {}],
  ])('T26 a rendering answers what was sent: %j', async (sent, told) => {
    expect(await screen(bench(), sent)).toEqual(told)
  })

  it.each(['ad', 'adfs', 'pingfederate', 'waad'])('T26 a connection of %s tells no purposes', async (strategy) => {
    const { body } = await bench().call('connections.create', { body: { name: 'one', strategy, options: {} } })
    expect(keysOf(body)).not.toContain('authentication')
    expect(keysOf(body)).not.toContain('connected_accounts')
  })

  it.each(['auth0', 'oidc', 'samlp'])('T12 a connection of %s tells its purposes', async (strategy) => {
    const { body } = await bench().call('connections.create', { body: { name: 'one', strategy, options: {} } })
    expect(body).toMatchObject({ authentication: { active: true }, connected_accounts: { active: false } })
  })

  it('T26 bindings tell a total on pages that have some, and a page number but for the first', async () => {
    const b = bench()
    const action = { name: 'one', supported_triggers: [{ id: 'post-login', version: 'v3' }], code: 'a' }
    await b.call('actions.create', { body: action })
    const params = { triggerId: 'post-login' }
    const list = async (page: string) =>
      keysOf((await b.call('actions.triggers.bindings.list', { params, query: { page, per_page: '50' } })).body)
    expect(await list('0')).toEqual(['bindings', 'per_page'])
    const [made] = (await b.call('actions.list')).body.actions
    await b.call('actions.deploy', { params: { id: made.id } })
    const bindings = [{ ref: { type: 'action_name', value: 'one' }, display_name: 'One' }]
    await b.call('actions.triggers.bindings.updateMany', { params, body: { bindings } })
    expect(await list('0')).toEqual(['bindings', 'per_page', 'total'])
    expect(await list('1')).toEqual(['bindings', 'page', 'per_page'])
  })

  it('T26 writes of authentication methods tell nothing of confirmation, reads do', async () => {
    const b = bench()
    const params = { id: b.other }
    const body = { type: 'phone', phone_number: '+15005550006' }
    const made = (await b.call('users.authenticationMethods.create', { params, body })).body
    expect(keysOf(made)).not.toContain('confirmed')
    const one = { id: b.other, authentication_method_id: String(made.id) }
    const changed = await b.call('users.authenticationMethods.update', { params: one, body: { name: 'Work' } })
    expect(keysOf(changed.body)).not.toContain('confirmed')
    expect((await b.call('users.authenticationMethods.get', { params: one })).body.confirmed).toBe(true)
  })

  it.each([
    ['as an object', { template: '<html>a</html>' }],
    ['as text', '<html>a</html>'],
  ])('T6 a page template sent %s is read as body', async (_how, body) => {
    const b = bench()
    expect(await b.call('branding.templates.updateUniversalLogin', { body })).toMatchObject({ status: 201, body: {} })
    expect((await b.call('branding.templates.getUniversalLogin')).body).toEqual({ body: '<html>a</html>' })
  })
})

describe('T3 what is read can be written back', () => {
  it('T3 members that a profile shows as null', async () => {
    const b = bench()
    const { body } = await b.call('connectionProfiles.create', { body: { name: 'one' } })
    expect(body).toMatchObject({ connection_config: null, strategy_overrides: null })
    const params = { id: String(body.id) }
    const change = { name: 'two', connection_config: null, strategy_overrides: null }
    expect((await b.call('connectionProfiles.update', { params, body: change })).body).toMatchObject(change)
  })
})

describe('T12 seeded records look as if they had been created', () => {
  it.each([
    ['clients', { name: 'Made', app_type: 'non_interactive' }, 'Read-only job'],
    ['resourceServers', { name: 'Made', identifier: 'https://made.example/' }, 'Example API'],
  ])('T12 %s', async (group, body, name) => {
    const b = bench()
    const made = (await b.call(`${group}.create`, { body })).body
    const list = (await b.call(`${group}.list`)).body as readonly { readonly name: string }[]
    const seeded = list.find((each) => each.name === name) ?? {}
    const lacking = keysOf(made).filter((key) => !keysOf(seeded).includes(key))
    expect(lacking).toEqual([])
  })
})
