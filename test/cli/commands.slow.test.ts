import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { CommandFolder, profileOf } from '../runbook/command.ts'

const cli = resolve(import.meta.dirname, '..', '..', 'dist', 'cli.js')
let tenant: Sandbox
let second: Sandbox
let place: CommandFolder

const file = (name: string, ...lines: string[]) => writeFileSync(join(place.path, name), lines.join('\n'))
const CREATES = "yield* step('create', auth0.roles.create({ name: params.name }))"
const runbook = (name: string, body: string) => [
  "import { defineRunbook } from 'tenantlab/runbook'",
  "import { z } from 'zod'",
  `export default defineRunbook({ name: '${name}', params: z.object({ name: z.string().default('made') }),`,
  `  async *steps({ auth0, params, step, say }) { ${body} } })`,
]

beforeAll(async () => {
  ;[tenant, second] = await Promise.all([sandbox(), sandbox()])
  const lab = profileOf(tenant)
  place = new CommandFolder(
    { lab, two: profileOf(second), prod: { ...lab, environment: 'production' } as typeof lab },
    [await tenant.ca()],
  )
  file('one.ts', ...runbook('one', CREATES))
  file(
    'tagged.ts',
    ...runbook('tagged', "yield* step('create', auth0.roles.create({ name: 'x' }), { tags: ['roles'] })"),
  )
  file('speaks.ts', ...runbook('speaks', `console.log('loud'); process.stdout.write('raw\\n'); ${CREATES}`))
  file(
    'tells.ts',
    ...runbook(
      'tells',
      "yield* step('one', auth0.clients.create({ name: 'a', client_secret: 'canary-value-'.repeat(4) })); " +
        "console.log('set', { v: 'canary-value-'.repeat(4) }); console.error('canary-value-'.repeat(4)); console.warn('end')",
    ),
  )
  file(
    'many.ts',
    ...runbook('many', "for (let i = 0; i < 60; i++) yield* step('role ' + i, auth0.roles.create({ name: 'r' + i }))"),
  )
  file(
    'asks.ts',
    ...runbook('asks', `${CREATES}; yield* step('two', auth0.roles.create({ name: 'two' }), { confirm: 'Sure?' })`),
  )
  file('forgot.ts', ...runbook('forgot', CREATES).map((line) => line.replace('export default ', '')))
  file('quiet.ts', 'function main({ auth0 }) { return auth0.roles.create({ name: "never" }).run() }')
  file('bare.ts', 'export default { name: "bare", async *steps() {} }')
  file('deaf.ts', 'export default () => 1')
  file('hears.ts', 'export default ({ args }) => args.join("+")')
})
beforeEach(() => {
  tenant.reset()
  second.reset()
  place.clear()
})
afterAll(async () => {
  await Promise.all([tenant.close(), second.close()])
  place.end()
})

const tenantlab = (...words: string[]) =>
  place.tenantlab(words, {
    NO_COLOR: '1',
    AUTH0_DOMAIN: '',
    AUTH0_PROFILE: '',
    // The authorities of two sandboxes have one name, so that a bundle of both finds only the first.
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_NO_WARNINGS: '1',
  })
const writes = (of = tenant) =>
  of.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token').length

describe('R1 a word that is not understood', () => {
  it.each([
    [['run', 'one.ts', '--tenant', 'lab', '—check'], 'Write --check'],
    [['run', 'one.ts', '--tenant', 'lab', 'check'], 'Did you mean --check?'],
    [['run', 'deaf.ts', '--tenant', 'lab', 'more'], '"more" would be left out'],
    [['run', 'quiet.ts', '--tenant', 'lab', 'more'], '"more" would be left out'],
    [['run', 'one.ts', '--tenant', 'lab', '--nane', 'X'], 'Did you mean --name?'],
    [['run', 'one.ts', '--sandbox', '--tenant', 'lab'], 'Give one of them'],
  ])('ends %j with 64 before anything is sent', async (words, sentence) => {
    const { code, err } = await tenantlab(...words)
    expect(err).toContain(sentence)
    expect(code).toBe(64)
    expect(tenant.requests).toHaveLength(0)
  })

  it('is an argument of a script that takes some', async () => {
    expect(await tenantlab('run', 'hears.ts', '--tenant', 'lab', 'a', 'b')).toMatchObject({ code: 0, out: 'a+b\n' })
  })
})

describe('R12 parameters that do nothing', () => {
  it.each(['{ "nane": "X" }', '{ "name": "X", "more": 1 }'])('refuses a file with %s', async (text) => {
    file('params.json', text)
    const { code, err } = await tenantlab('run', 'one.ts', '--tenant', 'lab', '--params', 'params.json')
    expect(code).toBe(64)
    expect(err).toMatch(/is not a parameter of it/)
    expect(writes()).toBe(0)
  })

  it.each([
    ['one.ts', 'TENANTLAB_PARAM_NAEM', 'Did you mean TENANTLAB_PARAM_NAME?'],
    ['one.ts', 'TENANTLAB_PARAM_NAMES', 'Did you mean TENANTLAB_PARAM_NAME?'],
  ])('R47 refuses for %s the variable %s, whose default would be taken', async (of, variable, sentence) => {
    const words = ['run', of, '--tenant', 'lab']
    const refused = await place.tenantlab(words, { [variable]: '7' })
    expect(refused).toMatchObject({ code: 64, out: '' })
    expect(refused.err.replace(/\s+/g, ' ')).toContain(sentence)
    expect(writes()).toBe(0)
  })

  it.each([
    ['another file may mean it', { TENANTLAB_PARAM_COUNTRY: 'IM' }],
    ['its parameter is given', { TENANTLAB_PARAM_NAEM: 'x', TENANTLAB_PARAM_NAME: 'given' }],
  ])('R47 tells of a variable that does nothing where %s', async (_, environment) => {
    const { code, err } = await place.tenantlab(['run', 'one.ts', '--tenant', 'lab', '--check'], environment)
    expect(code).toBe(0)
    expect(err).toMatch(/The variable TENANTLAB_PARAM_\w+ does nothing/)
  })
})

describe('R40 a wrong value is a misuse', () => {
  it.each([
    ['of a choice', ['--kind', 'mild'], 'takes soft or hard'],
    ['of a number', ['--size', 'many'], 'takes a number, not "many"'],
    ['of a list', ['--numbers', '1,two'], 'takes a number'],
    ['that breaks a rule', ['--size=-1'], '"size"'],
    ['that is missing', [], '"kind": is missing. Nothing was sent. Give --kind'],
    ['in a file that is not there', ['--params', 'nowhere.json'], 'nowhere.json cannot be read'],
  ])('%s', async (_, words, sentence) => {
    file(
      'typed.ts',
      "import { defineRunbook } from 'tenantlab/runbook'",
      "import { z } from 'zod'",
      "export default defineRunbook({ name: 'typed', params: z.object({ kind: z.enum(['soft', 'hard']),",
      '  size: z.number().positive().optional(), numbers: z.array(z.number()).optional() }), async *steps() {} })',
    )
    const given = words[0] === '--kind' || words.length === 0 ? words : ['--kind', 'soft', ...words]
    for (const verb of ['run', 'plan']) {
      const { code, err } = await tenantlab(verb, 'typed.ts', '--tenant', 'lab', ...given)
      expect(code).toBe(64)
      expect(err.replace(/\s+/g, ' ')).toContain(sentence)
    }
  })
})

describe('R12 parameters of a notebook', () => {
  const notebook = (...cells: (readonly [string, ...string[]])[]) =>
    JSON.stringify({
      cells: cells.map(([source, ...tags]) => ({
        cell_type: 'code',
        source,
        metadata: { tags },
        outputs: [],
        execution_count: null,
      })),
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    })
  beforeEach(() => {
    file(
      'tagged.ipynb',
      notebook(["const perDay = 1\nconst who: string = 'nobody'", 'parameters'], ["console.log(who + ' ' + perDay)"]),
    )
    file('plain.ipynb', notebook(["console.log('per day: ' + (typeof perDay === 'undefined' ? 'none' : perDay))"]))
  })

  it('R47 are not left at their defaults by a mistyped variable', async () => {
    const refused = await place.tenantlab(['run', 'tagged.ipynb', '--tenant', 'lab'], { TENANTLAB_PARAM_PERDAY: '7' })
    expect(refused).toMatchObject({ code: 64, out: '' })
    expect(refused.err).toContain('Did you mean TENANTLAB_PARAM_PER_DAY?')
  })

  it('are put in from a file and from options, the latter last', async () => {
    file('params.json', '{ "perDay": 7, "who": "file, all of it" }')
    const run = (...words: string[]) => tenantlab('run', 'tagged.ipynb', '--tenant', 'lab', ...words)
    expect((await run()).out).toContain('nobody 1')
    expect((await run('--params', 'params.json')).out).toContain('file, all of it 7')
    expect((await run('--params', 'params.json', '-p', 'perDay=9', '-p', 'who=007')).out).toContain('007 9')
    expect((await tenantlab('run', 'plain.ipynb', '--tenant', 'lab', '-p', 'perDay=3')).out).toContain('per day: 3')
  })

  it.each<[string, string[], string]>([
    ['a mistyped option', ['tagged.ipynb', '-p', 'perday=5'], 'Did you mean "perDay"?'],
    ['a mistyped key', ['tagged.ipynb', '--params', 'params.json'], 'Did you mean "who"?'],
    ['a name that no cell uses', ['plain.ipynb', '-p', 'perDya=5'], 'Did you mean "perDay"?'],
    ['a value of another type', ['tagged.ipynb', '-p', 'perDay=many'], 'is declared as a number'],
    ['no value', ['tagged.ipynb', '-p', 'perDay'], 'NAME=VALUE'],
    ['a script', ['hears.ts', '-p', 'a=b'], '-p is for notebooks'],
    ['a runbook', ['one.ts', '-p', 'name=X'], 'Write --name X'],
  ])('are refused where they would do nothing: %s', async (_, words, sentence) => {
    file('params.json', '{ "woh": "x" }')
    const { code, err, out } = await tenantlab('run', ...words, '--tenant', 'lab')
    expect(`${out}${err}`.replace(/\s+/g, ' ')).toContain(sentence)
    expect(code).not.toBe(0)
    expect(tenant.requests).toHaveLength(0)
  })
})

describe('R8 an undo asks as apply does', () => {
  it.each([[[]], [['--json']]])('stops with 3 where nobody can be asked, and goes on with --yes: %j', async (more) => {
    file(
      'undone.ts',
      ...runbook(
        'undone',
        "yield* step('one', auth0.roles.create({ name: 'undone' }), { undo: ({ result }) => auth0.roles(result.id ?? '').delete() })",
      ),
    )
    const journal = `undone${more.length}.jsonl`
    expect(await tenantlab('run', 'undone.ts', '--tenant', 'lab', '--journal', journal)).toMatchObject({ code: 0 })
    const sent = writes()
    const asked = await tenantlab('undo', journal, '--tenant', 'lab', ...more)
    expect(asked).toMatchObject({ code: 3, err: expect.stringContaining('--yes') })
    expect(await tenantlab('undo', journal, '--tenant', 'lab', '--check', ...more)).toMatchObject({ code: 0 })
    expect(writes()).toBe(sent)
    expect(await tenantlab('undo', journal, '--tenant', 'lab', '--yes', ...more)).toMatchObject({ code: 0 })
    expect(writes()).toBe(sent + 1)
  })
})

it('R6 --resume with other parameters says which the unfinished run has, and starts none', async () => {
  file('half.ts', ...runbook('half', `${CREATES}; yield* step('two', auth0.roles('rol_nope').update({ name: 'x' }))`))
  expect(await tenantlab('run', 'half.ts', '--tenant', 'lab', '--name', 'dd')).toMatchObject({ code: 1 })
  for (const name of ['other', 'd']) {
    const { code, err } = await tenantlab('run', 'half.ts', '--tenant', 'lab', '--resume', '--name', name)
    expect(code).toBe(3)
    expect(err).toMatch(/unfinished run of "half" on \S+ has name "dd"/)
    expect(err).not.toContain('Start without --resume')
  }
})

it('R45 journals of embedded tenants that have ended are listed as such, and pruned', async () => {
  file('ends.ts', ...runbook('ends', `${CREATES}; yield* step('two', auth0.roles('rol_nope').update({ name: 'x' }))`))
  expect(await tenantlab('run', 'ends.ts', '--sandbox')).toMatchObject({ code: 1 })
  const ended = /^ended .* run ends /m
  expect((await tenantlab('undo', '--list')).out).toMatch(ended)
  expect(await tenantlab('undo', '--prune', '0s')).toMatchObject({ code: 0 })
  expect((await tenantlab('undo', '--list')).out).not.toMatch(ended)
})

it('R13 refuses a tag that no step has', async () => {
  const { code, out, err } = await tenantlab('run', 'tagged.ts', '--tenant', 'lab', '--tags', 'rolse')
  expect(code).toBe(1)
  expect(`${out}${err}`).toContain('Did you mean "roles"?')
  expect(writes()).toBe(0)
  expect(await tenantlab('run', 'tagged.ts', '--tenant', 'lab', '--tags', 'roles')).toMatchObject({ code: 0 })
})

it('R13 takes step ids with commas as they are, and lists of ids', async () => {
  file(
    'commas.ts',
    ...runbook('commas', "for (const id of ['make a, b', 'c', 'd']) yield* step(id, auth0.roles.create({ name: id }))"),
  )
  for (const only of ['make a, b', 'c,d', 'make a, b,c']) {
    const { code, out } = await tenantlab('run', 'commas.ts', '--tenant', 'lab', '--check', '--only', only)
    expect(code, out).toBe(0)
    expect(out).toContain(`${only === 'make a, b' ? '1 change' : '2 changes'} pending`)
  }
})

describe('R6 what an earlier run has begun', () => {
  it('is told, and not begun again without --again', async () => {
    expect((await tenantlab('run', 'asks.ts', '--tenant', 'lab')).code).toBe(3)
    expect(writes()).toBe(1)
    const again = await tenantlab('run', 'asks.ts', '--tenant', 'lab')
    expect(again.code).toBe(3)
    expect(again.err).toMatch(/is not finished.* \S+\.jsonl.*--resume.*--again/)
    expect(writes()).toBe(1)
    // Other parameters are another run, and with both unfinished --resume asks which.
    expect((await tenantlab('run', 'asks.ts', '--tenant', 'lab', '--name', 'other')).err).not.toContain(
      'is not finished',
    )
    expect(writes()).toBe(2)
    const which = await tenantlab('run', 'asks.ts', '--tenant', 'lab', '--resume', '--yes')
    expect(which.code).toBe(3)
    expect(which.err.match(/--journal \S+/g)).toHaveLength(2)
    expect((await tenantlab('run', 'asks.ts', '--tenant', 'lab', '--name', 'made', '--resume', '--yes')).code).toBe(0)
    expect(writes()).toBe(3)
    expect((await tenantlab('run', 'asks.ts', '--tenant', 'lab', '--name', 'another', '--again')).code).toBe(3)
    expect(writes()).toBe(4)
  })

  it('R26 a plan file is applied once', async () => {
    expect(await tenantlab('plan', 'one.ts', '--tenant', 'lab', '-o', 'once.json')).toMatchObject({ code: 0 })
    const apply = ['apply', 'once.json', '--tenant', 'lab', '--yes'] as const
    expect(await tenantlab(...apply)).toMatchObject({ code: 0 })
    const second = await tenantlab(...apply)
    expect(second.code).toBe(3)
    expect(second.err).toMatch(/was applied on.*--again/)
    expect(writes()).toBe(1)
  })
})

it('R9 --resume of several tenants passes over those that have finished', async () => {
  const both = ['run', 'asks.ts', '--tenant', 'lab', '--tenant', 'two']
  expect((await tenantlab(...both)).code).toBe(3)
  expect((await tenantlab('run', 'asks.ts', '--tenant', 'lab', '--resume', '--yes')).code).toBe(0)
  expect([writes(), writes(second)]).toEqual([2, 1])
  const resumed = await tenantlab(...both, '--resume', '--yes')
  expect(resumed, resumed.err).toMatchObject({ code: 0 })
  expect(resumed.out).toContain('is passed over')
  expect([writes(), writes(second)]).toEqual([2, 2])
})

it('R45 lists journals, and prunes those that nothing can come of', async () => {
  expect(await tenantlab('undo', '--list')).toMatchObject({ code: 0, out: 'There is no journal here.\n' })
  expect((await tenantlab('run', 'one.ts', '--tenant', 'lab')).code).toBe(0)
  expect((await tenantlab('run', 'asks.ts', '--tenant', 'lab', '--name', 'other')).code).toBe(3)
  const listed = async () =>
    (await tenantlab('undo', '--list', '--json')).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  expect((await listed()).map(({ runbook, status }) => [runbook, status])).toEqual([
    ['asks', 'unfinished'],
    ['one', 'done'],
  ])
  expect(await tenantlab('undo', '--prune', '1d')).toMatchObject({ code: 0, out: 'Nothing to delete.\n' })
  expect((await tenantlab('undo', '--prune', '0s')).out).toContain('Deleted 1.')
  expect((await listed()).map(({ runbook }) => runbook)).toEqual(['asks'])
  for (const words of [['--list', '--check'], ['--list', 'J'], ['--prune', 'old'], []]) {
    expect((await tenantlab('undo', ...words)).code).toBe(64)
  }
})

it('R36 takes a longest wait, and refuses one that is none', async () => {
  tenant.faults.add({ kind: '429', match: { path: '/api/v2/roles' }, times: 1 })
  expect(await tenantlab('run', 'one.ts', '--tenant', 'lab', '--max-wait', '2m')).toMatchObject({ code: 0 })
  for (const wrong of ['soon', '10x', '-1']) {
    const { code, err } = await tenantlab('run', 'one.ts', '--tenant', 'lab', `--max-wait=${wrong}`)
    expect(code).toBe(64)
    expect(err).toContain('--max-wait takes a duration')
  }
})

it.each([
  ['run', '--report', 'nowhere/report.md', 'there is no folder nowhere'],
  ['plan', '-o', 'nowhere/plan.json', 'there is no folder nowhere'],
  ['plan', '-o', '.', 'that is a folder'],
  ['run', '--report', 'one.ts/report.md', 'there is no folder one.ts'],
])('R17 tells before it sends anything that %s %s %s cannot be written', async (verb, option, path, sentence) => {
  const { code, err } = await tenantlab(verb, 'one.ts', '--tenant', 'lab', option, path, '--force')
  expect(code).toBe(64)
  expect(err).toContain(sentence)
  expect(writes()).toBe(0)
})

it('R17 replaces no file without --force', async () => {
  file('report.md', 'mine')
  file('plan.json', 'mine')
  const report = ['run', 'one.ts', '--tenant', 'lab', '--report', 'report.md']
  const plan = ['plan', 'one.ts', '--tenant', 'lab']
  const exported = ['export', resolve(import.meta.dirname, '../../notebooks/05-token-quotas.ipynb'), '-o', 'plan.json']
  for (const words of [report, plan, exported]) {
    const { code, err } = await tenantlab(...words)
    expect(code).toBe(64)
    expect(err).toContain('--force')
  }
  expect(writes()).toBe(0)
  expect(readFileSync(join(place.path, 'plan.json'), 'utf8')).toBe('mine')
  expect(readFileSync(join(place.path, 'report.md'), 'utf8')).toBe('mine')
  expect(await tenantlab(...report, '--force')).toMatchObject({ code: 0 })
  expect(readFileSync(join(place.path, 'report.md'), 'utf8')).toContain('one')
})

it.each(['| head -3', '2>&1 | head -1', '--json | head -2'])(
  'R25 a pipe closed early ends no run in the middle: %s',
  async (end) => {
    // The tenant lives in this process, so that the shell must not block it.
    const line = `"${process.execPath}" "${cli}" run many.ts --tenant lab ${end} >/dev/null; exit "\${PIPESTATUS[0]}"`
    const { spawn } = await import('node:child_process')
    const child = spawn('bash', ['-c', line], { cwd: place.path, env: { ...process.env, ...place.environment } })
    const code = await new Promise((done) => child.once('close', done))
    expect(code).toBe(0)
    expect(writes()).toBe(60)
    const left = readdirSync(join(place.path, '.tenantlab'), { recursive: true, encoding: 'utf8' })
    expect(left.filter((name) => name.includes('lock'))).toEqual([])
  },
)

describe('R30 a guard is on the process and on the profile', () => {
  it('refuses writes of every session under --read-only', async () => {
    for (const code of [
      "await connect({ profile: 'lab' }).roles.create({ name: 'x' }).run()",
      "await connect({ profile: 'lab', writes: 'allow' }).roles.create({ name: 'x' }).run()",
      "await auth0.roles.create({ name: 'x' }).run()",
    ]) {
      const { code: exit, err } = await tenantlab('repl', '--profile', 'lab', '--read-only', '--eval', code)
      expect(exit).toBe(1)
      expect(err).toMatch(/[Ww]rite/)
    }
    expect(writes()).toBe(0)
  })

  it('asks before writes to a production tenant, and takes --yes', async () => {
    const stopped = await tenantlab('run', 'one.ts', '--tenant', 'prod')
    expect(stopped.code).toBe(3)
    expect(stopped.err).toContain('--yes')
    expect(
      (
        await tenantlab(
          'repl',
          '--profile',
          'lab',
          '--eval',
          "await connect({ profile: 'prod' }).roles.create({ name: 'x' }).run()",
        )
      ).code,
    ).toBe(1)
    expect(writes()).toBe(0)
    expect(await tenantlab('run', 'one.ts', '--tenant', 'prod', '--check')).toMatchObject({ code: 0 })
    expect(await tenantlab('run', 'one.ts', '--tenant', 'prod', '--yes')).toMatchObject({ code: 0 })
    expect(writes()).toBe(1)
  })

  it('refuses two names that differ', async () => {
    const { code, err } = await tenantlab('run', 'one.ts', '--profile', 'lab', '--tenant', 'prod')
    expect(code).toBe(64)
    expect(err).toContain('--profile lab and --tenant prod differ')
  })
})

it.each([
  ['forgot.ts', 'does not export it'],
  ['quiet.ts', 'exports nothing'],
  ['bare.ts', 'steps that are not a runbook'],
  ['named.ts', 'exports "rb" by its name'],
  ['listed.ts', 'exports "other" by its name'],
  ['typed-only.ts', 'does not export it'],
  ['object.ts', 'exports an object that is not a runbook'],
  ['number.ts', 'exports neither a runbook nor a function'],
  ['nothing.ts', 'exports neither a runbook nor a function'],
])('R31 a file that runs nothing is no success: %s', async (name, sentence) => {
  const imported = "import { defineRunbook } from 'tenantlab/runbook'"
  const defined = "defineRunbook({ name: 'rb', async *steps() {} })"
  file('named.ts', imported, `export const rb = ${defined}`)
  file('listed.ts', imported, `const rb = ${defined}`, 'export { rb as other }')
  file('typed-only.ts', imported, `const rb = ${defined}`, 'export type Rb = typeof rb')
  file('object.ts', imported, `export default { rb: ${defined} }`)
  file('number.ts', 'export default 42')
  file('nothing.ts', 'export default null')
  for (const verb of ['run', 'plan']) {
    const { code, err } = await tenantlab(verb, name, '--tenant', 'lab')
    expect(code).toBe(1)
    if (verb === 'run') expect(err.replace(/\s+/g, ' ')).toContain(sentence)
  }
})

it('R31 a function that sends nothing and says nothing is told', async () => {
  file('idle.ts', "export default ({ auth0 }) => { auth0.roles.create({ name: 'never' }) }")
  const { code, out } = await tenantlab('run', 'idle.ts', '--tenant', 'lab')
  expect(code).toBe(0)
  expect(out).toContain('idle.ts sent no request and said nothing')
})

it.each([
  ['without yield*', "step('c', auth0.roles.create({ name: 'x' }))"],
  ['with yield alone', "yield step('c', auth0.roles.create({ name: 'x' }))"],
  ['with await', "await step('c', auth0.roles.create({ name: 'x' }))"],
])('R31 a step %s is told with its line', async (_, statement) => {
  file('lines.ts', ...runbook('lines', ''), '')
  const text = readFileSync(join(place.path, 'lines.ts'), 'utf8').replace(
    'say }) {  }',
    `say }) {\n    ${statement}\n  }`,
  )
  file('lines.ts', text)
  const { code, out } = await tenantlab('run', 'lines.ts', '--tenant', 'lab')
  expect(code).toBe(1)
  expect(out).toMatch(/at lines\.ts:5:\d+/)
  expect(writes()).toBe(0)
})

it('R32 runs on an embedded tenant only where it is asked for', async () => {
  const { code, err } = await tenantlab('repl', '--eval', 'auth0.domain')
  expect(code).toBe(64)
  expect(err).toContain('--sandbox')
  expect(await tenantlab('repl', '--sandbox', '--eval', 'auth0.domain')).toMatchObject({ code: 0 })
})

it.each([[], ['--json'], ['--check']])('R27 a runbook prints no secret to its console: %s', async (...words) => {
  const { code, out, err } = await tenantlab('run', 'tells.ts', '--tenant', 'lab', ...words)
  expect(code).toBe(0)
  expect(out + err).not.toContain('canary-value')
  expect(out + err).toContain("set { v: '«secret»' }")
  expect(err).toContain('«secret»\nend')
})

it('R34 writes nothing but events with --json', async () => {
  const { code, out, err } = await tenantlab('run', 'speaks.ts', '--tenant', 'lab', '--json')
  expect(code).toBe(0)
  const events = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(events[0]).toMatchObject({ type: 'version' })
  expect(`${err}${JSON.stringify(events)}`).toMatch(/loud/)
  expect(err).toContain('raw')
})

it.each([
  ['--tenant', 'lba'],
  ['--profile', 'prdo'],
])('R42 names the nearest stored tenant: %s %s', async (option, name) => {
  const { code, err } = await tenantlab('run', 'one.ts', option, name)
  expect(code).toBe(64)
  expect(err).toMatch(/Did you mean (lab|prod)\?/)
})

it('R49 an undo that undoes nothing fails', async () => {
  file('reads.ts', ...runbook('reads', "yield* step('look', auth0.roles.list())"))
  expect((await tenantlab('run', 'reads.ts', '--tenant', 'lab')).code).toBe(0)
  const listed = (await tenantlab('undo', '--list', '--json')).out.trim().split('\n')
  const { path } = listed.map((line) => JSON.parse(line)).find(({ runbook }) => runbook === 'reads')
  for (const more of [[], ['--check'], ['--json']]) {
    const { code, out, err } = await tenantlab('undo', path, '--tenant', 'lab', ...more)
    expect(code, `${out}${err}`).toBe(1)
    expect(`${out}${err}`).toContain('Nothing was undone')
  }
})

describe('R44 the log and results as files', () => {
  it('prints the newest events, filtered, as lines or JSON', async () => {
    const { code, out } = await tenantlab('logs', '--tenant', 'lab', '--json')
    expect(code).toBe(0)
    const types = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type)
    expect(types).toContain('seccft')
    expect((await tenantlab('logs', '--tenant', 'lab', '--type', 'nothing')).out).toBe('')
    expect(await tenantlab('logs', '--tenant', 'lab', '-n', '0')).toMatchObject({ code: 0, out: '' })
    expect((await tenantlab('logs', '--folow')).err).toMatch(/Did you mean --follow/)
  })

  it('writes results to a file, which it does not replace', async () => {
    const run = (...more: string[]) =>
      tenantlab('repl', '--tenant', 'lab', '--eval', 'await auth0.users.list().all().run()', '-o', 'users.csv', ...more)
    expect(await run()).toMatchObject({ code: 0, out: '' })
    expect(readFileSync(join(place.path, 'users.csv'), 'utf8')).toMatch(/^user_id,.*\r\n(.+\r\n){1,2}/)
    expect(await run()).toMatchObject({ code: 64 })
    expect(await run('--force')).toMatchObject({ code: 0 })
    const failed = await tenantlab('repl', '--tenant', 'lab', '--eval', 'nope', '-o', 'x.json')
    expect(failed.code).toBe(1)
    expect(failed.err).toContain('nope is not defined')
    expect(existsSync(join(place.path, 'x.json'))).toBe(false)
  })
})

it.each([
  ['a script', 'typo.ts', 'export default ({ auth0 }) => auth0.users.lst().run()', 'auth0.users.list?'],
  ['a group', 'typo.ts', 'export default async ({ auth0 }) => {\n  await auth0.user.list().run()\n}', 'auth0.users?'],
  [
    'a script of its own session',
    'typo.ts',
    "import { connect } from 'tenantlab'\nconst eu = connect()\nawait eu.role.list().run()",
    'eu.roles?',
  ],
  [
    'a runbook',
    'typo.ts',
    runbook('typo', "yield* step('a', auth0.roles.crate({}))").join('\n'),
    'auth0.roles.create?',
  ],
  [
    'a notebook',
    'typo.ipynb',
    JSON.stringify({
      cells: ["import { connect } from 'tenantlab'\nconst auth0 = connect()", 'auth0.clients.lisst()'].map(
        (source) => ({
          cell_type: 'code',
          source,
          metadata: {},
          outputs: [],
          execution_count: null,
        }),
      ),
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    }),
    'auth0.clients.list?',
  ],
])('R42 names the word that code meant: %s', async (_, name, text, meant) => {
  file(name, text)
  const { code, out, err } = await tenantlab('run', name, '--tenant', 'lab')
  expect(code).toBe(1)
  expect(`${out}${err}`.replace(/\s+/g, ' ')).toContain(`Did you mean ${meant}`)
})

it('prints one line that a shell can take, and users with their passwords', async () => {
  const script = `"${process.execPath}" "${cli}" sandbox --seed lines >out 2>err & pid=$!
    for _ in $(seq 200); do grep -q export out && break; sleep 0.1; done
    eval "$(cat out)"; test -f "$NODE_EXTRA_CA_CERTS" && echo "$AUTH0_DOMAIN $AUTH0_CLIENT_ID $AUTH0_CLIENT_SECRET"
    kill -TERM $pid; wait $pid; echo "ended $?"; test -f "$NODE_EXTRA_CA_CERTS" || echo gone`
  mkdirSync(join(place.path, 'server'))
  const { stdout } = spawnSync('bash', ['-c', script], { cwd: join(place.path, 'server'), encoding: 'utf8' })
  const [connection = '', ...ended] = stdout.trim().split('\n')
  expect(connection).toMatch(/^localhost:\d+ \S+ \S+$/)
  expect(ended).toEqual(['ended 0', 'gone'])
  const told = readFileSync(join(place.path, 'server', 'err'), 'utf8')
  expect(
    readFileSync(join(place.path, 'server', 'out'), 'utf8')
      .trim()
      .split('\n'),
  ).toHaveLength(1)
  expect(told).toMatch(/^user +\S+@\S+ +\S+/m)
  expect(existsSync(join(place.path, 'server', 'out'))).toBe(true)
})

it.each([
  ['tenantlab ru', 'run'],
  ['tenantlab run x.ts --che', '--check'],
])('12 (e): completes %s in a bash without bash-completion', async (line, expected) => {
  const { out } = await tenantlab('complete', 'bash')
  const words = line.split(' ')
  const script = `${out}
tenantlab() { '${process.execPath}' '${cli}' "$@"; }
compopt() { :; }
COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}
__tenantlab_complete tenantlab && echo "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout.split(/\s+/)).toContain(expected)
})

it.each([
  ["import { ManagementClient } from 'tenantlab'\nnew ManagementClient({ domain: 'x' })\n", 'write connect({ domain'],
  ["new AuthenticationClient({ domain: 'x' })\n", 'write connect({ domain'],
])('C29: says what a script may have meant that ends with %j', async (code, hint) => {
  file('meant.ts', code)
  const { stderr } = spawnSync(process.execPath, [cli, 'run', 'meant.ts', '--sandbox'], {
    cwd: place.path,
    encoding: 'utf8',
  })
  expect(stderr).toContain(hint)
  expect(stderr).toContain('The file stopped there.')
})

it('completes the parameters of a runbook', async () => {
  const { out } = await tenantlab('complete', '--', 'run', 'one.ts', '--na')
  expect(out.split('\t')[0]).toBe('--name')
})

describe('R44 an embedded tenant with people in the console', () => {
  const drawn = "chart(await auth0.logs.list({ q: 'type:f*' }).all().run(), { by: 'type', title: 'Failed logins' })"

  it('draws failed logins without an import, and an import finds the copy that runs', async () => {
    const imported = "(await import('tenantlab')).chart === chart"
    const code = `${drawn}\n${imported}`
    const { out, code: exit } = await tenantlab('repl', '--sandbox', '--users', '20', '--days', '5', '--eval', code)
    expect(out).toMatch(/Failed logins[\s\S]*\bfp\b/)
    expect(out.trimEnd().endsWith('true')).toBe(true)
    expect(exit).toBe(0)
  })

  it.each([
    [['--users', '3'], '--sandbox'],
    [['--sandbox', '--days', 'many'], 'whole number'],
    [['--sandbox', '--users', 'nobody.json'], 'there is no file nobody.json'],
  ])('refuses %j with the way on', async (words, sentence) => {
    const { err, code } = await tenantlab('repl', ...words, '--eval', '1')
    expect(err).toContain(sentence)
    expect(code).toBe(64)
  })
})
