import { describe, expect, it } from 'vitest'
import { applyMerge } from '../../src/flow/index.ts'

describe('what a write leaves behind', () => {
  it('assigns root members, and null removes one', () => {
    expect(applyMerge('assign', { a: 1, b: { c: 1, d: 2 } }, { b: { c: 3 }, a: null })).toEqual({ b: { c: 3 } })
  })

  it('merges user metadata on the first level only, and hides what no reading shows', () => {
    const before = { name: 'old', user_metadata: { keep: 1, drop: 2, nested: { a: 1, b: 2 } }, app_metadata: { x: 1 } }
    const change = {
      name: 'new',
      user_metadata: { drop: null, nested: { a: 9 } },
      app_metadata: {},
      password: 'secret',
      verify_email: true,
    }
    expect(applyMerge('assign-user', before, change)).toEqual({
      name: 'new',
      user_metadata: { keep: 1, nested: { a: 9 } },
      app_metadata: {},
    })
  })

  it('merges client metadata and replaces the rest', () => {
    expect(
      applyMerge(
        'assign-client',
        { client_metadata: { a: '1', b: '2' }, callbacks: ['x'] },
        { client_metadata: { a: null }, callbacks: [] },
      ),
    ).toEqual({ client_metadata: { b: '2' }, callbacks: [] })
  })

  it('replaces all but what the server owns', () => {
    const before = { id: 'acl_1', created_at: 't', description: 'old', priority: 7 }
    expect(applyMerge('replace', before, { description: 'new' })).toEqual({
      id: 'acl_1',
      created_at: 't',
      description: 'new',
    })
  })

  it('removes and creates', () => {
    expect(applyMerge('remove', { id: 'x' }, undefined)).toBeNull()
    expect(applyMerge('create', null, { name: 'n' })).toEqual({ name: 'n' })
  })
})
