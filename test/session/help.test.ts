import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { operationIds, row } from '../../src/catalogue/index.ts'
import { helpedWords, verbHelp, wordHelp } from '../../src/grammar/index.ts'
import { connect } from '../../src/session/index.ts'

const auth0 = connect({
  domain: 'tenant.example.com',
  token: () => {
    throw new Error('help asked for a token')
  },
  transport: () => {
    throw new Error('help sent a request')
  },
})

/** A verb's help, which no declaration tells of. */
const helpOf = (word: unknown) => (word as { help: unknown }).help

describe('help', () => {
  it('tells signature, route, scopes, fields with types and limits, an example and the page', async () => {
    const text = inspect(helpOf(auth0.networkAcls.create))
    expect(text).toContain('auth0.networkAcls.create(body)')
    expect(text).toContain('POST /api/v2/network-acls')
    expect(text).toContain('writes · scope create:network_acls')
    expect(text).toMatch(/description +string, at most 255 characters, required/)
    expect(text).toMatch(/rule\.scope +"management" \| "authentication"/)
    expect(text).toMatch(/rule\.match\.geo_country_codes +list of string/)
    expect(text).toMatch(/Example\n {2}auth0\.networkAcls\.create\(\{ .+ \}\)\.run\(\)/)
    expect(text).toContain(row('networkAcls.create')?.docs)
  })

  it('is there for groups, words, words of the tree, and by name', async () => {
    expect(inspect(helpOf(auth0.networkAcls))).toMatch(
      /create\(body\) +POST \/api\/v2\/network-acls +create:network_acls/,
    )
    expect(inspect(helpOf(auth0.login.password))).toContain('auth0.login.password({ username, password')
    expect(inspect(helpOf(auth0.clients('c').quota))).toContain('auth0.clients().quota(')
    expect(inspect(auth0.help(auth0.users))).toContain('users')
    expect(inspect(auth0.help('auth0.users(id).update(body)'))).toContain('PATCH /api/v2/users/{id}')
    expect(inspect(auth0.help())).toContain('networkAcls')
    expect(inspect(auth0.help)).toContain('Groups')
    expect(() => auth0.help('networkAcl.create')).toThrowError(/Did you mean "networkAcls.create"/)
    expect(() => auth0.help({})).toThrowError(/has no help/)
  })

  it('is there for every operation and every word, with a page of Auth0 at its end', async () => {
    for (const id of operationIds()) {
      const found = row(id)
      if (found === undefined) throw new Error(id)
      expect(String(verbHelp(found)), id).toMatch(/https:\/\/auth0\.com\/docs\/\S+$/)
      expect(String(verbHelp(found)), id).not.toContain('undefined')
    }
    for (const word of helpedWords()) expect(String(wordHelp(word)), word).toMatch(/https:\/\/auth0\.com\/docs\/\S+$/)
  })

  it('shows examples that are plans: what help proposes can be typed as it is', async () => {
    let ran = 0
    for (const id of operationIds()) {
      const found = row(id)
      if (found?.api !== 'management' || found.body?.encoding === 'multipart' || found.paging?.style === 'stream')
        continue
      const example = /Example\n {2}(.+)\.run\(\)\n/.exec(String(verbHelp(found)))?.[1]
      const plan = new Function('auth0', `return ${example}`)(auth0) as { data: { op: string } }
      expect(plan.data.op, example).toBe(id)
      ran += 1
    }
    expect(ran).toBeGreaterThan(400)
  })

  it('says where Auth0 documents neither an operation nor its scope', () => {
    const text = String(verbHelp(row('prompts.mfaPush.get') as never))
    expect(text).toMatch(/scope not published · undocumented\n/)
    expect(text).toMatch(/documents this operation nowhere/)
    expect(String(verbHelp(row('guardian.get') as never))).toMatch(/scope not published\n/)
  })

  it('is met by neither enumeration nor comparison', () => {
    expect(Object.keys(auth0.networkAcls)).not.toContain('help')
    const names: string[] = []
    for (const name in auth0.networkAcls) names.push(name)
    expect(names).toEqual(['create', 'list', 'rule'])
  })
})

describe('auth0.find()', () => {
  it('finds operations by name, by field and by several words, and shows each word whole', async () => {
    const quota = await auth0.find('quota')
    expect(quota.map(({ word }) => word)).toContain('auth0.tenants.settings.update(body)')
    expect(quota.find(({ word }) => word.startsWith('auth0.clients(id).update'))?.fields).toEqual(['token_quota'])
    const acl = await auth0.find('network acl create')
    // What meets every word comes first.
    expect(acl.map(({ word }) => word).slice(0, 3)).toEqual([
      'auth0.networkAcls.create(body)',
      'auth0.keys.networkAcls.create(body)',
      'auth0.networkAcls.rule()',
    ])
    expect(inspect(quota)).toContain('auth0.organizations(id).update(body)\n')
    expect((await auth0.find('no such thing')).length).toBe(0)
    expect(inspect(await auth0.find('zzz'))).toContain('Nothing was found')
    expect((await auth0.find('list users by email'))[0]?.word).toBe('auth0.users.listUsersByEmail(query?)')
    await expect(auth0.find(' ')).rejects.toMatchObject({ kind: 'validation' })
  })

  it.each([
    ['mfa enroll', 'auth0.mfa(error).enroll.sms(phoneNumber)'],
    ['refresh token', 'auth0.revoke(refreshToken'],
    ['authenticator app', 'auth0.mfa(error).enroll.otp()'],
    ['recovery code', 'auth0.users(id).regenerateRecoveryCode()'],
    ['passwordless sms', 'auth0.passwordless.sms('],
    ['login page url', 'auth0.authorize.url('],
  ])('N7 finds words as well as operations: %s', async (text, word) => {
    expect((await auth0.find(text)).map((found) => found.word).some((found) => found.startsWith(word))).toBe(true)
  })

  it.each([
    ['qouta', 'auth0.clients().quota('.replace('()', '(id)')],
    ['conection options', 'auth0.connections(id).update(body)'],
    ['invitaton', 'auth0.organizations(id).invitations.list(query?)'],
    ['enrol otpp', 'auth0.mfa(error).enroll.otp()'],
  ])('N7 R42 forgives a slip: %s', async (text, word) => {
    expect((await auth0.find(text)).map((found) => found.word).some((found) => found.startsWith(word))).toBe(true)
  })
})
