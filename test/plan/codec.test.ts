import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, PlanData } from '../../src/plan/index.ts'
import { canonicalJson, hashPlan, parsePlan, planData, secretNames, ValidationError } from '../../src/plan/index.ts'

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>
const name = fc.stringMatching(/^[a-z_]{1,12}$/)
const object = fc.dictionary(name, json, { maxKeys: 4, noNullPrototype: true })
const strings = fc.dictionary(name, fc.string(), { maxKeys: 3, noNullPrototype: true })
const slot = fc.record({ $secret: name })
const count = fc.nat(100_000)

const repeat = fc.oneof(
  fc.record(
    {
      kind: fc.constant('pages' as const),
      result: fc.constantFrom('page' as const, 'first' as const, 'items' as const),
      most: count,
    },
    { requiredKeys: ['kind', 'result'] },
  ),
  fc.record(
    {
      kind: fc.constant('poll' as const),
      every: count,
      until: fc.constantFrom('grant' as const, 'job' as const),
      timeout: count,
    },
    { requiredKeys: ['kind', 'every', 'until'] },
  ),
)

const options = fc.record(
  { headers: strings, timeout: count, maxRetries: count, query: object, customDomain: fc.domain() },
  { requiredKeys: [] },
)

const client = fc.record(
  { clientId: fc.string(), clientSecret: slot, clientAssertion: fc.record({ key: slot, alg: fc.constant('RS256') }) },
  { requiredKeys: ['clientId'] },
)

const rest = { params: strings, query: object, body: json, repeat, options, client, bearer: slot, pick: name }
const plans: fc.Arbitrary<PlanData> = fc
  .oneof(
    fc.record(
      { op: fc.constantFrom('users.get', 'networkAcls.set', 'authentication.token'), ...rest },
      { requiredKeys: ['op'] },
    ),
    fc.record(
      { op: fc.constant('raw'), route: fc.constantFrom('GET /api/v2/users', 'POST /api/v2/x?y=1'), ...rest },
      { requiredKeys: ['op', 'route'] },
    ),
  )
  .map((fields) => planData(fields))

describe('plan data', () => {
  it('comes back from JSON unchanged, with the same hash', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const back = parsePlan(JSON.stringify(plan))
        expect(back).toEqual(JSON.parse(JSON.stringify(plan)))
        expect(hashPlan(back)).toBe(hashPlan(plan))
        expect(parsePlan(back)).toEqual(back)
      }),
    )
  })

  it('is frozen to the last member', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const open = (value: unknown): boolean =>
          typeof value === 'object' && value !== null && (!Object.isFrozen(value) || Object.values(value).some(open))
        expect(open(plan)).toBe(false)
      }),
    )
  })

  it('hashes by what it says, not by the order of its members', () => {
    expect(hashPlan(planData({ op: 'users.list', query: { a: 1, b: 2 } }))).toBe(
      hashPlan(planData({ op: 'users.list', query: { b: 2, a: 1 } })),
    )
    expect(canonicalJson({ b: [undefined, 1], a: undefined })).toBe('{"b":[null,1]}')
  })

  it('names each secret once', () => {
    const body = { a: { $secret: 'x' }, b: [{ $secret: 'y' }, { $secret: 'x' }] }
    expect(secretNames(planData({ op: 'raw', route: 'POST /x', body, bearer: { $secret: 'z' } }))).toEqual([
      'x',
      'y',
      'z',
    ])
  })
})

describe('what is no plan', () => {
  const bad: readonly (readonly [string, unknown, string])[] = [
    ['no JSON', '{', ''],
    ['a list', [], ''],
    ['another version', { v: 2, op: 'users.get' }, 'v'],
    ['no operation', { v: 1 }, 'op'],
    ['a foreign member', { v: 1, op: 'users.get', url: 'https://x' }, 'url'],
    ['a number as path parameter', { v: 1, op: 'users.get', params: { id: 1 } }, 'params.id'],
    ['a raw plan without a route', { v: 1, op: 'raw' }, 'route'],
    ['a route elsewhere', { v: 1, op: 'raw', route: 'GET https://elsewhere/' }, 'route'],
    ['a secret in the clear', { v: 1, op: 'users.get', bearer: 'eyJ' }, 'bearer'],
    [
      'a client secret in the clear',
      { v: 1, op: 'x.y', client: { clientId: 'c', clientSecret: 's' } },
      'client.clientSecret',
    ],
    ['an unknown repetition', { v: 1, op: 'users.list', repeat: { kind: 'forever' } }, 'repeat.kind'],
    ['a negative deadline', { v: 1, op: 'users.list', options: { timeout: -1 } }, 'options.timeout'],
  ]

  it.each(bad)('%s is refused at its place', (_name, value, path) => {
    try {
      parsePlan(value)
      expect.unreachable('it was taken')
    } catch (error) {
      expect(error).toBeInstanceOf(ValidationError)
      expect((error as ValidationError).issues[0]?.path).toBe(path)
    }
  })
})
