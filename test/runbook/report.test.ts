import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { width } from '../../src/display/index.ts'
import type { Change } from '../../src/plan/index.ts'
import { Redactor, type RunEvent, type RunEventBody } from '../../src/run/index.ts'
import { githubReport, humanReport, jsonReport, markdownReport } from '../../src/runbook/index.ts'
import { RunAccount } from '../../src/runbook/report/account.ts'
import { linesOf } from '../../src/runbook/report/line.ts'
import { TerminalScreen } from './screen.ts'

const at = '2026-11-24T10:00:00.000Z'
const summary = { steps: 1, requests: 1, written: 1, pending: 0, skipped: 0, recorded: 0 }

function of(tenant: string): (body: RunEventBody) => RunEvent {
  return (body) => ({ ...body, tenant, at })
}

const started: RunEventBody = { type: 'run_start', run: 'r', runbook: 'demo', mode: 'run', who: 'me', resumed: false }
const step = (id: string): RunEventBody => ({
  type: 'step_start',
  step: id,
  effect: 'write',
  operation: 'clients.create',
})
const stepDone = (id: string): RunEventBody => ({ type: 'step_end', step: id, outcome: 'done' })
const request = (id: string): RunEventBody => ({ type: 'request', step: id, method: 'GET', path: '/', attempt: 1 })
const answer = (id: string, remaining: number): RunEventBody => ({
  type: 'answer',
  step: id,
  status: 200,
  rateLimit: { limit: 10, remaining },
})
const ended: RunEventBody = { type: 'run_end', status: 'done', exitCode: 0, summary }

/** A clock that only a test moves. */
function handClock() {
  let now = 0
  let tasks: { due: number; task: () => void }[] = []
  return {
    clock: {
      now: () => now,
      after(ms: number, task: () => void) {
        const entry = { due: now + ms, task }
        tasks.push(entry)
        return () => {
          tasks = tasks.filter((each) => each !== entry)
        }
      },
    },
    pending: () => tasks.length,
    pass(ms: number) {
      const end = now + ms
      for (;;) {
        const [next] = tasks.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)
        if (next === undefined) break
        tasks = tasks.filter((each) => each !== next)
        now = next.due
        next.task()
      }
      now = end
    },
  }
}

function view(columns: number, several: boolean, rows = 30) {
  const screen = new TerminalScreen(columns)
  const time = handClock()
  const size = { columns, rows }
  let resized: () => void = () => undefined
  let written = ''
  const report = humanReport(
    {
      write(text) {
        written += text
        screen.write(text)
      },
      size: () => size,
      resized(act) {
        resized = act
        return () => undefined
      },
      colours: true,
      clock: time.clock,
    },
    several,
  )
  return { screen, report, time, size, resize: () => resized(), raw: () => written }
}

describe('the view of a terminal', () => {
  it('has a line for each tenant below the log, and leaves only the log', () => {
    const { screen, report, time } = view(100, true)
    const one = of('one.auth0.com')
    const two = of('two.auth0.com')
    for (const event of [one(started), two(started), one(step('a')), two(step('b')), one(request('a'))])
      report.hear(event)
    report.hear(one(answer('a', 3)))
    report.hear(two({ type: 'wait', step: 'b', reason: 'slot', ms: 4000 }))
    time.pass(200)
    expect(screen.lines.slice(-2)).toEqual([
      '▸ one.auth0.com · a · 1 request · ███░░░░░░░ 3 of 10 left',
      '▸ two.auth0.com · b · waits for the rate limit, 4 s · 0 requests',
    ])
    time.pass(2000)
    expect(screen.lines.at(-1)).toContain('waits for the rate limit, 2 s')
    report.hear(one(stepDone('a')))
    expect(screen.lines.filter((line) => line.startsWith('▸'))).toHaveLength(2)
    expect(screen.lines).toContain('one.auth0.com  ✓ a (done)')
    for (const event of [one(ended), two(stepDone('b')), two(ended)]) report.hear(event)
    report.close()
    expect(screen.lines.filter((line) => line.startsWith('▸'))).toEqual([])
    expect(screen.cursor).toEqual({ row: screen.lines.length, column: 0 })
    expect(time.pending(), 'no timer is left').toBe(0)
  })

  it('tells the whole of a long wait, and not each of its slices', () => {
    const { screen, report, time } = view(100, false)
    const one = of('one')
    for (const event of [one(started), one(step('w')), one({ type: 'wait', step: 'w', reason: 'time', ms: 3_600_000 })])
      report.hear(event)
    // The first slice of a short wait is told a moment later, and seems to end after the whole.
    time.pass(2)
    report.hear(one({ type: 'wait', step: 'w', reason: 'poll', ms: 3_600_000 }))
    time.pass(300_000)
    expect(screen.lines.at(-1)).toContain('waits for its time, 55 min')
  })

  it('calls a wait that a 429 asked for by its name', () => {
    const { screen, report, time } = view(100, false)
    for (const body of [started, step('a'), request('a'), { type: 'answer', step: 'a', status: 429 } as const])
      report.hear(of('one')(body))
    report.hear(of('one')({ type: 'wait', step: 'a', reason: 'the rate limit was reached', ms: 3000 }))
    report.hear(of('one')({ type: 'wait', step: 'a', reason: 'server', ms: 3000 }))
    time.pass(1500)
    expect(screen.lines.at(-1)).toContain('waits for the rate limit, 2 s')
  })

  it('says that an answer takes long', () => {
    const { screen, report, time } = view(100, false)
    for (const body of [started, step('a'), request('a')]) report.hear(of('one')(body))
    time.pass(5000)
    expect(screen.lines.at(-1)).toMatch(/no answer for [56] s/)
  })

  it.each([12, 20, 30, 44, 60, 80, 200])(
    'keeps each line within %i columns, wide characters counted twice',
    (columns) => {
      const { raw, report, time } = view(columns, true)
      for (const tenant of ['アカウント管理テナント.jp.auth0.com', 'two.eu.auth0.com']) {
        const each = of(tenant)
        for (const body of [
          started,
          step('顧客を作成する 👩‍👩‍👧 とても長い名前のステップ'),
          request('x'),
          answer('x', 1),
        ])
          report.hear(each(body))
        report.hear(each({ type: 'wait', step: 'x', reason: 'server', ms: 90_000 }))
        time.pass(200)
      }
      const lines = stripVTControlCharacters(raw())
        .split(/[\r\n]/)
        .filter((line) => line.startsWith('▸'))
      expect(lines.length).toBeGreaterThan(2)
      for (const line of lines) expect(width(line), line).toBeLessThan(columns)
    },
  )

  it('is drawn anew where the terminal has become narrower, over the rows that the old lines take then', () => {
    const { raw, report, size, resize, time } = view(90, false)
    const one = of('one')
    for (const body of [started, step('a step with a rather long name, which takes most of a line of ninety')])
      report.hear(one(body))
    time.pass(200)
    const before = raw().length
    size.columns = 40
    resize()
    const drawn = raw().slice(before)
    expect(drawn.startsWith(`\r${String.fromCharCode(27)}[2A${String.fromCharCode(27)}[J`), JSON.stringify(drawn)).toBe(
      true,
    )
    expect(width(stripVTControlCharacters(drawn).trim())).toBeLessThan(40)
  })

  it('shows no more lines than the terminal has', () => {
    const { screen, report } = view(80, true, 5)
    for (let index = 0; index < 9; index++) report.hear(of(`t${index}`)(started))
    expect(screen.lines.filter((line) => line.startsWith('▸'))).toHaveLength(3)
    expect(screen.lines.at(-1)).toBe('and 6 more')
  })

  it('makes room for a question, and tells afterwards what came meanwhile', () => {
    const { screen, report, time } = view(80, false)
    const one = of('one')
    for (const body of [started, step('a')]) report.hear(one(body))
    report.pause()
    const before = screen.lines
    expect(before.some((line) => line.startsWith('▸'))).toBe(false)
    report.hear(one(stepDone('a')))
    time.pass(10_000)
    expect(screen.lines).toEqual(before)
    report.resume()
    expect(screen.lines).toContain('✓ a (done)')
    expect(screen.lines.at(-1)).toMatch(/^▸/)
  })

  it('lets no text of a tenant act on the terminal', () => {
    const { raw, report } = view(80, true)
    const evil = `\u001b[2Jx\u001b]0;title\u0007\u202e\r\n::error::`
    const one = of('one\u001b[31m')
    for (const body of [started, step(evil), { type: 'say', text: evil } as const, stepDone(evil)])
      report.hear(one(body))
    expect(raw()).not.toContain('\u001b[2J')
    expect(raw()).not.toContain('\u001b]0')
    expect(raw()).not.toContain('\u202e')
  })
})

it('writes plain lines where there is no terminal', () => {
  let written = ''
  const report = humanReport({ write: (text) => (written += text) }, false)
  for (const body of [started, step('a'), request('a'), answer('a', 1), stepDone('a'), ended])
    report.hear(of('one')(body))
  report.close()
  expect(written).toBe('run demo on one as me\n✓ a (done)\ndone: 1 step, 1 request, 1 written\n')
})

describe('the end of a run that did not end well', () => {
  const place = { file: join(process.cwd(), 'runbooks', 'a,b.ts'), line: 12, column: 7 }
  const begun = { ...started, journal: 'x/y.jsonl' } as RunEventBody
  const failedStep = { type: 'step_end', step: 'b', outcome: 'failed', reason: 'It is locked.' } as const
  const failed = (more: object) => ({ ...ended, status: 'failed', exitCode: 1, place, ...more }) as RunEventBody
  const told = (...bodies: readonly RunEventBody[]): string => {
    let written = ''
    const report = humanReport({ write: (text) => (written += text) }, false)
    for (const body of bodies) report.hear(of('one')(body))
    return written
  }

  it('tells the line of the runbook, and what can be done next', () => {
    expect(told(begun, failed({ message: 'It broke.' }))).toContain(
      'written\nIt broke.\n    at runbooks/a,b.ts:12:7\n  Once that is fixed, continue the run with the same journal.\n' +
        "  Or undo what was done: await undoRun('x/y.jsonl', auth0)\n",
    )
  })

  it('says nothing twice', () => {
    expect(
      told(begun, step('b'), failedStep, failed({ message: 'It is locked.' })).match(/It is locked/g),
    ).toHaveLength(1)
    expect(
      told(begun, step('b'), failedStep, failed({ message: 'It is locked.' })).match(/continue the run/g),
    ).toHaveLength(1)
  })

  it('offers nothing to take back where nothing was done, and nothing at all without a journal', () => {
    const { summary } = ended as { summary: object }
    const idle = failed({ message: 'It broke.', summary: { ...summary, written: 0 } })
    expect(told(begun, idle)).not.toMatch(/undo|continue/)
    expect(told(started, failed({ message: 'It broke.' }))).not.toMatch(/undo|continue/)
  })

  it('is an error beside the line of the runbook in GitHub, and a failure that was caught is none', () => {
    const lines: string[] = []
    const report = githubReport((line) => lines.push(line), new Redactor())
    const caught = { ...failedStep, step: 'a', reason: 'Not there.' } as const
    for (const body of [begun, step('a'), caught, step('b'), failedStep, failed({ message: 'It is locked.' })])
      report.hear(of('one')(body))
    expect(lines.filter((line) => line.startsWith('::error'))).toEqual([
      '::error file=runbooks/a%2Cb.ts,line=12,col=7::one: b: It is locked.',
    ])
  })
})

it('tells a planned change in one place, with a sign of its own where it changes nothing', () => {
  const change = { type: 'planned_change', step: 'a', operation: 'x', route: 'PATCH /x', action: 'update' } as const
  const lines = (changes: readonly Change[], reason?: string) => {
    const about = reason === undefined ? {} : { reason }
    return [{ ...change, changes }, { type: 'step_end', step: 'a', outcome: 'predicted', ...about } as const].flatMap(
      (body) => linesOf(of('one')(body), new RunAccount()),
    )
  }
  expect(lines([{ kind: 'added', path: 'b', after: 1 }])).toEqual(['~ a: PATCH /x', '    + b: 1'])
  expect(lines([], 'it changes nothing')).toEqual(['= a: PATCH /x', '· a (predicted: it changes nothing)'])
})

it('tells where the journal is, to people and programs', () => {
  let written = ''
  const human = humanReport({ write: (text) => (written += text) }, false)
  const event = of('one')({ ...started, journal: 'x/y.jsonl' } as RunEventBody)
  human.hear(event)
  expect(written).toContain('\njournal x/y.jsonl\n')
  const lines: string[] = []
  jsonReport((line) => lines.push(line), { events: '2.0', tenantlab: '0' }).hear(event)
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ journal: 'x/y.jsonl' })
})

describe('the log of GitHub', () => {
  it('prints the group of each step whole, although tenants run side by side', () => {
    const lines: string[] = []
    const report = githubReport((line) => lines.push(line), new Redactor(), true)
    const one = of('one')
    const two = of('two')
    for (const event of [one(started), two(started), one(step('a')), two(step('b'))]) report.hear(event)
    report.hear(one({ type: 'say', text: 'first' }))
    report.hear(two({ type: 'say', text: 'second' }))
    report.hear(one(stepDone('a')))
    report.hear(two({ type: 'step_end', step: 'b', outcome: 'failed', reason: 'no' }))
    for (const event of [one(ended), two({ ...ended, status: 'failed', message: 'It failed.' } as RunEventBody)])
      report.hear(event)
    report.close()
    expect(lines).toEqual([
      'one  run demo on one as me',
      'two  run demo on two as me',
      '::group::one a',
      '  first',
      '✓ a (done)',
      '::endgroup::',
      '::group::two b',
      '  second',
      '✗ b (failed: no)',
      '::endgroup::',
      'one  done: 1 step, 1 request, 1 written',
      'two  failed: 1 step, 1 request, 1 written',
      'two  It failed.',
      '::error::It failed.',
    ])
  })

  it('prints what there is before a long wait, and goes on with the group after it', () => {
    const lines: string[] = []
    const report = githubReport((line) => lines.push(line), new Redactor())
    const one = of('one')
    for (const body of [step('a'), { type: 'wait', step: 'a', reason: 'time', ms: 3_600_000 } as const])
      report.hear(one(body))
    expect(lines).toEqual(['::group::one a', '  waits for 1 h', '::endgroup::'])
    report.hear(one(stepDone('a')))
    expect(lines.slice(3)).toEqual(['::group::one a', '✓ a (done)', '::endgroup::'])
  })

  it('masks a secret before any line that could show it, also one that was met later than the line', () => {
    const lines: string[] = []
    const redactor = new Redactor()
    const report = githubReport((line) => lines.push(line), redactor)
    const one = of('one')
    report.hear(one(step('a')))
    report.hear(one({ type: 'say', text: 'it is canary-value' }))
    redactor.add('canary-value')
    report.hear(one(stepDone('a')))
    expect(lines[0]).toBe('::add-mask::canary-value')
    expect(lines.slice(1).join('\n')).not.toContain('canary-value')
  })

  it('takes nothing that a tenant says for a command', () => {
    const lines: string[] = []
    const report = githubReport((line) => lines.push(line), new Redactor())
    for (const text of [
      '::set-env name=x::y',
      'a\n::stop-commands::x',
      '\u001b[0m::error::x',
      'see ##[add-path]x',
      '\r::warning::',
    ])
      report.hear(of('one')({ type: 'say', text }))
    expect(lines.length).toBeGreaterThan(5)
    for (const line of lines) {
      expect(line).not.toMatch(/^\s*::/)
      expect(line).not.toContain('##[')
    }
  })
})

it('reports a run that did not begin', () => {
  const text = markdownReport([
    of('one')({ type: 'run_end', status: 'drift', exitCode: 4, summary, message: 'The tenant has changed.' }),
  ])
  expect(text).toContain('## one · did not begin')
  expect(text).toContain('The tenant has changed.')
})
