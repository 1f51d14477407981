import { describe, expect, it } from 'vitest'
import type { JobErrors, JobErrorsCases } from '../../src/catalogue/index.ts'
import { ApiError, NetworkError } from '../../src/plan/index.ts'
import { decode, type HttpReply, rowOf } from '../../src/wire/index.ts'
import { planOf } from './plans.ts'

const json = { 'content-type': 'application/json; charset=utf-8' }

function decodeAs<T = unknown>(op: string, reply: Partial<HttpReply>, route?: string): T {
  const plan = planOf({ op, ...(route !== undefined && { route }) })
  return decode<T>({ status: 200, headers: json, body: '', ...reply }, rowOf(plan), plan)
}

describe('decode', () => {
  it('gives the value as it came, unknown fields and values too', () => {
    const user = { user_id: 'auth0|1', new_field: { deep: [1] }, status: 'never-heard-of' }
    expect(decodeAs('users.get', { body: JSON.stringify(user) })).toEqual(user)
    expect(decodeAs('users.list', { body: '[]' })).toEqual([])
    expect(decodeAs('users.get', { body: 'null' })).toBeNull()
  })

  it.each([
    ['204', 'users.delete', { status: 204 }],
    ['204 with a body', 'users.delete', { status: 204, body: '{"a":1}' }],
    ['an empty 200', 'authentication.passwordless.start', { body: '' }],
    ['a 201 without a body', 'roles.permissions.add', { status: 201, body: ' \n' }],
    ['what deleted network ACLs are answered with', 'networkAcls.delete', { body: '{"code":204,"object":""}' }],
    ['the OK of a revocation', 'authentication.revoke', { body: 'OK', headers: { 'content-type': 'text/plain' } }],
    ['an empty revocation', 'authentication.revoke', { body: '' }],
  ])('is undefined for %s', (_, op, reply) => {
    expect(decodeAs(op, reply)).toBeUndefined()
  })

  it('does not take a record with more than a code for a deletion', () => {
    const value = { code: 204, object: '', id: 'x' }
    expect(decodeAs('users.get', { body: JSON.stringify(value) })).toEqual(value)
  })

  it('gives plain text of the Authentication API as a string, whatever it calls itself', () => {
    const body = "We've just sent you an email to reset your password."
    for (const type of ['text/plain', 'text/html; charset=utf-8']) {
      expect(decodeAs('authentication.database.changePassword', { body, headers: { 'content-type': type } })).toBe(body)
    }
    expect(decodeAs('raw', { body: 'pong', headers: { 'content-type': 'text/plain' } }, 'GET /test')).toBe('pong')
  })

  it('gives metadata in XML as text', () => {
    const body = '<?xml version="1.0"?><EntityDescriptor/>'
    expect(decodeAs('authentication.saml.metadata', { body, headers: { 'content-type': 'application/xml' } })).toBe(
      body,
    )
  })

  it.each(['users.get', 'authentication.userInfo', 'authentication.token'])(
    'never gives a page of HTML as the value of %s',
    (op) => {
      const reply = { body: '<!DOCTYPE html><title>Login</title>', headers: { 'content-type': 'text/html' } }
      const error = caught(() => decodeAs(op, reply))
      expect(error).toBeInstanceOf(ApiError)
      expect((error as Error).message).toMatch(/Auth0 answered 200 with a page of HTML where JSON belongs\..*proxy/)
    },
  )

  it('tells a body that is not whole from one that is something else', () => {
    const cut = caught(() => decodeAs('users.get', { body: '{"user_id":"au' }))
    expect(cut).toBeInstanceOf(NetworkError)
    expect(cut).toMatchObject({ code: 'INVALID_JSON', applied: 'no' })
    expect(caught(() => decodeAs('users.create', { body: '{"a' }))).toMatchObject({ applied: 'maybe' })
    const other = caught(() => decodeAs('users.get', { body: 'hello', headers: { 'content-type': 'text/plain' } }))
    expect(other).toBeInstanceOf(ApiError)
  })
})

describe('the errors of a job', () => {
  const read = (reply: Partial<HttpReply>) => decodeAs<JobErrors>('jobs.errors.get', reply)
  const failed = [{ user: { email: 'a@b.c' }, errors: [{ code: 'FORMAT', message: 'no' }] }]
  const job = { id: 'job_1', type: 'users_export', status: 'failed', status_details: 'why' }
  const say = {
    import: (e: { errors: unknown[] }) => `import ${e.errors.length}`,
    generic: (e: { status_details?: string }) => `generic ${e.status_details}`,
    none: () => 'none',
  }

  it('are a union by kind', () => {
    expect(read({ body: JSON.stringify(failed) })).toEqual({ kind: 'import', errors: failed })
    expect(read({ body: JSON.stringify(job) })).toEqual({ kind: 'generic', ...job })
    expect(read({ status: 204 })).toEqual({ kind: 'none' })
  })

  it('choose with match, call with visit, and narrow with guards', () => {
    const [imported, generic, none] = [
      read({ body: JSON.stringify(failed) }),
      read({ body: JSON.stringify(job) }),
      read({ status: 204 }),
    ]
    expect([imported, generic, none].map((errors) => errors.match(say))).toEqual(['import 1', 'generic why', 'none'])
    const seen: string[] = []
    for (const errors of [imported, generic, none]) errors.visit({ none: () => void seen.push('none') })
    expect(seen).toEqual(['none'])
    expect(imported.isImport() && imported.errors.length).toBe(1)
    expect([imported, generic, none].map((each) => each.isGeneric())).toEqual([false, true, false])
    expect([imported, generic, none].map((each) => each.isNone())).toEqual([false, false, true])
  })

  it('are plain data to everything that copies or prints', () => {
    const errors = read({ body: JSON.stringify(job) })
    expect(structuredClone(errors)).toEqual({ kind: 'generic', ...job })
    expect(JSON.parse(JSON.stringify(errors))).toEqual({ kind: 'generic', ...job })
    expect(Object.keys(errors)).not.toContain('match')
  })

  it('say which case a match lacks', () => {
    const errors = read({ status: 204 })
    const partial = { import: () => 1, generic: () => 2 } as unknown as JobErrorsCases<number>
    expect(() => errors.match(partial)).toThrow(/no function for none/)
  })
})

function caught(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown.')
}
