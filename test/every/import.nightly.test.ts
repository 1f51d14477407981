import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect, type Session } from '../../src/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'

let tenant: Sandbox
let auth0: Session
let connection_id: string

beforeEach(async () => {
  tenant = await sandbox({ seed: 'import' })
  auth0 = connect(tenant.options)
  const [database] = await auth0.connections
    .list({ strategy: ['auth0'] })
    .all()
    .run()
  connection_id = database?.id ?? ''
})
afterEach(() => tenant?.close())

/** Records of some 20 kB. */
const large = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({
    email: `import-${from + at}@example.com`,
    user_metadata: { text: 'x'.repeat(20_000) },
  }))
const files = () => tenant.requests.filter(({ path }) => path === '/api/v2/jobs/users-imports')

async function* pulled<T>(items: readonly T[], taken: number[]): AsyncGenerator<T> {
  for (const [at, item] of items.entries()) {
    taken.push(at)
    yield item
  }
}

describe('users.import()', () => {
  it('splits what is larger than a file, two jobs at a time, and counts over all of them', async () => {
    const taken: number[] = []
    const imported = await auth0.users.import(pulled(large(100), taken), { connection_id }).run()
    expect(imported).toMatchObject({ total: 100, inserted: 100, updated: 0, failed: [] })
    expect(files()).toHaveLength(5)
    expect(imported.jobs).toHaveLength(5)
    expect(files().filter(({ status }) => status !== 202)).toEqual([])
    expect(taken).toHaveLength(100)
  }, 60_000)

  it.each([
    ['an address that is none', { email: 'nobody' }, 'FORMAT'],
    ['a member that there is not', { email: 'b@example.com', surname: 'canary' }, /./],
    [
      'a record of more than a file',
      { email: 'c@example.com', user_metadata: { text: 'x'.repeat(500_000) } },
      'TOO_LARGE',
    ],
  ])(
    'tells the errors of all files together: %s',
    async (_, bad, code) => {
      const records = [...large(26), { ...bad, password_hash: '$2b$10$canary' }, ...large(10, 50)]
      const imported = await auth0.users.import(records as never, { connection_id }).run()
      expect(imported.total).toBe(37)
      expect(imported.inserted).toBe(36)
      expect(imported.failed).toHaveLength(1)
      expect(imported.failed[0]?.errors[0]?.code).toEqual(typeof code === 'string' ? code : expect.stringMatching(code))
      expect(imported.failedRecords).toEqual([{ ...bad, password_hash: '$2b$10$canary' }])
      expect(JSON.stringify(imported)).not.toContain('$2b$10$canary')

      const mended = imported.failedRecords.map(() => ({ email: 'mended@example.com' }))
      expect(await auth0.users.import(mended, { connection_id }).run()).toMatchObject({ inserted: 1, failed: [] })
    },
    60_000,
  )

  it('fails at once where the first file is refused, and tells later ones with their records', async () => {
    await expect(auth0.users.import(large(60), { connection_id: 'con_0000000000000000' }).run()).rejects.toThrow(
      /connection does not exist/,
    )
    expect(files()).toHaveLength(1)
    tenant.faults.add({
      kind: 'status',
      status: 400,
      match: { path: '/api/v2/jobs/users-imports' },
      after: 1,
      times: 1,
    })
    const imported = await auth0.users.import(large(60), { connection_id }).run()
    expect(imported.inserted).toBe(60 - imported.failed.length)
    expect(imported.failed.length).toBeGreaterThan(0)
    expect(imported.failedRecords).toHaveLength(imported.failed.length)
  }, 60_000)

  it('is checked without a write, file by file', async () => {
    const review = await auth0.users.import(large(60), { connection_id }).check()
    expect(review.writes).toBe(3)
    expect(files()).toEqual([])
  }, 60_000)

  it.each([
    ['one file', 5, 1],
    ['several files', 60, 3],
  ])(
    'is applied as it was reviewed, each job awaited, with the errors of all parts: %s',
    async (_, count, parts) => {
      const records = [...large(count), { email: 'not an address', user_metadata: { text: 'x'.repeat(20_000) } }]
      const review = await auth0.users.import(records, { connection_id }).check()
      const applied = await review.apply()
      expect([applied.status, applied.error]).toEqual(['done', undefined])
      expect(applied.written).toBe(parts)
      expect(files()).toHaveLength(parts)
      const ended = Object.entries(applied.values).filter(([id]) => id.includes('finished'))
      expect(ended.map(([, job]) => (job as { status: string }).status)).toEqual(Array(parts).fill('completed'))
      expect(JSON.stringify(applied.values)).toContain('not an address')
      expect(await auth0.users.listUsersByEmail({ email: 'import-3@example.com' }).run()).toHaveLength(1)
    },
    60_000,
  )

  it('refuses what is not a list, and a connection without an id', () => {
    expect(() => auth0.users.import('users.json' as never, { connection_id })).toThrow(/must be an array/)
    expect(() => auth0.users.import({ file: 'users.json' } as never, { connection_id })).toThrow(/usersImports\.create/)
    expect(() => auth0.users.import([], {} as never)).toThrow(/"connection_id" must be the id/)
    expect(auth0.users.import(large(3), { connection_id }).explain().steps[0]?.purpose).toMatch(/3 records/)
  })
})
