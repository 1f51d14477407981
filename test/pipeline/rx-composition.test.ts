import {
  firstValueFrom,
  from,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  type Observable,
  retry as rxRetry,
  toArray,
} from 'rxjs'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Job, User } from '../../src/index.ts'
import type { Page, PlanEvent } from '../../src/plan/index.ts'
import {
  events,
  observe,
  pageItems,
  type Reply,
  resend,
  retry,
  type Stage,
  token,
  untilFinished,
} from '../../src/rx.ts'
import { connect, planFrom } from '../../src/session/index.ts'
import type { HttpRequest } from '../../src/wire/index.ts'

const users = Array.from({ length: 5 }, (_, at) => ({ user_id: `auth0|${at}` }))
const ids = users.map(({ user_id }) => user_id)

/** A tenant of five users in pages of two; `script` answers what is no list. */
const open = (
  script: (request: HttpRequest, count: number) => { status?: number; body: string } = () => ({ body: '{}' }),
  more: object = {},
) => {
  let count = 0
  return connect({
    domain: 'rx.example',
    token: 'x',
    ...more,
    transport: async (request: HttpRequest) => {
      count += 1
      const { pathname, searchParams } = new URL(request.url)
      if (!pathname.endsWith('/users')) return { status: 200, headers: {}, ...script(request, count) }
      const [page, size] = [Number(searchParams.get('page')), Number(searchParams.get('per_page'))]
      const items = users.slice(page * size, (page + 1) * size)
      const body = { users: items, start: page * size, limit: size, total: users.length }
      return { status: 200, headers: {}, body: JSON.stringify(body) }
    },
  })
}

describe('C14 types say what runs', () => {
  it('a list is its items for from(), its first page for observe(), its pages for pages()', async () => {
    const list = open().users.list({ per_page: 2 })
    const items = from(list)
    expectTypeOf(items).toEqualTypeOf<Observable<User>>()
    expect(await lastValueFrom(items.pipe(toArray()))).toEqual(users)
    const page = observe(list)
    expectTypeOf(page).toEqualTypeOf<Observable<Page<User>>>()
    expect((await firstValueFrom(page)).items).toHaveLength(2)
    const pages = from(list.pages())
    expectTypeOf(pages).toEqualTypeOf<Observable<Page<User>>>()
    expect(await lastValueFrom(pages.pipe(toArray()))).toHaveLength(3)
    expect(
      await lastValueFrom(
        pages.pipe(
          pageItems<User>(),
          map((user) => user.user_id),
          toArray(),
        ),
      ),
    ).toEqual(ids)
    const again = from(planFrom(list.toJSON()) as unknown as typeof list)
    await expect(firstValueFrom(again)).rejects.toMatchObject({ kind: 'unbound' })
  })

  it('a list has no observable of its own, whichever options it has', () => {
    for (const list of [open().users.list(), open().users.list().with({ timeout: 5 })]) {
      expect((list as unknown as Record<string, unknown>)['@@observable']).toBeUndefined()
      expect((list as unknown as Record<symbol, unknown>)[Symbol.observable]).toBeUndefined()
    }
  })

  it('a plan and all items of a list are observables', async () => {
    const auth0 = open(() => ({ body: '{"user_id":"auth0|1"}' }))
    const one = from(auth0.users('auth0|1').get())
    expectTypeOf(one).toEqualTypeOf<Observable<User>>()
    expect(await firstValueFrom(one)).toEqual({ user_id: 'auth0|1' })
    const all = from(auth0.users.list({ per_page: 2 }).all())
    expectTypeOf(all).toEqualTypeOf<Observable<User[]>>()
    expect(await firstValueFrom(all)).toHaveLength(5)
  })

  it('events can be subscribed to by a function, merged, and told apart', async () => {
    const auth0 = open(() => ({ body: '{}' }))
    const [a, b] = [auth0.users('a').get(), auth0.roles('b').get()]
    const seen: string[] = []
    a.events().subscribe((event) => seen.push(event.kind))
    const run = a.run()
    run.events.subscribe((event) => seen.push(event.kind))
    await run
    expect(seen.filter((kind) => kind === 'value')).toHaveLength(2)
    const merged = merge(a.events(), b.events(), b.run().events)
    const told = await lastValueFrom(merged.pipe(toArray()))
    expectTypeOf(told[0] as (typeof told)[number]).toExtend<PlanEvent<unknown>>()
    for (const { operation, hash } of told) {
      expect(operation).toMatch(/^(users|roles)\.get$/)
      expect(hash).toBe(operation === 'users.get' ? a.hash : b.hash)
    }
    expect(new Set(told.map(({ hash }) => hash)).size).toBe(2)
  })

  it('the events of a flow keep the origin of its plans', async () => {
    const auth0 = open(() => ({ body: '{"id":"r"}' }))
    const flow = auth0
      .roles('r')
      .get()
      .andThen(() => auth0.users('u').get())
    const told = await lastValueFrom(events(flow).pipe(toArray()))
    expect(new Set(told.map(({ operation }) => operation))).toContain('roles.get')
    expect(new Set(told.map(({ operation }) => operation))).toContain('users.get')
  })

  it('from(next(operation)) in a stage', async () => {
    const stage: Stage = (next) => (operation) => {
      const replies = from(next(operation))
      expectTypeOf(replies).toEqualTypeOf<Observable<Reply>>()
      return replies.pipe(
        mergeMap((reply) => (reply.status === 500 ? Promise.reject(new Error('again')) : [reply])),
        rxRetry({ count: 2 }),
      )
    }
    const auth0 = open((_, count) => (count < 3 ? { status: 500, body: '{}' } : { body: '{"id":"r"}' }), {
      pipeline: [stage, token()],
    })
    expect(await auth0.roles('r').get().run()).toEqual({ id: 'r' })
    // Before a stage whose answers are no RxJS observables as well.
    const bare: Stage = (next) => (operation) => ({ subscribe: (observer) => next(operation).subscribe(observer) })
    expect(
      await open(() => ({ body: '{"id":"bare"}' }), { pipeline: [stage, bare, token()] })
        .roles('r')
        .get()
        .run(),
    ).toEqual({ id: 'bare' })
  })
})

describe('C14 operators', () => {
  const failing = (status: number, times: number) => (_: HttpRequest, count: number) =>
    count <= times ? { status, body: '{}' } : { body: '{"id":"r"}' }

  it.each([
    ['a read after 500', 500, 'get', 3],
    ['a read after 408', 408, 'get', 3],
    ['a write after 429', 429, 'create', 3],
    ['a write after 500', 500, 'create', 1],
    ['a read after 404', 404, 'get', 1],
    ['a read after 501', 501, 'get', 1],
  ] as const)('resend() of %s', async (_, status, verb, sent) => {
    let count = 0
    const script = failing(status, 2)
    const auth0 = open(
      (request) => {
        count += 1
        return script(request, count)
      },
      { retry: false },
    )
    const plan = verb === 'get' ? auth0.roles('r').get() : auth0.roles.create({ name: 'x' })
    const ended = await lastValueFrom(observe<unknown>(plan).pipe(resend({ initialDelay: 1 }))).catch((e: unknown) => e)
    expect(count).toBe(sent)
    if (sent === 3) expect(ended).toEqual({ id: 'r' })
    else expect(ended).toMatchObject({ status })
  })

  it('untilFinished() asks until a job has ended', async () => {
    const states = ['pending', 'processing', 'completed', 'never']
    let asked = 0
    const auth0 = open(() => ({ body: JSON.stringify({ id: 'job_1', status: states[asked++] }) }))
    const seen = await lastValueFrom(
      observe(auth0.jobs('job_1').get()).pipe(
        untilFinished<Job>(1),
        map((job) => job.status),
        toArray(),
      ),
    )
    expect(seen).toEqual(['pending', 'processing', 'completed'])
    expect(asked).toBe(3)
  })

  it('a stage in a pipe says which operator was meant', () => {
    expect(() => observe(open().roles('r').get()).pipe(retry() as never)).toThrow(/write resend\(\)/)
  })
})
