import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { Subscribable } from '../../src/plan/index.ts'
import type { IdTokenExpectations } from '../../src/tokens/id-token.ts'
import { verifyIdToken } from '../../src/tokens/index.ts'
import type { KeyEnvironment } from '../../src/tokens/keys.ts'
import type { HttpReply } from '../../src/wire/index.ts'
import { StillClock } from './support.ts'

const domain = 'tenant.example.com'
const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const [one, two] = [pair(), pair()]

/** A tenant that publishes keys. */
class Tenant {
  readonly clock = new StillClock()
  readonly told: string[] = []
  fetched = 0
  keys: { kid: string; key: KeyObject }[] = [{ kid: 'k1', key: one.publicKey }]
  reply: HttpReply | undefined

  get environment(): KeyEnvironment {
    return {
      domain,
      clock: this.clock,
      transport: this,
      send: () => this.#answer(),
      tell: (_, source) => this.told.push(source),
    }
  }

  #answer(): Subscribable<HttpReply> {
    return {
      subscribe: (observer) => {
        this.fetched += 1
        const keys = this.keys.map(({ kid, key }) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' }))
        const reply = this.reply ?? { status: 200, headers: {}, body: JSON.stringify({ keys }) }
        queueMicrotask(() => {
          observer.next?.(reply)
          observer.complete?.()
        })
        return { unsubscribe() {} }
      },
    }
  }

  token(claims: JWTPayload = {}, by: KeyObject = one.privateKey, header: object = {}): Promise<string> {
    const seconds = this.clock.now() / 1000
    const payload = {
      iss: `https://${domain}/`,
      aud: 'app',
      sub: 'auth0|1',
      iat: seconds,
      exp: seconds + 600,
      ...claims,
    }
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(by)
  }

  async verify(token: string | Promise<string>, expected: Partial<IdTokenExpectations> = {}) {
    return verifyIdToken(await token, { clientId: 'app', ...expected }, this.environment)
  }
}

const rejected = (check: string, message: RegExp) => ({
  kind: 'id_token',
  check,
  message: expect.stringMatching(message),
})

describe('the verdict on claims', () => {
  const wrong: readonly (readonly [string, (seconds: number) => JWTPayload])[] = [
    ['as they should be', () => ({})],
    ['another issuer', () => ({ iss: 'https://other.example.com/' })],
    ['an issuer without its slash', () => ({ iss: `https://${domain}` })],
    ['another audience', () => ({ aud: 'other' })],
    ['one audience of a list', () => ({ aud: ['app'] })],
    ['expired a minute and a second ago', (seconds) => ({ exp: seconds - 61 })],
    ['expired within the tolerance', (seconds) => ({ exp: seconds - 59 })],
    ['holding from now on', (seconds) => ({ nbf: seconds })],
    ['holding within the tolerance', (seconds) => ({ nbf: seconds + 59 })],
    ['holding later', (seconds) => ({ nbf: seconds + 61 })],
    ['holding from a text on', () => ({ nbf: 'soon' as unknown as number })],
    ['an expiry that is a text', () => ({ exp: '600' as unknown as number })],
    ['without an audience', () => ({ aud: undefined as unknown as string })],
  ]

  it.each(wrong)("is that of jose's jwtVerify: %s", async (_, claims) => {
    const tenant = new Tenant()
    const token = await tenant.token(claims(tenant.clock.now() / 1000))
    const judged = await jwtVerify(token, one.publicKey, {
      issuer: `https://${domain}/`,
      audience: 'app',
      clockTolerance: 60,
      currentDate: new Date(tenant.clock.now()),
      requiredClaims: ['exp', 'iat', 'sub'],
    }).then(
      () => 'holds',
      () => 'does not hold',
    )
    const ours = await tenant.verify(token).then(
      () => 'holds',
      () => 'does not hold',
    )
    expect(ours).toBe(judged)
  })

  it('names a time from which a token holds that has not come', async () => {
    const tenant = new Tenant()
    await expect(tenant.verify(tenant.token({ nbf: tenant.clock.now() / 1000 + 300 }))).rejects.toMatchObject(
      rejected('nbf', /check "nbf": expected a time not after .*Check this machine's clock/),
    )
  })
})

describe('an ID token that holds', () => {
  it('gives its claims', async () => {
    const tenant = new Tenant()
    await expect(tenant.verify(tenant.token({ nickname: 'one' }))).resolves.toMatchObject({
      sub: 'auth0|1',
      nickname: 'one',
    })
  })

  it('may be signed by PS256, or by the client secret', async () => {
    const tenant = new Tenant()
    await tenant.verify(tenant.token({}, one.privateKey, { alg: 'PS256' }))
    const { createSecretKey } = await import('node:crypto')
    const secret = 'a-client-secret-of-sufficient-length'
    const signed = tenant.token({}, createSecretKey(Buffer.from(secret)), { alg: 'HS256' })
    await tenant.verify(signed, { clientSecret: secret })
    await expect(tenant.verify(signed)).rejects.toMatchObject(rejected('alg', /only the client secret can verify/))
    const other = { clientSecret: 'another-client-secret-of-some-length' }
    await expect(tenant.verify(signed, other)).rejects.toMatchObject(rejected('signature', /by the client secret/))
  })

  it.each([
    ['several audiences with azp', { aud: ['app', 'api'], azp: 'app' }, {}],
    ['an expiry within the tolerance', { exp: Date.UTC(2026, 0, 1) / 1000 - 59 }, {}],
    ['an issue time within the tolerance', { iat: Date.UTC(2026, 0, 1) / 1000 + 59 }, {}],
    ['its nonce', { nonce: 'n1' }, { nonce: 'n1' }],
    ['its organization by id', { org_id: 'org_1' }, { organization: 'org_1' }],
    ['its organization by name, whatever the case', { org_name: 'acme' }, { organization: 'Acme' }],
  ])('may have %s', async (_, claims, expected) => {
    const tenant = new Tenant()
    await tenant.verify(tenant.token(claims), expected)
  })
})

describe('an ID token is refused', () => {
  const now = Date.UTC(2026, 0, 1) / 1000
  it.each<[string, JWTPayload, Partial<IdTokenExpectations>, string, RegExp]>([
    [
      'another issuer',
      { iss: 'https://evil.example.com/' },
      {},
      'iss',
      /expected https:\/\/tenant.example.com\/, found https:\/\/evil/,
    ],
    ['an issuer without its slash', { iss: `https://${domain}` }, {}, 'iss', /found https:\/\/tenant.example.com\. /],
    ['another audience', { aud: 'other' }, {}, 'aud', /expected app, found other/],
    ['several audiences without azp', { aud: ['app', 'api'] }, {}, 'azp', /expected app, found none/],
    ['another authorized party', { aud: ['app', 'api'], azp: 'api' }, {}, 'azp', /found api/],
    ['no subject', { sub: '' }, {}, 'sub', /expected a user id/],
    ['its expiry', { exp: now - 60 }, {}, 'exp', /found 2025-12-31T23:59:00/],
    ['an expiry beyond a smaller tolerance', { exp: now - 6 }, { tolerance: 5 }, 'exp', /clock/],
    ['no expiry', { exp: undefined }, {}, 'exp', /found none/],
    ['an issue time to come', { iat: now + 61 }, {}, 'iat', /clock/],
    ['no issue time', { iat: undefined }, {}, 'iat', /found none/],
    ['another nonce', { nonce: 'n2' }, { nonce: 'n1' }, 'nonce', /Log in again/],
    ['a missing nonce', {}, { nonce: 'n1' }, 'nonce', /found none/],
    ['another organization', { org_id: 'org_2' }, { organization: 'org_1' }, 'org_id', /expected org_1, found org_2/],
    ['another organization by name', { org_name: 'globex' }, { organization: 'acme' }, 'org_name', /found globex/],
    ['a missing organization', {}, { organization: 'org_1' }, 'org_id', /found none/],
  ])('for %s', async (_, claims, expected, check, message) => {
    const tenant = new Tenant()
    await expect(tenant.verify(tenant.token(claims), expected)).rejects.toMatchObject(rejected(check, message))
  })

  it('for a signature by another key', async () => {
    const tenant = new Tenant()
    const failure = rejected('signature', /Do not trust this login/)
    await expect(tenant.verify(tenant.token({}, two.privateKey))).rejects.toMatchObject(failure)
  })

  it('for a changed claim', async () => {
    const tenant = new Tenant()
    const [header, , signature] = (await tenant.token()).split('.')
    const [, claims] = (await tenant.token({ sub: 'auth0|2' })).split('.')
    await expect(tenant.verify(`${header}.${claims}.${signature}`)).rejects.toMatchObject({ check: 'signature' })
  })

  it('for alg none, and for being no signed JWT', async () => {
    const tenant = new Tenant()
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    await expect(tenant.verify(`${part({ alg: 'none' })}.${part({})}.`)).rejects.toMatchObject(
      rejected('alg', /found none/),
    )
    await expect(tenant.verify('a.b.c.d.e')).rejects.toMatchObject(rejected('format', /three parts/))
  })

  it('never has HS256 verified with a public key', async () => {
    const tenant = new Tenant()
    const { createSecretKey } = await import('node:crypto')
    const pem = one.publicKey.export({ type: 'spki', format: 'pem' }) as string
    const forged = tenant.token({}, createSecretKey(Buffer.from(pem)), { alg: 'HS256' })
    await expect(tenant.verify(forged, { clientSecret: 'secret' })).rejects.toMatchObject({ check: 'signature' })
  })
})

describe('signing keys', () => {
  it('are fetched once and then taken from the cache, for several checks at a time too', async () => {
    const tenant = new Tenant()
    const token = await tenant.token()
    await Promise.all([tenant.verify(token), tenant.verify(token)])
    await tenant.verify(token)
    expect(tenant.fetched).toBe(1)
    expect(tenant.told.at(-1)).toBe('cache')
  })

  it('are fetched once more for an unknown id, at most every ten seconds', async () => {
    const tenant = new Tenant()
    await tenant.verify(tenant.token())
    tenant.keys = [{ kid: 'k2', key: two.publicKey }]
    const token = await tenant.token({}, two.privateKey, { kid: 'k2' })
    await expect(tenant.verify(token)).rejects.toMatchObject(rejected('kid', /found key k2/))
    expect(tenant.fetched).toBe(1)
    tenant.clock.advance(10_000)
    await tenant.verify(token)
    expect(tenant.fetched).toBe(2)
  })

  it('are fetched once more when a key was replaced under its id', async () => {
    const tenant = new Tenant()
    await tenant.verify(tenant.token())
    tenant.keys = [{ kid: 'k1', key: two.publicKey }]
    tenant.clock.advance(11_000)
    await tenant.verify(tenant.token({}, two.privateKey))
    expect(tenant.fetched).toBe(2)
  })

  it('are fetched anew after ten minutes', async () => {
    const tenant = new Tenant()
    await tenant.verify(tenant.token())
    tenant.clock.advance(600_000)
    await tenant.verify(tenant.token())
    expect(tenant.fetched).toBe(2)
  })

  it('that cannot be had are an error that says how to go on', async () => {
    const tenant = new Tenant()
    tenant.reply = { status: 200, headers: {}, body: '<html>' }
    await expect(tenant.verify(tenant.token())).rejects.toThrow(/without signing keys.*idToken: false/)
  })
})
