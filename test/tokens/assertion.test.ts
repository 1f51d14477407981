import { generateKeyPairSync, webcrypto } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { decodeProtectedHeader, importSPKI, jwtVerify } from 'jose'
import { afterAll, describe, expect, it } from 'vitest'
import { connect } from '../../src/session/index.ts'
import { type ClientAssertion, clientCredentialsSource } from '../../src/tokens/index.ts'
import { environment, ok, StillClock, TokenServer, take } from './support.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string
const pkcs8 = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const again = { rejected: false }

async function assertionOf(clientAssertion: ClientAssertion, clock = new StillClock()) {
  const server = new TokenServer().answers(ok('t1'))
  const env = environment(server, clock)
  await take(clientCredentialsSource(env, { clientId: 'application', clientAssertion }).token(again))
  const body = server.asked[0]?.body
  if (body?.kind !== 'form') throw new Error('The token request is no form.')
  return { fields: body.fields, domain: env.domain, clock }
}

describe('a private-key assertion', () => {
  it.each<[string, ClientAssertion, string]>([
    ['PKCS#8 PEM', { key: pkcs8 }, 'RS256'],
    ['PKCS#1 PEM', { key: rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }) as string }, 'RS256'],
    ['JWK', { key: { ...rsa.privateKey.export({ format: 'jwk' }), kid: 'key-1' }, alg: 'PS256' }, 'PS256'],
  ])('from a %s holds what Auth0 asks for', async (_, clientAssertion, alg) => {
    const { fields, domain, clock } = await assertionOf(clientAssertion)
    expect(fields).not.toHaveProperty('client_secret')
    expect(fields.client_assertion_type).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    const { payload, protectedHeader } = await jwtVerify(
      fields.client_assertion ?? '',
      await importSPKI(publicPem, alg),
      {
        issuer: 'application',
        subject: 'application',
        audience: `https://${domain}/`,
        currentDate: new Date(clock.now()),
        requiredClaims: ['jti', 'iat', 'exp'],
      },
    )
    expect(protectedHeader.alg).toBe(alg)
    expect(payload.aud).toBe(`https://${domain}/`)
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(120)
    expect((fields.client_assertion ?? '').length).toBeLessThanOrEqual(2048)
  })

  it('names the key of a JWK', async () => {
    const key = { ...rsa.privateKey.export({ format: 'jwk' }), kid: 'key-1' }
    const { fields } = await assertionOf({ key })
    expect(decodeProtectedHeader(fields.client_assertion ?? '').kid).toBe('key-1')
  })

  it('takes a CryptoKey', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const der = ec.privateKey.export({ type: 'pkcs8', format: 'der' })
    const key = await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
    const { fields } = await assertionOf({ key, alg: 'ES256' })
    const verified = jwtVerify(fields.client_assertion ?? '', ec.publicKey, {
      currentDate: new Date(Date.UTC(2026, 0, 1)),
    })
    await expect(verified).resolves.toMatchObject({ protectedHeader: { alg: 'ES256' } })
  })

  it('is used once', async () => {
    const server = new TokenServer().answers(ok('t1'), ok('t2'))
    const env = environment(server, new StillClock())
    const source = clientCredentialsSource(env, { clientId: 'application', clientAssertion: { key: pkcs8 } })
    await take(source.token(again))
    source.drop('t1')
    await take(source.token(again))
    const [first, second] = server.asked.map(({ body }) => (body?.kind === 'form' ? body.fields.client_assertion : ''))
    expect(first).not.toBe(second)
  })

  it('shares its token between equal keys', async () => {
    const server = new TokenServer().answers(ok('t1'))
    const env = environment(server, new StillClock())
    const jwk = rsa.privateKey.export({ format: 'jwk' })
    const reordered = Object.fromEntries(Object.entries(jwk).reverse())
    await take(clientCredentialsSource(env, { clientId: 'a', clientAssertion: { key: jwk } }).token(again))
    const second = clientCredentialsSource(env, { clientId: 'a', clientAssertion: { key: reordered } })
    expect((await take(second.token(again))).source).toBe('cache')
  })

  it.each<[string, ClientAssertion, RegExp]>([
    ['text that is no key', { key: 'canary-not-a-key' }, /clientAssertion\.key: this is no private key/],
    ['a key of the wrong type', { key: pkcs8, alg: 'ES256' }, /cannot sign with ES256/],
  ])('from %s says what to pass, and shows no key', async (_, clientAssertion, message) => {
    const failure = await assertionOf(clientAssertion).catch((error: unknown) => error)
    expect(failure).toMatchObject({ kind: 'configuration', message: expect.stringMatching(message) })
    expect(inspect(failure, { depth: null })).not.toMatch(/canary|MII/)
  })
})

describe('over the wire', () => {
  const seen: URLSearchParams[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      response.setHeader('content-type', 'application/json')
      if (request.url === '/oauth/token') {
        seen.push(new URLSearchParams(body))
        response.end(JSON.stringify({ access_token: 'opaque', token_type: 'Bearer', expires_in: 60 }))
      } else response.end('[]')
    })
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  it('authenticates an application by its key', async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const port = (server.address() as AddressInfo).port
    const { Agent } = await import('undici')
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } }).compose(
      (dispatch) => (options, handler) => dispatch({ ...options, origin: `http://127.0.0.1:${port}` }, handler),
    )
    const auth0 = connect({
      domain: 'assertions.example.com',
      clientId: 'application',
      clientAssertion: { key: pkcs8 },
      dispatcher: dispatcher as never,
    })
    await auth0.roles.list().run()
    const verified = await jwtVerify(seen[0]?.get('client_assertion') ?? '', await importSPKI(publicPem, 'RS256'), {
      issuer: 'application',
      subject: 'application',
      audience: 'https://assertions.example.com/',
    })
    expect(verified.payload.jti).toBeTypeOf('string')
    expect(seen[0]?.get('grant_type')).toBe('client_credentials')
    await dispatcher.close()
  })
})
