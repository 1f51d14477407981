import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { row, rows } from '../../src/catalogue/index.ts'
import { contextOf, managementTree } from '../../src/grammar/tree.ts'
import type { TreePlace } from '../../src/grammar/tree-places.ts'
import { placesBelow, topGroup, topGroups } from '../../src/grammar/tree-places.ts'
import type { ListPlan, Plan, PlanData, SecretValues } from '../../src/plan/index.ts'

interface Bound {
  readonly data: PlanData
  readonly secrets: SecretValues | undefined
  readonly list: boolean
}

const bind = Object.assign(
  <T>(data: PlanData, secrets?: SecretValues) => ({ data, secrets, list: false }) as unknown as Plan<T>,
  { list: <T>(data: PlanData, secrets?: SecretValues) => ({ data, secrets, list: true }) as unknown as ListPlan<T> },
)
const auth0 = managementTree(bind)
const bound = (plan: unknown): Bound => plan as Bound

const allPlaces = (): TreePlace[] => topGroups().flatMap((name) => [...placesBelow(topGroup(name))])

/** Walks from the root to a node by its path, calling with `x0`, `x1` … */
function reach(place: TreePlace): unknown {
  let value: unknown = auth0
  let count = 0
  for (const part of place.path.split('.')) {
    const name = part.replace('()', '')
    const next = (value as Record<string, unknown>)[name] as (...args: string[]) => unknown
    if (!part.endsWith('()')) value = next
    else {
      const above = allPlaces().find((one) => one.called?.place.path === pathUpTo(place.path, part, count))
      value = next(...(above?.called?.names ?? []).map((one, index) => `${one}/${index}`))
    }
    count += 1
  }
  return value
}

const pathUpTo = (path: string, _part: string, index: number): string =>
  path
    .split('.')
    .slice(0, index + 1)
    .join('.')

describe('the resource tree', () => {
  it('reaches every Management operation at exactly one place, and that place leads back to it', () => {
    const reached = new Map<string, string>()
    for (const place of allPlaces()) {
      for (const [verb, row] of place.verbs) {
        expect(reached.get(row.id), row.id).toBeUndefined()
        reached.set(row.id, `${place.path}.${verb}`)
        const node = reach(place) as Record<string, (...args: unknown[]) => unknown>
        const own = row.parameters.filter((one) => one.segment === -1).map((one) => `${one.name}/own`)
        const args = row.body === undefined ? own : [...own, {}]
        const plan = bound((node[verb] as (...args: unknown[]) => unknown).apply(node, args))
        expect(plan.data.op).toBe(row.id)
        expect(Object.keys(plan.data.params ?? {})).toEqual(row.parameters.map((one) => one.name))
        expect(plan.list).toBe(row.paging !== undefined)
      }
    }
    const management = rows().filter((row) => row.api === 'management')
    expect(reached.size).toBe(491)
    expect([...reached.keys()].sort()).toEqual(management.map((row) => row.id).sort())
  })

  it('puts path parameters where the literal before them stands', () => {
    expect(bound(auth0.users('auth0|1').get()).data).toEqual({ v: 1, op: 'users.get', params: { id: 'auth0|1' } })
    expect(bound(auth0.organizations.getByName('acme')).data.params).toEqual({ name: 'acme' })
    expect(bound(auth0.jobs('job_1').errors.get()).data.op).toBe('jobs.errors.get')
    expect(bound(auth0.users('a').identities('google-oauth2', '42').delete()).data.params).toEqual({
      id: 'a',
      provider: 'google-oauth2',
      user_id: '42',
    })
    expect(bound(auth0.selfServiceProfiles('p').customText('en', 'login').list()).data.params).toEqual({
      id: 'p',
      language: 'en',
      page: 'login',
    })
    expect(bound(auth0.prompts('login').rendering.get('login-id')).data.params).toEqual({
      prompt: 'login',
      screen: 'login-id',
    })
    expect(bound(auth0.connections.scimConfiguration.list()).data.op).toBe('connections.scimConfiguration.list')
    expect(bound(auth0.actions('a').versions('v').get()).data.params).toEqual({ actionId: 'a', id: 'v' })
  })

  it('takes one object, as body or as query, and drops what is undefined', () => {
    expect(bound(auth0.users.list({ q: 'x', page: undefined })).data.query).toEqual({ q: 'x' })
    expect(bound(auth0.users.list()).data).toEqual({ v: 1, op: 'users.list' })
    expect(bound(auth0.users('a').update({ nickname: 'n', name: undefined })).data.body).toEqual({ nickname: 'n' })
    expect(bound(auth0.users('a').authenticationMethods.set([])).data.body).toEqual([])
  })

  it('takes secrets out of the body and passes them beside the plan', () => {
    const plan = bound(auth0.users.create({ connection: 'c', email: 'a@b.c', password: 'p4ss' }))
    expect(plan.data.body).toEqual({ connection: 'c', email: 'a@b.c', password: { $secret: 'password' } })
    expect(plan.secrets).toEqual({ password: 'p4ss' })
    expect(JSON.stringify(plan.data)).not.toContain('p4ss')
  })

  it('gives two secrets of one name two slots', () => {
    const plan = bound(
      auth0.actions('a').update({
        secrets: [
          { name: 'A', value: 'one' },
          { name: 'B', value: 'two' },
        ],
      }),
    )
    expect(plan.secrets).toEqual({ value: 'one', 'secrets.1.value': 'two' })
    expect(plan.data.body).toEqual({
      secrets: [
        { name: 'A', value: { $secret: 'value' } },
        { name: 'B', value: { $secret: 'secrets.1.value' } },
      ],
    })
  })

  it('hides secrets of metadata by their name, and leaves the code of an action alone', () => {
    const user = bound(auth0.users('a').update({ app_metadata: { api_key: 'k', plan: 'gold' } }))
    expect(user.data.body).toEqual({ app_metadata: { api_key: { $secret: 'api_key' }, plan: 'gold' } })
    const action = bound(auth0.actions('a').update({ code: 'exports.onExecutePostLogin = () => {}' }))
    expect(action.data.body).toEqual({ code: 'exports.onExecutePostLogin = () => {}' })
  })

  it('leaves the argument of the caller as it was', () => {
    const body = { app_metadata: { list: [1, 2] } }
    const plan = bound(auth0.users('a').update(body))
    expect(Object.isFrozen(plan.data.body)).toBe(true)
    body.app_metadata.list.push(3)
    expect(plan.data.body).toEqual({ app_metadata: { list: [1, 2] } })
  })

  it.each([
    ['a Date', { app_metadata: { at: new Date(0) } }, 'app_metadata.at', /toISOString/],
    ['a Map', { app_metadata: new Map() }, 'app_metadata', /plain object/],
    ['a function', { nickname: () => 'x' }, 'nickname', /function/],
    ['NaN', { app_metadata: { n: Number.NaN } }, 'app_metadata.n', /NaN/],
    ['a bigint', { app_metadata: [1n] }, 'app_metadata.0', /bigint/],
  ])('refuses %s and names the path', (_, body, path, rule) => {
    const attempt = () => auth0.users('a').update(body as never)
    expect(attempt).toThrowError(rule)
    expect(attempt).toThrowError(
      expect.objectContaining({ kind: 'validation', issues: [expect.objectContaining({ path })] }),
    )
  })

  it('refuses a cycle, and takes the same object twice side by side', () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    expect(() => auth0.users('a').update({ app_metadata: cycle })).toThrowError(/contains itself/)
    const twice = { x: 1 }
    expect(bound(auth0.users('a').update({ app_metadata: { a: twice, b: twice } })).data.body).toEqual({
      app_metadata: { a: { x: 1 }, b: { x: 1 } },
    })
  })

  it('refuses identifiers that no path can carry, and says what was passed without showing it', () => {
    const users = auth0.users as unknown as (...args: unknown[]) => unknown
    expect(() => users('')).toThrowError(
      /auth0\.users\(id\): id must be a string that is not empty, not an empty string/,
    )
    expect(() => users(undefined)).toThrowError(/missing/)
    expect(() => users(7)).toThrowError(/a number/)
    expect(() => users('a', 'b')).toThrowError(/takes one argument, not 2/)
    const byName = auth0.organizations.getByName as unknown as () => unknown
    expect(() => byName.call(auth0.organizations)).toThrowError(
      /auth0\.organizations\.getByName: name must be a string/,
    )
  })

  it('refuses more arguments than a verb takes, a missing body, and a value where an object belongs', () => {
    const user = auth0.users('a') as unknown as Record<string, (...args: unknown[]) => unknown>
    expect(() => user.delete?.({})).toThrowError(/auth0\.users\(id\)\.delete\(\) takes no argument, not 1/)
    expect(() => user.update?.()).toThrowError(/the body is missing/)
    expect(() => user.update?.('x')).toThrowError(/the body must be an object, not a string/)
    expect(() => user.get?.(['fields'])).toThrowError(/the query must be an object, not an array/)
    expect(() => user.get?.({}, {})).toThrowError(/\.with\(/)
  })

  it('says where a verb belongs when it is called without its group', () => {
    const { list } = auth0.users
    expect(() => list()).toThrowError(/was called without its group/)
  })

  it('shows groups and verbs only', () => {
    expect(Object.getOwnPropertyNames(auth0.users)).toEqual([])
    const names: string[] = []
    for (let object: unknown = auth0.users; object !== null; object = Object.getPrototypeOf(object)) {
      names.push(...Object.getOwnPropertyNames(object))
    }
    expect(names.sort()).toEqual(['create', 'help', 'list', 'listUsersByEmail'])
    expect(names).not.toContain('then')
    expect(inspect(auth0.users)).toBe('users(id) { create(body), list(query?), listUsersByEmail(query?) }')
    expect(inspect(auth0.jobs)).toBe('jobs(id) { usersExports, usersImports, verificationEmail }')
    expect(inspect(auth0.jobs('j'))).toBe('jobs(…) { get(), errors }')
    expect(inspect({ users: auth0.users })).toContain('users(id)')
    expect(inspect(auth0)).toMatch(/^management \{ actions, agents, anomaly, .*verifiableCredentials \}$/)
  })

  it('gives the same group each time and survives await', async () => {
    expect(auth0.users).toBe(auth0.users)
    expect(await auth0.users).toBe(auth0.users)
    expect(`${auth0.users as unknown as string}`).toBe('users')
  })

  it('carries hand-written words on the nodes they are for', () => {
    const withWords = managementTree(bind, {
      'clients()': {
        quota(perDay: number) {
          const { bind: own, calls } = contextOf(this)
          return own({ v: 1, op: 'clients.update', params: { id: calls[0]?.[0] as string }, body: { perDay } })
        },
      },
    }) as unknown as { clients: (id: string) => { quota(perDay: number): unknown } }
    expect(bound(withWords.clients('c1').quota(5)).data).toEqual({
      v: 1,
      op: 'clients.update',
      params: { id: 'c1' },
      body: { perDay: 5 },
    })
    expect(inspect(withWords.clients('c1'))).toContain('quota(…)')
    expect('quota' in auth0.clients('c1')).toBe(false)
    expect(row('clients.update')).toBeDefined()
  })
})
