import { describe, expect, it } from 'vitest'
import { csvOf } from '../../src/repl/csv.ts'
import { fileIn } from '../../src/repl/file-output.ts'

describe('R44 CSV', () => {
  it('has a heading, one line for each record, and quotes where they are needed', () => {
    const rows = [
      { id: 1, name: 'Ada, Countess', note: 'said "yes"' },
      { id: 2, more: { a: [1] }, name: 'Zoë\nTwo', none: null },
    ]
    expect(csvOf(rows)).toBe(
      'id,name,note,more,none\r\n1,"Ada, Countess","said ""yes""",,\r\n2,"Zoë\nTwo",,"{""a"":[1]}",\r\n',
    )
    expect(csvOf({ items: [{ a: 1 }], total: 1 })).toBe('a\r\n1\r\n')
    expect(csvOf({ a: true })).toBe('a\r\ntrue\r\n')
    expect(csvOf(['x', 'y'])).toBe('value\r\nx\r\ny\r\n')
    expect(csvOf([])).toBe('\r\n')
    expect(() => csvOf('text')).toThrow(/\.json holds any value/)
  })

  it('holds no secret and no formula that a user chose as a name', () => {
    const text = csvOf([
      {
        name: '=HYPERLINK("http://evil")',
        phone: '+1 (555) 0100',
        balance: '-12.5',
        client_secret: 'canary-0815-secret',
      },
      { name: '@SUM(A1)', phone: '+cmd|x', balance: '-2+3', client_secret: 'canary-0815-secret' },
    ])
    expect(text).not.toContain('canary')
    expect(text).toContain(`"'=HYPERLINK(""http://evil"")",+1 (555) 0100,-12.5,`)
    expect(text).toContain("'@SUM(A1),'+cmd|x,'-2+3,")
  })
})

it.each([
  ['users.csv', { file: 'users.csv', force: false }],
  ['users.csv --force', { file: 'users.csv', force: true }],
  ['--force "my users.csv"', { file: 'my users.csv', force: true }],
  ['-o out.csv', { file: 'out.csv', force: false }],
  ['> out.csv', { file: 'out.csv', force: false }],
  ['', undefined],
])('R44 R17 reads the file of a command: %s', (argument, expected) => {
  expect(fileIn(argument)).toEqual(expected)
})
