import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { row } from '../../src/catalogue/index.ts'
import { type PlanData, planData, ValidationError } from '../../src/plan/index.ts'
import { encodeBody } from '../../src/wire/draft.ts'
import { decode, decodeError, draft, readErrorBody, toCurl } from '../../src/wire/index.ts'

const environment = { domain: 'tenant.example.com', audience: 'https://tenant.example.com/api/v2/' }
const rowFor = (op: string) => row(op) as NonNullable<ReturnType<typeof row>>
const requestOf = (plan: PlanData) => draft(plan, rowFor(plan.op), environment, {})

describe('C19 the words of an error, whatever shape they have', () => {
  it.each([
    [{ message: ['name is required', 'email is required'] }, 'name is required; email is required'],
    [{ errors: ['one', 'two'] }, 'one; two'],
    [{ errors: [{ message: 'no', field: 'name' }] }, 'name: no'],
    [{ errors: { name: ['is too short'], email: 'is taken' } }, 'name: is too short; email: is taken'],
    [{ error: { message: 'nested', code: 'x' } }, 'nested'],
    [[{ message: 'first' }, { message: 'second' }], 'first; second'],
    [{ statusCode: 400, error: 'Bad Request', message: { detail: 'deep' } }, 'deep'],
    [{ fault: { faultstring: 'gateway' } }, '{"fault":{"faultstring":"gateway"}}'],
  ])('%j', (body, message) => {
    expect(readErrorBody({ status: 400, headers: {}, body: JSON.stringify(body) }).message).toBe(message)
  })

  it('says of an empty body that it is empty', () => {
    const error = decodeError(
      { status: 500, headers: {}, body: '' },
      rowFor('users.get'),
      planData({ op: 'users.get' }),
      1,
      0,
    )
    expect(error.message).toContain('Auth0 answered 500 with an empty body.')
  })
})

describe('C11 input that no URL can hold', () => {
  it.each([
    planData({ op: 'users.get', params: { id: 'a\ud800' } }),
    planData({ op: 'users.list', query: { q: 'x\udfff' } }),
    planData({ op: 'users.list', options: { query: { 'na\ud800me': 1 } } }),
  ])('is the caller’s to mend: %#', (plan) => {
    expect(() => requestOf(plan)).toThrow(ValidationError)
    expect(() => requestOf(plan)).toThrow(/surrogate pairs.*Nothing was sent/)
  })
})

describe('C30 job errors', () => {
  const errors = decode<{ visit(...cases: unknown[]): void; match(...cases: unknown[]): unknown; kind: string }>(
    { status: 200, headers: {}, body: '[{"user":{},"errors":[]}]' },
    rowFor('jobs.errors.get'),
    planData({ op: 'jobs.errors.get', params: { id: 'job_1' } }),
  )

  it('take their functions as an object or one after the other', () => {
    const seen: string[] = []
    const cases = [() => seen.push('import'), () => seen.push('generic'), () => seen.push('none')]
    errors.visit(...cases)
    errors.visit({ import: cases[0] })
    expect(errors.match(...cases)).toBe(3)
    expect(seen).toEqual(['import', 'import', 'import'])
  })

  it.each([
    [[{ imprt() {} }], /there is no case "imprt"\. Did you mean "import"\?/],
    [[{ import: 'x' }], /"import" must be a function/],
    [[], /one function for each case\. Write visit\(\{ import/],
    [[{}], /it got no function/],
    [[() => {}, {}], /one function for each case/],
  ])('refuse %#, with the shape', (given, message) => {
    expect(() => errors.visit(...given)).toThrow(message)
  })
})

describe('X5 a file that a plan names', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenantlab-x5-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const sending = (users: object) =>
    Promise.resolve().then(() =>
      encodeBody(
        requestOf(planData({ op: 'jobs.usersImports.create', body: { connection_id: 'con_1', users } as never })).body!,
      ),
    )

  it('is refused where it is none that a person would send', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const link = join(folder, 'link.json')
    symlinkSync('/proc/self/environ', link)
    const large = join(folder, 'large.json')
    writeFileSync(large, '')
    truncateSync(large, 600_000)
    const sha256 = '0'.repeat(64)
    for (const [file, rule] of [
      ['/proc/self/environ', /belongs to the system/],
      [link, /belongs to the system/],
      ['/dev/zero', /belongs to the system/],
      [pipe, /not a regular file/],
      [folder, /not a regular file|EISDIR/],
      [large, /takes at most 512000/],
    ] as const) {
      await expect(sending({ file, sha256 }), file).rejects.toThrow(rule)
      await expect(sending({ file, sha256 }), file).rejects.toBeInstanceOf(ValidationError)
    }
  })

  it('is named with its SHA-256', async () => {
    const file = join(folder, 'users.json')
    writeFileSync(file, '[]')
    const sha256 = createHash('sha256').update('[]').digest('hex')
    await expect(sending({ file })).rejects.toThrow(`add sha256: '${sha256}'`)
    expect((await sending({ file, sha256 })).contentType).toContain('multipart/form-data')
  })
})

describe('X10 what acts on a terminal', () => {
  it('stands in no command', () => {
    const plan = planData({
      op: 'users.update',
      params: { id: 'a\u001b]0;x\u0007' },
      body: { name: 'a\u202eb\u009bc\u001b[2J' } as never,
    })
    expect(toCurl(plan, rowFor('users.update'))).not.toMatch(/[\p{Cc}\p{Cf}](?<!\n)/u)
  })
})
