import { createRequire } from 'node:module'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { attachLook, giveLook, redactedInspect, revealed, show, showSession } from '../../src/display/index.ts'
import { NetworkError, processSecrets } from '../../src/plan/index.ts'
import { CANARY, session, user } from './samples.ts'

const { cache } = createRequire(import.meta.url)
const TSLAB = '/somewhere/node_modules/tslab/dist/jupyter.js'

afterEach(() => {
  delete cache[TSLAB]
  delete (globalThis as { Deno?: unknown }).Deno
  vi.restoreAllMocks()
})

describe('show', () => {
  it('N3: hides what the process knows, in values of any class', () => {
    processSecrets().add('canary-of-show-1')
    for (const value of [
      'a canary-of-show-1',
      { own: 'canary-of-show-1' },
      new Map([['a', 'canary-of-show-1']]),
      new Set(['canary-of-show-1']),
      new URL('https://x.example/canary-of-show-1'),
      new Error('canary-of-show-1'),
      Buffer.from('canary-of-show-1'),
    ]) {
      const logged = vi.spyOn(console, 'log').mockImplementation(() => undefined)
      show(value)
      const text = `${String(logged.mock.calls)} ${redactedInspect(value)}`
      logged.mockRestore()
      expect(text).not.toContain('canary')
      expect(text).not.toContain('63 61 6e 61')
    }
  })

  it('writes text where there is no notebook', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    show(attachLook(user()))
    show(new NetworkError('No answer came. Check the network and run the plan again.'))
    show('plain')
    expect(log.mock.calls.map(([text]) => String(text).split('\n')[0])).toEqual([
      'Result · auth0|1',
      'NetworkError',
      'plain',
    ])
    expect(JSON.stringify(log.mock.calls)).not.toContain(CANARY)
  })

  it('sends one message with all media types in tslab', () => {
    const sent: { data: Record<string, unknown> }[] = []
    cache[TSLAB] = { exports: { lastWriteDisplayData: (content: never) => sent.push(content) } } as never
    show(attachLook(user()))
    expect(sent).toHaveLength(1)
    expect(Object.keys(sent[0]!.data)).toEqual(['text/plain', 'text/html', 'application/vnd.tenantlab+json'])
    expect(JSON.stringify(sent)).not.toContain(CANARY)
  })

  it('broadcasts in Deno’s kernel', () => {
    const broadcast = vi.fn(() => Promise.resolve())
    Object.assign(globalThis, { Deno: { jupyter: { broadcast } } })
    show(attachLook(user()))
    expect(broadcast).toHaveBeenCalledExactlyOnceWith(
      'display_data',
      expect.objectContaining({ data: expect.any(Object) }),
    )
  })
})

describe('N10: rows that are made by hand', () => {
  const shown = (rows: readonly unknown[], options = {}): string => {
    const said: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text))
    try {
      show(rows, { title: 'Rows', ...options })
    } finally {
      log.mockRestore()
    }
    return said.join('\n')
  }

  it.each([
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a date that is none', new Date(Number.NaN), 'no date'],
    ['an error', new TypeError('is not there'), 'TypeError: is not there'],
    ['a map', new Map([['a', 1]]), 'a: 1'],
    ['a set', new Set(['one', 'two']), 'one, two'],
  ])('%s stands in its cell as it is written', (_, value, text) => {
    expect(shown([{ value }])).toContain(text)
    expect(shown([{ name: 'b', value }, { name: 'a' }], { sort: 'name', columns: ['name', 'value'] })).toContain(text)
  })

  it('a secret in them stays one', () => {
    processSecrets().add(CANARY)
    expect(shown([{ one: new Map([['a', CANARY]]), two: new Error(CANARY), three: new Set([CANARY]) }])).not.toContain(
      CANARY,
    )
  })

  it('columns that are not drawn are counted', () => {
    const wide = (count: number) => [Object.fromEntries(Array.from({ length: count }, (_, at) => [`c${at}`, at]))]
    expect(shown(wide(60))).toMatch(/\d+ more columns are not drawn/)
    expect(shown(wide(2))).not.toContain('not drawn')
    expect(shown([{ a: 1, b: null, c: undefined }])).not.toContain('not drawn')
    expect(shown(Array.from({ length: 60 }, () => wide(60)[0]))).toMatch(/10 more are not drawn\. \d+ more columns/)
  })

  it('columns that no row has are named', () => {
    expect(shown([{ a: 1 }], { columns: ['a', 'b', 'c.d'] })).toContain('No row has b, c.d.')
    expect(shown([{ a: 1 }, { a: null }], { columns: ['a'] })).not.toContain('No row has')
    expect(shown([], { columns: ['a'] })).not.toContain('No row has')
  })
})

describe('giveLook', () => {
  class Thing {
    readonly name = 'thing'
    readonly secret = CANARY
  }
  giveLook(Thing.prototype, () => showSession(session))

  it('prints a card, and one line inside another value', () => {
    expect(inspect(new Thing())).toContain('client_credentials')
    expect(inspect({ thing: new Thing() })).toBe('{ thing: tenantlab session · demo.tenantlab.local }')
    expect(inspect(new Thing(), { depth: null })).not.toContain(CANARY)
  })

  it('adds no enumerable member', () => {
    const keys: string[] = []
    for (const key in new Thing()) keys.push(key)
    expect(keys).toEqual(['name', 'secret'])
  })
})

describe('revealed', () => {
  it('shows the value with a mark, in displays only', () => {
    const shown = revealed(CANARY)
    expect(inspect(shown)).toContain(CANARY)
    expect(inspect(shown)).toContain('⚠ revealed')
    expect(JSON.stringify({ shown })).not.toContain(CANARY)
    expect(Object.keys(shown)).toEqual([])
  })

  it('takes a Secret', () => {
    expect(inspect(revealed({ kind: 'secret', name: 'x', reveal: () => CANARY }))).toContain(CANARY)
  })
})

describe('redactedInspect', () => {
  it('hides by name and leaves classes to themselves', () => {
    expect(redactedInspect({ password: CANARY, a: [{ otp: CANARY }] }, { depth: null })).not.toContain(CANARY)
    expect(redactedInspect(new Map([['a', 1]]))).toBe("Map(1) { 'a' => 1 }")
    expect(redactedInspect(7)).toBe('7')
  })
})
