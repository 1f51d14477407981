import { expect, it } from 'vitest'
import { SentSteps } from '../../src/run/engine/sent-steps.ts'
import type { JournalEntry } from '../../src/run/index.ts'
import { ledgerOf } from '../../src/run/index.ts'

const at = '2026-11-02T09:00:00.000Z'
const begun = (step: string, hash: string): JournalEntry => ({ type: 'begun', step, at, hash })
const done = (step: string): JournalEntry => ({ type: 'done', step, at, how: 'sent' })

it.each([
  ['one that is done', [begun('a', 'h'), done('a')], [], 'a'],
  ['one that was met again', [begun('a', 'h'), done('a')], ['a'], undefined],
  ['the second of two alike', [begun('a', 'h'), done('a'), begun('b', 'h'), done('b')], ['a'], 'b'],
  ['one that was only begun', [begun('a', 'h')], [], undefined],
  [
    'one whose answer nobody has',
    [
      begun('a', 'h'),
      { type: 'send', step: 'a', at, request: 1, attempt: 1, method: 'POST', path: '/' } as JournalEntry,
    ],
    [],
    'a',
  ],
  ['another plan', [begun('a', 'other'), done('a')], [], undefined],
])('R15 a step that was given another id is found by what it sent: %s', (_, entries, met, found) => {
  const sent = new SentSteps(ledgerOf(entries))
  expect(sent.unmet('h', new Set(met))?.id).toBe(found)
})

it('takes no longer for each step where all of many are alike: a step that was met is passed once', () => {
  const count = 3000
  const entries = Array.from({ length: count }, (_, n) => [begun(`s${n}`, 'h'), done(`s${n}`)]).flat()
  const sent = new SentSteps(ledgerOf(entries))
  let asked = 0
  const met = new Set<string>()
  const counting = {
    has(id: string) {
      asked += 1
      return met.has(id)
    },
  } as unknown as ReadonlySet<string>
  for (let n = 0; n < count; n += 1) {
    met.add(`s${n}`)
    sent.unmet('h', counting)
  }
  expect(asked).toBeLessThanOrEqual(2 * count)
})
