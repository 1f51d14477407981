import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/session/index.ts'

const auth0 = connect({ domain: 'tenant.example.com', token: 'manual-token-of-the-test' })

describe('N11 what is half said', () => {
  it.each([
    ['mfa', () => auth0.mfa('mfa-token-of-the-test'), /auth0\.mfa\(token\) is half.*\.verify\.otp\(code\)/s],
    ['enroll', () => auth0.mfa('mfa-token-of-the-test').enroll, /enroll is half.*\.sms\(phoneNumber\)/s],
    ['tenant', () => auth0.tenant(), /\.quotas\(\)/],
    ['quotas', () => auth0.tenant().quotas(), /\.clients\(\{ perDay/],
    ['a rule', () => auth0.networkAcls.rule(), /\.block\(\), \.allow\(\).*\.scope\('management'\)/s],
    [
      'half a rule',
      () => auth0.networkAcls.rule().block().countries('IMG').scope('management'),
      /The rule so far: .*"geo_country_codes":\["IMG"\]/,
    ],
  ])('%s says what can be said next', (_, make, text) => {
    const words = make() as object
    expect(inspect(words)).toMatch(text)
    expect(inspect(words)).not.toContain('[Function')
    expect(inspect(words)).not.toContain('mfa-token-of-the-test')
    const display = (words as Record<symbol, () => Record<string, string>>)[Symbol.for('Jupyter.display')]
    expect(display?.()['text/html']).toContain('half a sentence')
    expect(Object.keys(words)).not.toContain('inspect')
  })
})

describe('X19 a raw route', () => {
  it.each([
    ['GET /api/v2/../../x', 'GET /x'],
    ['DELETE /api/v2/users/%2e%2e/clients/c', 'DELETE /api/v2/clients/c'],
    ['GET //evil.example/x', 'GET /evil.example/x'],
    ['GET /api/v2\\..\\x?a=../b', 'GET /api/x?a=../b'],
    ['GET /api/v2/users/auth0%7C1?q=a.b', 'GET /api/v2/users/auth0%7C1?q=a.b'],
  ])('%s leads to %s', (route, normal) => {
    expect(auth0.raw(route).data.route).toBe(normal)
    expect(JSON.parse(JSON.stringify(auth0.raw(route))).route).toBe(normal)
  })
})
