import { describe, expect, it } from 'vitest'
import { connect } from '../../src/session/index.ts'

const auth0 = connect({
  domain: 'login.example.com',
  tenantDomain: 'one.eu.auth0.com',
  token: 'x',
  transport: () => ({ status: 200, headers: {}, body: '{}' }),
})

describe('C10 a URL that is pasted whole into raw()', () => {
  it.each([
    ['GET https://login.example.com/api/v2/users?page=1', 'GET /api/v2/users?page=1'],
    ['DELETE https://one.eu.auth0.com/api/v2/users/auth0%7C1', 'DELETE /api/v2/users/auth0%7C1'],
    ['  get   https://LOGIN.example.com/api/v2/roles ', 'GET /api/v2/roles'],
  ])('%s', (given, route) => {
    expect(auth0.raw(given).toJSON().route).toBe(route)
  })

  it.each([
    'GET https://other.eu.auth0.com/api/v2/users',
    'GET https://login.example.com@evil.example/api/v2/users',
    'GET https://login.example.com.evil.example/api/v2/users',
    'GET https://login.example.com:8443/api/v2/users',
  ])('refuses another host: %s', (given) => {
    expect(() => auth0.raw(given)).toThrow(/names the host .*this session is connected to login\.example\.com and one/)
  })

  it.each([
    'https://login.example.com/api/v2/users',
    'GET http://login.example.com/x',
    'GET https://login.example.com',
  ])('still asks for a method, https and a path: %s', (given) =>
    expect(() => auth0.raw(given)).toThrow(/must be a method and a path/),
  )
})
