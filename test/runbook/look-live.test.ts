import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunEvent, RunEventBody, RunListener } from '../../src/run/index.ts'
import { askingAlone, liveReportIn } from '../../src/runbook/report/live.ts'
import { Timeline } from '../display/live/timeline.ts'

const AT = '2026-11-02T09:00:00.000Z'
const START: RunEventBody = { type: 'run_start', run: 'r', runbook: 'block', mode: 'run', who: 'me', resumed: false }
const SUMMARY = { steps: 1, requests: 1, written: 1, pending: 0, skipped: 0, recorded: 0 }
const END: RunEventBody = { type: 'run_end', status: 'done', exitCode: 0, summary: SUMMARY }

interface Write {
  readonly text: string
  readonly id: string | undefined
  readonly update: boolean
  readonly at: number
}

let time: Timeline
let writes: Write[]

beforeEach(() => {
  time = new Timeline()
  writes = []
})
afterEach(() => expect(time.pending, 'timers are left').toBe(0))

const around = (kind: 'notebook' | 'terminal') => ({
  target: {
    kind,
    write(bundle: { readonly 'text/plain': string }, place?: { readonly id: string; readonly update: boolean }) {
      writes.push({ text: bundle['text/plain'], id: place?.id, update: place?.update === true, at: time.now() })
    },
  },
  now: () => time.now(),
  after: (ms: number, act: () => void) => time.after(ms, act),
})

function teller(listener: RunListener, tenant = 't.example.com'): (body: RunEventBody) => void {
  return (body) => listener({ ...body, tenant, at: AT } as RunEvent)
}

const step = (id: string): RunEventBody[] => [
  { type: 'step_start', step: id, effect: 'write', operation: 'roles.create', route: 'POST /api/v2/roles' },
  { type: 'request', step: id, method: 'POST', path: '/api/v2/roles', attempt: 1 },
  { type: 'answer', step: id, status: 201, rateLimit: { limit: 10, remaining: 4 } },
  { type: 'step_end', step: id, outcome: 'done' },
]

describe('liveReport() in a notebook', () => {
  it('draws one display, changes it in place at most ten times a second, and ends it as the table', () => {
    const tell = teller(liveReportIn(around('notebook')))
    tell(START)
    for (let at = 0; at < 100; at += 1) {
      for (const event of step(`role ${at}`)) tell(event)
      time.advance(10)
    }
    tell(END)
    expect(writes.length).toBeLessThanOrEqual(12)
    expect(writes.length).toBeGreaterThan(8)
    expect(new Set(writes.map(({ id }) => id)).size).toBe(1)
    expect(writes.map(({ update }) => update)).toEqual([false, ...writes.slice(1).map(() => true)])
    expect(writes[5]?.text).toMatch(/^block · run · \d+ steps done/)
    expect(writes[5]?.text).toMatch(/rate limit +█+░+ +4 of 10/)
    expect(writes[5]?.text).toContain('steps came before these.')
    expect(writes.at(-1)?.text).toMatch(/^block · run · done · 1 written\n/)
    expect(writes.at(-1)?.text).toContain('50 more steps are in the data.')
  })

  it('says what waits and until when, and counts down', () => {
    const tell = teller(liveReportIn(around('notebook')))
    tell(START)
    tell({ type: 'step_start', step: 'wait', effect: 'flow', operation: 'wait' })
    tell({ type: 'wait', step: 'wait', reason: 'time', ms: 3_600_000 })
    // Its slices say nothing of the whole.
    tell({ type: 'wait', step: 'wait', reason: 'poll', ms: 60_000 })
    time.advance(100)
    expect(writes.at(-1)?.text).toMatch(/waits +waits for its time, until 10:00:00 UTC \(/)
    const drawn = writes.length
    time.advance(5_000)
    expect(writes.length).toBe(drawn + 5)
    tell({ type: 'step_end', step: 'wait', outcome: 'done' })
    time.advance(100)
    expect(writes.at(-1)?.text).not.toContain('waits for')
    tell(END)
  })

  it('gives each tenant a display of its own', () => {
    const listener = liveReportIn(around('notebook'))
    const [a, b] = [teller(listener, 'a'), teller(listener, 'b')]
    a(START)
    b(START)
    a(END)
    b({ ...END, status: 'failed', message: 'It broke. Mend it.' } as RunEventBody)
    expect(new Set(writes.map(({ id }) => id)).size).toBe(2)
    expect(writes.at(-1)?.text).toContain('! It broke. Mend it.')
  })
})

describe('liveReport() elsewhere', () => {
  it('writes plain lines to a pipe', () => {
    const lines: string[] = []
    const tell = teller(liveReportIn(around('terminal'), {}, { write: (text) => void lines.push(text) }))
    tell(START)
    for (const event of step('role')) tell(event)
    tell(END)
    expect(lines.join('')).toBe('run block on t.example.com as me\n✓ role (done)\ndone: 1 step, 1 request, 1 written\n')
    expect(writes).toEqual([])
  })

  it('leaves the place to a question', async () => {
    let screen = ''
    const size = () => ({ columns: 80, rows: 24 })
    const clock = { now: () => time.now(), after: (ms: number, act: () => void) => time.after(ms, act) }
    const write = (text: string): void => {
      screen += text
    }
    const listener = liveReportIn(around('terminal'), {}, { write, size, clock })
    const tell = teller(listener)
    tell(START)
    tell(step('role')[0] as RunEventBody)
    time.advance(1_000)
    expect(screen).toContain('▸ role')
    const ask = askingAlone(async () => {
      const before = screen
      time.advance(10_000)
      expect(screen, 'nothing is drawn over the question').toBe(before)
      return 'yes'
    }, listener)
    expect(await ask({ step: 'role', text: 'Send it?', answers: ['yes', 'no'] })).toBe('yes')
    time.advance(1_000)
    tell(END)
    expect(screen.slice(screen.lastIndexOf('\u001b[J') + 3)).not.toContain('▸')
  })
})

describe('the items of an each', () => {
  const reached = (done: number, failed: number): RunEventBody => ({
    type: 'progress',
    step: 'block',
    done,
    failed,
    total: 100,
  })

  it.each([
    [20, 0, ['20 of 100 done', '20 per second', '4 s left']],
    [15, 5, ['15 of 100 done, 5 failed', '20 per second', '4 s left']],
  ])('are told with their rate and the time that is left: %i, %i', (done, failed, texts) => {
    const listener = liveReportIn(around('notebook'))
    const tell = (body: RunEventBody, ms: number) =>
      listener({ ...body, tenant: 't.example.com', at: new Date(Date.parse(AT) + ms).toISOString() } as RunEvent)
    tell(START, 0)
    tell(reached(0, 0), 0)
    tell(reached(done, failed), 1000)
    tell({ type: 'progress', step: 'block/auth0|1', done: 1, failed: 0, total: 1 }, 1000)
    time.advance(200)
    const { text = '' } = writes.at(-1) ?? {}
    for (const each of texts) expect(text).toContain(each)
    tell(END, 1000)
  })
})
