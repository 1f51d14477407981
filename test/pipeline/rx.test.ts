import { firstValueFrom, from, lastValueFrom, map, mergeMap, type Observable, of, timer, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { type Execution, type Plan, type PlanEvent, planData, type Subscribable } from '../../src/plan/index.ts'
import { events, observe, type Stage } from '../../src/rx.ts'
import { json, loopback, pipelineOn } from './server.ts'

const GET = planData({ op: 'users.get', params: { id: '1' } })
const ok = () => loopback((_, reply) => json(reply, 200, { done: true }))

describe('RxJS', () => {
  it('writes stages: any operator between next and the answer', async () => {
    const server = await ok()
    const delayed: Stage = (next) => (operation) => timer(1).pipe(mergeMap(() => observe(next(operation))))
    const marked: Stage = (next) => (operation) =>
      observe(next(operation)).pipe(map((reply) => ({ ...reply, body: reply.body.replace('true', '"marked"') })))
    const replaced: Stage = () => () => of({ status: 200, headers: {}, body: '{"own":1}', attempt: 1 })
    expect(await pipelineOn(server.transport, { stages: [delayed, marked] }).execute(GET)).toEqual({ done: 'marked' })
    expect(await pipelineOn(server.transport, { stages: [replaced] }).execute(GET)).toEqual({ own: 1 })
    expect(server.seen).toHaveLength(1)
  })

  it('takes plans and executions by its own from(), typed', async () => {
    const server = await ok()
    const execution: Execution<{ done: boolean }> = pipelineOn(server.transport).execute(GET)
    const done: boolean = (await firstValueFrom(from(execution))).done
    expect(done).toBe(true)
    const plan = {
      '@@observable': () => execution,
      [Symbol.observable ?? '@@observable']: () => execution,
    } as unknown as Plan<{ done: boolean }>
    const observable: Observable<{ done: boolean }> = from(plan)
    expect(await lastValueFrom(observable)).toEqual({ done: true })
    expect(server.seen).toHaveLength(1)
  })

  it('observes executions with replay, and events', async () => {
    const server = await ok()
    const execution = pipelineOn(server.transport).execute<{ done: boolean }>(GET) as Execution<{ done: boolean }>
    expect(await firstValueFrom(observe(execution))).toEqual({ done: true })
    const kinds = await lastValueFrom(
      events(execution).pipe(
        map((event) => event.kind),
        toArray(),
      ),
    )
    expect(kinds).toEqual(['token', 'attempt', 'response', 'value'])
    expect(server.seen).toHaveLength(1)
  })

  it('observes a plan cold, and leaving the subscription aborts the request', async () => {
    let closed: (() => void) | undefined
    const whenClosed = new Promise<void>((resolve) => {
      closed = resolve
    })
    const server = await loopback(({ socket }) => {
      socket.on('close', () => closed?.())
      subscription.unsubscribe()
    })
    const pipeline = pipelineOn(server.transport)
    const plan = { events: (): Subscribable<PlanEvent<unknown>> => pipeline.events(GET) } as Plan<unknown>
    const observable = events(plan)
    expect(server.seen).toHaveLength(0)
    const kinds: string[] = []
    const subscription = observable.subscribe((event) => kinds.push(event.kind))
    await whenClosed
    expect(kinds).toEqual(['token', 'attempt'])
  })
})
