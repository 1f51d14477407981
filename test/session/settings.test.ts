import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { resolveSettings } from '../../src/session/connect/settings.ts'
import type { ConnectOptions } from '../../src/session/index.ts'

const home = mkdtempSync(join(tmpdir(), 'tenantlab-'))
afterAll(() => rmSync(home, { recursive: true }))

const nowhere = { XDG_CONFIG_HOME: join(home, 'nowhere') }
const environment = {
  ...nowhere,
  AUTH0_DOMAIN: 'env.example.com',
  AUTH0_CLIENT_ID: 'env-client',
  AUTH0_CLIENT_SECRET: 'canary-env',
}

let count = 0
/** A configuration folder with this profiles file. */
function profiles(content: unknown, mode = 0o600): { XDG_CONFIG_HOME: string } {
  const folder = join(home, `config-${++count}`)
  mkdirSync(join(folder, 'tenantlab'), { recursive: true })
  const path = join(folder, 'tenantlab', 'profiles.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  chmodSync(path, mode)
  return { XDG_CONFIG_HOME: folder }
}

describe('where a session gets its settings from', () => {
  it('the options alone, when they name the domain: no secret travels to a tenant it is not for', () => {
    const settings = resolveSettings({ domain: 'own.example.com' }, environment)
    expect(settings).toMatchObject({ domain: 'own.example.com', client: undefined })
    expect(settings.audience).toBe('https://own.example.com/api/v2/')
  })

  it('the environment, when the domain is left out', () => {
    const settings = resolveSettings(
      {},
      { ...environment, AUTH0_AUDIENCE: 'https://api/', AUTH0_CUSTOM_DOMAIN: 'id.acme.example' },
    )
    expect(settings).toMatchObject({
      domain: 'env.example.com',
      client: { clientId: 'env-client', clientSecret: 'canary-env' },
      audience: 'https://api/',
      customDomain: 'id.acme.example',
    })
  })

  it('both: credentials of the options beat those of the environment as a whole', () => {
    expect(resolveSettings({ token: 'abc' }, environment)).toMatchObject({
      domain: 'env.example.com',
      token: 'abc',
      client: undefined,
    })
    expect(resolveSettings({ clientId: 'other' }, environment).client).toEqual({ clientId: 'other' })
    expect(resolveSettings({ writes: 'deny' }, environment)).toMatchObject({
      writes: 'deny',
      client: { clientId: 'env-client' },
    })
  })

  it('a profile by option, by AUTH0_PROFILE, or the one called default', () => {
    const file = profiles({
      default: { domain: 'default.example.com' },
      lab: {
        domain: 'lab.example.com',
        clientId: 'lab',
        clientSecret: 's',
        writes: 'deny',
        tenantDomain: 'lab.auth0.com',
      },
    })
    expect(resolveSettings({}, file).domain).toBe('default.example.com')
    expect(resolveSettings({}, { ...file, AUTH0_PROFILE: 'lab' }).domain).toBe('lab.example.com')
    expect(resolveSettings({ profile: 'lab' }, { ...environment, ...file })).toMatchObject({
      domain: 'lab.example.com',
      client: { clientId: 'lab', clientSecret: 's' },
      writes: 'deny',
      audience: 'https://lab.auth0.com/api/v2/',
    })
  })

  it('the canonical domain gives the audience where the domain is a custom one', () => {
    const options = { domain: 'login.acme.example', tenantDomain: 'acme.eu.auth0.com' }
    expect(resolveSettings(options, {}).audience).toBe('https://acme.eu.auth0.com/api/v2/')
  })
})

describe('what is missing is named, with the next step', () => {
  it.each<[string, ConnectOptions, () => Record<string, string>, RegExp]>([
    [
      'everything',
      {},
      () => nowhere,
      /no domain is known\. Pass connect\(\{ domain.*AUTH0_DOMAIN, AUTH0_CLIENT_ID.*profiles\.json/,
    ],
    [
      'the client of the environment',
      {},
      () => ({ ...nowhere, AUTH0_DOMAIN: 'a.b' }),
      /AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET are missing/,
    ],
    [
      'the client id of the environment',
      {},
      () => ({ ...nowhere, AUTH0_DOMAIN: 'a.b', AUTH0_CLIENT_SECRET: 'x' }),
      /AUTH0_CLIENT_ID is missing/,
    ],
    ['one meaning', {}, () => ({ ...environment, AUTH0_PROFILE: 'lab' }), /both set, and may mean two tenants/],
    [
      'a profile',
      { profile: 'lap' },
      () => profiles({ lab: { domain: 'a.b' } }),
      /no profile "lap".*Did you mean "lab"/,
    ],
    ['the domain of a profile', { profile: 'lab' }, () => profiles({ lab: { clientId: 'x' } }), /lacks "domain"/],
    [
      'a profile that is right',
      { profile: 'lab' },
      () => profiles({ lab: { domain: 'a.b', client_id: 'x' } }),
      /Did you mean "clientId"/,
    ],
    [
      'a domain in the environment',
      {},
      () => ({ ...environment, AUTH0_DOMAIN: 'https://a.b.c/' }),
      /AUTH0_DOMAIN must be.*Did you mean "a.b.c"/,
    ],
  ])('%s', (_, options, env, message) => {
    expect(() => resolveSettings(options, env())).toThrow(
      expect.objectContaining({ kind: 'configuration', message: expect.stringMatching(message) }),
    )
  })

  it.skipIf(process.platform === 'win32')('a profiles file that others may read', () => {
    const open = profiles({ default: { domain: 'a.b' } }, 0o644)
    expect(() => resolveSettings({}, open)).toThrow(/others may read it \(mode 0644\)\. Run chmod 600 /)
  })

  it('a profiles file that is no JSON, without showing it', () => {
    const broken = profiles('{ "default": { "clientSecret": "canary"')
    expect(() => resolveSettings({}, broken)).toThrow(expect.not.stringContaining('canary'))
    expect(() => resolveSettings({}, broken)).toThrow(/is not JSON/)
  })
})

const credentials = { domain: 'a.b', clientId: 'x', clientSecret: 'canary' }
const stage = ((next: unknown) => next) as never

it('C24 a token goes with credentials of either kind: it is for the Management API, they are for logins', () => {
  for (const own of [{ clientSecret: 'canary' }, { clientAssertion: { key: 'k' } }]) {
    const settings = resolveSettings({ domain: 'a.b', clientId: 'x', ...own, token: 'abc' }, {})
    expect(settings).toMatchObject({ token: 'abc', client: { clientId: 'x', ...own } })
  }
})

describe('options that do not fit are refused', () => {
  it.each<[string, unknown, RegExp]>([
    [
      'retry beside pipeline',
      { ...credentials, pipeline: [stage], retry: {} },
      /"pipeline" and "retry" exclude each other/,
    ],
    [
      'rateLimit beside pipeline',
      { ...credentials, pipeline: [stage], rateLimit: 'free' },
      /"pipeline" and "rateLimit"/,
    ],
    ['token beside organization', { domain: 'a.b', token: 'abc', organization: 'org_1' }, /"token" and "organization"/],
    [
      'clientSecret beside clientAssertion',
      { ...credentials, clientAssertion: { key: 'k' } },
      /"clientSecret" and "clientAssertion"/,
    ],
    ['clientSecret without clientId', { domain: 'a.b', clientSecret: 'canary' }, /"clientSecret" needs "clientId"/],
    [
      'clientAssertion without clientId',
      { domain: 'a.b', clientAssertion: { key: 'k' } },
      /"clientAssertion" needs "clientId"/,
    ],
    ['clientAssertion without key', { domain: 'a.b', clientId: 'x', clientAssertion: {} }, /needs "key"/],
    ['profile beside domain', { domain: 'a.b', profile: 'lab' }, /"profile" and "domain"/],
    ['profile beside clientId', { profile: 'lab', clientId: 'x' }, /"profile" and "clientId"/],
    [
      'dispatcher beside fetch',
      { ...credentials, transport: 'fetch', dispatcher: { dispatch() {} } },
      /"dispatcher" and "transport"/,
    ],
    [
      'dispatcher beside own transport',
      { ...credentials, transport() {}, dispatcher: { dispatch() {} } },
      /"dispatcher" and "transport"/,
    ],
    ['a dispatcher that is none', { ...credentials, dispatcher: {} }, /must be an undici dispatcher/],
    ['a transport that is none', { ...credentials, transport: 'axios' }, /must be 'undici', 'fetch' or a function/],
    ['a pipeline of uncalled stages', { ...credentials, pipeline: ['retry'] }, /must be a list of stages/],
    [
      'an unknown option',
      { ...credentials, client_secret: 'canary' },
      /"client_secret" is not an option\. Did you mean "clientSecret"/,
    ],
    [
      'an unknown retry option',
      { ...credentials, retry: { retries: 1 } },
      /"retry.retries" is not an option\. Did you mean "maxRetries"|"retry.retries" is not an option\. Options are/,
    ],
    ['a retry count', { ...credentials, retry: { maxRetries: 1.5 } }, /"retry.maxRetries" must be a whole number/],
    ['a rate-limit preset', { ...credentials, rateLimit: 'enterprize' }, /Did you mean "enterprise"/],
    ['a rate limit', { ...credentials, rateLimit: { burst: 0, perSecond: 1 } }, /numbers above 0/],
    ['a timeout', { ...credentials, timeout: 0 }, /"timeout" must be a number of milliseconds above 0/],
    ['writes', { ...credentials, writes: 'no' }, /must be 'allow', 'deny' or 'check'/],
    ['an empty secret', { ...credentials, clientSecret: '' }, /"clientSecret" must be a text that is not empty/],
    ['a token with its scheme', { domain: 'a.b', token: 'Bearer abc' }, /Leave the word "Bearer" out/],
    ['an ID-token tolerance', { ...credentials, idToken: { tolerance: -1 } }, /"idToken.tolerance"/],
    ['a clock', { ...credentials, clock: {} }, /must have now\(\) and after\(\)/],
    ['no object', 'my-tenant.auth0.com', /must be an object of options/],
    ['null', null, /must be an object of options/],
  ])('%s', (_, options, message) => {
    let failure: unknown
    try {
      resolveSettings(options as ConnectOptions, nowhere)
    } catch (error) {
      failure = error
    }
    expect(failure).toMatchObject({ kind: 'configuration', message: expect.stringMatching(message) })
    expect((failure as Error).message).toMatch(/^connect\(\): .*[.?]$/s)
    expect((failure as Error).message).not.toContain('canary')
  })
})
