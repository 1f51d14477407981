import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { Secret, TOTP } from 'otpauth'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'

const dist = resolve(import.meta.dirname, '..', '..', 'dist')
const folder = mkdtempSync(join(tmpdir(), 'tenantlab-login-'))
const OTHER_SCREEN = '\u001b[?1049h'
const FIRST_SCREEN = '\u001b[?1049l'

const terminals: ChildProcessWithoutNullStreams[] = []
afterEach(() => {
  for (const child of terminals.splice(0)) child.kill('SIGKILL')
})

beforeAll(() => {
  if (!existsSync(join(dist, 'sandbox.js'))) throw new Error('There is no build to test. Run npm run build first.')
  return () => rmSync(folder, { recursive: true, force: true })
})

/** A program on a pseudo-terminal, and what it has printed so far. */
function run(program: string) {
  const file = join(folder, `login-${terminals.length}-${process.pid}.mjs`)
  writeFileSync(file, program)
  const command = `stty cols 120 rows 60; exec '${process.execPath}' '${file}'`
  const child = spawn('script', ['-qfec', command, '/dev/null'], { env: { ...process.env, TERM: 'xterm-256color' } })
  terminals.push(child)
  let raw = ''
  let changed: (() => void) | undefined
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text
    changed?.()
  })
  const ended = new Promise<void>((done) => {
    child.once('exit', () => {
      changed?.()
      done()
    })
  })
  return {
    ended,
    raw: () => raw,
    type: (text: string) => child.stdin.write(text),
    /** Waits until a text was printed, `times` times in all. */
    async see(expected: string, times = 1): Promise<void> {
      while (stripVTControlCharacters(raw).split(expected).length <= times) {
        if (child.exitCode !== null) throw new Error(`It ended without "${expected}", after: ${raw}`)
        await new Promise<void>((done) => {
          changed = done
        })
      }
    },
  }
}

const login = (rest: string) => `
import { connect } from ${JSON.stringify(join(dist, 'index.js'))}
import { sandbox } from ${JSON.stringify(join(dist, 'sandbox.js'))}
const tenant = await sandbox()
const auth0 = connect(tenant.options)
const [user] = tenant.seed.users
const plan = auth0.login.password({ username: user.email, password: user.password, realm: 'Username-Password-Authentication' })
${rest}
await tenant.close()
`

describe.skipIf(spawnSync('script', ['--version']).status !== 0)('an interactive login on a terminal', () => {
  it('shows the QR code on a second screen until the code is right, and leaves no secret behind', async () => {
    const terminal = run(
      login(`
const tokens = await plan.interactive().run()
console.log(tokens)
console.log('the end')`),
    )
    await terminal.see('Which factor shall be enrolled?')
    terminal.type('authenticator app\r')
    await terminal.see('Code of the authenticator app:')
    const screen = terminal.raw().slice(terminal.raw().indexOf(OTHER_SCREEN))
    expect(screen).toMatch(/[█▀▄]{5}/)
    const key = /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}/m.exec(stripVTControlCharacters(screen))?.[0].replaceAll(' ', '') ?? ''
    expect(key).toHaveLength(32)
    terminal.type('000000\r')
    await terminal.see('It is asked for again.')
    await terminal.see('Code of the authenticator app:', 2)
    const code = new TOTP({ secret: Secret.fromBase32(key) }).generate()
    terminal.type(`${code}\r`)
    await terminal.see('the end')
    await terminal.ended
    const raw = terminal.raw()
    expect(raw.split(FIRST_SCREEN)).toHaveLength(2)
    const [before = '', after = ''] = [raw.slice(0, raw.indexOf(OTHER_SCREEN)), raw.slice(raw.indexOf(FIRST_SCREEN))]
    expect(after).toContain('Logged in.')
    expect(after).toContain('«secret»')
    for (const kept of [before, after]) expect(kept.replaceAll(' ', '')).not.toContain(key)
    // What was typed at a secret question is echoed nowhere, not even on the second screen.
    expect(raw).not.toContain(code)
    expect(raw).not.toContain('000000')
  })

  it('leaves the second screen and says that it was stopped, on Ctrl-C', async () => {
    const terminal = run(
      login(`
const outcome = await plan.interactive({ factor: 'otp' }).run().outcome()
console.log('ended', outcome.status, outcome.error.kind)`),
    )
    await terminal.see('Code of the authenticator app:')
    terminal.type('\u0003')
    await terminal.see('ended error aborted')
    await terminal.ended
    expect(terminal.raw().lastIndexOf(FIRST_SCREEN)).toBeGreaterThan(terminal.raw().indexOf(OTHER_SCREEN))
  })

  it('borrows the keys of a console, and gives them back', async () => {
    const terminal = run(
      login(`
import { createInterface } from 'node:readline'
const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: true })
const got = []
lines.on('line', (line) => got.push(line))
const ask = () => new Promise((done) => lines.once('line', done))
console.log('first')
await ask()
await plan.interactive({ factor: 'email' }).run().outcome()
console.log('once more')
await ask()
console.log('lines', JSON.stringify(got))
lines.close()`),
    )
    await terminal.see('first')
    terminal.type('one\r')
    await terminal.see('E-mail address to enrol:')
    terminal.type('person@example.com\r')
    await terminal.see('Code from the e-mail:')
    terminal.type('\r')
    await terminal.see('once more')
    terminal.type('two\r')
    await terminal.see('lines ["one","two"]')
    await terminal.ended
  })
})
