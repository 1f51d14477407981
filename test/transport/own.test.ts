import { NEVER, Observable, of, throwError, timer } from 'rxjs'
import { map } from 'rxjs/operators'
import { describe, expect, it } from 'vitest'
import { ConfigurationError, RateLimitError, type Subscribable } from '../../src/plan/index.ts'
import { type ReplyFunction, toTransport } from '../../src/transport/index.ts'
import { ownTransport } from '../../src/transport/own.ts'
import type { HttpReply, HttpRequest } from '../../src/wire/index.ts'
import { failureOf, send } from './loopback.ts'

const request: HttpRequest = { method: 'GET', url: 'https://t.example/a?b=canary', headers: {} }
const reply: HttpReply = { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }
const bare: Subscribable<HttpReply> = {
  subscribe(observer) {
    observer.next?.(reply)
    return { unsubscribe() {} }
  },
}
const gives = (value: unknown) => ownTransport((() => value) as ReplyFunction)

describe('ownTransport', () => {
  it.each([
    ['the reply itself', reply],
    ['a promise', Promise.resolve(reply)],
    ['an RxJS observable', of(reply)],
    ['a late RxJS observable', timer(1).pipe(map(() => reply))],
    ['a bare subscribable', bare],
    ['what has @@observable', { '@@observable': () => of(reply) }],
  ])('takes %s', async (_, value) => {
    expect(await send(gives(value), request)).toEqual(reply)
  })

  it('gets a signal where it asks for one, which no copy and no JSON of the request holds', async () => {
    let given: HttpRequest | undefined
    await send(
      ownTransport((asked) => {
        given = asked
        expect(asked.signal?.aborted).toBe(false)
        expect(asked.signal).toBe(asked.signal)
        return reply
      }),
      request,
    )
    expect({ ...given }).toEqual(request)
    expect(JSON.parse(JSON.stringify(given))).toEqual(request)
    let late: HttpRequest | undefined
    await send(
      ownTransport((asked) => {
        late = asked
        return reply
      }),
      request,
    )
    // The request is over.
    expect(late?.signal?.aborted).toBe(true)
  })

  it('gets the request', async () => {
    const seen: HttpRequest[] = []
    await send(
      ownTransport((given) => {
        seen.push(given)
        return reply
      }),
      request,
    )
    expect(seen).toEqual([request])
  })

  it('gives one reply at once, and completes', () => {
    const told: string[] = []
    gives(of(reply, reply, reply))(request).subscribe({
      next: () => told.push('next'),
      complete: () => told.push('complete'),
    })
    expect(told).toEqual(['next', 'complete'])
  })

  it('writes header names in lower case, takes Headers and lists, and fills in what is left out', async () => {
    expect(await send(gives({ status: 204 }), request)).toEqual({ status: 204, headers: {}, body: '' })
    const listed = { status: 200, headers: { 'X-A': ['1', '2'], 'X-B': 3, 'x-c': undefined } }
    expect((await send(gives(listed), request)).headers).toEqual({ 'x-a': '1, 2', 'x-b': '3' })
    expect((await send(gives({ status: 200, headers: new Headers({ 'X-A': '1' }) }), request)).headers).toEqual({
      'x-a': '1',
    })
  })

  it.each([
    [undefined, /gave undefined in place of a reply/],
    ['{}', /gave a string in place of a reply/],
    [{}, /status is undefined, not a number from 200 to 599/],
    [{ status: '200' }, /status is a string/],
    [{ status: 99 }, /status is 99/],
    [{ status: 200, body: { a: 1 } }, /body is an object, not text\. Give the body as text: JSON\.stringify/],
    [{ status: 200, headers: 'x' }, /headers are a string/],
    [of(), /completed without a reply/],
  ])('refuses %j', async (value, message) => {
    for (const source of [value, Promise.resolve(value)]) {
      const error = await failureOf(gives(source), request)
      expect(error).toBeInstanceOf(ConfigurationError)
      expect((error as Error).message).toMatch(/^GET https:\/\/t\.example\/a: the transport given to connect\(\) /)
      if (source === value) expect((error as Error).message).toMatch(message)
    }
  })

  it('tells every fault as a network error, and errors of the package as they are', async () => {
    const fault = new Error('no line')
    for (const source of [throwError(() => fault), Promise.reject(fault)]) {
      expect(await failureOf(gives(source), request)).toMatchObject({
        kind: 'network',
        cause: fault,
        message: expect.stringMatching(/no answer came, the transport failed: no line\./),
      })
    }
    const thrown = ownTransport(() => {
      throw fault
    })
    expect(await failureOf(thrown, request)).toMatchObject({ kind: 'network', cause: fault })
    const own = new RateLimitError('x', { status: 429, serverMessage: '' })
    expect(await failureOf(gives(throwError(() => own)), request)).toBe(own)
  })

  it('leaves the source when it is left, and hears nothing more', async () => {
    let left = 0
    const source = new Observable<HttpReply>(() => () => {
      left += 1
    })
    const fail = (): never => expect.unreachable()
    const subscription = gives(source)(request).subscribe({ next: fail, error: fail, complete: fail })
    subscription.unsubscribe()
    expect(left).toBe(1)
    const late = Promise.resolve(reply)
    gives(late)(request).subscribe({ next: fail }).unsubscribe()
    await late
    gives(NEVER)(request).subscribe({ next: fail }).unsubscribe()
  })
})

describe('toTransport', () => {
  it('takes undici unless told otherwise', async () => {
    const calls: unknown[] = []
    const dispatcher = { dispatch: (options: object) => calls.push(options) > 0 }
    toTransport({ dispatcher })(request).subscribe({})
    expect(calls).toEqual([
      { origin: 'https://t.example', path: '/a?b=canary', method: 'GET', headers: {}, body: undefined },
    ])
    expect(await send(toTransport({ transport: () => reply }), request)).toEqual(reply)
  })

  it.each([
    [{ transport: 'fetch', dispatcher: { dispatch: () => true } }, /dispatcher counts for the undici transport only/],
    [{ dispatcher: {} }, /not an undici dispatcher/],
    [{ dispatcher: null }, /not an undici dispatcher/],
    [{ transport: 'axios' }, /transport is "axios"\. Give "undici", "fetch" or a function/],
  ])('refuses %j', (options, message) => {
    expect(() => toTransport(options as Parameters<typeof toTransport>[0])).toThrow(message)
  })
})
