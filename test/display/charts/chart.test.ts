import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { row } from '../../../src/catalogue/index.ts'
import { drawingOf } from '../../../src/display/charts/index.ts'
import { pictureSvg } from '../../../src/display/charts/png.ts'
import { attachLook, bundleOf, chart } from '../../../src/display/index.ts'

const VEGA_LITE = 'application/vnd.vegalite.v5+json'

const days = [
  { date: '2026-11-01T00:00:00.000Z', logins: 4, signups: 1, leaked_passwords: 0 },
  { date: '2026-11-02T00:00:00.000Z', logins: 8, signups: 0, leaked_passwords: 0 },
]
const logs = [
  { date: '2026-11-01T10:05:00.000Z', type: 's' },
  { date: '2026-11-01T10:45:00.000Z', type: 'f' },
  { date: '2026-11-01T13:00:00.000Z', type: 's' },
]

describe('chart()', () => {
  it('draws the numbers of records over time', () => {
    const shown = chart(days)
    expect(shown).toEqual({
      labels: ['2026-11-01', '2026-11-02'],
      series: [
        { name: 'logins', values: [4, 8] },
        { name: 'signups', values: [1, 0] },
        { name: 'leaked_passwords', values: [0, 0] },
      ],
    })
    const bundle = bundleOf(shown)
    // JupyterLab would draw HTML instead of the chart.
    expect(Object.keys(bundle)).toEqual([VEGA_LITE, 'image/png', 'text/plain'])
    const { data } = bundle[VEGA_LITE] as { data: { values: unknown[] } }
    expect(data.values).toHaveLength(6)
    expect(data.values).toContainEqual({ label: '2026-11-02', series: 'logins', value: 8 })
    expect(inspect(shown)).toMatch(/logins +▅█ +12/)
  })

  it('counts the types of log entries over time, hours without any included', () => {
    expect(chart({ items: logs }, { by: 'type', every: 'hour' })).toEqual({
      labels: ['2026-11-01 10:00', '2026-11-01 11:00', '2026-11-01 12:00', '2026-11-01 13:00'],
      series: [
        { name: 's', values: [1, 0, 0, 1] },
        { name: 'f', values: [1, 0, 0, 0] },
      ],
    })
  })

  it('takes the fields that are named', () => {
    expect(chart(days, { time: 'date', fields: ['signups'] }).series).toEqual([{ name: 'signups', values: [1, 0] }])
  })

  it('puts what is beyond eight kinds together, and loses none', () => {
    const many = Array.from({ length: 30 }, (_, at) => ({ date: '2026-11-01T10:00:00Z', type: `t${at}` }))
    const { series } = chart(many, { by: 'type' })
    expect(series).toHaveLength(8)
    expect(series.flatMap(({ values }) => values).reduce((a, b) => a + b, 0)).toBe(30)
  })

  it('says what to name where there is no time', () => {
    expect(() => chart([{ a: 1 }])).toThrow(/Name the fields/)
  })

  it('stands above the table of daily statistics', () => {
    const bundle = bundleOf(attachLook(structuredClone(days), { row: row('stats.getDaily')! }))
    expect(bundle['text/html']).toMatch(/<svg .*<table/s)
    // Two bars of logins and one of signups; what is 0 has no bar.
    expect(bundle['text/html']?.match(/<rect /g)).toHaveLength(3)
    expect(bundle['application/vnd.tenantlab+json']).toEqual(days)
  })

  it('lets no text of a tenant out of its place', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.string(), (types, sneaky) => {
        const hostile = [...types, `${sneaky}"><script>alert(1)</script>`, '\u001b[2J']
        const records = hostile.map((type, at) => ({ date: new Date(at * 1000).toISOString(), type }))
        const text = inspect(chart(records, { by: 'type' }))
        const html = pictureSvg(drawingOf(records, { by: 'type' })!)
        expect(html).not.toMatch(/<script|<style|on\w+=["']/)
        expect(html).not.toContain('\u001b')
        expect(text).not.toContain('\u001b')
      }),
    )
  })
})
