import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { row } from '../../src/catalogue/index.ts'
import { attachLook, bundleOf, chart, show, showError } from '../../src/display/index.ts'
import { Progress } from '../../src/display/live/progress.ts'
import { showDiff, showLimits } from '../../src/display/looks/index.ts'
import { renderText } from '../../src/display/text/index.ts'
import { ApiError, diffValues } from '../../src/plan/index.ts'

/** What is left where a front end does not trust the page: no style, and of SVG the texts alone. */
function untrusted(html: string): string {
  return html
    .replace(/ (style|width|height|viewBox|fill|x|y|aria-hidden)="[^"]*"/g, '')
    .replace(/<\/?(svg|rect|line|text|title|path|g)[^>]*>/g, '')
}
const lines = (html: string): string[] =>
  untrusted(html)
    .replace(/<\/(div|pre|tr|summary|table)>/g, '\n')
    .replace(/<[^>]+>/g, ' ')
    .split('\n')
    .map((line) => line.replace(/^(.{0,20}?:) +/, '$1 ').trim())
    .filter((line) => line !== '')
const htmlOf = (value: unknown): string => String(bundleOf(value)['text/html'])
const users = Array.from({ length: 1000 }, (_, index) => ({
  user_id: `auth0|${index}`,
  email: `u${index}@example.com`,
}))

describe('N1 a display that is not trusted', () => {
  it('keeps each field on a line of its own, and code as it is', () => {
    const error = new ApiError('The client is unknown. Check the id.', {
      status: 404,
      serverMessage: 'gone',
      code: 'x',
    })
    expect(lines(String(showError(error).html()))).toEqual(
      expect.arrayContaining(['The client is unknown. Check the id.', 'kind: api', 'server said: gone']),
    )
    const record = attachLook({ name: 'a', options: { deep: { er: 1 } } }, {})
    expect(htmlOf(record)).toMatch(/<pre[^>]*>\{\n {2}&quot;deep&quot;: \{\n {4}&quot;er&quot;: 1/)
  })

  it('has no text in a picture, which would run together', () => {
    const days = Array.from({ length: 40 }, (_, at) => ({ date: new Date(at * 86_400_000).toISOString(), logins: at }))
    const html = htmlOf(attachLook(days, { row: row('stats.getDaily')! }))
    expect(html).toContain('<rect ')
    expect(/<svg.*<\/svg>/s.exec(html)?.[0].replace(/<[^>]+>/g, '')).toBe('')
    expect(lines(html).join('\n')).toMatch(/logins .*780/)
    expect(lines(html).join('\n')).toContain('1970-01-01 – 1970-02-09')
  })

  it('shows how much is left without a style', () => {
    const gauge = { limit: 10, remaining: 5, rateKey: 'management' }
    const text = lines(showLimits({ buckets: [gauge], quotas: { client: [], organization: [] } }).html()).join('\n')
    expect(text).toMatch(/management: +█{10} *░{10} +5 of 10/)
  })
})

describe('N2 what is stored is what is drawn', () => {
  it.each([
    ['a list', users],
    ['a page', { items: users, total: 1000 }],
  ])('of %s', (_, value) => {
    const bundle = bundleOf(attachLook(structuredClone(value), { row: row('users.list') as never }))
    const stored = JSON.stringify(bundle)
    expect(stored).toContain('auth0|49')
    expect(stored).not.toContain('auth0|50')
    expect(stored).not.toContain('u999@')
  })
})

describe('N10 rows that were worked with', () => {
  it('are a table, with the columns that are asked for', () => {
    const rows = users.slice(0, 3).map((user) => ({ ...user, app_metadata: { plan: 'gold' }, client_secret: 'canary' }))
    const drawn = bundleOf(rows.filter(({ user_id }) => user_id !== 'auth0|1'))
    expect(drawn['text/html']).toContain('<table')
    expect(JSON.stringify(drawn)).not.toContain('canary')
    const chosen = bundleOf(rows, { columns: ['email', 'app_metadata.plan'], title: 'Gold' })
    expect(chosen['text/plain'].split('\n').slice(0, 2)).toEqual(['Gold', 'email           app_metadata.plan'])
    expect(chosen['text/plain']).not.toContain('auth0|')
  })

  it('are sorted, limited, and no more of them is stored than is drawn', () => {
    const rows = users.map((user, at) => ({ ...user, logins: at % 7, seen: at === 3 ? undefined : at }))
    const drawn = bundleOf(rows, { columns: ['email', 'seen'], sort: 'seen:-1', limit: 3 })
    expect(drawn['text/plain'].split('\n').slice(3)).toEqual([
      'u999@example.com  999',
      'u998@example.com  998',
      'u997@example.com  997',
      '997 more are not drawn.',
    ])
    expect(drawn['application/vnd.tenantlab+json']).toEqual(
      [999, 998, 997].map((at) => ({ email: `u${at}@example.com`, seen: at })),
    )
    expect(bundleOf(rows, { sort: '-email', limit: 1 })['text/plain']).toContain('u9@')
    expect(bundleOf(rows.slice(0, 5), { columns: ['email'], sort: 'seen' })['text/plain']).toMatch(/u3@example\.com$/)
  })

  it('have the course of numbers, and times since', () => {
    const rows = [
      { app: 'a', week: [0, 4, 8], last: '2026-11-01T09:00:00.000Z', next: '2026-11-02T11:30:00.000Z' },
      { app: 'b', week: [5, 5], last: '2026-11-02T09:00:00.000Z', next: null },
    ]
    const now = new Date('2026-11-02T09:00:00.000Z')
    const text = bundleOf(rows, { dates: 'relative', now })['text/plain']
    expect(text).toContain('▁▅█ 8')
    expect(text).toContain('██ 5')
    expect(text).toMatch(/1 day ago +in 2 hours/)
    expect(text).toMatch(/now/)
  })

  it.each([
    [{ sort: 5 }, /created_at:-1/],
    [{ limit: 0 }, /whole number/],
    [{ dates: 'ago' }, /relative/],
    [{ colums: [] }, /columns, sort, limit/],
  ])('name the option that does not fit: %j', (options, advice) => {
    expect(() => show([{ a: 1 }], options as never)).toThrow(advice)
  })

  it('need rows', () => {
    expect(() => bundleOf('text', { columns: ['a'] })).toThrow(/columns and title belong to rows/)
  })
})

describe('R10 a difference', () => {
  const diff = (before: never, after: never) =>
    showDiff({ kind: 'known', before, after, changes: diffValues(before, after) }).text({ columns: 60 })

  it('of a list is told element by element', () => {
    const long = Array.from({ length: 12 }, (_, at) => `https://a-rather-long-address.example.com/callback/${at}`)
    const text = diff(
      { callbacks: long } as never,
      { callbacks: [...long.slice(0, 11), 'https://other.example'] } as never,
    )
    expect(text).toContain('- callbacks[]')
    expect(text).toContain('callback/11')
    expect(text).toContain('+ callbacks[]: https://other.example')
    expect(text).not.toContain('callback/3')
    expect(diff({ a: [1, 2] } as never, { a: [2, 1] } as never)).toContain('a (order): [ 1, 2 ] → [ 2, 1 ]')
    expect(diff({ a: [1, 1] } as never, { a: [1] } as never)).toContain('- a[]: 1')
  })

  it('of a long text is told line by line', () => {
    const code = Array.from({ length: 40 }, (_, at) => `const line${at} = ${at}`)
    const after = [...code]
    after[20] = 'const changed = true'
    const text = diff({ script: code.join('\n') } as never, { script: after.join('\n') } as never)
    expect(
      text
        .split('\n')
        .slice(1)
        .map((line) => line.trim()),
    ).toEqual([
      '~ script',
      '…',
      'const line18 = 18',
      'const line19 = 19',
      '- const line20 = 20',
      '+ const changed = true',
      'const line21 = 21',
      'const line22 = 22',
      '…',
    ])
  })
})

describe('R21, R43 terminals', () => {
  const table = (columns: number, headings: string[], rows: string[][]): string[] =>
    renderText({ title: 'T', blocks: [{ kind: 'table', columns: headings, rows }] }, { columns })
      .split('\n')
      .slice(1)

  it('lines columns up behind pictographs', () => {
    const names = ['✅ ok', '⚡', '🟢🟢', '❤️', '👩‍👩‍👧‍👦 family', '🇩🇪', 'plain']
    const drawn = table(
      40,
      ['name', 'n'],
      names.map((name) => [name, 'X']),
    )
    expect(drawn.slice(2).every((line) => line.endsWith('X'))).toBe(true)
    expect(drawn[2]).toBe('✅ ok      X')
    expect(drawn[6]).toBe('👩‍👩‍👧‍👦 family  X')
    expect(drawn[7]).toBe('🇩🇪         X')
  })

  it('keeps ids whole and leaves empty columns out', () => {
    const id = 'auth0|0123456789abcdef01234567'
    const drawn = table(
      48,
      ['user_id', 'name', 'phone', 'about'],
      [[id, 'Some Body', '', 'a long text about some body']],
    )
    expect(drawn[2]).toContain(id)
    expect(drawn[0]).not.toContain('phone')
  })

  it('breaks titles and lines between words', () => {
    const text = renderText({ title: 'several words that do not fit here', blocks: [] }, { columns: 20 })
    expect(text.split('\n')).toEqual(['several words that', 'do not fit here'])
  })
})

describe('N13 gauges and charts', () => {
  it('counts the kinds of one burst as bars, one below the other', () => {
    const burst = ['s', 's', 's', 'f'].map((type) => ({ date: '2026-11-01T10:00:00Z', type }))
    const text = inspect(chart(burst, { by: 'type' }))
    expect(text).toMatch(/ s +█{30,} +3\n +f +█{10,14} +1/)
  })

  it('fills the bar of a list with what has come', () => {
    const progress = new Progress('users.list', () => 0)
    progress.take({ kind: 'page', at: 0, page: 1, items: 30, collected: 30, total: 40 })
    expect(progress.look().text({ columns: 80 })).toMatch(/to come +█{15}░{5} +10 of 40/)
  })
})
