import { describe, expect, it } from 'vitest'
import {
  diffValues,
  hideQuery,
  isSecretName,
  redact,
  redactHeaders,
  redactText,
  resolveSecrets,
} from '../../src/plan/index.ts'

describe('redaction', () => {
  it('hides by path, by name, and the queries of links, and leaves its argument alone', () => {
    const value = {
      access_token: 'canary',
      nested: [{ deep: 'canary', keep: 1 }],
      ticket: 'https://x/u/verify?ticket=canary#',
      code: 'inexistent_user',
      token_type: 'Bearer',
    }
    const safe = redact(value, { paths: ['nested.*.deep'], urls: ['ticket'] })
    expect(JSON.stringify(safe)).not.toContain('canary')
    expect(safe).toMatchObject({ nested: [{ keep: 1 }], token_type: 'Bearer' })
    expect(value.access_token).toBe('canary')
  })

  it('keeps slots: they hold no value', () => {
    expect(redact({ password: { $secret: 'password' } })).toEqual({ password: { $secret: 'password' } })
  })

  it('survives a circle', () => {
    const circle: Record<string, unknown> = { password: 'canary' }
    circle.self = circle
    const safe = redact(circle) as Record<string, unknown>
    expect(safe.self).toBe(safe)
    expect(safe.password).not.toBe('canary')
  })

  it('knows names', () => {
    for (const name of ['password', 'client_secret', 'mfa_token', 'refresh_token', 'private_key', 'otp', 'oob_code']) {
      expect(isSecretName(name), name).toBe(true)
    }
    for (const name of ['token_type', 'token_quota', 'default_token_quota', 'email', 'secretary', 'password_policy']) {
      expect(isSecretName(name), name).toBe(false)
    }
  })

  it('hides headers, link queries and known values', () => {
    expect(redactHeaders({ Authorization: 'Bearer canary', accept: 'x' })).toEqual({
      Authorization: '«secret»',
      accept: 'x',
    })
    expect(hideQuery('https://x/a?b=canary')).toBe('https://x/a?«secret»')
    expect(redactText('a canary sings', ['canary'])).toBe('a «secret» sings')
  })
})

describe('values', () => {
  it('resolves slots without touching the data', () => {
    const body = Object.freeze({ a: Object.freeze({ $secret: 'x' }), b: [1, 2] })
    expect(resolveSecrets(body, (name) => `value of ${name}`)).toEqual({ a: 'value of x', b: [1, 2] })
    const bare = { b: [1, { c: 2 }] }
    expect(resolveSecrets(bare, () => '')).toBe(bare)
  })

  it('tells differences at their paths', () => {
    expect(diffValues({ a: 1, b: { c: 1, d: [1] }, e: 1 }, { a: 1, b: { c: 2, d: [1, 2] }, f: null })).toEqual([
      { kind: 'changed', path: 'b.c', before: 1, after: 2 },
      { kind: 'changed', path: 'b.d', before: [1], after: [1, 2] },
      { kind: 'removed', path: 'e', before: 1 },
      { kind: 'added', path: 'f', after: null },
    ])
    expect(diffValues({ a: [{ b: 1 }] }, { a: [{ b: 1 }] })).toEqual([])
  })
})
