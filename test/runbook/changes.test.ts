import { describe, expect, it } from 'vitest'
import { type Change, diffValues, type Json } from '../../src/plan/index.ts'
import { Redactor, type RunEvent } from '../../src/run/index.ts'
import { githubReport, humanReport, markdownReport } from '../../src/runbook/index.ts'

const envelope = { tenant: 'one', at: '2026-11-24T10:00:00.000Z' }

/** What each front end of a command says of a planned change. */
function told(before: Json, after: Json): readonly string[] {
  const changes: readonly Change[] = diffValues(before, after)
  const planned = { type: 'planned_change', step: 's', operation: 'o', route: 'PATCH /x', action: 'update' } as const
  const drift = { type: 'drift', drifts: [{ step: 's', changes }] } as const
  return [{ ...planned, changes } as const, drift].flatMap((body) => {
    const event: RunEvent = { ...envelope, ...body }
    let human = ''
    humanReport({ write: (text) => (human += text) }, false).hear(event)
    const github: string[] = []
    githubReport((line) => github.push(line), new Redactor()).hear(event)
    return [human, github.join('\n'), markdownReport([event])]
  })
}

const url = (number: number): string => `https://app.example.com/callback/number/${number}`
const urls = (last: string): Json => ({ callbacks: [...Array.from({ length: 9 }, (_, at) => url(at)), last] })

describe('R10: a reviewer sees what is approved', () => {
  it.each([
    [
      'the last of many callbacks',
      urls(url(9)),
      urls('https://evil.example.com/'),
      ['https://evil.example.com/', url(9)],
    ],
    [
      'a member of an object in a list',
      { scopes: Array.from({ length: 8 }, (_, at) => ({ value: `read:thing_${at}`, description: 'x'.repeat(30) })) },
      {
        scopes: Array.from({ length: 8 }, (_, at) => ({
          value: `read:thing_${at}`,
          description: at === 7 ? 'Everything there is' : 'x'.repeat(30),
        })),
      },
      ['Everything there is'],
    ],
    [
      'the end of a long text',
      { html: `${'a'.repeat(300)}old` },
      { html: `${'a'.repeat(300)}new` },
      [`${'a'.repeat(300)}new`, `${'a'.repeat(300)}old`],
    ],
    [
      'a line in the middle of code',
      { code: Array.from({ length: 40 }, (_, at) => `line ${at}`).join('\n') },
      { code: Array.from({ length: 40 }, (_, at) => (at === 20 ? 'steal()' : `line ${at}`)).join('\n') },
      ['- line 20', '+ steal()'],
    ],
  ])('%s', (_, before, after, seen) => {
    for (const text of told(before, after)) {
      for (const each of seen) expect(text).toContain(each)
      expect(text).not.toContain('…"')
    }
  })

  it('tells of a list only what differs, and never one text twice', () => {
    for (const text of told(urls(url(9)), urls('https://new.example.com/'))) {
      expect(text).not.toContain(url(3))
      expect(text.match(/number\/9/g)).toHaveLength(1)
    }
  })

  it.each([
    ['client_id', 'callbacks'],
    ['id', 'description'],
    ['value', 'description'],
  ])('tells of records in a list what differs in each, by %s', (key, member) => {
    const records = (last: string): Json =>
      Array.from({ length: 3 }, (_, at) => ({ [key]: `r${at}`, long: 'x'.repeat(50), [member]: at === 2 ? last : 'y' }))
    for (const text of told(records('before'), [...(records('after') as Json[]), { [key]: 'r9' }])) {
      expect(text).toContain(`(all)[${key}=r2].${member}`)
      expect(text).toContain('after')
      expect(text).toContain('r9')
      expect(text).not.toContain('xxx')
    }
  })

  it('leaves out the lines of a long text that are the same', () => {
    const code = (last: string): Json => ({ code: `${'same\n'.repeat(60)}${last}` })
    for (const text of told(code('one'), code('two'))) expect(text.match(/same/g)?.length ?? 0).toBeLessThan(6)
  })
})
