import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/session/index.ts'

const sent: string[] = []
const session = (unknown?: 'refuse' | 'tell' | 'allow') =>
  connect({
    domain: 'tenant.example.com',
    token: 'x',
    transport: ({ method, url, body }) => {
      sent.push(`${method} ${new URL(url).pathname} ${String(body ?? '')}`.trim())
      return { status: 200, headers: {}, body: '{"user_id":"auth0|1"}' }
    },
    ...(unknown && { unknown }),
  })
const auth0 = session()

describe('C10 what Auth0 does not document', () => {
  it('goes out, and is told by explain() and by an event', async () => {
    const plan = auth0.users('auth0|1').update({ favourite: 1, nickname: null } as object)
    expect(plan.explain().warnings.join('\n')).toMatch(/favourite is not among the fields that Auth0 documents here/)
    expect(plan.explain().refusals).toBeUndefined()
    const kinds: unknown[] = []
    const execution = plan.run()
    execution.events.subscribe({ next: (event) => kinds.push(event.kind === 'unknown' ? event.parts : event.kind) })
    await execution
    expect(kinds[0]).toEqual([{ path: 'favourite', what: 'field' }])
    expect(sent.at(-1)).toBe('PATCH /api/v2/users/auth0%7C1 {"favourite":1,"nickname":null}')
  })

  it('is refused, or sent without a word, where connect() says so', async () => {
    const plan = { v: 1, op: 'users.update', params: { id: 'auth0|1' }, body: { favourite: 1 } }
    const before = sent.length
    await expect(session('refuse').run(plan)).rejects.toMatchObject({ kind: 'validation' })
    expect(sent).toHaveLength(before)
    const misspelt = { ...plan, body: { blokced: true } }
    await expect(auth0.run(misspelt)).rejects.toThrow(/blokced is not a field here \(did you mean blocked\?\)/)
    await session('allow').run(misspelt)
    expect(sent).toHaveLength(before + 1)
    expect(() => connect({ domain: 'a.example.com', unknown: 'ignore' as 'allow' })).toThrow(
      /'refuse', 'tell' or 'allow'/,
    )
  })

  it('leaves plans of other operations alone', () => {
    expect(auth0.raw('POST /api/v2/users', { body: { anything: 1 } }).explain().refusals).toBeUndefined()
    expect(auth0.login.clientCredentials().explain().refusals).toBeUndefined()
  })
})

describe('R53 the card of a plan', () => {
  it.each([
    [
      'a misspelt parameter',
      auth0.users.list({ qq: 'x' } as object),
      /run\(\) refuses this: qq is not a parameter here/,
    ],
    ['a wrong type', auth0.users('u').update({ blocked: 'yes' } as object), /refuses this: blocked must be a boolean/],
    ['a missing field', auth0.roles.create({} as never), /refuses this: name is required/],
    ['a number out of range', auth0.users.list({ per_page: 1000 }), /refuses this: per_page must be 100 or less/],
  ])('says what run() would refuse: %s', (_, plan, text) => {
    const card = inspect(plan)
    expect(card.replace(/\s+/g, ' ')).toMatch(text)
    expect(plan.explain().refusals).toHaveLength(1)
  })

  it('says nothing of the kind where all is well, a secret included', () => {
    const fine = auth0.users.create({ connection: 'db', email: 'a@example.com', password: 'a fine long password' })
    expect(inspect(fine)).not.toMatch(/refuses/)
  })
})

describe('C18 diff()', () => {
  it.each([
    ['a wrong type', auth0.users('u').update({ blocked: 'yes' } as object)],
    ['a misspelt name', auth0.users('u').update({ blokced: true } as object)],
    ['a number out of range', auth0.networkAcls('acl_1').update({ priority: 1000 })],
  ])('makes the checks of run(): %s', async (_, plan) => {
    const before = sent.length
    await expect(plan.diff().run()).rejects.toMatchObject({ kind: 'validation' })
    expect(sent).toHaveLength(before)
  })
})
