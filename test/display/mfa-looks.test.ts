import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LoginStep, showLoginSteps } from '../../src/display/looks/login-steps.ts'
import { showQr } from '../../src/display/looks/qr.ts'
import { showToken } from '../../src/display/looks/token.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '\u001b[2J\u001b]0;title\u0007',
    '\u202etxt.exe\u2066',
    '\ud800',
    'line\r\nbreak\u2028more',
  ),
)
const json = fc.anything({
  key: hostile,
  values: [hostile, fc.integer(), fc.boolean(), fc.constant(null)],
  maxDepth: 3,
})
const mark = fc.constantFrom<LoginStep['mark']>('going', 'done', 'stopped')
const token = fc.record({
  kind: fc.constant('jwt' as const),
  use: fc.constantFrom('access token' as const, 'ID token' as const, 'unknown' as const),
  issuer: hostile,
  subject: hostile,
  audience: fc.array(hostile, { maxLength: 3 }),
  client: hostile,
  algorithm: hostile,
  validFor: fc.option(fc.double({ min: 0 }), { nil: undefined }),
  scopes: fc.array(hostile, { maxLength: 20 }),
  claims: fc.dictionary(hostile, json, { maxKeys: 5 }),
  operations: fc.array(hostile, { maxLength: 12 }),
  notes: fc.array(hostile, { maxLength: 2 }),
})

/** What must never reach a terminal, save the line breaks that the look itself makes. */
const ACTING = /(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const OWN_TAGS = /<\/?(?:div|table|tbody|tr|th|td|pre|details|summary|span|svg|rect|path)(?: [^<>]*)?>/g

function isHarmless(look: { text(): string; html(): string }): void {
  expect(look.text()).not.toMatch(ACTING)
  const html = look.html()
  expect(html).not.toMatch(ACTING)
  expect(html.replace(OWN_TAGS, '')).not.toMatch(/[<>]/)
  expect(html).not.toMatch(/<[^>]*\son\w+=/)
}

describe('the displays of a login with a second factor', () => {
  it('clean and escape whatever a token claims', () => {
    fc.assert(
      fc.property(token, (view) => isHarmless(showToken(view))),
      { numRuns: 150 },
    )
  })

  it('clean and escape whatever a server says in a step', () => {
    const steps = fc.array(fc.record({ mark, text: hostile }), { maxLength: 6 })
    fc.assert(
      fc.property(steps, (list) => isHarmless(showLoginSteps(list))),
      { numRuns: 150 },
    )
  })

  it('clean and escape whatever stands below a QR code', () => {
    const notes = fc.array(hostile, { maxLength: 3 })
    fc.assert(
      fc.property(hostile, notes, (text, list) => isHarmless(showQr({ text, notes: list }))),
      { numRuns: 60 },
    )
  })

  it('tell a span in its two largest units', () => {
    const shown = (validFor: number) =>
      /valid for\s+(.*)/.exec(
        showToken({ kind: 'jwt', use: 'unknown', claims: {}, operations: [], notes: [], validFor }).text(),
      )?.[1]
    expect([500, 1000, 590_000, 86_399_999, 86_400_000, 2_592_060_000].map(shown)).toEqual([
      '500 ms',
      '1 s',
      '9 min 50 s',
      '23 h 59 min',
      '1 d',
      '30 d',
    ])
  })
})
