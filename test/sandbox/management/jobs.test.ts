import { beforeEach, describe, expect, it } from 'vitest'
import { exportFile } from '../../../src/sandbox/management/index.ts'
import { type Bench, bench, failed } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
})

const day = 24 * 3600 * 1000
const importUsers = (users: unknown, more: Record<string, string> = {}) =>
  b.call('jobs.usersImports.create', {
    parts: { users: typeof users === 'string' ? users : JSON.stringify(users), connection_id: b.connection, ...more },
  })
const job = (id: string) => b.call('jobs.get', { params: { id } })
const errors = (id: string) => b.call('jobs.errors.get', { params: { id } })

async function imported(users: unknown, more: Record<string, string> = {}) {
  const { body } = await importUsers(users, more)
  b.tenant.clock.advance(60_000)
  return { id: body.id as string, job: (await job(body.id)).body, errors: await errors(body.id) }
}

describe('POST /jobs/users-imports', () => {
  it('answers 202, takes time on the clock, and completes with a summary', async () => {
    const made = await importUsers([{ email: 'A@example.com', user_id: 'abc' }, { email: 'b@example.com' }], {
      external_id: 'mine',
    })
    expect(made).toMatchObject({
      status: 202,
      body: {
        id: expect.stringMatching(/^job_\w{16}$/),
        type: 'users_import',
        status: 'pending',
        external_id: 'mine',
        connection_id: b.connection,
        connection: 'Username-Password-Authentication',
        upsert: false,
      },
    })
    expect(Object.keys(made.body).some((key) => key.startsWith('$'))).toBe(false)
    b.tenant.clock.advance(1000)
    const running = (await job(made.body.id)).body
    expect(running.status).toBe('pending')
    expect(running.percentage_done).toBeGreaterThan(0)
    expect(running.time_left_seconds).toBeGreaterThan(0)
    expect((await errors(made.body.id)).status).toBe(204)
    b.tenant.clock.advance(60_000)
    expect((await job(made.body.id)).body).toMatchObject({
      status: 'completed',
      summary: { failed: 0, updated: 0, inserted: 2, total: 2 },
    })
    expect((await b.call('users.get', { params: { id: 'auth0|abc' } })).body.email).toBe('a@example.com')
    expect((await errors(made.body.id)).status).toBe(204)
  })

  it.each([
    ['no users part', { users: undefined }, "Must provide 'users' file as multipart part."],
    ['no connection part', { connection_id: undefined }, "Must provide 'connection_id' as multipart part."],
    ['an empty file', { users: '  ' }, 'Users file must not be empty.'],
    [
      'a malformed connection id',
      { connection_id: 'x' },
      "Payload validation error: 'String does not match pattern ^con_[A-Za-z0-9]{16}$' on property connection_id.",
    ],
    ['an unknown connection', { connection_id: 'con_0000000000000000' }, 'The connection does not exist.'],
    ['a value that is no boolean', { upsert: 'yes' }, /upsert/],
  ])('refuses %s', async (_what, parts, message) => {
    const all = { users: '[]', connection_id: b.connection, ...parts }
    const given = Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
    expect(await b.call('jobs.usersImports.create', { parts: given })).toMatchObject(failed(400, message))
  })

  it('refuses a passwordless, a disabled and a custom database connection, and a body that is not multipart', async () => {
    const sms = [...b.tenant.tables.connections.values()].find((one) => one['strategy'] === 'sms')
    expect(await importUsers([], { connection_id: String(sms?.['id']) })).toMatchObject(
      failed(400, 'Connection must be a database connection.'),
    )
    const database = b.tenant.tables.connections.get(b.connection) ?? {}
    b.tenant.tables.connections.set(b.connection, { ...database, $disabled: true })
    expect(await importUsers([])).toMatchObject(failed(400, /enabled/))
    b.tenant.tables.connections.set(b.connection, { ...database, options: { enabledDatabaseCustomization: true } })
    expect(await importUsers([])).toMatchObject(failed(400, /import mode/))
    b.tenant.tables.connections.set(b.connection, {
      ...database,
      options: { enabledDatabaseCustomization: true, import_mode: true },
    })
    expect((await importUsers([])).status).toBe(202)
    expect((await b.call('jobs.usersImports.create', { body: {} })).status).toBe(400)
  })

  it('answers 413 for a large file and 429 for a third job at the same time', async () => {
    expect(await importUsers(`["${'x'.repeat(512_000)}"]`)).toMatchObject(
      failed(413, 'Payload content length greater than maximum allowed: 512000.'),
    )
    await importUsers([])
    await importUsers([])
    expect(await importUsers([])).toMatchObject(
      failed(
        429,
        'There are 2 active import users jobs, please wait until some of them are finished and try again',
        'too_many_requests',
      ),
    )
    b.tenant.clock.advance(60_000)
    expect((await importUsers([])).status).toBe(202)
  })

  it('reports single bad users and completes; hashes are masked', async () => {
    const hash = { algorithm: 'md5', hash: { value: 'c0ffee', encoding: 'utf8' } }
    const result = await imported([{ email: 'good@example.com' }, { email: 'bad', custom_password_hash: hash }])
    expect(result.job).toMatchObject({ status: 'completed', summary: { failed: 1, inserted: 1, total: 2 } })
    expect(result.errors.status).toBe(200)
    expect(result.errors.body).toHaveLength(1)
    const [{ user, errors: found }] = result.errors.body
    expect(user.custom_password_hash.hash.value).toBe('*****')
    expect(found).toEqual([
      { code: 'FORMAT', message: expect.any(String), path: 'email' },
      { code: 'ENUM_MISMATCH', message: expect.any(String), path: 'custom_password_hash.hash.encoding' },
    ])
  })

  const hash = { value: 'c0ffee', encoding: 'hex' }
  it.each<[string, object | string, string, string]>([
    ['no email', {}, 'OBJECT_REQUIRED', ''],
    ['a record that is no object', 'x', 'INVALID_TYPE', ''],
    ['an unknown key', { shoe: 1 }, 'OBJECT_ADDITIONAL_PROPERTIES', 'shoe'],
    ['a wrong type', { blocked: 'no' }, 'INVALID_TYPE', 'blocked'],
    ['a phone number that is not E.164', { phone_number: '555' }, 'PATTERN', 'phone_number'],
    ['an empty name', { name: '' }, 'MIN_LENGTH', 'name'],
    ['a long name', { given_name: 'x'.repeat(151) }, 'MAX_LENGTH', 'given_name'],
    ['a picture that is no URL', { picture: 'x' }, 'FORMAT', 'picture'],
    ['a hash that is not bcrypt', { password_hash: 'x' }, 'PATTERN', 'password_hash'],
    ['a reserved key', { app_metadata: { email: 'x' } }, 'NOT_PASSED', 'app_metadata.email'],
    ['a username where there are none', { username: 'x' }, 'NOT_PASSED', 'username'],
    [
      'an unknown algorithm',
      { custom_password_hash: { algorithm: 'rot13', hash } },
      'ENUM_MISMATCH',
      'custom_password_hash.algorithm',
    ],
    ['no hash', { custom_password_hash: { algorithm: 'md5' } }, 'OBJECT_REQUIRED', 'custom_password_hash'],
    [
      'scrypt without keylen',
      { custom_password_hash: { algorithm: 'scrypt', hash } },
      'OBJECT_REQUIRED',
      'custom_password_hash',
    ],
    [
      'a keylen of 0',
      { custom_password_hash: { algorithm: 'scrypt', hash, keylen: 0 } },
      'MINIMUM',
      'custom_password_hash.keylen',
    ],
    [
      'hmac without digest',
      { custom_password_hash: { algorithm: 'hmac', hash: { ...hash, key: { value: 'k' } } } },
      'OBJECT_REQUIRED',
      'custom_password_hash.hash',
    ],
    ['no factors', { mfa_factors: [] }, 'ARRAY_LENGTH_SHORT', 'mfa_factors'],
    [
      'eleven factors',
      { mfa_factors: Array.from({ length: 11 }, () => ({ phone: { value: '+1' } })) },
      'ARRAY_LENGTH_LONG',
      'mfa_factors',
    ],
    ['a factor of no known kind', { mfa_factors: [{ pager: {} }] }, 'ANY_OF_MISSING', 'mfa_factors[0]'],
    [
      'a secret that is not base32',
      { mfa_factors: [{ totp: { secret: 'abc1' } }] },
      'PATTERN',
      'mfa_factors[0].totp.secret',
    ],
  ])('finds %s', async (what, record, code, path) => {
    const whole =
      typeof record === 'string' ? record : what === 'no email' ? record : { email: 'x@example.com', ...record }
    const result = await imported([whole])
    expect(result.job.summary).toEqual({ failed: 1, updated: 0, inserted: 0, total: 1 })
    expect(result.errors.body[0].errors[0]).toMatchObject({ code, path })
  })

  it('finds conflicts with users and within the file', async () => {
    const database = b.tenant.tables.connections.get(b.connection) ?? {}
    b.tenant.tables.connections.set(b.connection, { ...database, options: { requires_username: true } })
    const first = await imported([
      { email: 'a@example.com', username: 'ann', user_id: 'one', phone_number: '+15550001' },
      { email: 'A@example.com' },
      { email: 'a2@example.com', username: 'ANN' },
    ])
    expect(first.job.summary).toEqual({ failed: 2, updated: 0, inserted: 1, total: 3 })
    expect(first.errors.body.map((entry: { errors: { code: string }[] }) => entry.errors[0]?.code)).toEqual([
      'DUPLICATED_USER',
      'DUPLICATED_USER',
    ])
    const second = await imported([
      { email: 'a@example.com' },
      { email: 'b@example.com', username: 'ann' },
      { email: 'c@example.com', user_id: 'one' },
      { email: 'd@example.com', phone_number: '+15550001' },
    ])
    expect(
      second.errors.body.map((entry: { errors: { code: string; path: string }[] }) =>
        entry.errors.map(({ code, path }) => [code, path]),
      ),
    ).toEqual([
      [['DUPLICATED_USER', 'email']],
      [['CONFLICT_USERNAME', 'username']],
      [['CONFLICT', 'user_id']],
      [['CONFLICT', 'phone_number']],
    ])
  })

  it('upserts by address alone and overwrites metadata', async () => {
    await b.call('users.update', { params: { id: b.other }, body: { user_metadata: { kept: false } } })
    const result = await imported(
      [{ email: 'user-two@example.com', given_name: 'Two', blocked: true, user_metadata: { fresh: true } }],
      { upsert: 'true' },
    )
    expect(result.job.summary).toEqual({ failed: 0, updated: 1, inserted: 0, total: 1 })
    const { body } = await b.call('users.get', { params: { id: b.other } })
    expect(body).toMatchObject({ given_name: 'Two', user_metadata: { fresh: true } })
    expect(body).not.toHaveProperty('blocked')
  })

  it('imports factors, and reports one that fails while the rest stays applied', async () => {
    const result = await imported([
      {
        email: 'a@example.com',
        user_id: 'a',
        mfa_factors: [
          { totp: { secret: 'JBSWY3DPEHPK3PXP' } },
          { phone: { value: '+15550009' } },
          { email: { value: 'a@example.com' } },
        ],
      },
      { email: 'b@example.com', user_id: 'b', name: 'Bee', mfa_factors: [{ totp: { secret: 'SHORT' } }] },
    ])
    expect(result.errors.body).toMatchObject([
      {
        user: { email: 'b@example.com' },
        errors: [{ code: 'MFA_FACTORS_FAILED', message: 'Unable to import factors' }],
      },
    ])
    const methods = await b.call('users.authenticationMethods.list', { params: { id: 'auth0|a' } })
    expect(methods.body.map((one: { type: string }) => one.type)).toEqual(['totp', 'phone', 'email'])
    expect((await b.call('users.get', { params: { id: 'auth0|b' } })).body.name).toBe('Bee')
    expect(result.job.summary.inserted).toBe(2)
  })

  it('mails the owners unless told not to, and logs', async () => {
    await imported([])
    expect(b.mails().at(-1)).toMatchObject({ to: 'support@example.com', subject: 'Your users import has ended' })
    const sent = b.mails().length
    await imported([], { send_completion_email: 'false' })
    expect(b.mails().length).toBe(sent)
    expect((await b.call('logs.list', { query: { q: 'type:sui' } })).body).toHaveLength(2)
  })

  it.each<[string, string, () => unknown, RegExp]>([
    [
      'its connection is deleted meanwhile',
      '[]',
      () => b.call('connections.delete', { params: { id: b.connection } }),
      /no longer exists/,
    ],
    [
      'its connection is disabled meanwhile',
      '[]',
      () =>
        b.tenant.tables.connections.set(b.connection, {
          ...b.tenant.tables.connections.get(b.connection),
          $disabled: true,
        }),
      /disabled/,
    ],
    ['its file is no JSON', '[{"email"', () => undefined, /valid JSON/],
    ['its file is no list', '{}', () => undefined, /array/],
  ])('fails when %s, with the generic error', async (_what, users, meanwhile, details) => {
    const { body } = await importUsers(users)
    await meanwhile()
    b.tenant.clock.advance(60_000)
    expect((await job(body.id)).body).toMatchObject({
      status: 'failed',
      status_details: expect.stringMatching(details),
    })
    expect(await errors(body.id)).toMatchObject({
      status: 200,
      body: {
        id: body.id,
        type: 'users_import',
        status: 'failed',
        connection_id: b.connection,
        status_details: expect.stringMatching(details),
      },
    })
    expect((await b.call('logs.list', { query: { q: 'type:fui' } })).body).toHaveLength(1)
  })

  it('is forgotten a day after its end', async () => {
    const { id } = await imported([])
    b.tenant.clock.advance(day)
    expect(await job(id)).toMatchObject(failed(404, 'The job does not exist.', 'inexistent_job'))
    expect(await errors(id)).toMatchObject(failed(404, 'The job does not exist.'))
  })

  it('goes on after a restored snapshot, which has lost its timers', async () => {
    const { body } = await importUsers([{ email: 'later@example.com' }])
    const snapshot = b.lab.snapshot()
    b.lab.reset(snapshot)
    b.tenant.clock.advance(60_000)
    expect((await job(body.id)).body).toMatchObject({ status: 'completed', summary: { inserted: 1 } })
  })
})

describe('POST /jobs/users-exports', () => {
  const exported = async (body: object) => {
    const made = await b.call('jobs.usersExports.create', { body: body as never })
    expect(made).toMatchObject({ status: 200, body: { type: 'users_export', status: 'pending' } })
    b.tenant.clock.advance(5000)
    const done = (await job(made.body.id)).body
    const link = new URL(done.location)
    return { id: made.body.id as string, link, file: exportFile(b.tenant, link.pathname.slice('/exports/'.length)) }
  }

  it('writes one object per line, whole profiles without private keys', async () => {
    const { file, link } = await exported({ connection_id: b.connection, format: 'json' })
    expect(link.origin).toBe(`https://${b.tenant.domain}`)
    expect(file?.type).toBe('application/x-ndjson')
    const rows = (file?.content ?? '')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.map((row) => row.email)).toEqual(['user-one@example.com', 'user-two@example.com'])
    expect(rows[0].identities[0].connection).toBe('Username-Password-Authentication')
    expect(file?.content).not.toContain(b.lab.seed.users[0]?.password)
  })

  it('leaves the passwords of linked identities out', async () => {
    const password = b.lab.seed.users[1]?.password ?? 'none'
    await b.call('users.identities.link', { params: { id: b.user }, body: { provider: 'auth0', user_id: b.other } })
    const { file } = await exported({})
    expect(file?.content).toContain('user-two@example.com')
    expect(file?.content).not.toContain(password)
  })

  it('takes a limit, paths with indexes and other titles', async () => {
    const fields = [
      { name: 'email', export_as: 'mail' },
      { name: 'identities[0].connection', export_as: 'db' },
      { name: 'user_metadata.color' },
    ]
    const { file } = await exported({ format: 'json', limit: 1, fields })
    expect(file?.content).toBe('{"mail":"user-one@example.com","db":"Username-Password-Authentication"}\n')
  })

  it('escapes csv: quotes doubled, an apostrophe before text but not before dates', async () => {
    await b.call('users.update', { params: { id: b.user }, body: { name: '=1+"1"' } })
    const fields = [
      { name: 'name' },
      { name: 'email_verified' },
      { name: 'created_at', export_as: 'since' },
      { name: 'nothing' },
    ]
    const { file } = await exported({ format: 'csv', limit: 1, fields })
    const since = b.tenant.tables.users.get(b.user)?.['created_at']
    expect(file?.content).toBe(`"name","email_verified","since","nothing"\n"'=1+""1""",false,"${String(since)}",\n`)
    expect(file?.type).toBe('text/csv; charset=utf-8')
  })

  it('refuses an unknown connection, more than thirty csv fields, and whole objects in csv', async () => {
    const create = (body: object) => b.call('jobs.usersExports.create', { body: body as never })
    expect(await create({ connection_id: 'con_none' })).toMatchObject(failed(400, 'The connection does not exist.'))
    expect(
      await create({ format: 'csv', fields: Array.from({ length: 31 }, (_, i) => ({ name: `user_metadata.k${i}` })) }),
    ).toMatchObject(failed(400, /maximum 30/))
    expect(await create({ format: 'csv', fields: [{ name: 'user_metadata' }] })).toMatchObject(failed(400, /leaves/))
  })

  it('gives links for a minute, and a fresh one at every look', async () => {
    const { id, link } = await exported({})
    b.tenant.clock.advance(61_000)
    expect(exportFile(b.tenant, link.pathname.slice('/exports/'.length))).toBeUndefined()
    const again = new URL((await job(id)).body.location)
    expect(again.href).not.toBe(link.href)
    expect(exportFile(b.tenant, again.pathname.slice('/exports/'.length))?.content).toContain('user-one')
    expect(exportFile(b.tenant, 'unknown')).toBeUndefined()
  })

  it('fails when its connection is deleted meanwhile', async () => {
    const { body } = await b.call('jobs.usersExports.create', { body: { connection_id: b.connection } })
    await b.call('connections.delete', { params: { id: b.connection } })
    b.tenant.clock.advance(5000)
    expect((await job(body.id)).body).not.toHaveProperty('location')
    expect((await errors(body.id)).body).toMatchObject({
      id: body.id,
      type: 'users_export',
      status: 'failed',
      status_details: expect.any(String),
    })
  })
})

describe('POST /jobs/verification-email', () => {
  const create = (body: object, linkDomain?: string) =>
    b.call('jobs.verificationEmail.create', {
      body: body as never,
      ...(linkDomain === undefined ? {} : { linkDomain }),
    })

  it('answers 201, then mails a link on the chosen domain', async () => {
    const { body, status } = await create({ user_id: b.user }, 'login.acme.example')
    expect({ status, type: body.type, state: body.status }).toEqual({
      status: 201,
      type: 'verification_email',
      state: 'pending',
    })
    expect(b.mails()).toHaveLength(0)
    b.tenant.clock.advance(1000)
    expect((await job(body.id)).body.status).toBe('completed')
    expect(b.mails()).toHaveLength(1)
    expect(b.mails()[0]).toMatchObject({
      to: 'user-one@example.com',
      customDomain: 'login.acme.example',
      url: expect.stringMatching(/^https:\/\/login\.acme\.example\//),
    })
    expect((await errors(body.id)).status).toBe(204)
    expect((await b.call('logs.list', { query: { q: 'type:svr' } })).body).toHaveLength(1)
  })

  it('refuses what cannot be mailed', async () => {
    expect(await create({ user_id: 'auth0|none' })).toMatchObject(
      failed(400, 'The user does not exist.', 'inexistent_user'),
    )
    expect(await create({ user_id: b.user, client_id: 'none' })).toMatchObject(failed(400, /client/))
    expect(await create({ user_id: b.user, organization_id: 'org_none' })).toMatchObject(failed(400, /organization/))
    expect(await create({ user_id: b.other, organization_id: b.organization })).toMatchObject(
      failed(400, /not a member/),
    )
    expect(await create({ user_id: b.user, identity: { provider: 'google-oauth2', user_id: '1' } })).toMatchObject(
      failed(400, /identity/),
    )
    b.tenant.tables.users.set('sms|1', {
      user_id: 'sms|1',
      identities: [{ provider: 'sms', connection: 'sms', user_id: '1' }],
    })
    expect(await create({ user_id: 'sms|1' })).toMatchObject(failed(400, /database/))
    expect(await create({ user_id: 'sms|1', identity: { provider: 'sms', user_id: '1' } })).toMatchObject(
      failed(400, /email address/),
    )
  })

  it('fails when the template is switched off', async () => {
    await b.call('emailTemplates.create', {
      body: { template: 'verify_email', enabled: false, body: '', from: '', subject: '', syntax: 'liquid' },
    })
    const { body } = await create({ user_id: b.user })
    b.tenant.clock.advance(1000)
    expect((await errors(body.id)).body).toMatchObject({
      type: 'verification_email',
      status: 'failed',
      status_details: expect.stringMatching(/template/),
    })
  })
})
