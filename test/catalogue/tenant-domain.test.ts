import { expect, it } from 'vitest'
import { likelyDomain } from '../../src/catalogue/index.ts'

it.each([
  ['my-tenant.eu.auth0.con', 'my-tenant.eu.auth0.com'],
  ['my-tenant.eu.atuh0.com', 'my-tenant.eu.auth0.com'],
  ['my-tenant.eu.autho.com', 'my-tenant.eu.auth0.com'],
  ['my-tenant.eur.auth0.com', 'my-tenant.eu.auth0.com'],
  ['my-tenant.usa.auth0.com', 'my-tenant.us.auth0.com'],
  ['my-tenant.auth0.eu', 'my-tenant.eu.auth0.com'],
  ['my-tenant.eu', 'my-tenant.eu.auth0.com'],
  ['my-tenant-eu.auth0.com', 'my-tenant.eu.auth0.com'],
])('a first mistake: %s means %s', (host, meant) => {
  expect(likelyDomain(host)).toBe(meant)
})

it.each([
  'my-tenant.eu.auth0.com',
  'my-tenant.auth0.com',
  'login.example.com',
  'localhost',
  'my-tenant.us-4.auth0.com',
  'example.org',
])('says nothing of %s', (host) => {
  expect(likelyDomain(host)).toBeUndefined()
})
