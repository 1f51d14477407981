import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { meant } from '../../src/code/index.ts'
import { sdkWords } from '../../src/grammar/sdk-words/index.ts'
import { connect } from '../../src/session/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: what is tried here is what the types forbid.
const auth0: any = connect({ domain: 'tenant.example.com', token: 'x', clientId: 'c', clientSecret: 's' } as never)

/** Follows a text such as `users(id).roles.assign({ roles })` to its verb; names that are not there end the way. */
function follow(text: string): unknown {
  let node: unknown = auth0
  const steps = [...text.matchAll(/([\w]+)(\(([^()]*)\))?(?:\.|$)/g)]
  for (const [at, [, name = '', call, args = '']] of steps.entries()) {
    expect(name in (node as object), `${name} of ${text}`).toBe(true)
    const member = (node as Record<string, unknown>)[name]
    if (at === steps.length - 1) return member
    node =
      call === undefined ? member : (member as (...ids: string[]) => unknown)(...args.split(',').map((id) => id.trim()))
  }
  return undefined
}

describe('C29 the words of other SDKs', () => {
  it.each([...sdkWords()])('%s leads to a place that exists: %s', (word, here) => {
    expect(here).toMatch(/\)$/)
    expect(follow(here)).toBeTypeOf('function')
    const names = word.split('.')
    const last = names.pop() as string
    let place = auth0
    for (const name of names) place = name in place ? place[name] : {}
    expect(last in place, `${word} stands here as it is`).toBe(false)
    const call = () => word.split('.').reduce((node, name) => node[name], auth0)({ id: 'x' })
    expect(call).toThrow(`auth0.${word}() is a word of another tool: write auth0.${here}.`)
    expect(call).toThrow(expect.objectContaining({ kind: 'validation' }))
  })

  it.each<[string, () => unknown, string]>([
    ['the Management API of a pair of clients', () => auth0.management.users.getAll(), 'write auth0.users.list(…).'],
    ['its words', () => auth0.management.users.getRoles({ id: 'u' }), 'write auth0.users(id).roles.list().'],
    ['the other client', () => auth0.authentication.oauth.passwordGrant({}), 'write auth0.login.password('],
    ['a client alone', () => auth0.management(), 'write auth0.users.list().'],
    ['a group alone', () => auth0.oauth(), 'write auth0.login.clientCredentials('],
    ['an unknown word of a group that is not here', () => auth0.grants.purge('x'), 'write auth0.userGrants.list('],
    ['a verb after a call', () => auth0.users('u').getRoles(), 'write auth0.users(id).roles.list().'],
    ['getAll of a group whose list is lower', () => auth0.blacklists.getAll(), 'write auth0.blacklists.tokens.list().'],
  ])('%s', (_, call, sentence) => {
    expect(call).toThrow(sentence)
  })

  it('are met by neither enumeration, inspection nor a promise', async () => {
    for (const holder of [auth0, auth0.users, auth0.database, auth0.userInfo, auth0.mfa]) {
      const names: string[] = []
      for (const name in holder) names.push(name)
      expect(names).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(getByEmail|signUp|associate|oauth)$/)]),
      )
      expect(inspect(holder)).not.toMatch(/getByEmail|signUp|getUserInfo|associate|oauth/)
    }
    expect('oauth' in auth0).toBe(false)
    expect(await auth0).toBe(auth0)
    expect(auth0.then).toBeUndefined()
    expect(auth0.toJSON).toBeUndefined()
    expect(Object.hasOwn(auth0.database, 'signup')).toBe(true)
    expect(auth0.userInfo.call).toBe(Function.prototype.call)
    expect(inspect(auth0.oauth)).toMatch(/auth0\.oauth is a word of another tool/)
  })

  it.each([
    ["Property 'oauth' does not exist on type 'Session'.", 'auth0.oauth.clientCredentialsGrant({})', 'auth0.login'],
    [
      "Property 'getByEmail' does not exist on type 'UsersCollection'.",
      "auth0.users.getByEmail('a')",
      'listUsersByEmail',
    ],
    [
      "Property 'getRoles' does not exist on type 'UserItem'.",
      "auth0.users('u').getRoles()",
      'auth0.users(id).roles.list()',
    ],
    [
      "Property 'signUp' does not exist on type 'DatabaseWords'.",
      'auth0.database.signUp({})',
      'auth0.database.signup(',
    ],
    ["Property 'management' does not exist on type 'Session'.", 'auth0.management.users.list()', 'auth0.users.list(…)'],
  ])('are told where the compiler stops first: %s', (message, code, right) => {
    expect(meant(message, { code })).toContain('is a word of another tool: write ')
    expect(meant(message, { code })).toContain(right)
  })

  it('leave slips to their own suggestion', () => {
    expect(meant("Property 'lst' does not exist on type 'UsersCollection'.", { code: 'auth0.users.lst()' })).toMatch(
      /Did you mean auth0\.users\.list/,
    )
    expect(() => auth0.users.nothingAtAll()).toThrow(TypeError)
  })
})
