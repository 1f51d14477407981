import { beforeAll, describe, expect, it } from 'vitest'
import { row } from '../../src/catalogue/index.ts'
import { show } from '../../src/display/index.ts'
import { processSecrets } from '../../src/plan/index.ts'
import type { CompletionSource } from '../../src/repl/completion/complete.ts'
import { complete, liveIds } from '../../src/repl/completion/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

/** A session whose transport, delegate and clock fail the test when they are touched. */
function untouchable(touched: string[]) {
  const fail = (name: string) => (): never => {
    touched.push(name)
    throw new Error(`completion touched ${name}`)
  }
  return connect({ domain: 'tenant.example.com', token: fail('token'), transport: fail('transport') })
}

const touched: string[] = []
const ids = liveIds()
let source: CompletionSource

beforeAll(async () => {
  const auth0 = untouchable(touched)
  const trap = {
    get secret(): never {
      touched.push('getter')
      throw new Error('a getter ran')
    },
    call(): never {
      touched.push('call')
      throw new Error('a call was made')
    },
    plain: { inner: 1 },
  }
  const proxy = new Proxy(
    {},
    {
      ownKeys: () => {
        touched.push('proxy')
        return []
      },
      get: () => touched.push('proxy'),
    },
  )
  const users = {
    items: [
      { user_id: 'auth0|1', email: 'a@example.com', name: 'A', identities: [{ provider: 'auth0' }] },
      { user_id: 'auth0|2', email: 'b@example.com' },
    ],
  }
  const { plain } = trap
  const traps = [Object.defineProperty({ plain }, 'secret', { get: () => touched.push('getter'), enumerable: true })]
  const page = { items: [], total: 1 }
  const byMail = new Map([['a', users.items[0]]])
  const variables = { auth0, trap, proxy, acls: auth0.networkAcls, page, users, traps, byMail, connect, show, at: 0 }
  source = { variables, commands: ['run', 'explain', 'events'], ids }
})

/** The session that completion reads. */
const auth0 = () => source.variables.auth0 as Session
const names = (typed: string): string[] => complete(typed, source)[0]

describe('completion', () => {
  it('knows variables, commands, groups, verbs and words', () => {
    expect(names('au')).toEqual(['auth0'])
    expect(names('const x = await au')).toEqual(['auth0'])
    expect(complete('.e', source)).toEqual([['.events', '.explain'], '.e'])
    expect(names('auth0.networkA')).toEqual(['networkAcls'])
    expect(names('auth0.networkAcls.')).toEqual(['create(', 'help', 'list(', 'rule('])
    expect(names("auth0.networkAcls('acl_1').")).toEqual(['delete(', 'get(', 'help', 'set(', 'update('])
    expect(names("auth0.organizations('o').memb")).toEqual(['members'])
    expect(names('acls.l')).toEqual(['list('])
    expect(names('auth0.login.pass')).toEqual(['password(', 'passwordless('])
    expect(names('auth0.mfa(error).')).toEqual(['authenticators', 'challenge', 'enroll', 'help', 'verify'])
    expect(names('auth0.mfa(error).enroll.s')).toEqual(['sms('])
    expect(names('auth0.tenant().quotas().')).toContain('clients(')
    expect(names('.help auth0.networkAcls.c')).toEqual(['create('])
  })

  it('knows what follows a plan, a run, a flow and a builder', () => {
    expect(names('auth0.users.list().a')).toEqual(['all()', 'andThen('])
    expect(names("auth0.users('a').get().a")).toEqual(['andThen('])
    expect(names("auth0.users('a').get().run().o")).toEqual(['outcome()'])
    expect(names("auth0.users('a').update({}).diff().r")).toEqual(['run()'])
    expect(names('auth0.networkAcls.rule().block().countries("IMG").pri')).toEqual(['priority('])
    expect(names('auth0.networkAcls.rule().create().ru')).toEqual(['run()'])
  })

  it('knows fields of bodies and queries, those that are there left out', () => {
    expect(names('auth0.networkAcls.create({ des')).toEqual(['description: '])
    expect(names("auth0.networkAcls.create({ description: 'x', ")).toEqual(['active: ', 'priority: ', 'rule: '])
    expect(names("auth0.networkAcls.create({ description: 'x', rule: { match: { geo_c")).toEqual([
      'geo_country_codes: ',
    ])
    expect(names('auth0.users.list({ per')).toEqual(['per_page: '])
    expect(names('auth0.networkAcls.create({\n  des')).toEqual(['description: '])
  })

  it('knows listed values, within quotes and without', () => {
    const scopes = names("auth0.networkAcls.create({ rule: { scope: '")
    expect(scopes).toEqual(["'authentication'", "'dynamic_client_registration'", "'management'", "'tenant'"])
    expect(names('auth0.networkAcls.create({ rule: { scope: ')).toContain("'management'")
    expect(names('auth0.networkAcls.create({ active: ')).toEqual(['false', 'true'])
  })

  it('knows identifiers of what was listed', () => {
    ids.remember({ items: [{ id: 'acl_1' }, { id: 'acl_2' }] }, row('networkAcls.list')!)
    ids.remember([{ user_id: 'auth0|1', id: 'other' }], row('users.list')!)
    expect(names("auth0.networkAcls('acl_")).toEqual(["'acl_1'", "'acl_2'"])
    expect(names('acls("acl_1')).toEqual(['"acl_1"'])
    expect(names("auth0.users('")).toEqual(["'auth0|1'"])
  })

  it('reads names of other values without running any of their code', () => {
    expect(names('trap.')).toEqual(['call(', 'plain', 'secret'])
    expect(names('trap.plain.')).toEqual(['inner'])
    expect(names('trap.secret.')).toEqual([])
    expect(names('trap.call().')).toEqual([])
    expect(names('proxy.')).toEqual([])
    expect(names('page.')).toEqual(['items', 'total'])
  })

  it('touches nothing, whatever is typed', () => {
    for (const typed of [
      "auth0.users('a').delete().",
      'auth0.users("a").delete().run().',
      'auth0.limits().',
      'auth0.raw("DELETE /api/v2/x").',
      'auth0.as({}).',
      '`${auth0.users.',
      '/auth0.users.',
      '}])',
      'auth0.(',
      'a?.b.',
    ]) {
      complete(typed, source)
      for (let cut = 1; cut < typed.length; cut++) complete(typed.slice(0, cut), source)
    }
    expect(touched).toEqual([])
  })

  it.each<[string, readonly string[]]>([
    ['auth0.login.password({ us', ['username: ']],
    ["auth0.login.password({ username: 'a', pass", ['password: ']],
    ['auth0.login.deviceCode({ d', ['deviceCode: ']],
    ["auth0.database.signup({ connection: 'x', ni", ['nickname: ']],
    ['auth0.mfa(error).verify.oob({ ', ['bindingCode: ', 'oobCode: ']],
    ["auth0.revoke('token', { clientI", ['clientId: ']],
    ['auth0.authorize.url({ codeC', ['codeChallenge: ']],
    ["auth0.passwordless.email({ send: '", ["'code'", "'link'"]],
    ['auth0.tenant().quotas().clients({ ', ['enforce: ', 'perDay: ', 'perHour: ']],
    ['auth0.tenant().quotas().clients({ perDay: 1 }).organizations({ perD', ['perDay: ']],
    ["auth0.clients('c').quota({ enforce: ", ['false', 'true']],
    ['auth0.networkAcls.rule().block().matching({ geo_c', ['geo_country_codes: ']],
    ['auth0.users.list().with({ max', ['maxRetries: ']],
    ['auth0.users.list().run({ s', ['signal: ']],
    ["auth0.raw('GET /api/v2/users', { q", ['query: ']],
    ['auth0.as({ clientS', ['clientSecret: ']],
  ])('R41 knows the fields of words and options: %s', (typed, expected) => {
    expect(names(typed)).toEqual(expected)
  })

  it.each([
    ['login.password', () => auth0().login.password],
    ['login.tokenExchange', () => auth0().login.tokenExchange],
    ['login.passwordless', () => auth0().login.passwordless],
    ['database.signup', () => auth0().database.signup],
    ['database.changePassword', () => auth0().database.changePassword],
    ['device.start', () => auth0().device.start],
    ['authorize.url', () => auth0().authorize.url],
    ['authorize.push', () => auth0().authorize.push],
    ['logout.url', () => auth0().logout.url],
    ["clients('c').quota", () => (given: object) => auth0().clients('c').quota(given)],
  ])('R41 offers exactly the fields that a word takes: %s', (path, word) => {
    // The word itself is the judge: it names what it takes when it refuses a field.
    const refuse = () => (word() as (given: object) => unknown)({ clientId: 'c', zzzzzzzzzzzzzzzzzzzz: 1 })
    const offered = names(`auth0.${path}({ `).map((name) => name.replace(': ', ''))
    expect(refuse).toThrow(/It takes (.*)\.$/)
    let taken: readonly string[] = []
    try {
      refuse()
    } catch (error) {
      taken = /It takes (.*)\.$/.exec((error as Error).message)?.[1]?.split(', ') ?? []
    }
    expect(offered).toEqual([...taken].sort())
  })

  it('R41 knows routes, one level at a time, and keeps identifiers that were typed', () => {
    expect(names("auth0.raw('")).toContain("'GET /api/v2/")
    expect(names("auth0.raw('GET /api/v2/us")).toEqual(
      [
        "'GET /api/v2/user-attribute-profiles",
        "'GET /api/v2/user-attribute-profiles/",
        "'GET /api/v2/user-blocks",
        "'GET /api/v2/user-blocks/",
        "'GET /api/v2/users",
        "'GET /api/v2/users-by-email",
        "'GET /api/v2/users/",
      ].map((each) => (each.endsWith('/') ? each : `${each}'`)),
    )
    expect(names("auth0.raw('GET /api/v2/users/auth0|1/ro")).toEqual(["'GET /api/v2/users/auth0|1/roles'"])
    expect(names('auth0.raw("PATCH /api/v2/tenants/')).toEqual(['"PATCH /api/v2/tenants/settings"'])
    expect(names("auth0.raw('POST /oauth/to")).toEqual(["'POST /oauth/token'"])
    expect(names("auth0.raw('GET /api/v2/nowhere/")).toEqual([])
  })

  it('R41 knows words of a search, names that have help, and operations', () => {
    expect(names("auth0.find('quo")).toEqual(["'quota", "'quotas"])
    expect(names("auth0.find('user ro")).toContain("'user roles")
    expect(names('.find netw')).toEqual(['network'])
    expect(names("auth0.schema('networkAcls.cr")).toEqual(["'networkAcls.create'"])
    expect(names("auth0.help('login.pass")).toEqual(["'login.password'", "'login.passwordless'"])
    expect(names('.help networkAcls.c')).toEqual(['networkAcls.create'])
  })

  it('R41 knows members of results, entries of lists included, without running a getter', () => {
    expect(names('users.items[0].')).toEqual(['email', 'identities', 'name', 'user_id'])
    expect(names('users.items[0].identities[0].p')).toEqual(['provider'])
    expect(names('users.items[at].e')).toEqual(['email'])
    expect(names("users['items'][1]!.e")).toEqual(['email'])
    expect(names('users.items?.[0]?.na')).toEqual(['name'])
    expect(names('users.items[7].')).toEqual([])
    expect(names('users.items[at++].')).toEqual([])
    expect(names('traps[0].')).toEqual(['plain', 'secret'])
    expect(names('traps[0].secret.')).toEqual([])
    expect(names('proxy[0].')).toEqual([])
  })

  it.each([
    "auth0.users('auth0|1'",
    "auth0.users('auth0|1' ",
    "auth0.networkAcls.create({ description: 'x' ",
    'auth0.networkAcls.create({ active: true ',
    'auth0.users.list()',
    'const x = 7 ',
    'users.items[0] ',
    'await auth0 ',
  ])('R41 offers no second value behind a finished one: %s', (typed) => {
    expect(names(typed)).toEqual([])
  })

  it('R41 offers names of the console alone, and goes on after words, brackets and line ends', () => {
    for (const name of names('')) expect(Object.keys(source.variables)).toContain(name)
    expect(names('__')).toEqual([])
    expect(names('if (true) au')).toEqual(['auth0'])
    expect(names('for (const u of pa')).toEqual(['page'])
    expect(names("const f = () => {\n  const a = 'x'\n  au")).toEqual(['auth0'])
    expect(names('`${au')).toEqual(['auth0'])
    expect(names('return ')).toContain('auth0')
  })

  it('R41: knows entries of results, whichever way they are reached', () => {
    const members = ['email', 'identities', 'name', 'user_id']
    for (const typed of [
      'users.items.at(0).',
      'users.items.at(-1)?.',
      'users.items.filter(f)[0].',
      'users.items.map((each) => each.',
      'users.items.filter(each => f(each.',
      'for (const each of users.items) each.',
      'for (const each of users.items) { show(each.',
      'byMail.get("a").',
    ]) {
      expect(names(typed), typed).toEqual(members)
    }
    expect(names("users.items[0]['")).toEqual(members.map((name) => `'${name}'`))
    expect(names('page["to')).toEqual(['"total"'])
    expect(names('users.items[0].email.toUp')).toEqual(['toUpperCase('])
    expect(names('other.map((each) => each.')).toEqual([])
    expect(names('users.items.map((each) => missing.')).toEqual([])
  })

  it('R41: knows the options of connect() and of show()', () => {
    expect(names('connect({ dom')).toEqual(['domain: '])
    expect(names("connect({ domain: 'd', clientS")).toEqual(['clientSecret: '])
    expect(names('show(users.items, { col')).toEqual(['columns: '])
  })

  it('R41: has nothing to say in a comment, nor behind a finished value', () => {
    for (const typed of ['// au', 'f() // au', '/* au', 'f() /* more\n au', "auth0.users('a') au"])
      expect(names(typed), typed).toEqual([])
    expect(names('f() // done\nau')).toEqual(['auth0'])
    expect(names('f() /* done */; au')).toEqual(['auth0'])
  })

  it('R41, X4: lists no secret that the process knows, as a name, a key or an id', () => {
    processSecrets().add('canary_of_a_list')
    const own = { ...source, variables: { ...source.variables, byToken: { canary_of_a_list: 1, other: 2 } } }
    expect(complete('byToken.', own)[0]).toEqual(['other'])
    expect(complete("byToken['", own)[0]).toEqual(["'other'"])
    const known = row('users.list')
    if (known !== undefined) ids.remember([{ user_id: 'canary_of_a_list' }, { user_id: 'auth0|kept' }], known)
    expect(names("auth0.users('")).toContain("'auth0|kept'")
    expect(names("auth0.users('c")).toEqual([])
  })
})
