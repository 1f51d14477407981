import { describe, expect, it } from 'vitest'
import { ApiError, type PlanData, planData, type TenantlabError, ValidationError } from '../../src/plan/index.ts'
import { type Answer, json, loopback, pipelineOn } from './server.ts'

const numbers = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, n) => ({ id: String(from + n) }))
const all = (op: string, query?: Record<string, string | number>, most?: number): PlanData =>
  planData({ op, ...(query && { query }), repeat: { kind: 'pages', result: 'items', ...(most && { most }) } })

/** What a list comes to. */
async function ends(answer: Answer, plan: PlanData) {
  const server = await loopback(answer)
  const outcome = await pipelineOn(server.transport).execute<{ id: string }[]>(plan).outcome()
  const ids = outcome.status === 'ok' ? outcome.value.map(({ id }) => Number(id)) : []
  return { outcome, ids, seen: server.seen, error: outcome.status === 'error' ? outcome.error : undefined }
}
const inOrder = (count: number) => Array.from({ length: count }, (_, n) => n)

describe('C5 a server that gives less than was asked', () => {
  it.each([
    ['a cap of 50, totals, counted by its own size', 120, 50, true, 'own'],
    ['a cap of 50, totals, counted by the asked size', 120, 50, true, 'asked'],
    ['a cap of 25, bare lists', 60, 25, false, 'own'],
    ['a cap of 7, bare lists', 24, 7, false, 'own'],
    ['a cap of 30, totals, all on whole pages', 90, 30, true, 'own'],
    ['no cap, bare lists', 150, 100, false, 'own'],
  ] as const)('%s', async (_, count, cap, totals, by) => {
    const answer: Answer = ({ query }, reply) => {
      const asked = Number(query.get('per_page'))
      const size = Math.min(asked, cap)
      const start = Number(query.get('page')) * (by === 'own' ? size : asked)
      const items = numbers(start, Math.min(start + size, count))
      json(reply, 200, totals ? { total: count, actions: items } : items)
    }
    expect((await ends(answer, all('actions.list', { per_page: 100 }))).ids).toEqual(inOrder(count))
    expect((await ends(answer, all('actions.list', { per_page: 100 }, 20))).ids).toEqual(inOrder(Math.min(20, count)))
  })

  it.each([
    ['nothing', () => 0],
    ['less than came', () => 60],
    ['less than nothing', () => -1],
    ['the length of the page', (length: number) => length],
  ] as const)('C5: a total that tells %s ends no list', async (_, total) => {
    const answer: Answer = ({ query }, reply) => {
      const size = Math.min(Number(query.get('per_page')), 50)
      const start = Number(query.get('page')) * size
      const items = numbers(start, Math.min(start + size, 120))
      json(reply, 200, { start, limit: size, total: total(items.length), roles: items })
    }
    for (const query of [undefined, { per_page: 100 }, { per_page: 25 }])
      expect((await ends(answer, all('roles.list', query))).ids).toEqual(inOrder(120))
  })

  it.each(['clients.list', 'organizations.members.list'])(
    'C5: %s, answered by page although a cursor was asked for',
    async (op) => {
      const key = op === 'clients.list' ? 'clients' : 'members'
      const answer: Answer = ({ query }, reply) => {
        const size = Math.min(Number(query.get('per_page') ?? 50), 33)
        const start = Number(query.get('page') ?? 0) * size
        json(reply, 200, { start, limit: size, total: 120, [key]: numbers(start, Math.min(start + size, 120)) })
      }
      const plan = planData({
        op,
        ...(key === 'members' && { params: { id: 'o' } }),
        repeat: { kind: 'pages', result: 'items' },
      })
      expect((await ends(answer, plan)).ids).toEqual(inOrder(120))
    },
  )

  it('goes on over a page from which the server left one out', async () => {
    const answer: Answer = ({ query }, reply) => {
      const start = Number(query.get('page')) * 50
      const items = numbers(start, Math.min(start + 50, 130)).filter(({ id }) => id !== '60')
      json(reply, 200, { start, limit: 50, total: 130, actions: items })
    }
    const { ids } = await ends(answer, all('actions.list', { per_page: 50 }))
    expect(ids).toEqual(inOrder(130).filter((id) => id !== 60))
  })
})

describe('C6 paging that does not move is an error', () => {
  it.each<[string, Answer, PlanData]>([
    ['the same cursor', (_, reply) => json(reply, 200, { clients: numbers(0, 2), next: 'x' }), all('clients.list')],
    [
      'two cursors by turns',
      ({ query }, reply) => json(reply, 200, { clients: numbers(0, 2), next: query.get('from') === 'a' ? 'b' : 'a' }),
      all('clients.list'),
    ],
    [
      'new cursors and never an item',
      ({ query }, reply) => json(reply, 200, { clients: [], next: `${query.get('from') ?? ''}x` }),
      all('clients.list'),
    ],
    [
      'the same page under ever new cursors',
      ({ query, headers }, reply) =>
        json(reply, 200, [{ log_id: 'L1' }], {
          link: `<https://${headers.host}/api/v2/logs?from=${query.get('from') ?? ''}x>; rel="next"`,
        }),
      all('logs.list', { from: '1', take: 1 }),
    ],
    [
      'two numbered pages by turns, and a total that lies',
      ({ query }, reply) =>
        json(reply, 200, {
          roles: numbers(Number(query.get('page')) % 2, (Number(query.get('page')) % 2) + 1),
          total: 1e9,
        }),
      all('roles.list', { per_page: 1 }),
    ],
    [
      'three numbered pages by turns, bare lists',
      ({ query }, reply) =>
        json(reply, 200, numbers(Number(query.get('page')) % 3, (Number(query.get('page')) % 3) + 2)),
      all('actions.list', { per_page: 2 }),
    ],
    [
      'two pages by turns under ever new cursors',
      ({ query }, reply) => {
        const from = query.get('from') ?? ''
        json(reply, 200, { organizations: numbers(from.length % 2, (from.length % 2) + 1), next: `${from}x` })
      },
      all('organizations.list', { take: 1 }),
    ],
    [
      'the same clients under ever new cursors',
      ({ query }, reply) => json(reply, 200, { clients: [{ client_id: 'a' }], next: `${query.get('from') ?? ''}x` }),
      all('clients.list'),
    ],
    [
      'the same page whichever is asked for',
      (_, reply) => json(reply, 200, { total: 1000, actions: numbers(0, 50) }),
      all('actions.list', { per_page: 50 }),
    ],
    [
      'a Link header that names its own page',
      ({ headers }, reply) =>
        json(reply, 200, numbers(0, 3), { link: `<https://${headers.host}/api/v2/logs?from=9>; rel="next"` }),
      all('logs.list', { from: '1', take: 3 }),
    ],
  ])('%s', async (_, answer, plan) => {
    const { error, seen } = await ends(answer, plan)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status: 200, code: 'unreadable_answer' })
    expect(error?.message).toMatch(/paging would never end/)
    expect(seen.length).toBeLessThan(60)
  })
})

describe('C7 the wall of 1,000 results', () => {
  const users = (count: number, told: number): Answer => {
    return ({ query }, reply) => {
      const start = Number(query.get('page')) * 100
      json(reply, 200, { start, limit: 100, total: told, users: numbers(start, Math.min(start + 100, count)) })
    }
  }

  it('is told where the server counts no further either, and nothing is lost', async () => {
    const { error } = await ends(users(1102, 1000), all('users.list'))
    expect(error).toBeInstanceOf(ValidationError)
    expect(error?.message).toMatch(/paging reaches 1000 records, and there may be more.*usersExports/)
    expect(error?.partial?.items).toHaveLength(1000)
  })

  it('is told at once where the total says so', async () => {
    const { error, seen } = await ends(users(1102, 1102), all('users.list'))
    expect(error).toBeInstanceOf(ValidationError)
    expect(seen).toHaveLength(1)
  })

  it('is none for fewer, nor for as many as were asked for', async () => {
    expect((await ends(users(999, 999), all('users.list'))).ids).toHaveLength(999)
    expect((await ends(users(1102, 1000), all('users.list', {}, 1000))).ids).toHaveLength(1000)
  })
})

describe('C34 a list by cursor whose answers name none', () => {
  it.each([
    ['logs.list', { from: '0', take: 10 }, 24, 10],
    ['logs.list', { from: '0', take: 10 }, 20, 10],
    ['logs.list', { from: '0', take: 10 }, 24, 4],
    ['eventStreams.deliveries.list', { take: 10 }, 33, 10],
    ['eventStreams.deliveries.list', { take: 10 }, 33, 4],
    ['eventStreams.deliveries.list', { take: 10 }, 3, 10],
  ] as const)('%s goes on by the last id', async (op, query, count, cap) => {
    const answer: Answer = ({ query: asked }, reply) => {
      const from = asked.get('from')
      const start = from === null || from === '0' ? 1 : Number(from) + 1
      json(reply, 200, numbers(start, Math.min(start + Math.min(Number(asked.get('take')), cap), count + 1)))
    }
    const plan = op === 'logs.list' ? all(op, query) : planData({ ...all(op, query), params: { id: 'est_1' } })
    expect((await ends(answer, plan)).ids).toEqual(inOrder(count).map((id) => id + 1))
  })

  it.each([
    ['connections.list', 137, 50],
    ['connections.list', 137, 7],
    ['clients.list', 250, 100],
    ['organizations.list', 20, 100],
  ] as const)('C34: %s, answered by bare pages although a cursor was asked for', async (op, count, cap) => {
    const answer: Answer = ({ query }, reply) => {
      const size = Math.min(Number(query.get('per_page') ?? query.get('take') ?? 50), cap)
      const start = Number(query.get('page') ?? 0) * size
      json(reply, 200, numbers(start, Math.min(start + size, count)))
    }
    expect((await ends(answer, all(op))).ids).toEqual(inOrder(count))
  })

  it('C34: a server that pages in no way gives its list once', async () => {
    for (const op of ['connections.list', 'clients.list']) {
      const { ids, seen } = await ends((_, reply) => json(reply, 200, numbers(0, 10)), all(op))
      expect(ids).toEqual(inOrder(10))
      expect(seen).toHaveLength(2)
    }
  })

  it('ends where the server knows no cursor', async () => {
    const { ids, seen } = await ends((_, reply) => json(reply, 200, numbers(0, 10)), all('logs.list', { take: 10 }))
    expect(seen).toHaveLength(2)
    expect(ids).toEqual(inOrder(10))
  })
})

describe('C11 an answer that cannot be read', () => {
  it.each([
    ['null for the list', { users: null }, /no list "users": it is null/],
    ['an object for the list', { users: {}, total: 3 }, /no list "users": it is object/],
    ['a number', 7, /it is number/],
    ['another answer', { message: 'hello' }, /its fields are message/],
  ])('%s names operation, status and what was there', async (_, body, rule) => {
    const { error } = await ends((_, reply) => json(reply, 200, body), all('users.list'))
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status: 200, attempts: 1, code: 'unreadable_answer' })
    expect(error?.message).toMatch(/^users\.list: Auth0 answered 200 /)
    expect(error?.message).toMatch(rule)
  })
})

describe('N19 what had come before a list ended', () => {
  const clients: Answer = ({ query }, reply) => {
    const start = Number(query.get('from') ?? 0)
    if (start >= 300 && query.get('take') === '100') return
    json(reply, 200, { clients: numbers(start, start + 100), ...(start < 400 && { next: String(start + 100) }) })
  }

  it('stays with the error of an interrupt, with the plan of the rest', async () => {
    const server = await loopback(clients)
    const execution = pipelineOn(server.transport).execute<object[]>(all('clients.list'))
    await new Promise<void>((resolve) => {
      execution.events.subscribe({ next: (event) => event.kind === 'page' && event.collected === 300 && resolve() })
    })
    execution.abort('interrupted')
    const outcome = await execution.outcome()
    const error = (outcome.status === 'error' ? outcome.error : undefined) as TenantlabError
    expect(error.kind).toBe('aborted')
    expect(error.partial?.items).toEqual(numbers(0, 300))
    expect(error.partial?.next?.query).toEqual({ take: 100, from: '300' })
    expect(error.message).toContain('300 items had come before')
    expect(JSON.stringify(error)).not.toContain('"items"')
    const rest = await loopback(({ query }, reply) =>
      json(reply, 200, { clients: numbers(Number(query.get('from')), 450) }),
    )
    expect(await pipelineOn(rest.transport).execute(error.partial?.next as PlanData)).toEqual(numbers(300, 450))
  })

  it('stays with any other error, and counts what was asked for', async () => {
    const server = await loopback(({ query }, reply) => {
      const start = Number(query.get('from') ?? 0)
      if (start === 200) return json(reply, 400, { statusCode: 400, error: 'Bad Request', message: 'cursor expired' })
      json(reply, 200, { clients: numbers(start, start + 100), next: String(start + 100) })
    })
    const outcome = await pipelineOn(server.transport)
      .execute(all('clients.list', undefined, 250))
      .outcome()
    const error = (outcome.status === 'error' ? outcome.error : undefined) as TenantlabError
    expect(error.partial?.items).toHaveLength(200)
    expect(error.partial?.next?.repeat).toEqual({ kind: 'pages', result: 'items', most: 50 })
  })
})

describe('C11 whose fault it is', () => {
  it('says whether a function of the caller or tenantlab itself failed', async () => {
    const own = pipelineOn(() => {
      throw new RangeError('my transport')
    })
    const outcome = await own.execute(planData({ op: 'users.get', params: { id: 'x' } })).outcome()
    const error = outcome.status === 'error' ? outcome.error : undefined
    expect(error?.message).toMatch(/an error that tenantlab did not raise: my transport\..*of the caller raised it/)
    const broken = pipelineOn((() => undefined) as never, { present: () => (undefined as never as string).length })
    const failed = await broken.execute(planData({ op: 'users.get', params: { id: 'x' } })).outcome()
    expect(failed.status === 'error' && failed.error.message).toMatch(/within tenantlab.*please report it/)
  })
})
