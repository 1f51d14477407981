import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { attachedLook, attachLook } from '../../src/display/index.ts'
import type { KnownDiff } from '../../src/plan/index.ts'
import { CANARY, rowOf, diff as sampleDiff, user } from './samples.ts'

const secretDiff = sampleDiff as KnownDiff

const DISPLAY = Symbol.for('Jupyter.display')

describe('attachLook', () => {
  it('answers the same value with its secrets real', () => {
    const value = user()
    const dressed = attachLook(value, { row: rowOf('users.get') })
    expect(dressed).toBe(value)
    expect((dressed.identities as { access_token: string }[])[0]?.access_token).toBe(CANARY)
  })

  it('adds nothing that comparison, cloning, spreading or JSON meets', () => {
    const dressed = attachLook(user(), { row: rowOf('users.get') })
    assert.deepStrictEqual(dressed, user())
    assert.deepStrictEqual(structuredClone(dressed), user())
    expect(dressed).toStrictEqual(user())
    expect(Object.keys(dressed)).toEqual(Object.keys(user()))
    expect(JSON.stringify(dressed)).toBe(JSON.stringify(user()))
    expect(Object.getOwnPropertySymbols({ ...dressed })).toEqual([])
    const keys: string[] = []
    for (const key in dressed) keys.push(key)
    expect(keys).toEqual(Object.keys(user()))
  })

  it('shows a record as its fields, and as plain data inside another value', () => {
    const dressed = attachLook(user(), { row: rowOf('users.get') })
    expect(inspect(dressed)).toContain('users.get · auth0|1')
    const nested = inspect({ found: dressed })
    expect(nested).toContain("user_id: 'auth0|1'")
    expect(nested).not.toContain(CANARY)
    expect(inspect([dressed, dressed])).not.toContain(CANARY)
  })

  it('prints all data, without secrets, where the depth has no end', () => {
    const dressed = attachLook(user(), { row: rowOf('users.get') })
    for (const depth of [null, Number.POSITIVE_INFINITY]) {
      const text = inspect(dressed, { depth })
      expect(text).toContain('deep: [ 1, 2 ]')
      expect(text).toContain("access_token: '«secret»'")
      expect(text).not.toContain(CANARY)
    }
  })

  it('hides secrets of a container that is printed on its own', () => {
    const dressed = attachLook(user(), { row: rowOf('users.get') })
    expect(inspect(dressed.identities)).toContain('«secret»')
    expect(inspect((dressed.identities as object[])[0])).toContain('«secret»')
    expect(inspect((dressed.identities as object[])[0])).not.toContain(CANARY)
    expect(inspect(dressed.user_metadata)).toBe("{ color: 'blue', nested: { deep: [ 1, 2 ] } }")
  })

  it('follows the secret paths of the catalogue in a page, its items and one item', () => {
    const row = rowOf('connections.list')
    const connection = () => ({ id: 'con_1', options: { configuration: { anything: CANARY } } })
    const page = attachLook({ items: [connection()] }, { row })
    const list = attachLook([connection()], { row })
    const one = attachLook(connection(), { row })
    for (const value of [
      page,
      page.items,
      page.items[0]?.options,
      page.items[0]?.options.configuration,
      list,
      list[0]?.options,
      one,
      one.options.configuration,
    ]) {
      expect(inspect(value, { depth: null })).not.toContain(CANARY)
      expect(inspect(value)).not.toContain(CANARY)
    }
  })

  it('hides the query of ticket addresses', () => {
    const dressed = attachLook(
      { ticket: `https://login.acme.example/u?ticket=${CANARY}` },
      { row: rowOf('tickets.verifyEmail') },
    )
    expect(inspect(dressed)).toContain('https://login.acme.example/u?«secret»')
    expect(inspect(dressed, { depth: null })).not.toContain(CANARY)
    expect(dressed.ticket).toContain(CANARY)
  })

  it('prints tokens without their values', () => {
    const tokens = attachLook({ access_token: CANARY, token_type: 'Bearer', expires_in: 86_400 })
    expect(inspect(tokens)).toMatch(/access_token +«secret»/)
    expect(tokens.access_token).toBe(CANARY)
  })

  it('gives notebooks text, HTML and data', () => {
    const dressed = attachLook(user(), { row: rowOf('users.get') }) as { [DISPLAY](): Record<string, unknown> }
    const bundle = dressed[DISPLAY]()
    expect(Object.keys(bundle)).toEqual(['text/plain', 'text/html', 'application/vnd.tenantlab+json'])
    expect(JSON.stringify(bundle)).not.toContain(CANARY)
  })

  it('leaves alone what is no object or is frozen', () => {
    expect(attachLook(undefined)).toBeUndefined()
    expect(attachLook('text')).toBe('text')
    const frozen = Object.freeze({ a: 1 })
    expect(attachLook(frozen)).toBe(frozen)
    expect(attachedLook(frozen)).toBeUndefined()
  })

  it('bears a value that is nested without end', () => {
    let deep: unknown = 1
    for (let level = 0; level < 20_000; level += 1) deep = { deep }
    expect(() => attachLook(deep)).not.toThrow()
  })

  it('hides what a difference holds, however it is taken apart', () => {
    const diff = attachLook(structuredClone(secretDiff), { kind: 'diff', row: rowOf('clients.update') })
    expect(inspect(diff)).toContain('PATCH /api/v2/clients/{id} · 5 changes')
    const changes = (diff as { changes: readonly object[] }).changes
    for (const value of [diff, diff.after, diff.before, changes, ...changes]) {
      expect(inspect(value)).not.toContain(CANARY)
      expect(inspect(value, { depth: null })).not.toContain(CANARY)
      expect(inspect([value])).not.toContain(CANARY)
    }
    expect(inspect(changes[0])).toContain("after: 'new'")
    assert.deepStrictEqual(diff, secretDiff)
  })

  it('dresses each kind with its own look', () => {
    const explained = attachLook({ kind: 'unknown' as const, reason: 'No operation reads it.' }, { kind: 'diff' })
    expect(inspect(explained)).toContain('unknown')
    const failed = attachLook({ status: 'error' as const, error: new RangeError('too far') }, { kind: 'outcome' })
    expect(inspect(failed)).toContain('too far')
    const gone = attachLook({ buckets: [], quotas: { client: [], organization: [] } }, { kind: 'limits' })
    expect(inspect(gone)).toContain('Nothing is known yet')
  })
})
