import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { keys, missing, PseudoTerminal } from './pseudo-terminal.ts'

const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.js')
const home = mkdtempSync(join(tmpdir(), 'tenantlab-piped-'))
afterAll(() => rmSync(home, { recursive: true }))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function repl(words: readonly string[], input: string | undefined = undefined): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? '', HOME: home, XDG_STATE_HOME: join(home, 'state') }
  const child = spawn(process.execPath, [cli, 'repl', '--sandbox', ...words], { env, stdio: 'pipe' })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  child.stdin.end(input ?? '')
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}

describe('the console in a pipe', () => {
  beforeEach((context) => {
    if (!existsSync(cli)) context.skip('needs the build in dist/')
  })

  it('runs lines in order, each after the one before has ended, and keeps no record', async () => {
    const lines = [
      "const first = await new Promise((done) => setTimeout(done, 200, 'late'))",
      'const both = [',
      "  first, 'after',",
      '] as string[]',
      "both.join(' then ')",
      'auth0.roles.list()',
      '.run',
    ]
    const { code, out } = await repl([], lines.join('\n'))
    expect(code).toBe(0)
    expect(out.split('\n')[0]).toBe('late then after')
    expect(out.indexOf('Nothing has been sent')).toBeLessThan(out.search(/\d+ (of \d+ )?roles?\n/))
    expect(existsSync(join(home, 'state'))).toBe(false)
  })

  it('stops at the first failure with code 1: what follows was meant to follow a success', async () => {
    const { code, out, err } = await repl([], "auth0.roles.list()\nnope\n.run\n'never'\n")
    expect(code).toBe(1)
    expect(err).toContain('nope is not defined')
    expect(out).not.toContain('never')
    expect(out).not.toMatch(/\d roles?\n/)
  })

  it('--eval with --json prints one line of JSON per result, secrets hidden', async () => {
    const code = [
      'auth0.roles.list({ per_page: 2 }).run()',
      "auth0.find('quota')",
      'auth0.login.clientCredentials().run()',
      '40 + 2',
    ].join('\n')
    const { code: exit, out, err } = await repl(['--json', '--eval', code])
    expect(exit).toBe(0)
    expect(err).toBe('')
    const [roles, found, tokens, sum] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(roles).toHaveProperty('items')
    expect(found.map((each: { word: string }) => each.word)).toContain('auth0.clients(id).update(body)')
    expect(tokens.access_token).toBe('«secret»')
    expect(sum).toBe(42)
  })

  it('--json prints errors as JSON, and the code says so', async () => {
    const { code, out } = await repl(['--json', '-e', "auth0.users('nobody').get().run()"])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ error: { kind: 'api', status: 404 } })
    const failed = await repl(['--json', '-e', 'await nope()'])
    expect(failed.code).toBe(1)
    expect(JSON.parse(failed.out)).toMatchObject({ error: { name: 'ReferenceError' } })
  })

  it('--quiet leaves remarks out, --read-only refuses writes, a wrong option is code 64', async () => {
    const loud = await repl([], 'auth0.users.list({ per_page: 1 }).run()')
    const quiet = await repl(['--quiet'], 'auth0.users.list({ per_page: 1 }).run()')
    expect(loud.err).toContain('Type "it"')
    expect(quiet.err).toBe('')
    expect(quiet.out).toContain('1 of 2 users')
    expect(quiet.out).not.toContain('Type "it"')
    const refused = await repl(['--read-only', '-e', "auth0.roles.create({ name: 'r' }).run()"])
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('Nothing was sent')
    expect((await repl(['--colour'])).code).toBe(64)
  })

  it('says when the input ends within a statement', async () => {
    const { code, err } = await repl([], 'f(\n')
    expect(code).toBe(1)
    expect(err).toContain('The input ended within a statement')
  })
})

describe('a tenant tagged production', () => {
  it('starts without writes until .writes on', async (context) => {
    const reason = missing()
    if (reason !== undefined) context.skip(reason)
    const config = join(home, 'config', 'tenantlab')
    mkdirSync(config, { recursive: true })
    const profile = { domain: 'live.example.com', clientId: 'c', environment: 'production' }
    writeFileSync(join(config, 'profiles.json'), JSON.stringify({ live: profile }), { mode: 0o600 })
    const console = new PseudoTerminal(['repl', '--profile', 'live'], {
      env: { XDG_CONFIG_HOME: join(home, 'config') },
    })
    try {
      const banner = await console.prompt()
      expect(banner).toContain('live.example.com [production]')
      expect(banner).toContain('.writes on allows them')
      expect(console.raw).toContain('\x1b[31mlive [production] read-only')
      await console.statement("plan = auth0.roles.create({ name: 'r' })")
      expect(await console.statement('.run')).toContain('Nothing was sent.')
      expect(await console.statement('.writes on')).toMatch(/Writes are sent\.\nlive \[production\]> $/)
      // The plan that was refused is allowed now: what stops it is that there is no token.
      await console.statement('plan')
      expect(await console.statement('.run')).not.toContain('write_denied')
      expect(await console.statement('.writes off')).toContain('read-only> ')
      console.type(`exit${keys.enter}`)
      expect(await console.ended()).toBe(0)
    } finally {
      await console.close()
    }
  })
})
