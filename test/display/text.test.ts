import { describe, expect, it } from 'vitest'
import { plain } from '../../src/display/index.ts'
import { renderText } from '../../src/display/text/index.ts'

const table = (columns: number, rows: string[][], headings = ['id', 'name', 'description']): string =>
  renderText({ title: 'T', blocks: [{ kind: 'table', columns: headings, rows }] }, { columns })

describe('plain', () => {
  it('takes escape sequences, controls and direction overrides away', () => {
    expect(plain('a\u001b[31mb\u001b[0m\u0007c\u202ed\u2066e')).toBe('abcde')
    expect(plain('one\r\ntwo\tthree\u2028four')).toBe('one two three four')
    expect(plain('lone \ud800 surrogate')).toBe('lone  surrogate')
  })

  it('keeps letters of all scripts, accents and joined emoji', () => {
    for (const text of ['Zoë', '漢字', 'שלום', '👩‍👧', 'e\u0301']) expect(plain(text)).toBe(text)
  })
})

describe('tables', () => {
  it('lines columns up, wide characters included', () => {
    const lines = table(60, [
      ['1', '漢字', 'x'],
      ['22', 'ab', 'y'],
    ]).split('\n')
    expect(lines.slice(1)).toEqual(['id  name  description', '──  ────  ───────────', '1   漢字  x', '22  ab    y'])
  })

  it('cuts the widest column first', () => {
    const lines = table(40, [['12345678', 'short', 'a very long description that does not fit']]).split('\n')
    expect(lines[3]).toBe('12345678  short  a very long descriptio…')
  })

  it('names the columns that find no place', () => {
    const lines = table(20, [['aaaaaaaa', 'bbbbbbbb', 'cccccccc']]).split('\n')
    expect(lines.slice(-2)).toEqual(['Not shown:', 'description'])
    expect(lines[1]).toMatch(/^id +name$/)
  })

  it('bears rows shorter than the headings and an empty table', () => {
    expect(table(40, [['only']])).toContain('only')
    expect(renderText({ title: 'T', blocks: [{ kind: 'table', columns: ['a'], rows: [], rest: 'None.' }] })).toBe(
      'T\nNone.',
    )
  })
})
