import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { processSecrets } from '../../src/plan/index.ts'
import { openHistory } from '../../src/repl/history.ts'
import { openSessionLog } from '../../src/repl/session-log.ts'
import { withoutSecrets } from '../../src/repl/without-secrets.ts'
import { connect } from '../../src/session/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'tenantlab-history-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the history', () => {
  it('closes a file that others could read, and recalls a statement of several lines as one', () => {
    const file = join(folder, 'history')
    writeFileSync(file, 'earlier\n', { mode: 0o644 })
    const history = openHistory(file)
    history.add('auth0.roles.list({\n  per_page: 1,\n})')
    history.add('  ')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3)
    expect(openHistory(file).lines).toEqual(['auth0.roles.list({\n  per_page: 1,\n})', 'earlier'])
  })

  it('X2 loses what turns out to be a secret later', () => {
    const file = join(folder, 'revised')
    const history = openHistory(file)
    history.add("const v = 'hunter2hunter2'")
    history.add('auth0.users.list()')
    history.revise((line) => line.replace('hunter2hunter2', '«secret»'))
    expect(readFileSync(file, 'utf8')).toBe("const v = '«secret»'\nauth0.users.list()\n")
  })

  it('does not grow for ever', () => {
    const file = join(folder, 'long')
    writeFileSync(file, Array.from({ length: 3000 }, (_, index) => `line ${index}`).join('\n'), { mode: 0o600 })
    expect(openHistory(file).lines[0]).toBe('line 2999')
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1000)
  })
})

describe('R7 a statement that is kept', () => {
  const auth0 = connect({ domain: 'tenant.example.com', token: 'x' })
  const kept = (statement: string) => withoutSecrets(statement, { auth0, acls: auth0.networkAcls })
  const S = 'canary-value'

  it.each([
    `const clientSecret = '${S}'`,
    `const secret: string = "${S}"`,
    `let apiToken = \`${S}\``,
    `auth0.mfa('${S}').enroll.otp()`,
    `auth0.mfa(error).verify.otp('${S}')`,
    `auth0.mfa(error).verify.recoveryCode("${S}")`,
    `auth0.userInfo('${S}')`,
    `reveal('${S}')`,
    `connect({ domain: 'd', token: '${S}' })`,
    `connect({ domain: 'd', clientAssertion: { key: '${S}' } })`,
    `auth0.as({ clientId: 'c', clientSecret: '${S}' })`,
    `auth0.actions.create({ name: 'a', supported_triggers: [], secrets: [{ name: 'KEY', value: '${S}' }] })`,
    `auth0.actions.create({ secrets: [{ value: '${S}', name: 'KEY' }] })`,
    `auth0.clients.create({ name: 'n', client_secret: '${S}' })`,
    `auth0.clients('c').update({ 'client_secret': '${S}' })`,
    `auth0.emails.provider.create({ name: 'azure_cs', credentials: { connectionString: '${S}' } })`,
    `auth0.raw('POST /api/v2/x', { body: { dbPassword: '${S}' } })`,
    `auth0.raw('POST /x', { headers: { authorization: '${S}' } })`,
    `auth0.users.list().with({ headers: { 'X-Api-Key': '${S}' } })`,
    `process.env.AUTH0_CLIENT_SECRET = '${S}'`,
    `config['password'] = '${S}'`,
    `if (password === '${S}') go()`,
    `body.set('refresh_token', '${S}')`,
    `[{ name: 'DB_PASSWORD', value: '${S}' }]`,
    `auth0.login.password({\n  username: 'u',\n  password: '${S}',\n})`,
    `auth0.users.create({ password: \`\${prefix}${S}\` })`,
    `auth0.users('u').update({ password: prefix + '${S}' })`,
    `auth0.users('u').update({ password: sure ? '${S}' : "${S}", blocked: true })`,
    `auth0.users('u').update({ password: String('${S}') })`,
    `auth0.users('u').update({ password: ['a', 'b'].join('${S}') })`,
    `auth0.users('u').update({ pasword: '${S}' })`,
    `auth0.clients.create({ name: 'n', client_secrett: '${S}' })`,
    `const dbPassword = start + "${S}"`,
    `auth0.raw('GET /api/v2/x?page=1&token=${S}')`,
    `auth0.raw(\`GET /api/v2/x?api_key=${S}\`)`,
    `new Map([['password', '${S}']])`,
    `new Headers([['authorization', '${S}']])`,
    `if ('${S}' === user.password) 1`,
    `'${S}' != password`,
    `password.startsWith('${S}')`,
    `switch (password) { case '${S}': 1 }`,
    `x = { get password() { return '${S}' } }`,
    `rule = /^${S}$/.test(password)`,
    `auth0.login.refreshToken('${S}')`,
    `auth0.login.authorizationCode({ code: '${S}', redirectUri: 'x' })`,
    `auth0.device.token('${S}')`,
    `b = btoa('client:${S}')`,
    `jwt.sign({}, '${S}')`,
    `secret('client', '${S}')`,
    `auth0.users('u').update({ name: 'x' }) // its password is ${S}`,
    `auth0.users('u').update({ /* password '${S}' */ name: 'x' })`,
  ])('has lost its secret: %s', (statement) => {
    const text = kept(statement)
    expect(text).not.toContain(S)
    expect(text).toContain('«secret»')
    expect(text).toMatch(/^[a-z['«]/)
  })

  it('hides what is a credential by its shape, wherever it stands', () => {
    for (const text of [
      'const jwt = "eyJhbGciOiJIUzI1NiJ9.e30.x"',
      '// eyJhbGciOiJIUzI1NiJ9.e30.abc',
      '`-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----`',
      "f('https://user:pass@example.com/')",
      "f('0123456789abcdefABCDEF0123456789abcdefABCDEF')",
      'const otp = 123456',
    ])
      expect(kept(text), text).toMatch(/«secret»/)
  })

  it('knows the values that a session of this process has taught', () => {
    processSecrets().add('taught-by-a-plan')
    expect(kept("const v = 'taught-by-a-plan'")).toBe("const v = '«secret»'")
  })

  it('stays as it is without one', () => {
    for (const line of [
      "auth0.refreshTokens('rt_1').get()",
      "const given = secret('password')",
      'auth0.users.list() // of the first page',
      "/a/.test(name); 'a' === name",
      "switch (kind) { case 'a': 1 }",
      "name.startsWith('a'); new Map([['name', 'a']])",
      "auth0.raw('GET /api/v2/users?page=1&per_page=5')",
      "auth0.actions.create({ name: 'a', code: 'exports.x = 1' })",
      'auth0.users.list()',
      "auth0.users('auth0|1').get()",
      '.run',
      "auth0.find('token quota')",
      "auth0.networkAcls.create({ description: 'x', active: true, priority: 1 })",
      "const name = 'a'; const total: number = 4",
      "auth0.users.list({ q: 'email:a*' })",
      "auth0.clients.create({ name: 'n', app_type: 'spa' })",
      "const token = await auth0.clients('c').get(); show('x')",
      "f({ password: given, name: 'a' + 'b' })",
    ]) {
      expect(kept(line)).toBe(line)
    }
  })
})

describe('the session log', () => {
  it('keeps what it sent, and lets go of the oldest logs', () => {
    const logs = join(folder, 'logs')
    mkdirSync(logs)
    for (let index = 0; index < 40; index++) writeFileSync(join(logs, `2000-01-${index + 10}.jsonl`), '')
    const log = openSessionLog(logs, () => new Date('2030-01-01T00:00:00Z'))
    log.add({
      statement: "auth0.userInfo('«secret»')",
      status: 'failed',
      operations: ['authentication.userInfo'],
      error: 'api',
    })
    expect(statSync(log.file).mode & 0o777).toBe(0o600)
    const entry = JSON.parse(readFileSync(log.file, 'utf8'))
    expect(entry).toEqual({
      at: '2030-01-01T00:00:00.000Z',
      statement: "auth0.userInfo('«secret»')",
      status: 'failed',
      operations: ['authentication.userInfo'],
      error: 'api',
    })
    expect(() => statSync(join(logs, '2000-01-10.jsonl'))).toThrowError(/ENOENT/)
  })
})
