import { describe, expect, it } from 'vitest'
import { checkCustomDomain, checkDomain } from '../../src/session/plans/domain.ts'

describe('a domain', () => {
  it.each([
    ['my-tenant.eu.auth0.com', 'my-tenant.eu.auth0.com'],
    ['Login.Example.COM', 'login.example.com'],
    ['localhost:4443', 'localhost:4443'],
    ['localhost', 'localhost'],
    ['127.0.0.1:3000', '127.0.0.1:3000'],
    ['[::1]:3000', '[::1]:3000'],
    ['tenant.example.com.', 'tenant.example.com'],
  ])('%s is taken as %s', (given, plain) => {
    expect(checkDomain(given, 'x')).toBe(plain)
  })

  it.each([
    ['https://my-tenant.eu.auth0.com', 'my-tenant.eu.auth0.com'],
    ['https://my-tenant.eu.auth0.com/', 'my-tenant.eu.auth0.com'],
    ['http://localhost:3000/api/v2/', 'localhost:3000'],
    ['my-tenant.auth0.com/api/v2', 'my-tenant.auth0.com'],
    ['my-tenant', 'my-tenant.auth0.com'],
    [' my-tenant.auth0.com ', 'my-tenant.auth0.com'],
    ['https://manage.auth0.com/dashboard/eu/my-tenant/applications', 'my-tenant.eu.auth0.com'],
    ['https://user:pass@my-tenant.auth0.com', 'my-tenant.auth0.com'],
  ])('%s is refused with "did you mean %s"', (given, near) => {
    expect(() => checkDomain(given, 'connect(): "domain"')).toThrow(
      expect.objectContaining({ kind: 'configuration', message: expect.stringContaining(`Did you mean "${near}"?`) }),
    )
  })

  it('shows no user information of a URL', () => {
    expect(() => checkDomain('https://user:canary@tenant.auth0.com', 'x')).toThrow(
      expect.not.stringContaining('canary'),
    )
  })

  it.each([undefined, null, '', '  ', 5, {}, 'manage.auth0.com', 'a b.c', 'tenant.com:99999', '-x.example.com'])(
    '%j is refused with a next step',
    (given) => {
      expect(() => checkDomain(given, 'connect(): "domain"')).toThrow(/^connect\(\): "domain" must be a domain.*[.?]$/s)
    },
  )
})

describe('a custom domain', () => {
  it('has 3 to 255 characters and no port', () => {
    expect(checkCustomDomain('a.b', 'x')).toBe('a.b')
    const label = 'a'.repeat(60)
    expect(() => checkCustomDomain(`${label}.${label}.${label}.${label}.${label}.example`, 'x')).toThrow(/3 to 255/)
    expect(() => checkCustomDomain('login.example.com:8443', 'x')).toThrow(/without a port/)
    expect(() => checkCustomDomain('https://login.example.com', 'x')).toThrow(/Did you mean "login.example.com"/)
  })
})
