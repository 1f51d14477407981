import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { keys, missing, PseudoTerminal } from './pseudo-terminal.ts'

const ctrlR = '\x12'
const ctrlG = '\x07'
const paste = (text: string): string => `\x1b[200~${text.replaceAll('\n', '\r')}\x1b[201~`

const folder = mkdtempSync(join(tmpdir(), 'tenantlab-comforts-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Opens the console on an embedded tenant, works in it, and closes it. */
async function inConsole(
  context: { skip(reason?: string): void },
  work: (console: PseudoTerminal) => Promise<void>,
  options: ConstructorParameters<typeof PseudoTerminal>[1] = {},
): Promise<void> {
  const reason = missing()
  if (reason !== undefined) context.skip(reason)
  const console = new PseudoTerminal(['repl', '--sandbox'], { columns: 120, ...options })
  try {
    await console.prompt()
    await work(console)
  } finally {
    await console.close()
  }
}

it('R41 completes fields of words, routes and members of results by the TAB key', (context) =>
  inConsole(context, async (console) => {
    console.type(`auth0.login.password({ userna${keys.tab}`)
    await console.see('auth0.login.password({ username: ')
    console.type(keys.ctrlC)
    await console.prompt()
    console.type(`auth0.raw('GET /api/v2/users-b${keys.tab}`)
    await console.see("auth0.raw('GET /api/v2/users-by-email'")
    console.type(keys.ctrlC)
    await console.prompt()
    await console.statement('const u = await auth0.users.list().run()')
    console.type(`u.items[0].user_i${keys.tab}`)
    await console.see('u.items[0].user_id')
    console.type(keys.ctrlC)
    await console.prompt()
    // Behind a finished identifier there is nothing to complete.
    console.type("auth0.users('auth0|1'")
    await console.press(keys.tab, 2)
    console.type(')')
    expect(await console.statement('.get()')).toMatch(/^auth0\.users\('auth0\|1'\)\.get\(\)\n/)
    expect(await console.statement('"sent: " + tenant.requests.length')).toMatch(/sent: [12]\n/)
  }))

describe('R44 Ctrl-R', () => {
  it('searches what was typed before, older and older, and runs what it found', (context) =>
    inConsole(context, async (console) => {
      await console.statement('const first = "alpha one"')
      await console.statement('const second = "alpha two"')
      await console.statement('1 + 1')
      console.type(ctrlR)
      await console.see("(reverse-i-search)''")
      console.type('alpha')
      await console.see(/\(reverse-i-search\)'alpha': const second = "alpha two"/)
      console.type(ctrlR)
      await console.see(/\(reverse-i-search\)'alpha': const first = "alpha one"/)
      console.type(keys.enter)
      await console.prompt()
      expect(await console.statement('first')).toContain('alpha one')
    }))

  it('gives back what was typed when it is left, and takes the match with any other key', (context) =>
    inConsole(context, async (console) => {
      await console.statement('"needle" + 1')
      console.type('"typed"')
      console.type(ctrlR)
      await console.see("(reverse-i-search)''")
      console.type('need')
      await console.see(/'need': "needle" \+ 1/)
      console.type(ctrlG)
      await console.see('> "typed"')
      console.type(keys.enter)
      expect(await console.prompt()).toContain('\ntyped\n')
      console.type(`${ctrlR}needle`)
      await console.see(/'needle': "needle" \+ 1/)
      console.type('\x05 + "!"\r')
      expect(await console.prompt()).toContain('needle1!')
      console.type(`${ctrlR}nowhere at all`)
      await console.see("(failed reverse-i-search)'nowhere at all': ")
      console.type(keys.ctrlC)
      await console.prompt()
      expect(await console.statement('"on" + "ward"')).toContain('\nonward\n')
    }))

  it('finds what an earlier console kept, blocks included', async (context) => {
    const reason = missing()
    if (reason !== undefined) context.skip(reason)
    const home = mkdtempSync(join(folder, 'home-'))
    const kept = join(home, 'state', 'tenantlab')
    mkdirSync(kept, { recursive: true })
    const earlier = Array.from({ length: 10_000 }, (_, at) => `"filler ${at}"`)
    earlier.splice(9_500, 0, 'function doubled(n) {\u2028  return n * 2\u2028}')
    writeFileSync(join(kept, 'history'), `${earlier.join('\n')}\n`, { mode: 0o600 })
    await inConsole(
      context,
      async (console) => {
        console.type(`${ctrlR}doubled`)
        await console.see(/'doubled': function doubled/)
        console.type(keys.enter)
        await console.prompt()
        expect(await console.statement('"twice " + doubled(21)')).toContain('twice 42')
      },
      { home },
    )
  })
})

describe('R44 blocks', () => {
  it('come back whole from the history', (context) =>
    inConsole(context, async (console) => {
      await console.line('const block = [', '... ')
      await console.line('1,', '... ')
      await console.statement('].length + 40')
      expect(await console.statement('block')).toContain('41')
      await console.press(keys.up, 2)
      console.type(keys.enter)
      expect(await console.prompt()).toMatch(/const block = \[\n1,\n\]\.length \+ 40/)
      expect(await console.statement('"again " + block')).toContain('again 41')
    }))

  it('are put in as they are when they are pasted, and run when Enter is pressed', (context) =>
    inConsole(context, async (console) => {
      console.type(
        paste(
          'const list = [1, 2]\nconst sum = list\n  .map((n) => n * 100)\n  .reduce((a, b) => a + b)\n"sum " + sum\n',
        ),
      )
      await console.see('"sum " + sum')
      await console.press('', 3)
      expect(console.text).not.toContain('sum 300')
      console.type(keys.enter)
      expect(await console.prompt()).toContain('\nsum 300\n')
    }))

  it('stop at the first statement that fails, and say so', (context) =>
    inConsole(context, async (console) => {
      console.type(paste('globalThis.steps = 1\nnope.nope\nglobalThis.steps = 2\n.writes off\n'))
      await console.see('.writes off')
      console.type(keys.enter)
      const shown = await console.prompt()
      expect(shown).toContain('What follows it was not run: 2 of 4 statements.')
      expect(await console.statement('"at " + globalThis.steps')).toContain('at 1')
    }))

  it('of 200 lines with tabs and commands run in order', (context) =>
    inConsole(context, async (console) => {
      const lines = Array.from({ length: 198 }, (_, at) => `const\tv${at} = ${at}`)
      console.type(paste(['auth0.roles.list()', '.run', ...lines].join('\n')))
      await console.see('v197 = 197')
      console.type(keys.enter)
      expect(await console.prompt()).toMatch(/roles?/)
      expect(await console.statement('"last " + v197')).toContain('last 197')
    }))

  it('into a hidden question are the answer and nothing else', (context) =>
    inConsole(context, async (console) => {
      console.type(`const { secret } = await import('tenantlab')${keys.enter}`)
      await console.prompt()
      console.type(`const s = await secret('CANARY_PASTED')${keys.enter}`)
      await console.see('CANARY_PASTED: ')
      console.type(`${paste('canary-4711-pasted')}${keys.enter}`)
      await console.prompt()
      expect(await console.statement('"length " + s.reveal().length')).toContain('length 18')
      expect(console.text).not.toContain('canary-4711-pasted')
    }))
})

describe('R44 results', () => {
  it('are there as _, Out[n] and .out, and into files that are never replaced without --force', (context) =>
    inConsole(
      context,
      async (console) => {
        await console.statement('["one"]')
        await console.statement('_[0] + " two"')
        expect(await console.statement('Out[2]')).toContain('one two')
        expect(await console.statement('.out 1')).toContain('one')
        expect(await console.statement('.out')).toMatch(/ 2 {2}"one two"/)
        expect(await console.statement('.out 99')).toMatch(/There is no result 99/)
        await console.statement('await auth0.users.list().all().run()')
        expect(await console.statement('.csv users.csv')).toContain('Wrote users.csv.')
        const text = readFileSync(join(folder, 'users.csv'), 'utf8')
        expect(text).toMatch(/^user_id,/)
        expect(await console.statement('.csv users.csv')).toMatch(/there already and was left alone/)
        expect(await console.statement('.json -o users.csv')).toMatch(/there already and was left alone/)
        await console.statement('auth0.users.list()')
        expect(await console.statement('.csv other.csv')).toMatch(/users\.list, which has no rows before it is run/)
        expect(existsSync(join(folder, 'other.csv'))).toBe(false)
        await console.statement('await auth0.users.list().all().run()')
        expect(await console.statement('.json users.csv --force')).toContain('Wrote')
        expect(JSON.parse(readFileSync(join(folder, 'users.csv'), 'utf8'))).toHaveLength(2)
        expect(await console.statement('.timing on')).toMatch(/Time: [\d.]+ ms/)
        expect(await console.statement('2')).toMatch(/Time: [\d.]+ ms/)
        expect(await console.statement('.timing off')).not.toMatch(/Time: \d/)
      },
      { folder },
    ))

  it('that are longer than the screen go through $PAGER, shorter ones do not', (context) =>
    inConsole(
      context,
      async (console) => {
        expect(await console.statement('"x"')).not.toContain('PAGED')
        expect(await console.statement('Array.from({ length: 90 }, (_, i) => "line " + i).join("\\n")')).toMatch(
          /PAGED[\s\S]*line 89/,
        )
        expect(await console.statement('.pager off')).toContain('printed')
        expect(await console.statement('Array.from({ length: 90 }, (_, i) => "line " + i).join("\\n")')).not.toContain(
          'PAGED',
        )
        expect(await console.statement('"still " + "here"')).toContain('still here')
      },
      { env: { PAGER: 'echo PAGED; cat' } },
    ))

  it('are printed where the pager is not there', (context) =>
    inConsole(
      context,
      async (console) => {
        expect(await console.statement('Array.from({ length: 90 }, (_, i) => "line " + i).join("\\n")')).toContain(
          'line 89',
        )
      },
      { env: { PAGER: 'no-such-pager-anywhere' } },
    ))
})

describe('R44 the file that runs first', () => {
  it('makes names, and what fails in it keeps nobody from the console', async (context) => {
    const good = join(folder, 'good.ts')
    writeFileSync(
      good,
      'const greeting: string = "hello from the file"\nfunction twice(n: number) { return 2 * n }\n',
      { mode: 0o600 },
    )
    await inConsole(
      context,
      async (console) => {
        expect(await console.statement('greeting + twice(4)')).toContain('hello from the file8')
      },
      { env: { TENANTLAB_CONSOLE: good } },
    )
    const bad = join(folder, 'bad.ts')
    writeFileSync(bad, 'const before = 1\nnope()\n', { mode: 0o600 })
    await inConsole(
      context,
      async (console) => {
        expect(console.text).toMatch(/bad\.ts stopped, and the console goes on/)
        expect(await console.statement('"before " + before')).toContain('before 1')
      },
      { env: { TENANTLAB_CONSOLE: bad } },
    )
  })

  it('is found in the folder of the profiles and in ~/.tenantlab', async (context) => {
    for (const [index, path] of ['config/tenantlab', '.tenantlab'].entries()) {
      const home = mkdtempSync(join(folder, 'startup-'))
      mkdirSync(join(home, path), { recursive: true })
      writeFileSync(join(home, path, 'console.ts'), `const place = 'place ${index}'`, { mode: 0o600 })
      await inConsole(
        context,
        async (console) => {
          expect(await console.statement('place')).toContain(`place ${index}`)
        },
        { home },
      )
    }
  })
})

describe('R44 another tenant', () => {
  it('is auth0 from then on, with its own name in the prompt and its own guard', async (context) => {
    const home = mkdtempSync(join(folder, 'tenants-'))
    mkdirSync(join(home, 'config', 'tenantlab'), { recursive: true })
    writeFileSync(
      join(home, 'config', 'tenantlab', 'profiles.json'),
      JSON.stringify({
        staging: { domain: 'stage.example.com', clientId: 'a', clientSecret: 'canary-s1', environment: 'staging' },
        prod: { domain: 'prod.example.com', clientId: 'a', clientSecret: 'canary-s2', environment: 'production' },
      }),
      { mode: 0o600 },
    )
    await inConsole(
      context,
      async (console) => {
        expect(await console.statement('.tenant')).toMatch(/staging\s+prod/)
        await console.statement("auth0.roles.create({ name: 'x' })")
        expect(await console.statement('.tenant stagin')).toMatch(/Did you mean staging/)
        await console.statement('.writes on')
        expect(await console.statement('.tenant staging')).toMatch(
          /stage\.example\.com \[staging\][\s\S]*stage \[staging\]> $/,
        )
        // What was shown speaks to the tenant before.
        expect(await console.statement('.run')).toContain('No plan was shown')
        await console.statement('.writes on')
        expect(await console.statement('.tenant prod')).toMatch(
          /Writes are refused[\s\S]*prod \[production\] read-only> $/,
        )
        expect(await console.statement('auth0.domain')).toContain('prod.example.com')
        expect(await console.statement('.tenant sandbox')).toMatch(/\[sandbox\]> $/)
        expect(await console.statement('auth0.roles.list().run()')).toMatch(/roles?/)
        expect(console.text).not.toContain('canary-s')
      },
      { home },
    )
  })
})

it('R44 tails the log until Ctrl-C, each event once', (context) =>
  inConsole(context, async (console) => {
    await console.statement('await auth0.roles.list().run()')
    console.type(`.tail 5${keys.enter}`)
    await console.see(/some seconds late[\s\S]*seccft/)
    await console.press('', 2)
    console.type(keys.ctrlC)
    await console.prompt()
    const start =
      "setTimeout(() => auth0.login.password({ username: tenant.seed.users[1].email, password: 'wrong' }).run().outcome(), 300); 1"
    await console.statement(start)
    console.type(`.tail 0${keys.enter}`)
    const tailed = await console.see(/ fp /)
    expect(tailed).not.toContain('seccft')
    await console.press('', 20)
    console.type(keys.ctrlC)
    const rest = await console.prompt()
    expect(rest).not.toMatch(/ fp /)
    expect(await console.statement('"still " + "here"')).toContain('still here')
  }))
