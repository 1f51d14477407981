import { beforeAll, describe, expect, it } from 'vitest'
import { row } from '../../src/catalogue/index.ts'
import { type CompletionSource, complete, liveIds } from '../../src/repl/completion/index.ts'
import { connect } from '../../src/session/index.ts'

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
  const variables = { auth0, trap, proxy, acls: auth0.networkAcls, page: { items: [], total: 1 } }
  source = { variables, commands: ['run', 'explain', 'events'], ids }
})

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
    expect(names('auth0.users.list().a')).toEqual(['all()'])
    expect(names("auth0.users('a').get().a")).toEqual([])
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
})
