import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'

const cli = resolve(import.meta.dirname, '..', '..', 'dist', 'cli.js')

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'tenant-command-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

/** `tenantlab sandbox` with flags, until its first line or its end. */
async function command(
  ...flags: string[]
): Promise<{ readonly line: string; readonly told: string; readonly code?: number }> {
  const child = spawn(process.execPath, [cli, 'sandbox', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  let line = ''
  let told = ''
  child.stdout.on('data', (data: Buffer) => (line += data.toString()))
  child.stderr.on('data', (data: Buffer) => (told += data.toString()))
  const gone = once(child, 'exit') as Promise<[number]>
  const first = new Promise<undefined>((done) => child.stdout.on('data', () => line.includes('\n') && done(undefined)))
  const ended = await Promise.race([gone, first])
  if (ended !== undefined) return { line, told, code: ended[0] }
  child.kill('SIGTERM')
  await gone
  return { line, told }
}

describe('T23 flags of tenantlab sandbox', () => {
  it('T23 --host: an address that is not loopback is told to be open, loopback is not', async () => {
    const open = await command('--http-only', '--host', '0.0.0.0')
    expect(open.told).toContain('Other machines reach this tenant at 0.0.0.0.')
    expect(open.told).toMatch(/http {11}http:\/\/127\.0\.0\.1:/)
    const own = await command('--http-only', '--host', '127.0.0.2')
    expect(own.told).not.toContain('Other machines')
    expect(own.told).toMatch(/http {11}http:\/\/127\.0\.0\.2:/)
  })

  it('T23 --users FILE: who is in the file can sign in, and is printed with a password', async () => {
    const file = join(folder(), 'users.json')
    writeFileSync(file, JSON.stringify([{ email: 'ada@example.com', password: 'Analytical-1843!', mfa: true }]))
    const flags = ['--http-only', '--empty', '--users', file]
    expect(JSON.parse((await command(...flags, '--json')).line).users).toEqual([
      { email: 'ada@example.com', password: 'Analytical-1843!', mfa: true },
    ])
    expect((await command(...flags)).told).toContain(
      'user           ada@example.com  Analytical-1843!  (must pass MFA)',
    )
  })

  it('T23 --users N: all in --json, the first twenty for a person', async () => {
    const flags = ['--http-only', '--users', '30', '--days', '2']
    expect(JSON.parse((await command(...flags, '--json')).line).users).toHaveLength(32)
    const { told } = await command(...flags)
    expect(told.match(/^user /gm)).toHaveLength(20)
    expect(told).toContain('and 12 more')
  })

  it('T23 --from DIR: begins with the export, and tells what was left out', async () => {
    const from = folder()
    mkdirSync(join(from, 'roles'))
    for (const name of ['a', 'b']) writeFileSync(join(from, 'roles', `${name}.json`), JSON.stringify({ name: 'twice' }))
    const { line, told } = await command('--http-only', '--from', from)
    expect(line).toContain('AUTH0_DOMAIN=')
    expect(told).toMatch(/^left out {7}roles\.create of twice: /m)
  })

  it.each([
    [['--users', 'nobody.json'], 'there is no file nobody.json'],
    [['--from', 'nowhere'], 'There is no file or folder nowhere'],
    [['--days', 'many'], 'days'],
  ])('T23 refuses %j', async (flags, message) => {
    const { code, told } = await command('--http-only', ...flags)
    expect(code).toBe(64)
    expect(told).toContain(message)
  })
})
