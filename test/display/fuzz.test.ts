import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Look } from '../../src/display/index.ts'
import { attachLook, showError, showEvents, showFlow, showPlan, showSession } from '../../src/display/index.ts'
import { showDiff, showLimits, showResult } from '../../src/display/looks/index.ts'
import { ApiError, planData } from '../../src/plan/index.ts'
import * as samples from './samples.ts'

const CONTROL = /(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\u001b[31mred\u001b[0m',
    '\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007',
    '\u202etxt.exe',
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    '</pre></td></table><style>*{display:none}</style>',
    'line\r\nbreak\ttab\u2028sep',
    '\ud800lone',
    '&amp;&lt;',
    '漢字かな交じり',
    '👩‍👩‍👧‍👦 family',
  ),
)

const hostileJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    hostile,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('record'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  record: fc.dictionary(hostile, tie('value'), { maxKeys: 4 }),
})).value

function checkForms(look: Look): void {
  const text = look.text({ columns: 60 })
  expect(text).not.toMatch(CONTROL)
  expect(look.line()).not.toMatch(CONTROL)
  const html = look.html()
  expect(html).not.toMatch(CONTROL)
  // Taking away the few elements that the renderer itself writes must leave no tag and no stray quote.
  const bare = html.replaceAll(
    /<\/?(?:div|span|table|tbody|tr|th|td|pre|details|summary|wbr)(?: style="[a-z0-9:;%#.,()\- ]*")?>/gi,
    '',
  )
  expect(bare).not.toMatch(/[<>"']/)
  expect(html + text + JSON.stringify(look.json())).not.toContain(samples.CANARY)
}

const secretHolder = (value: unknown): unknown => ({
  hostile: value,
  client_secret: samples.CANARY,
  nested: [{ password: samples.CANARY }],
})

describe('hostile texts', () => {
  it('in results', () => {
    fc.assert(
      fc.property(hostileJson, (value) => {
        checkForms(showResult(value))
        checkForms(showResult(secretHolder(value)))
        checkForms(showResult({ items: [secretHolder(value), value], total: 9 }, { row: samples.rowOf('users.list') }))
      }),
      { numRuns: 150 },
    )
  })

  it('in attached looks', () => {
    fc.assert(
      fc.property(hostileJson, (value) => {
        const dressed = attachLook(structuredClone(secretHolder(value)))
        for (const options of [{}, { depth: null }, { compact: false }]) {
          const text = inspect(dressed, options) + inspect({ dressed }, options)
          expect(text).not.toContain(samples.CANARY)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('in plans, flows and differences', () => {
    fc.assert(
      fc.property(hostile, hostile, hostileJson, (first, second, body) => {
        const explanation = {
          ...samples.explanation,
          url: first,
          headers: { [first]: second, authorization: samples.CANARY },
          body: secretHolder(body) as never,
          customDomain: { verdict: 'sent' as const, domain: first, reason: second },
          warnings: [first, second],
        }
        checkForms(showPlan(explanation))
        checkForms(
          showFlow({ name: first, steps: [{ purpose: second, plan: planData({ op: first, query: { q: second } }) }] }),
        )
        const changes = [{ kind: 'changed' as const, path: first, before: body as never, after: second }]
        checkForms(showDiff({ kind: 'known', before: null, after: null, changes }, first))
      }),
      { numRuns: 100 },
    )
  })

  it('in errors, events, sessions and limits', () => {
    fc.assert(
      fc.property(hostile, hostile, (first, second) => {
        checkForms(
          showError(new ApiError(first, { status: 400, code: second, serverMessage: second, requestId: first })),
        )
        checkForms(showError(first))
        checkForms(showSession({ ...samples.session, domain: first, clientId: second }))
        checkForms(
          showLimits({ ...samples.limits, buckets: [{ rateKey: first, limit: 3, remaining: 1 }, { rateKey: second }] }),
        )
        checkForms(
          showEvents([
            { kind: 'attempt', at: 1, attempt: 1, method: first, url: second },
            { kind: 'retry', at: 2, attempt: 1, reason: first, delay: 1 },
            { kind: 'value', at: 3, value: { [first]: second, password: samples.CANARY } },
          ]),
        )
      }),
      { numRuns: 100 },
    )
  })
})
