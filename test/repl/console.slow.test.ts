import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keys, missing, PseudoTerminal } from './pseudo-terminal.ts'

let open: PseudoTerminal[] = []

function terminal(words: readonly string[] = ['repl', '--sandbox'], options = {}): PseudoTerminal {
  const made = new PseudoTerminal(words, options)
  open.push(made)
  return made
}

describe('the console on a pseudo-terminal', () => {
  beforeEach((context) => {
    const reason = missing()
    if (reason !== undefined) context.skip(reason)
  })
  afterEach(async () => {
    for (const each of open) await each.close()
    open = []
  })

  it('says where it is: tenant, tag, scopes, expiry, writes; and colours its prompt', async () => {
    const console = terminal()
    const banner = await console.prompt()
    expect(banner).toMatch(/tenantlab · demo-\w+\.tenantlab\.local \[sandbox\]/)
    expect(banner).toMatch(/token +\d+ scopes, expires [\d-]+ [\d:]+ UTC \(in 24 h\)/)
    expect(banner).toMatch(/writes +are sent/)
    expect(console.raw).toContain('\x1b[32mdemo-')
    console.type(`.exit${keys.enter}`)
    expect(await console.ended()).toBe(0)
  })

  it('shows a plan and sends it on .run alone; pages with it; tables fit the terminal', async () => {
    const console = terminal(undefined, { columns: 64 })
    const requests = 'tenant.requests.filter(r => r.path.includes("users")).length'
    await console.prompt()
    expect(await console.statement('auth0.users.list({ per_page: 1 })')).toContain('Nothing has been sent')
    expect(await console.statement(requests)).toMatch(/\n0\n/)
    const page = await console.statement('.run')
    expect(page).toContain('1 of 2 users')
    expect(page).toContain('1 of 2 rows were shown. Type "it" for the next rows.')
    for (const line of page.split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(64)
    const second = await console.statement('it')
    expect(second).toContain('1 of 2 users')
    expect(second.split('\n').find((line) => line.includes('auth0|'))).not.toBe(
      page.split('\n').find((line) => line.includes('auth0|')),
    )
    expect(await console.statement('it')).toContain('Those were the last rows.')
    expect(await console.statement(requests)).toMatch(/\n2\n/)
  })

  it('completes by the catalogue: groups, verbs, fields, values, live ids', async () => {
    const console = terminal()
    await console.prompt()
    console.type(`auth0.networkA${keys.tab}`)
    await console.see('auth0.networkAcls')
    console.type(`.cre${keys.tab}`)
    await console.see('.create(')
    console.type(`{ des${keys.tab}`)
    await console.see('description: ')
    console.type(`'x', rule: { scope: 'man${keys.tab}`)
    await console.see("'management'")
    console.type(keys.ctrlC)
    await console.prompt()
    expect(await console.statement('auth0.organizations.list().run()')).toMatch(/\borg_\w/)
    console.type("auth0.organizations('org_")
    await console.press(keys.tab, 2)
    await console.see(/'org_\w+'\s+'org_\w+'/)
    console.type(keys.ctrlC)
    await console.prompt()
    const sent = await console.statement('tenant.requests.map((r) => r.method + r.path).join()')
    expect(sent).toContain('\nPOST/oauth/token,GET/api/v2/organizations\n')
  })

  it('cancels the running plan and only it, and goes on', async () => {
    const console = terminal()
    await console.prompt()
    await console.statement('await auth0.roles.list().run()')
    await console.statement("tenant.faults.add({ kind: 'slow', match: { path: '/api/v2/roles' }, delay: 600000 }); 1")
    await console.statement(
      'earlier = auth0.roles.list({ page: 1 }).with({ timeout: 600000 }).run(); earlier.outcome().then(o => { ended = o }); ended = "runs"',
    )
    console.type(`await auth0.roles.list().with({ timeout: 600000 }).run()${keys.enter}`)
    // Pressed at once: a key that comes while the statement starts must neither be lost nor end the console.
    console.type(keys.ctrlC)
    // The statement had begun its plan by then, or it never does.
    expect(await console.prompt()).toMatch(
      /Cancelled roles\.list, and nothing else\.|Stopped waiting\. No plan was running\./,
    )
    console.type(`await auth0.roles.list().with({ timeout: 600000 }).run()${keys.enter}`)
    await console.see('.run()\n')
    await console.press('', 5)
    console.type(keys.ctrlC)
    expect(await console.prompt()).toContain('Cancelled roles.list, and nothing else.')
    expect(await console.statement('ended')).toContain('\nruns\n')
    expect(console.text).not.toContain('AbortedError')
    console.type(`while (true) {}${keys.enter}`)
    await console.see('{}\n')
    await console.press('', 3)
    console.type(keys.ctrlC)
    expect(await console.prompt()).toContain('Interrupted.')
    expect(await console.statement('1 + 1')).toContain('\n2\n')
  })

  it('runs pasted lines in order, and takes a statement over several lines', async () => {
    const console = terminal()
    await console.prompt()
    const lines = [
      'const slow = await new Promise((r) => setTimeout(r, 300, "first"))',
      'const list: string[] = [',
      '\tslow,',
      '\t"second",',
      ']',
      'list.join("-then-")',
    ]
    console.type(lines.map((line) => line + keys.enter).join(''))
    await console.see(/\nfirst-then-second\n/)
  })

  it('keeps a history and a log that only the owner reads, and no secret in either', async () => {
    const console = terminal()
    await console.prompt()
    await console.statement("const password = 'canary-password-1'")
    console.type(`auth0.login.password({${keys.enter}`)
    await console.see('... ')
    console.type(`  username: 'a', password: 'canary-password-2',${keys.enter}`)
    await console.see('... ')
    await console.statement('})')
    await console.statement("auth0.userInfo('canary-token-3')")
    await console.statement('auth0.roles.list()')
    await console.statement('.run')
    const listed = await console.statement('.history')
    expect(listed).toContain('auth0.roles.list()')
    expect(listed).not.toContain('canary')
    console.type(`.exit${keys.enter}`)
    expect(await console.ended()).toBe(0)
    const state = join(console.home, 'state', 'tenantlab')
    const log = join(state, 'sessions', readdirSync(join(state, 'sessions'))[0] ?? '')
    for (const file of [join(state, 'history'), log]) {
      expect(statSync(file).mode & 0o777).toBe(0o600)
      const content = readFileSync(file, 'utf8')
      expect(content).toContain('auth0.roles.list()')
      expect(content).not.toContain('canary')
    }
    expect(readFileSync(log, 'utf8')).toContain('"operations":["roles.list"]')
    const again = terminal(undefined, { home: console.home })
    await again.prompt()
    again.type(keys.up.repeat(4))
    await again.see('auth0.roles.list()')
  })

  it('refuses writes with --read-only, also after .writes on', async () => {
    const console = terminal(['repl', '--sandbox', '--read-only'])
    expect(await console.prompt()).toContain('read-only: refused before they are sent')
    await console.statement("auth0.roles.create({ name: 'x' })")
    expect(await console.statement('.run')).toContain('Nothing was sent.')
    expect(await console.statement('.writes on')).toContain('opened with --read-only')
  })
})
