import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { COLOURS, GROUNDS } from '../../../src/display/charts/frame.ts'
import { type ChartOptions, drawingOf, vegaLite } from '../../../src/display/charts/index.ts'
import { pictureSvg } from '../../../src/display/charts/png.ts'
import { bundleOf, chart } from '../../../src/display/index.ts'
import { ConfigurationError, type PlanEvent } from '../../../src/plan/index.ts'
import { CANARY } from '../samples.ts'

const VEGA_LITE = 'application/vnd.vegalite.v5+json'

// A Monday, and the Sunday before it.
const logs = [
  { date: '2026-11-02T10:05:00Z', type: 's', location_info: { country_name: 'France' } },
  { date: '2026-11-02T10:45:00Z', type: 'f', location_info: { country_name: 'Japan' } },
  { date: '2026-11-01T23:00:00Z', type: 's', location_info: { country_name: 'France' } },
]
const url = 'https://demo.example.com/api/v2/users'
/** Waits for a slot, is refused, pauses, and is answered. */
const run: readonly PlanEvent<unknown>[] = [
  { kind: 'token', at: 1000, source: 'cache', operation: 'users.list', hash: 'a' },
  { kind: 'wait', at: 1000, reason: 'slot', ms: 200, operation: 'users.list', hash: 'a' },
  { kind: 'attempt', at: 1200, attempt: 1, method: 'GET', url, operation: 'users.list', hash: 'a' },
  { kind: 'response', at: 1240, attempt: 1, status: 429, ms: 40, operation: 'users.list', hash: 'a' },
  { kind: 'retry', at: 1240, attempt: 1, reason: '429', delay: 760, operation: 'users.list', hash: 'a' },
  { kind: 'wait', at: 1240, reason: 'server', ms: 760, operation: 'users.list', hash: 'a' },
  { kind: 'attempt', at: 2000, attempt: 2, method: 'GET', url, operation: 'users.list', hash: 'a' },
  { kind: 'response', at: 2050, attempt: 2, status: 200, ms: 50, operation: 'users.list', hash: 'a' },
]
const other: readonly PlanEvent<unknown>[] = [
  { kind: 'attempt', at: 1010, attempt: 1, method: 'GET', url, operation: 'roles.list', hash: 'b' },
  { kind: 'response', at: 1100, attempt: 1, status: 200, ms: 90, operation: 'roles.list', hash: 'b' },
]

const drawn = (values: readonly unknown[], options?: ChartOptions) => drawingOf(values, options)!

describe('kinds of charts', () => {
  it('compares kinds, the largest first, also in records inside', () => {
    expect(chart(logs, { kind: 'bars', by: 'location_info.country_name' })).toEqual({
      labels: ['France', 'Japan'],
      series: [{ name: 'count', values: [2, 1] }],
    })
    const spent = [
      { app: 'a', used: 3 },
      { app: 'b', used: 9 },
      { app: 'a', used: 1 },
    ]
    expect(chart(spent, { by: 'app', fields: ['used'] })).toEqual({
      labels: ['b', 'a'],
      series: [{ name: 'used', values: [9, 4] }],
    })
    expect(inspect(chart(spent, { by: 'app' }))).toMatch(/a +█{20,} +2\n +b +█+ +1/)
  })

  it('puts rare kinds together', () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ app: `app ${at}` }))
    const { labels, series } = chart(many, { by: 'app', limit: 5 })
    expect(labels).toEqual(['app 0', 'app 1', 'app 2', 'app 3', '36 others'])
    expect(series[0]?.values.at(-1)).toBe(36)
  })

  it('counts by hour and weekday', () => {
    const { labels, series } = chart(logs, { kind: 'heatmap' })
    expect(labels).toHaveLength(24)
    expect(series.map(({ name }) => name)).toEqual(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'])
    expect([series[0]?.values[10], series[6]?.values[23]]).toEqual([2, 1])
    expect(inspect(chart(logs, { kind: 'heatmap' }))).toMatch(/Mon {2}.{20}██/)
  })

  it('shows what runs did, from an execution, its events, or those of several', () => {
    const { lanes = [], labels, series } = drawn([run, other])
    expect(lanes.map(({ name }) => name)).toEqual(['users.list', 'roles.list'])
    expect(lanes[0]?.spans).toEqual([
      { kind: 'wait', from: 0, to: 200 },
      { kind: 'failed', from: 200, to: 240 },
      { kind: 'retry', from: 240, to: 1000 },
      { kind: 'attempt', from: 1000, to: 1050 },
    ])
    expect(labels).toEqual(['attempt', 'failed', 'wait', 'retry'])
    expect(series[0]?.values).toEqual([140, 40, 200, 760])
    // Merged events are parted by their plan.
    expect(drawn([...run, ...other]).lanes).toEqual(lanes)
    const execution = { events: { subscribe: ({ next }: { next(event: unknown): void }) => run.forEach(next) } }
    expect(chart(execution)).toEqual(chart([run]))
    expect(chart([execution, execution]).series[0]?.values).toEqual([100, 80, 400, 1520])
    expect(inspect(chart([run]))).toMatch(/users\.list {2}·+▒+~+█+ {2}1,050 ms/)
  })

  it('N13: draws how long a run has waited for its token, also where nothing came before', () => {
    const first = { kind: 'token', at: 1040, source: 'request', ms: 40, operation: 'users.list', hash: 'c' }
    const sent = [
      { kind: 'attempt', at: 1040, attempt: 1, method: 'GET', url, operation: 'users.list', hash: 'c' },
      { kind: 'response', at: 1080, attempt: 1, status: 200, ms: 40, operation: 'users.list', hash: 'c' },
    ]
    expect(drawn([[first, ...sent]]).lanes?.[0]?.spans).toEqual([
      { kind: 'token', from: 0, to: 40 },
      { kind: 'attempt', from: 40, to: 80 },
    ])
    expect(drawn([[{ ...first, source: 'cache', ms: undefined }, ...sent]]).lanes?.[0]?.spans).toEqual([
      { kind: 'attempt', from: 0, to: 40 },
    ])
    // The second waited while the first was fetching.
    expect(drawn([[first, ...sent], sent]).lanes?.[1]?.spans).toEqual([{ kind: 'attempt', from: 40, to: 80 }])
  })

  it('tells a wait for a slot from the pause before it', () => {
    const later = run.map((event) => (event.at >= 2000 ? { ...event, at: event.at + 300 } : event))
    later.splice(6, 0, { kind: 'wait', at: 2000, reason: 'slot', operation: 'users.list', hash: 'a' })
    expect(drawn([later]).lanes?.[0]?.spans.slice(2, 4)).toEqual([
      { kind: 'retry', from: 240, to: 1000 },
      { kind: 'wait', from: 1000, to: 1300 },
    ])
  })

  it('shows how response times are distributed', () => {
    const times = Array.from({ length: 100 }, (_, at) => ({ ms: at + 1 }))
    const made = drawn(times, { kind: 'distribution' })
    expect(made.marks).toEqual([
      { name: 'p50', value: 50 },
      { name: 'p95', value: 95 },
      { name: 'p99', value: 99 },
    ])
    expect(made.series[0]?.values.reduce((a, b) => a + b, 0)).toBe(100)
    expect(chart([run, other], { kind: 'distribution' }).series[0]?.values.reduce((a, b) => a + b, 0)).toBe(3)
    // One far value does not squeeze the others into one bar.
    const far = drawn([...times, { ms: 60_000 }], { kind: 'distribution' })
    expect(far.labels.length).toBeGreaterThan(1)
    expect(drawn([{ ms: 5 }, { ms: 5 }], { kind: 'distribution' }).series[0]?.values).toEqual([2])
  })

  it('N16: says in a grid what stands where two fields meet', () => {
    const rows = [
      { endpoint: 'POST tickets', session: 'global', header: true },
      { endpoint: 'GET users', session: 'global', header: false },
      { endpoint: 'GET users', session: 'without the stage', header: true },
    ]
    const made = drawn(rows, { kind: 'grid', by: 'endpoint', across: 'session', fields: ['header'] })
    expect(made.labels).toEqual(['global', 'without the stage'])
    expect(made.kinds).toEqual(['yes', 'no'])
    expect(made.series).toEqual([
      { name: 'POST tickets', values: [0, -1] },
      { name: 'GET users', values: [1, 0] },
    ])
    const shown = chart(rows, { kind: 'grid', by: 'endpoint', across: 'session', fields: ['header'] })
    expect(inspect(shown)).toMatch(/POST tickets +yes +–\n +GET users +no +yes/)
  })

  it('N16: orders states by what leads to them, with ways past a state and ways back', () => {
    const ways = [
      { from: 'login', to: 'asked', by: 'mfa_required', times: 2 },
      { from: 'asked', to: 'enrolled', by: 'enroll.sms()', times: 1 },
      { from: 'asked', to: 'enrolled', by: 'enroll.otp()', times: 0 },
      { from: 'enrolled', to: 'tokens', by: 'verify.oob()', times: 1 },
      { from: 'asked', to: 'tokens', by: 'verify.recoveryCode()', times: 0 },
      { from: 'tokens', to: 'login', by: 'they expire', times: 0 },
    ]
    const made = drawn(ways, { kind: 'states' })
    expect(made.states?.map(({ name, column }) => [name, column])).toEqual([
      ['login', 0],
      ['asked', 1],
      ['enrolled', 2],
      ['tokens', 3],
    ])
    expect(made.ways?.[1]).toMatchObject({ names: ['enroll.sms()', 'enroll.otp()'], times: 1 })
    // The way past 'enrolled' has a free place in its column.
    const past = made.ways?.find(({ names }) => names.includes('verify.recoveryCode()'))
    expect(past?.spots.map(({ column }) => column)).toEqual([1, 2, 3])
    expect(past?.spots[1]?.row).not.toBe(made.states?.find(({ name }) => name === 'enrolled')?.row)
    expect(inspect(chart(ways, { kind: 'states' }))).toMatch(
      /2 × login → asked by mfa_required[\s\S]*not gone: tokens → login/,
    )
  })

  it.each([
    [
      'a ring',
      [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
      ],
      ['a 0', 'b 1'],
    ],
    ['a state that leads to itself', [{ from: 'a', to: 'a', by: 'wait' }], ['a 0']],
    [
      'two beginnings',
      [
        { from: 'a', to: 'c' },
        { from: 'b', to: 'c' },
      ],
      ['a 0', 'c 1', 'b 0'],
    ],
  ])('N16: places %s', (_, ways, places) => {
    const made = drawn(ways, { kind: 'states' })
    expect(made.states?.map(({ name, column }) => `${name} ${column}`)).toEqual(places)
    expect(pictureSvg(made)).not.toMatch(/NaN|undefined/)
  })

  it.each([
    ['grid', [{ a: 1 }], /across: 'session'/],
    ['states', [{ a: 1 }], /from: 'open'/],
    ['bars', [{ a: 1 }], /chart\(values, \{ kind: 'bars', by: 'type' \}\)/],
    ['heatmap', [{ a: 1 }], /time: 'date'/],
    ['timeline', [{ a: 1 }], /chart\(\[run, other\]\)/],
    ['distribution', [{ a: 'x' }], /fields: \['ms'\]/],
    ['lines', [], /Name the fields/],
  ] as const)('says what %s need', (kind, values, advice) => {
    expect(() => chart(values, { kind })).toThrow(advice)
  })
})

describe('N13: values that are rare', () => {
  const day = (at: number) => new Date(Date.UTC(2026, 9, 1) + at * 86_400_000).toISOString()
  const svgOf = (values: readonly unknown[], options: ChartOptions = {}): string => {
    const made = drawingOf(values, options)
    if (made === undefined) throw new Error('nothing is drawn')
    return pictureSvg(made)
  }
  /** The places of the dots of a chart of lines. */
  const dotsOf = (svg: string) =>
    [...svg.matchAll(/<circle cx="([\d.-]+)" cy="([\d.-]+)"/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }))

  it.each([
    ['no number', [3, Number.NaN, 5]],
    ['null', [3, null, 5]],
    ['nothing', [3, undefined, 5]],
  ])('%s is a gap, and no zero', (_, values) => {
    const rows = values.map((n, at) => ({ date: day(at), n }))
    const svg = svgOf(rows)
    expect(svg).not.toMatch(/NaN|undefined/)
    expect(dotsOf(svg)).toHaveLength(2)
    expect(svg).not.toContain('<polyline')
    expect(inspect(chart(rows))).toMatch(/2026-10-02 .*no number/)
    const { data } = bundleOf(chart(rows))['application/vnd.vegalite.v5+json'] as { data: { values: object[] } }
    expect(data.values).toContainEqual({ label: '2026-10-02', series: 'n', value: null })
  })

  it('what lies below zero is drawn below it', () => {
    const [high, low] = dotsOf(svgOf([4, -8].map((n, at) => ({ date: day(at), n }))))
    expect(low?.y ?? 0).toBeGreaterThan((high?.y ?? 0) + 100)
    const loss = dotsOf(svgOf([-1, -2].map((n, at) => ({ date: day(at), n }))))
    expect(loss[1]?.y ?? 0).toBeGreaterThan(loss[0]?.y ?? 0)
    const bars = svgOf(
      [
        { k: 'a', n: 5 },
        { k: 'b', n: -5 },
      ],
      { kind: 'bars', by: 'k', fields: ['n'] },
    )
    const wide = [...bars.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="22"/g)].map(([, x, w]) => [
      Number(x),
      Number(w),
    ])
    expect(wide[1]?.[1]).toBe(wide[0]?.[1])
    expect(wide[1]?.[0] ?? 0).toBeLessThan(wide[0]?.[0] ?? 0)
  })

  it('days that are missing take their room', () => {
    const [a, b, c] = dotsOf(svgOf([0, 1, 9].map((at) => ({ date: day(at), n: 1 }))))
    expect(((c?.x ?? 0) - (b?.x ?? 0)) / ((b?.x ?? 0) - (a?.x ?? 0))).toBeCloseTo(8, 1)
    const hours = ['10:00', '10:30', '12:30'].map((time) => ({ date: `2026-10-01T${time}:00Z`, n: 1 }))
    const [d, e, f] = dotsOf(svgOf(hours))
    expect(((f?.x ?? 0) - (e?.x ?? 0)) / ((e?.x ?? 0) - (d?.x ?? 0))).toBeCloseTo(4, 1)
  })

  it('says what of two years is not drawn, and which years they are', () => {
    const rows = Array.from({ length: 730 }, (_, at) => ({ date: day(at), n: at % 7 }))
    expect(svgOf(rows)).toContain('364 before are not drawn')
    expect(svgOf(rows.slice(0, 200))).toMatch(/1 Oct 2026 to \d+ Apr 2027/)
    expect(svgOf(rows.slice(0, 20))).toContain('1 Oct to 20 Oct')
  })

  it.each([
    ['bars', { kind: 'bars', by: 'type' }],
    ['stacked', { by: 'type' }],
    ['lines', { kind: 'lines', fields: ['logins'] }],
    ['heatmap', { kind: 'heatmap' }],
    ['distribution', { kind: 'distribution', fields: ['ms'] }],
  ] as const)('draws that there are no values: %s', (_, options) => {
    const shown = chart({ items: [] }, { ...options, title: 'Failed logins' })
    expect(inspect(shown)).toMatch(/Failed logins[\s\S]*no values +0/)
    expect(svgOf([], options)).not.toMatch(/NaN|undefined|Infinity/)
  })

  it.each([undefined, null, 7, 'text', {}])('says what it takes instead of %j', (values) => {
    expect(() => chart(values as unknown as readonly unknown[])).toThrow(ConfigurationError)
    expect(() => chart(values as unknown as readonly unknown[])).toThrow(/chart\(await plan\.run\(\)\)/)
  })
})

describe('N13: what pictures were looked at for', () => {
  const svgOf = (values: readonly unknown[], options: ChartOptions): string => {
    const made = drawingOf(values, options)
    if (made === undefined) throw new Error('nothing is drawn')
    return pictureSvg(made)
  }
  /** The colour of the box that stands before a name of the legend. */
  const colourIn = (svg: string, name: string) =>
    new RegExp(`fill="(#[0-9a-f]{6})" rx="2"/>\\s*<text[^>]*>${name}<`).exec(svg)?.[1]
  const entries = (...types: string[]) => types.map((type, at) => ({ date: `2026-11-0${1 + (at % 3)}`, type }))

  it('a kind has one colour, whichever is the largest', () => {
    const [few, many] = [entries('fp', 'fp', 'fu'), entries('fu', 'fu', 'fp')].map((all) => svgOf(all, { by: 'type' }))
    expect(colourIn(few ?? '', 'fp')).toMatch(/^#/)
    for (const name of ['fp', 'fu']) expect(colourIn(few ?? '', name)).toBe(colourIn(many ?? '', name))
  })

  it.each(['refused', 'blocked', 'missing'])('%s has the colour of trouble in stacks and grids', (name) => {
    expect(colourIn(svgOf(entries('issued', name, 'left'), { by: 'type' }), name)).toBe(COLOURS[3])
    const rows = ['a', name].map((what, at) => ({ user: `u${at}`, when: 'now', what }))
    expect(colourIn(svgOf(rows, { kind: 'grid', by: 'user', across: 'when', fields: ['what'] }), name)).toBe(COLOURS[3])
  })

  it('a grid of many values names them in its cells alone', () => {
    const grid = { kind: 'grid', by: 'user', across: 'when', fields: ['what'] } as const
    const rows = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ user: `u${at}`, when: 'now', what: at }))
    expect(colourIn(svgOf(rows(4), grid), '3')).toMatch(/^#/)
    expect(colourIn(svgOf(rows(5), grid), '3')).toBeUndefined()
  })

  it.each([
    [9, ['0', '5', '10']],
    [7, ['0', '2', '4', '6', '8']],
  ] as const)('counts up to %i have a rule of whole numbers', (most, rule) => {
    const svg = svgOf(
      entries(...new Array(most).fill('s')).map((each) => ({ ...each, date: '2026-11-01' })),
      { by: 'type' },
    )
    expect([...svg.matchAll(/text-anchor="end"[^>]*>([\d.,]+)</g)].map(([, text]) => text)).toEqual(rule)
  })

  it('a sum is told of what is counted, not of quotas', () => {
    const rows = [
      { app: 'a', quota: 1000 },
      { app: 'b', quota: 200 },
    ]
    expect(svgOf(rows, { kind: 'bars', by: 'app', fields: ['quota'] })).not.toContain('in all')
    expect(svgOf(rows, { kind: 'bars', by: 'app' })).toContain('2 in all')
  })

  it('one value alone is a bar, not a wall', () => {
    const svg = svgOf(
      [40, 40, 40].map((ms) => ({ ms })),
      { kind: 'distribution', fields: ['ms'] },
    )
    const bars = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"[^>]*fill="#0072b2"/g)].map(([, wide]) => Number(wide))
    expect(bars).toHaveLength(1)
    expect(bars[0]).toBeLessThan(130)
  })

  it.each([
    ['at the right end', [...new Array(90).fill(40), ...new Array(10).fill(200)]],
    ['close to each other', [...new Array(90).fill(190), 195, 196, 197, 198, 199, 200, 200, 201, 202, 203, 0]],
    ['at one value', [7, 7, 7]],
  ] as const)('marks of a distribution do not overlap: %s', (_, values) => {
    const svg = svgOf(
      values.map((ms) => ({ ms })),
      { kind: 'distribution', fields: ['ms'] },
    )
    const marks = [...svg.matchAll(/<text x="([\d.]+)" y="98"[^>]*>([^<]+)</g)].map(([, x, text = '']) => ({
      from: Number(x),
      to: Number(x) + text.length * 6,
      text,
    }))
    expect(marks.map(({ text }) => text).join(' ')).toMatch(/p50.*p95.*p99/)
    for (const [at, { from, to }] of marks.entries()) {
      expect(from).toBeGreaterThanOrEqual(marks[at - 1]?.to ?? 0)
      expect(to).toBeLessThanOrEqual(900)
    }
  })

  it('names of operations are whole in a timeline', () => {
    const told = (operation: string) => [
      { kind: 'attempt', operation, hash: operation, at: 0, attempt: 1 },
      { kind: 'response', operation, hash: operation, at: 40, ms: 40, status: 200, attempt: 1 },
    ]
    for (const operation of ['users.authenticationMethods.list', 'organizations.members.list']) {
      const made = drawingOf([told(operation)], {})
      expect(made && pictureSvg(made)).toContain(`>${operation}<`)
    }
  })
})

const everyKind: readonly [string, readonly unknown[], ChartOptions][] = [
  ['bars', logs, { kind: 'bars', by: 'type' }],
  [
    'lines',
    [
      { date: '2026-11-01', a: 1 },
      { date: '2026-11-02', a: 2, b: 3 },
    ],
    {},
  ],
  ['stacked', logs, { by: 'type' }],
  ['heatmap', logs, { kind: 'heatmap' }],
  ['timeline', [run, other], {}],
  ['distribution', [{ ms: 1 }, { ms: 9 }], { kind: 'distribution' }],
  ['grid', [{ a: 'one', b: 'two', c: 'x' }], { kind: 'grid', by: 'a', across: 'b', fields: ['c'] }],
  ['states', [{ from: 'open', to: 'closed', by: 'close()', times: 1 }], { kind: 'states' }],
]

describe.each(everyKind)('a picture of %s', (_, values, options) => {
  const made = drawn(values, { ...options, title: 'What <happened> & why' })

  it('has its title, what is counted, and the numbers of its axes', () => {
    for (const theme of ['light', 'dark'] as const) {
      const svg = pictureSvg(made, theme)
      expect(svg).toContain('What &lt;happened&gt; &amp; why')
      expect(svg).toContain(GROUNDS[theme].back)
      expect(svg).not.toMatch(/NaN|Infinity|undefined/)
      expect([...svg.matchAll(/<text /g)].length).toBeGreaterThan(3)
    }
  })

  it('is painted, and stands beside Vega-Lite and text, without HTML', () => {
    const bundle = bundleOf(chart(values, options))
    expect(Object.keys(bundle)).toEqual([VEGA_LITE, 'image/png', 'text/plain'])
    expect(
      Buffer.from(bundle['image/png'] ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
    expect(bundle[VEGA_LITE]).toMatchObject({ $schema: expect.stringContaining('/v5.json'), title: expect.any(String) })
    expect(JSON.stringify(vegaLite(made))).not.toMatch(/NaN|null,"value"/)
  })
})

describe('a picture', () => {
  it('shows no secret, and keeps to its frame with long names', () => {
    const rows = [{ name: `x${'long '.repeat(200)}`, n: 1 }]
    const svg = pictureSvg(drawn(rows, { by: 'name', kind: 'bars' }))
    expect(svg).toContain('…')
    expect(svg.length).toBeLessThan(3000)
    expect(JSON.stringify(bundleOf(chart([{ client_secret: CANARY, type: 'a' }], { by: 'type' })))).not.toContain(
      CANARY,
    )
  })

  it('has colours that stand out from either ground', () => {
    const light = (colour: string): number => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
        const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
        return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const contrast = (one: string, two: string): number => {
      const [a, b] = [light(one), light(two)]
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    }
    for (const { back, text, muted } of Object.values(GROUNDS)) {
      expect(contrast(text, back)).toBeGreaterThan(7)
      expect(contrast(muted, back)).toBeGreaterThan(4.5)
      for (const colour of COLOURS) expect(contrast(colour, back), colour).toBeGreaterThan(2)
    }
  })
})
