import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { keys, missing, PseudoTerminal } from '../repl/pseudo-terminal.ts'
import { CommandFolder, profileOf } from './command.ts'
import { TerminalScreen } from './screen.ts'

const COLUMNS = 100
const CANARY = 'canary-4711-password'

/** Runbooks that ask, wait and write. */
const RUNBOOKS = {
  asks: `
    params: z.object({
      name: z.string().min(3, 'must have three letters').describe('name of the application'),
      kind: z.enum(['spa', 'native']),
      count: z.number().int('must be a whole number'),
      apiPassword: z.string().min(6, 'must have six characters'),
      note: z.string().optional(),
    }),
    async *steps({ auth0, params, step, say }) {
      say('the password is ' + params.apiPassword)
      yield* step('create client', auth0.clients.create({ name: params.name + params.count, app_type: params.kind }))
    },`,
  three: `
    async *steps({ auth0, step }) {
      for (const name of ['A', 'B', 'C']) yield* step('create ' + name, auth0.clients.create({ name: 'three ' + name }))
    },`,
  undoes: `
    async *steps({ auth0, step }) {
      for (const name of ['A', 'B'])
        yield* step('create ' + name, auth0.clients.create({ name: 'undoes ' + name }), {
          undo: ({ result }) => auth0.clients(String(result.client_id)).delete(),
        })
    },`,
  confirms: `
    async *steps({ auth0, step }) {
      yield* step('read', auth0.clients.list({}))
      yield* step('create it', auth0.clients.create({ name: 'confirmed' }), { confirm: 'Create the application?' })
      yield* step('create another', auth0.clients.create({ name: 'after it' }))
    },`,
  reads: `
    async *steps({ auth0, step }) {
      for (const each of [1, 2, 3]) yield* step('read ' + each, auth0.clients.list({}))
    },`,
  waits: `
    async *steps({ auth0, step }) {
      yield* step('create first', auth0.clients.create({ name: 'first' }))
      yield* step('wait', waitFor(Number(process.env.WAIT ?? 600_000)))
      yield* step('create second', auth0.clients.create({ name: 'second' }))
    },`,
  fails: `
    async *steps({ auth0, step }) {
      yield* step('read', auth0.clients.list({}))
      throw new Error('It cannot go on.')
    },`,
}

const tenants: Record<string, Sandbox> = {}
let place: CommandFolder
let folder: string
let open: PseudoTerminal[] = []

beforeAll(async () => {
  const [one, two, slow, late] = await Promise.all([
    sandbox({ seed: 'one', clock: 'fixed' }),
    sandbox({ seed: 'two', clock: 'fixed' }),
    sandbox({ seed: 'slow', clock: 'fixed', rateLimit: { burst: 10, perSecond: 10 } }),
    sandbox({ seed: 'late', latency: 1500 }),
  ])
  Object.assign(tenants, { one, two, slow, late })
  const profiles = Object.entries(tenants).map(([name, tenant]) => [name, profileOf(tenant)])
  place = new CommandFolder(Object.fromEntries(profiles), [
    await one.ca(),
    await two.ca(),
    await slow.ca(),
    await late.ca(),
  ])
  folder = place.path
  for (const [name, body] of Object.entries(RUNBOOKS)) {
    const head = "import { defineRunbook, waitFor } from 'tenantlab/runbook'\nimport { z } from 'zod'\n"
    writeFileSync(join(folder, `${name}.ts`), `${head}export default defineRunbook({ name: '${name}',${body}\n})\n`)
  }
})
beforeEach((context) => {
  const reason = missing()
  if (reason !== undefined) context.skip(reason)
  for (const tenant of Object.values(tenants)) tenant.reset()
  place.clear()
})
afterEach(async () => {
  await Promise.all(open.map((terminal) => terminal.close()))
  open = []
})
afterAll(async () => {
  await Promise.all(Object.values(tenants).map((tenant) => tenant.close()))
  place.end()
})

function nameOf(tenant: string): string {
  return profileOf(tenants[tenant] as Sandbox).domain
}

function start(words: readonly string[], env: Record<string, string> = {}): PseudoTerminal {
  const terminal = new PseudoTerminal(words, {
    columns: COLUMNS,
    folder,
    env: { ...place.environment, ...env },
  })
  open.push(terminal)
  return terminal
}

/** What stands on the screen in the end. */
function shown(terminal: PseudoTerminal): TerminalScreen {
  const screen = new TerminalScreen(COLUMNS)
  screen.write(terminal.raw)
  return screen
}

/** Nothing that moves is left, and the shell's prompt comes on a line of its own. */
function expectClean(terminal: PseudoTerminal): readonly string[] {
  const screen = shown(terminal)
  expect(screen.lines.filter((line) => line.startsWith('▸'))).toEqual([])
  expect(screen.cursor).toEqual({ row: screen.lines.length, column: 0 })
  return screen.lines
}

function created(tenant: string): readonly string[] {
  return (tenants[tenant]?.requests ?? [])
    .filter(({ method, path }) => method === 'POST' && path === '/api/v2/clients')
    .map(({ status }) => String(status))
}

/** Every file that the runs have left. */
function kept(): string {
  const home = join(folder, '.tenantlab')
  const names = readdirSync(home, { recursive: true }) as string[]
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => readFileSync(join(home, name), 'utf8'))
    .join('\n')
}

describe('the view', () => {
  it('shows the rate limit, counts a wait down in place, and leaves the log alone', async () => {
    const terminal = start(['run', 'reads.ts', '--tenant', 'slow', '--max-rate', '0.5'])
    await terminal.see(/▸ read 2 · .*█+░* \d of 10 left/)
    await terminal.see(/waits for the rate limit, 2 s/)
    await terminal.see(/waits for the rate limit, 1 s/)
    expect(await terminal.ended()).toBe(0)
    const lines = expectClean(terminal)
    expect(lines.filter((line) => line.includes('✓')).map((line) => line.trim())).toEqual([
      '✓ read 1 (done)',
      '✓ read 2 (done)',
      '✓ read 3 (done)',
    ])
  })

  it('has a line for each tenant, which fits after the terminal has become narrower', async () => {
    const terminal = start(['run', 'waits.ts', '--tenant', 'one', '--tenant', 'two'])
    await terminal.see(new RegExp(`▸ ${nameOf('one')} · wait · waits for its time, 10 min`))
    await terminal.see(/▸ localhost:\d+ · wait · waits for its time, 9 min 5\d s/)
    terminal.resize(40)
    await terminal.see(/▸ loc\S*… · wait · … 9 min 5\d s(?! ·)/)
    terminal.type(keys.ctrlC)
    expect(await terminal.ended()).toBe(3)
    expectClean(terminal)
  })

  it.each([
    ['NO_COLOR', '1'],
    ['TERM', 'dumb'],
  ])('writes plain lines under %s=%s', async (name, value) => {
    const terminal = start(['run', 'three.ts', '--tenant', 'one'], { [name]: value })
    expect(await terminal.ended()).toBe(0)
    expect(terminal.raw).not.toContain('\u001b')
    expect(terminal.text).toMatch(/✓ create A \(done\)\n✓ create B \(done\)\n✓ create C \(done\)\ndone: 3 steps/)
  })

  it('leaves a clean screen after an error', async () => {
    const terminal = start(['run', 'fails.ts', '--tenant', 'one'])
    expect(await terminal.ended()).toBe(1)
    expect(expectClean(terminal).slice(-2)).toEqual([
      'It cannot go on.',
      expect.stringMatching(/^ {4}at fails\.ts:\d+:\d+$/),
    ])
  })

  it('stops at Ctrl-C in the middle of a run, and goes on with --resume', async () => {
    const terminal = start(['run', 'waits.ts', '--tenant', 'one'], { WAIT: '4000' })
    await terminal.see(/waits for its time, 4 s/)
    terminal.type(keys.ctrlC)
    expect(await terminal.ended()).toBe(3)
    expect(expectClean(terminal).join('\n')).toMatch(/stopped: .*\n.*interrupted[\s\S]*--resume/)
    expect(created('one')).toHaveLength(1)
    const again = start(['run', 'waits.ts', '--tenant', 'one', '--resume'], { WAIT: '4000' })
    expect(await again.ended()).toBe(0)
    expect(expectClean(again).join('\n')).toMatch(
      /resumed\n.*\n= create first \(recorded\)\n✓ wait \(done\)\n✓ create second/,
    )
    expect(created('one')).toHaveLength(2)
  })
})

describe('R16: Ctrl-C while a request is in flight', () => {
  const deleted = (): number => tenants.late?.requests.filter(({ method }) => method === 'DELETE').length ?? 0

  it('finishes the request of a run, sends nothing more, and stops with 3', async () => {
    const terminal = start(['run', 'three.ts', '--tenant', 'late'])
    await terminal.see(/create A · 1 request/)
    terminal.type(keys.ctrlC)
    expect(await terminal.ended()).toBe(3)
    expect(expectClean(terminal).join('\n')).toMatch(
      /once more gives it up\.\n✓ create A \(done\)\nstopped: .*\n.*interrupted[\s\S]*--resume/,
    )
    expect(created('late')).toEqual(['201'])
  })

  it('gives the request up at the second Ctrl-C, at once', async () => {
    const terminal = start(['run', 'three.ts', '--tenant', 'late', '--again'])
    await terminal.see(/create A · 1 request/)
    terminal.type(keys.ctrlC)
    await terminal.see('once more gives it up')
    terminal.type(keys.ctrlC)
    expect(await terminal.ended()).toBe(3)
    expect(expectClean(terminal).join('\n')).toMatch(/✗ create A \(failed: .*interrupted/)
    expect(kept()).toContain('"type":"lost","step":"create A"')
  })

  it('does so in an apply, and in an undo', async () => {
    expect(await start(['plan', 'three.ts', '--tenant', 'late', '-o', 'three.json']).ended()).toBe(0)
    const apply = start(['apply', 'three.json', '--tenant', 'late', '--yes'])
    await apply.see(/create A · 1 request/)
    apply.type(keys.ctrlC)
    expect(await apply.ended()).toBe(3)
    expect(apply.text).toContain('✓ create A (done)')
    expect(created('late')).toEqual(['201'])
    expect(await start(['run', 'undoes.ts', '--tenant', 'late', '--journal', 'undoes.jsonl']).ended()).toBe(0)
    const undo = start(['undo', 'undoes.jsonl', '--tenant', 'late', '--yes'])
    await undo.see(/undo create B · 1 request/)
    undo.type(keys.ctrlC)
    expect(await undo.ended()).toBe(3)
    expect(undo.text).toContain('✓ undo create B (done)')
    expect(deleted()).toBe(1)
  })
})

describe('questions for parameters', () => {
  it('asks for what is missing, again where it is wrong, and hides what is secret', async () => {
    const terminal = start(['run', 'asks.ts', '--tenant', 'one'])
    await terminal.see('name of the application (name): ')
    await terminal.line('x', 'That must have three letters. name of the application (name): ')
    await terminal.line('Night', 'kind [spa/native]: ')
    await terminal.line('web', /That .*spa.*native.*kind \[spa\/native\]: /)
    await terminal.line('spa', 'count: ')
    await terminal.line('many', 'That takes a number. count: ')
    await terminal.line('1.5', 'That must be a whole number. count: ')
    await terminal.line('7', 'apiPassword [not shown]: ')
    await terminal.line('canar', 'That must have six characters. apiPassword [not shown]: ')
    terminal.type(`${CANARY}${keys.enter}`)
    expect(await terminal.ended()).toBe(0)
    expect(created('one')).toEqual(['201'])
    expect(terminal.text).toContain('the password is «secret»')
    expect(terminal.text).not.toContain('note')
    for (const text of [terminal.raw, kept()]) {
      expect(text.includes(CANARY), 'the secret is shown').toBe(false)
      expect(text).not.toContain('canar')
    }
    expect(kept()).toContain('"name":"Night"')
  })

  it.each([
    ['Ctrl-C', keys.ctrlC],
    ['Ctrl-D', keys.ctrlD],
  ])('is left with %s: nothing is sent, and a sentence says so', async (_, key) => {
    const terminal = start(['run', 'asks.ts', '--tenant', 'one', '--name', 'Night', '--kind', 'spa'])
    await terminal.see('count: ')
    terminal.type(key)
    expect(await terminal.ended()).toBe(3)
    expect(terminal.text).toMatch(/The question about "count" was left without an answer\. Nothing was sent\./)
    expect(tenants.one?.requests).toEqual([])
    expectClean(terminal)
  })
})

describe('--step', () => {
  it('R48: asks before each write with its card, and sends the rest without asking after "all"', async () => {
    const terminal = start(['run', 'three.ts', '--tenant', 'one', '--step'])
    await terminal.see(/Step "create A": POST \/api\/v2\/clients\. Send it\? \[yes\/no\/skip\/all\] /)
    expect(terminal.text).toMatch(/create:clients[\s\S]*"name": "three A"[\s\S]*Send it\?/)
    expect(created('one')).toHaveLength(0)
    await terminal.line('what', /Answer yes, no, skip or all\. Step "create A"/)
    await terminal.line('y', /Step "create B".*\[yes\/no\/skip\/all\] /)
    expect(created('one')).toHaveLength(1)
    terminal.type(`all${keys.enter}`)
    expect(await terminal.ended()).toBe(0)
    expect(created('one')).toHaveLength(3)
    expectClean(terminal)
  })

  it('stops at "no", and goes on with --resume', async () => {
    const terminal = start(['run', 'three.ts', '--tenant', 'one', '--step'])
    await terminal.see('"create A"')
    await terminal.line('yes', '"create B"')
    terminal.type(`no${keys.enter}`)
    expect(await terminal.ended()).toBe(3)
    expect(terminal.text).toContain('The step "create B" was refused. Continue the run.')
    const again = start(['run', 'three.ts', '--tenant', 'one', '--resume'])
    expect(await again.ended()).toBe(0)
    expect(created('one')).toHaveLength(3)
  })
})

describe('confirmations of tenants that run side by side', () => {
  it('come one after the other and say which tenant they are about; nothing stands in between', async () => {
    const terminal = start(['run', 'confirms.ts', '--tenant', 'one', '--tenant', 'two'])
    const first = await terminal.see(/(localhost:\d+): Create the application\? \[yes\/no\] $/)
    const [, asked = ''] = /(localhost:\d+): Create/.exec(first) ?? []
    const [yes, no] = asked === nameOf('one') ? ['one', 'two'] : ['two', 'one']
    const second = await terminal.line('yes', new RegExp(`${nameOf(no)}: Create the application\\? \\[yes/no\\] $`))
    expect(second.split('\n')[0]?.trim(), 'only the answer stands beside the question').toBe('yes')
    terminal.type(`no${keys.enter}`)
    expect(await terminal.ended()).toBe(3)
    expect(created(yes)).toHaveLength(2)
    expect(created(no)).toHaveLength(0)
    const lines = expectClean(terminal)
    const questions = lines.filter((line) => line.includes('Create the application?'))
    expect(questions).toEqual([
      `${nameOf(yes)}: Create the application? [yes/no] yes`,
      `${nameOf(no)}: Create the application? [yes/no] no`,
    ])
  })

  it('stop every run at Ctrl-C, with nothing lost', async () => {
    const terminal = start(['run', 'confirms.ts', '--tenant', 'one', '--tenant', 'two'])
    await terminal.see(/Create the application\? \[yes\/no\] $/)
    terminal.type(keys.ctrlC)
    expect(await terminal.ended()).toBe(3)
    expect(terminal.text.match(/stopped: /g)).toHaveLength(2)
    expect(terminal.text).toMatch(/left without an answer.*--resume/)
    expect([...created('one'), ...created('two')]).toEqual([])
    const again = start(['run', 'confirms.ts', '--tenant', 'one', '--tenant', 'two', '--resume', '--yes'])
    expect(await again.ended()).toBe(0)
    expect([...created('one'), ...created('two')]).toHaveLength(4)
  })
})

describe('apply', () => {
  async function planned(): Promise<void> {
    const terminal = start(['plan', 'three.ts', '--tenant', 'one', '--force', '-o', 'plan.json'])
    expect(await terminal.ended()).toBe(0)
    expect(terminal.text).toContain('plan plan.json')
  }

  it("sends after the tenant's name was typed", async () => {
    await planned()
    const terminal = start(['apply', 'plan.json', '--tenant', 'one'])
    await terminal.see(`This sends 3 writes of three to ${nameOf('one')}. Type the name of the tenant to continue: `)
    expect(created('one')).toHaveLength(0)
    terminal.type(`${nameOf('one')}${keys.enter}`)
    expect(await terminal.ended()).toBe(0)
    expect(created('one')).toHaveLength(3)
    expectClean(terminal)
  })

  it.each([
    ['another name', `yes${keys.enter}`, /"yes" is not localhost:\d+\. Nothing was sent\./],
    ['Ctrl-C', keys.ctrlC, /left without an answer\. Nothing was sent\./],
  ])('sends nothing after %s', async (_, typed, sentence) => {
    await planned()
    const terminal = start(['apply', 'plan.json', '--tenant', 'one'])
    await terminal.see('to continue: ')
    terminal.type(typed)
    expect(await terminal.ended()).toBe(3)
    expect(terminal.text).toMatch(sentence)
    expect(created('one')).toHaveLength(0)
    expectClean(terminal)
  })
})
