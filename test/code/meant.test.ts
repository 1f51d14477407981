import { describe, expect, it } from 'vitest'
import { meant } from '../../src/code/index.ts'
import { connect } from '../../src/session/index.ts'

const auth0 = connect({ domain: 'tenant.example.com', token: 'x' })

/** What V8 says when the code runs. */
function messageOf(code: string, variables: Readonly<Record<string, unknown>> = { auth0 }): string {
  try {
    new Function(...Object.keys(variables), code)(...Object.values(variables))
  } catch (error) {
    return (error as Error).message
  }
  throw new Error(`${code} did not fail`)
}

describe('R42 what a failed statement may have meant', () => {
  it.each([
    ['auth0.user.list()', 'auth0.user is not there. Did you mean auth0.users?'],
    ['auth0.users.lst()', 'auth0.users.lst is not there. Did you mean auth0.users.list?'],
    ['auth0.network_acls.list()', 'auth0.network_acls is not there. Did you mean auth0.networkAcls?'],
    ["auth0.users('u').role.list()", 'auth0.users(…).role is not there. Did you mean auth0.users(…).roles?'],
    ['auth0.login.pasword({})', 'auth0.login.pasword is not there. Did you mean auth0.login.password?'],
    ['auth0.users.list().firts()', 'auth0.users.list(…).firts is not there. Did you mean auth0.users.list(…).first?'],
    ["auth0['user'].list()", 'auth0.user is not there. Did you mean auth0.users?'],
    ["auth0.users['lst']()", 'auth0.users.lst is not there. Did you mean auth0.users.list?'],
    ['let u = auth0.user; u.list()', 'auth0.user is not there. Did you mean auth0.users?'],
    ['const { user } = auth0; user.list()', 'auth0.user is not there. Did you mean auth0.users?'],
    [
      "const one = auth0.organizations('o').member; one.list()",
      'auth0.organizations(…).member is not there. Did you mean auth0.organizations(…).members?',
    ],
    ['auth0.users.list.run()', 'Call auth0.users.list first: auth0.users.list(…).run'],
    ['auth0.roles.create.diff()', 'Call auth0.roles.create first: auth0.roles.create(…).diff'],
    ['auth0.limts()', 'auth0.limts is not there. Did you mean auth0.limits?'],
    ['const { a } = auth0.cliens', 'auth0.cliens is not there. Did you mean auth0.clients?'],
    [
      'auth0\n  .clients\n  .lisst({ q: "a.b(c" })',
      'auth0.clients.lisst is not there. Did you mean auth0.clients.list?',
    ],
    ['const users = auth0.users; users.lst()', 'users.lst is not there. Did you mean users.list?'],
    ['const loose = auth0; const r = loose.roles; r.lst()', 'r.lst is not there. Did you mean r.list?'],
    ['const { roles: r } = auth0; r.crate({})', 'r.crate is not there. Did you mean r.create?'],
    ['auth0.tenant().quota().clients({})', 'auth0.tenant(…).quota is not there. Did you mean auth0.tenant(…).quotas?'],
  ])('%s', (code, sentence) => {
    const message = messageOf(code)
    expect(meant(message, { code, variables: { auth0 } })).toBe(sentence)
    // Scripts have no variables that could be looked at.
    expect(meant(message, { code })).toBe(sentence)
  })

  it.each([
    ["auth0.users.block('x')", 'write auth0.users(id).update({ blocked: true }).'],
    ["auth0.users('x').unblock()", 'write auth0.userBlocks(id).delete().'],
    ['auth0.apps.list()', 'write auth0.clients.list().'],
    ["auth0.apis.get('x')", 'write auth0.resourceServers(id).get().'],
    ['auth0.tenantSettings.get()', 'write auth0.tenants.settings.get().'],
    ['auth0.tenant.settings.get()', 'write auth0.tenants.settings.get().'],
    ["auth0.Users.GetAsync('x')", 'write auth0.users(id).get().'],
    ["auth0.users.getAsync('x')", 'write auth0.users(id).get().'],
    ["auth0.Clients.UpdateAsync('x', {})", 'write auth0.clients(id).update({…}).'],
    ['auth0.NetworkAcls.CreateAsync({})', 'write auth0.networkAcls.create({…}).'],
    ['auth0.Roles.GetAllAsync()', 'write auth0.roles.list().'],
    ["auth0.users('x').rolls.get()", 'Did you mean auth0.users(…).roles?'],
    ['auth0.logs.search({})', 'write auth0.logs.list({ q }).'],
    ['auth0.users.list().forEach((x) => x)', 'a plan of a list, which has no forEach: .each((item) => plan)'],
    ['auth0.users.list().filter((x) => x)', 'await .all().run(), and filter the array.'],
    ['auth0.roles.list({}).then((x) => x)', '.run() sends it, and can be awaited.'],
    ['auth0.clients.frobnicate()', "Search with auth0.find('clients frobnicate')."],
    ['auth0.doSomethingElse()', "Search with auth0.find('do something else')."],
    ["new ManagementClient({ domain: 'x' })", 'write connect({ domain, clientId, clientSecret }).'],
    ["new AuthenticationApiClient('x')", 'write connect({ domain }).'],
  ])('C29, R42: says the next step for %s', (code, sentence) => {
    const message = messageOf(code)
    expect(`${message} ${meant(message, { code, variables: { auth0 } }) ?? ''}`).toContain(sentence)
  })

  it.each(['ManagementClient', 'AuthenticationClient'])('C29: says what is written for an import of %s', (name) => {
    const said = `The requested module 'tenantlab' does not provide an export named '${name}'`
    expect(meant(said, { code: `import { ${name} } from 'tenantlab'` })).toContain('write connect({ domain')
    expect(meant(said.replace(name, 'Nothing'), { code: '' })).toBeUndefined()
  })

  it('knows a session by how the code made it', () => {
    const code = "import { connect } from 'tenantlab'\nconst eu = connect({ profile: 'eu' })\neu.user.list()"
    expect(meant("Cannot read properties of undefined (reading 'list')", { code })).toBe(
      'eu.user is not there. Did you mean eu.users?',
    )
    expect(meant('x is not a function', { code: 'const t = await lab(); t.x()' })).toBeUndefined()
  })

  it('knows names that are declared with a type', () => {
    const code = 'const loose: any = auth0\nconst more: Record<string, unknown>[] = loose.users\nloose.user.list()'
    expect(meant("Cannot read properties of undefined (reading 'list')", { code })).toContain('loose.users?')
  })

  it('tells, of several mistakes, the one nearest to the line', () => {
    const code = 'auth0.users.lst()\n\n\nauth0.roles.lst()'
    expect(meant('auth0.roles.lst is not a function', { code, line: 4 })).toContain('auth0.roles.list')
    expect(meant('auth0.users.lst is not a function', { code, line: 1 })).toContain('auth0.users.list')
  })

  it('knows misspelt variables, and members of data that are surely misspelt', () => {
    const page = { items: [1], total: 1 }
    expect(meant('auht0 is not defined', { code: 'auht0.users.list()', variables: { auth0 } })).toBe(
      'There is no auht0 here. Did you mean auth0?',
    )
    const reading = "Cannot read properties of undefined (reading 'map')"
    expect(meant(reading, { code: 'page.itmes.map(String)', variables: { page } })).toBe(
      'page.itmes is not there. Did you mean page.items?',
    )
    expect(meant(reading, { code: 'page.other.map(String)', variables: { page } })).toBeUndefined()
  })

  it.each([
    ['another error', 'users.list is slow', 'auth0.user.list()'],
    ['a name that is there', 'auth0.users.list is not a function', 'auth0.users.list()'],
    ['what the code says of other objects', 'data.user.lst is not a function', 'const data = {}; data.user.lst()'],
    [
      'data of an answer',
      "Cannot read properties of undefined (reading 'x')",
      'const u = await auth0.users.list().run(); u.y.x',
    ],
    ['a text', 'auth0.user is not a function', "'auth0.user.list()'"],
    ['nothing', '', ''],
  ])('says nothing of %s', (_, message, code) => {
    expect(meant(message, { code })).toBeUndefined()
  })

  it('reads names alone: no getter, no call', () => {
    const touched: string[] = []
    const trap = Object.defineProperty({}, 'lst', { get: () => touched.push('getter') })
    meant('trap.lst is not a function', { code: 'trap.lst()', variables: { trap } })
    expect(touched).toEqual([])
  })
})

describe('C29 R42 where TypeScript stops first', () => {
  it.each([
    ["auth0.clients.update('id', { name: 'x' })", 'update', 'write auth0.clients(id).update({…}).'],
    ["auth0.networkAcls.get('id')", 'get', 'write auth0.networkAcls(id).get().'],
    [
      "auth0.jobs.errors.get('id')",
      'errors',
      'auth0.jobs.errors.get() does not exist: write auth0.jobs(id).errors.get().',
    ],
    [
      "auth0.organizations.invitations.create('org', {})",
      'invitations',
      'write auth0.organizations(id).invitations.create({…}).',
    ],
    [
      "auth0.organizations.members.roles.assign('o', 'u', {})",
      'members',
      'write auth0.organizations(id).members(user_id).roles.assign({…}).',
    ],
    ["auth0.users('u').list()", 'list', 'write auth0.users.list().'],
    ['auth0.users.getAll()', 'getAll', 'write auth0.users.list().'],
    ["auth0.clients.quota('id', { perDay: 1 })", 'quota', 'write auth0.clients(id).quota({…}).'],
    ["const acls = auth0.networkAcls\nacls.delete('a')", 'delete', 'write auth0.networkAcls(id).delete().'],
    ['auth0.user.list()', 'user', 'Did you mean auth0.users?'],
  ])('%s', (code, name, sentence) => {
    expect(meant(`Property '${name}' does not exist on type 'X'.`, { code })).toContain(sentence)
  })
})
