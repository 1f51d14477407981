import { describe, expect, it } from 'vitest'
import { type JsonSchema, operationIds, row, schemaOf } from '../../src/catalogue/index.ts'
import {
  aroundIn,
  isSecretMember,
  isSecretName,
  isSecretText,
  PLAIN,
  redact,
  SECRET_MARK,
} from '../../src/plan/index.ts'

describe('X1 secrets that are no texts', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a number', { otp: 482_916, pin: 4821, nested: { apiToken: 12_345_678 } }],
    ['an object', { password: { value: 'canary', other: ['canary'] } }],
    ['a map under a secret name', { dbCredentials: { host: 'canary', port: 482_916 } }],
    ['a list of lists', { recovery_codes: [['canary'], 482_916] }],
    ['a mixed list', { tokens: ['canary', 482_916] }],
    ['a map of secrets with values of any kind', { secrets: { A: 'canary', B: { value: 'canary' }, C: 482_916 } }],
    [
      'a list of secrets with values of any kind',
      { secrets: [['canary'], 482_916, { name: 'N', value: { x: 'canary' } }] },
    ],
    ['a value beside the name of a secret', { list: [{ name: 'DB_PASSWORD', value: 482_916 }] }],
    ['the settings of a connection in the open', { options: { bareConfiguration: { DB: 'canary' } } }],
  ])('%s', (_, value) => {
    const shown = JSON.stringify(redact(value))
    expect(shown).toContain(SECRET_MARK)
    expect(shown).not.toMatch(/canary|482916|4821|12345678/)
  })

  it.each<[string, Record<string, unknown>]>([
    ['how many there are', { leaked_passwords: 3, tokens: 17, api_keys: 2 }],
    ['a switch', { password: { enabled: true }, otp: false, secret: null }],
    ['a quota', { token_quota: { client_credentials: { per_day: 200, per_hour: 20, enforce: true } } }],
    [
      'the rotation of refresh tokens',
      { refresh_token: { rotation_type: 'rotating', leeway: 5, policies: [{ audience: 'a' }] } },
    ],
    ['registered keys', { credentials: [{ id: 'cred_1', name: 'n', credential_type: 'public_key', kid: 'k' }] }],
    ['issued tokens', { tokens: [{ id: 'rt_1', user_id: 'u', device: { initial_ip: '10.0.0.1' } }] }],
    ['names of secrets', { secrets: [{ name: 'A', updated_at: '2026-01-01' }] }],
  ])('but not %s', (_, value) => expect(redact(value)).toEqual(value))

  it('knows every record of the documents that has the name of a secret', () => {
    const unknown = new Set<string>()
    const seen = new Set<JsonSchema>()
    const walk = (given: JsonSchema | undefined, path: string): void => {
      if (given === undefined || seen.has(given)) return
      seen.add(given)
      const schema = typeof given.$ref === 'string' ? schemaOf(given.$ref) : given
      if (schema !== given) return walk(schema, path)
      for (const part of ['oneOf', 'anyOf', 'allOf'] as const)
        for (const each of (schema[part] ?? []) as readonly JsonSchema[]) walk(each, path)
      walk(schema.items as JsonSchema | undefined, path)
      for (const [name, member] of Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>)) {
        const type = JSON.stringify([
          member.type,
          typeof member.$ref === 'string' ? schemaOf(member.$ref).type : undefined,
        ])
        if (isSecretName(name) && /object/.test(type) && aroundIn(name, {}, PLAIN).kind === 'secret')
          unknown.add(`${path}.${name}`)
        if (/integer|number/.test(type) && isSecretMember(12_345_678, name, {}, PLAIN, ['code']))
          unknown.add(`${path}.${name}`)
        walk(member, `${path}.${name}`)
      }
    }
    for (const id of operationIds()) {
      const name = row(id)?.body?.schema
      if (name !== undefined) walk(schemaOf(name), id)
    }
    expect([...unknown]).toEqual([])
    expect(seen.size).toBeGreaterThan(1000)
  })
})

describe('X1 texts that carry secrets', () => {
  it.each([
    '{"host":"db","password":"canary"}',
    '[{"apiKey": "canary"}]',
    JSON.stringify({ inner: JSON.stringify({ client_secret: 'canary' }) }),
    '{"otp": 482916}',
    'grant_type=password&username=a&password=canary',
    'export DB_HOST=db\nDB_PASSWORD=canary\n',
    'Authorization: Bearer canary-abcdef',
    'curl -H "authorization: bearer 0a1b2c3d4e5f6a7b8c9d" https://example.com',
    'the key is:\n-----BEGIN RSA PRIVATE KEY-----\nabc',
  ])('%s', (text) => expect(isSecretText(text)).toBe(true))

  it.each([
    '{"token_type":"Bearer","tokens":3}',
    '{"client_credentials":{"per_day":200}}',
    '{% if user.password %}',
    'response_type=code&state=abcdef&code=abcdef',
    'Bearer tokens are documented elsewhere, in plain words',
    'password: at least eight characters',
    'a = b; password reset = on',
  ])('but not %s', (text) => expect(isSecretText(text)).toBe(false))
})
