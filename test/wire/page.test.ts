import { describe, expect, it } from 'vitest'
import type { Paging } from '../../src/catalogue/index.ts'
import { pageOf } from '../../src/wire/index.ts'

const paging = (style: Paging['style'], items: string): Paging => ({ style, items, totals: true, most: 100 })

describe('pageOf', () => {
  it('takes a bare array', () => {
    expect(pageOf([1, 2], paging('offset', 'users'))).toEqual({ items: [1, 2] })
  })

  it('takes a wrapped page with totals', () => {
    const value = { start: 50, limit: 50, length: 1, total: 51, users: ['a'] }
    expect(pageOf(value, paging('offset', 'users'))).toEqual({ items: ['a'], total: 51, start: 50 })
  })

  it('takes a checkpoint page, and its end', () => {
    const style = paging('checkpoint', 'clients')
    expect(pageOf({ clients: ['a'], next: 'cur' }, style)).toEqual({ items: ['a'], next: 'cur' })
    expect(pageOf({ clients: ['a'] }, style)).toEqual({ items: ['a'] })
    expect(pageOf({ clients: ['a'], next: '' }, style)).toEqual({ items: ['a'] })
    expect(pageOf({ clients: ['a'], next: null }, style)).toEqual({ items: ['a'] })
  })

  it('takes the only list where it goes by another name than the documents say', () => {
    expect(pageOf({ total: 1, tokens: ['t'] }, paging('checkpoint', 'refresh_tokens')).items).toEqual(['t'])
  })

  it('takes the cursor of logs from the Link header, until a page is empty', () => {
    const link =
      '<https://t.auth0.com/api/v2/logs?from=900%20x&take=2>; rel="next", <https://t.auth0.com/api/v2/logs?from=1>; rel="prev"'
    expect(pageOf(['a', 'b'], paging('logs', 'logs'), { link })).toEqual({ items: ['a', 'b'], next: '900 x' })
    expect(pageOf([], paging('logs', 'logs'), { link })).toEqual({ items: [] })
    expect(pageOf(['a'], paging('offset', 'logs'), { link })).toEqual({ items: ['a'] })
    expect(pageOf(['a'], paging('logs', 'logs'), { link: '<https://t/?from=1>; rel="prev"' })).toEqual({ items: ['a'] })
  })

  it('is empty for an answer without a body', () => {
    expect(pageOf(undefined, paging('offset', 'users'))).toEqual({ items: [] })
  })

  it('refuses what is no list, and says what it found', () => {
    expect(() => pageOf('text', paging('offset', 'users'))).toThrow(/no list: it is string/)
    expect(() => pageOf({ a: [], b: [] }, paging('offset', 'users'))).toThrow(/no list "users"; its fields are a, b/)
  })
})
