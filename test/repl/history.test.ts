import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { isPrivateLine, openHistory } from '../../src/repl/history.ts'
import { openSessionLog } from '../../src/repl/session-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'tenantlab-history-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the history', () => {
  it('closes a file that others could read, keeps whole statements, and none with a secret in any of its lines', () => {
    const file = join(folder, 'history')
    writeFileSync(file, 'earlier\n', { mode: 0o644 })
    const history = openHistory(file)
    history.add('auth0.roles.list({\n  per_page: 1,\n})')
    history.add("auth0.login.password({\n  username: 'u',\n  password: 'canary',\n})")
    history.add('  ')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).toBe('earlier\nauth0.roles.list({\n  per_page: 1,\n})\n')
    expect(openHistory(file).lines[0]).toBe('})')
  })

  it('does not grow for ever', () => {
    const file = join(folder, 'long')
    writeFileSync(file, Array.from({ length: 3000 }, (_, index) => `line ${index}`).join('\n'), { mode: 0o600 })
    expect(openHistory(file).lines[0]).toBe('line 2999')
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1000)
  })

  it('knows a line that may hold a secret', () => {
    const secret = [
      "const clientSecret = 'x'",
      'const secret = "sk_live_123"',
      "auth0.mfa('token').enroll.otp()",
      "auth0.mfa(error).verify.otp('123456')",
      "auth0.userInfo('x')",
      "reveal('x')",
      "connect({ domain, token: 'abc' })",
      'const jwt = "eyJhbGciOiJIUzI1NiJ9.e30.x"',
      '`-----BEGIN PRIVATE KEY-----`',
    ]
    for (const line of secret) expect(isPrivateLine(line), line).toBe(true)
    for (const line of ['auth0.users.list()', "auth0.users('auth0|1').get()", '.run', "auth0.find('token quota')"]) {
      expect(isPrivateLine(line), line).toBe(false)
    }
  })
})

describe('the session log', () => {
  it('hides a private statement, keeps what it sent, and lets go of the oldest logs', () => {
    const logs = join(folder, 'logs')
    mkdirSync(logs)
    for (let index = 0; index < 40; index++) writeFileSync(join(logs, `2000-01-${index + 10}.jsonl`), '')
    const log = openSessionLog(logs, () => new Date('2030-01-01T00:00:00Z'))
    log.add({
      statement: "auth0.userInfo('canary')",
      status: 'failed',
      operations: ['authentication.userInfo'],
      error: 'api',
    })
    expect(statSync(log.file).mode & 0o777).toBe(0o600)
    const entry = JSON.parse(readFileSync(log.file, 'utf8'))
    expect(entry).toEqual({
      at: '2030-01-01T00:00:00.000Z',
      statement: '«a statement that may hold a secret»',
      status: 'failed',
      operations: ['authentication.userInfo'],
      error: 'api',
    })
    expect(() => statSync(join(logs, '2000-01-10.jsonl'))).toThrowError(/ENOENT/)
  })
})
