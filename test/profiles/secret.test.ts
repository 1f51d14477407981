import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { host, offerHost } from '../../src/plan/index.ts'
import { secret } from '../../src/profiles/index.ts'
import { connect } from '../../src/session/index.ts'

const CANARY = 'canary-secret-71f0'

describe('secret()', () => {
  afterEach(() => {
    offerHost({})
    vi.restoreAllMocks()
  })

  it('reads the environment', async () => {
    const found = await secret('MY_SECRET', { environment: { MY_SECRET: CANARY } })
    expect(found.reveal()).toBe(CANARY)
  })

  it('shows its value in no form', async () => {
    const found = await secret('MY_SECRET', { environment: { MY_SECRET: CANARY } })
    const bundle = (found as unknown as Record<symbol, () => unknown>)[Symbol.for('Jupyter.display')]?.call(found)
    const shown = [
      inspect(found),
      inspect({ found }, { depth: null, showHidden: true }),
      JSON.stringify({ found }),
      JSON.stringify(bundle),
    ]
    for (const each of shown) expect(each).not.toContain(CANARY)
    expect(JSON.stringify({ found })).toContain('«secret»')
    expect(bundle).toHaveProperty('text/html')
  })

  it('asks the place for it, hidden, and not twice', async () => {
    const ask = vi.fn(async () => CANARY)
    offerHost({ prompt: { possible: true, ask } })
    expect((await secret('ASKED_SECRET', { environment: {} })).reveal()).toBe(CANARY)
    expect((await secret('ASKED_SECRET', { environment: {} })).reveal()).toBe(CANARY)
    expect(ask).toHaveBeenCalledTimes(1)
    expect(ask).toHaveBeenCalledWith(expect.stringContaining('ASKED_SECRET'), true)
  })

  it('says what to do where nobody can be asked', async () => {
    offerHost({ prompt: { possible: false, ask: () => Promise.reject(new Error('asked')) } })
    await expect(secret('ABSENT_SECRET', { environment: {} })).rejects.toThrow(
      /ABSENT_SECRET is not set.*Set the variable/,
    )
  })

  it('warns of a value in the code, without repeating it', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    expect((await secret('MY_SECRET', { value: CANARY })).reveal()).toBe(CANARY)
    expect(warn).toHaveBeenCalledTimes(1)
    expect(String(warn.mock.calls[0]?.[0])).toMatch(/stands in the code/)
    expect(String(warn.mock.calls[0]?.[0])).not.toContain(CANARY)
  })

  it('refuses a text that is no name, without repeating it', async () => {
    const refused = await secret('s3cr3t-value!').catch((error: Error) => error.message)
    expect(refused).toMatch(/name of an environment variable/)
    expect(refused).not.toContain('s3cr3t-value!')
  })

  it('is taken by connect() and as()', async () => {
    const found = await secret('MY_SECRET', { environment: { MY_SECRET: CANARY } })
    const auth0 = connect({ domain: 'acme.example.com', clientId: 'app', clientSecret: found })
    const other = auth0.as({ clientId: 'other', clientSecret: found })
    for (const session of [auth0, other]) expect(inspect(session)).not.toContain(CANARY)
    expect(() => connect({ domain: 'acme.example.com', clientId: 'app', clientSecret: {} as never })).toThrow(
      /"clientSecret" must be a text/,
    )
  })
})

describe('R50 a secret', () => {
  const made = () => secret('SOME_SECRET', { environment: { SOME_SECRET: 'Long-enough-77!' } })

  it.each([
    ['in a template', (value: unknown) => `${value}`],
    ['joined to a text', (value: unknown) => 'x' + (value as string)],
    ['made a text', (value: unknown) => String(value)],
    ['in a list that is joined', (value: unknown) => [value].join()],
  ] as const)('does not become a text: %s', async (_, use) => {
    const value = await made()
    expect(() => use(value)).toThrow(/SOME_SECRET.*reveal\(\)/)
    expect(JSON.stringify({ value })).not.toContain('Long-enough')
  })

  it('is asked for again where that is meant', async () => {
    const answers = ['mistyped', 'right', 'third']
    const before = host()
    offerHost({ ...before, prompt: { possible: true, ask: async () => answers.shift() ?? '' } })
    try {
      expect((await secret('ASKED_AGAIN', { environment: {} })).reveal()).toBe('mistyped')
      expect((await secret('ASKED_AGAIN', { environment: {} })).reveal()).toBe('mistyped')
      expect((await secret('ASKED_AGAIN', { environment: {}, again: true })).reveal()).toBe('right')
      expect((await secret('ASKED_AGAIN', { environment: {} })).reveal()).toBe('right')
    } finally {
      offerHost(before)
    }
  })
})
