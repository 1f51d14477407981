// The next step of a refused login is about that login, and the scope that is asked for is the usual one.
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/session/index.ts'

function answering(status: number, body: object) {
  return connect({
    domain: 'tenant.example.com',
    clientId: 'c',
    clientSecret: 's',
    token: 'x',
    transport: () => ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
}

async function messageOf(plan: { run(): { outcome(): Promise<{ status: string; error?: Error }> } }): Promise<string> {
  return (await plan.run().outcome()).error?.message ?? ''
}

const person = { username: 'a@example.com', password: 'p' }

describe('what to do after a refused login', () => {
  it.each<[string, number, object, RegExp]>([
    [
      'a blocked user',
      403,
      { error: 'unauthorized', error_description: 'user is blocked' },
      /users\(id\)\.update\(\{ blocked: false \}\)/,
    ],
    [
      'a wrong realm',
      400,
      { error: 'invalid_request', error_description: 'The connection nope does not exist.' },
      /auth0\.connections\.list/,
    ],
    [
      'a realm that is off',
      403,
      { error: 'invalid_request', error_description: 'the connection is not enabled' },
      /auth0\.connections\.list/,
    ],
    [
      'anything else',
      403,
      { error: 'unauthorized', error_description: 'no' },
      /resource-owner-password-flow\/get-token/,
    ],
  ])('%s', async (_name, status, body, expected) => {
    for (const fields of [person, { ...person, realm: 'nope' }]) {
      const message = await messageOf(answering(status, body).login.password(fields))
      expect(message).toMatch(expected)
      expect(message).not.toContain('client-credential-flow')
    }
  })

  it('names the page of the grant that was asked for', async () => {
    const { login } = answering(403, { error: 'odd', error_description: 'no' })
    expect(await messageOf(login.refreshToken({ refreshToken: 'r' }))).toContain('/refresh-token/refresh-token')
    expect(await messageOf(login.clientCredentials())).toContain('/client-credential-flow/get-token')
  })
})

describe('the scope that is missing', () => {
  it.each<[string, (auth0: ReturnType<typeof answering>) => never]>([
    ['read:users or read:user_idp_tokens', (auth0) => auth0.users.list() as never],
    ['read:clients or read:client_', (auth0) => auth0.clients.list() as never],
  ])('is the usual one first: %s', async (expected, planOf) => {
    const body = (scopes: string) => ({
      statusCode: 403,
      error: 'Forbidden',
      errorCode: 'insufficient_scope',
      message: `Insufficient scope, expected any of: ${scopes}`,
    })
    const scopes = expected.startsWith('read:users')
      ? 'read:user_idp_tokens,read:users'
      : 'read:client_keys,read:clients'
    expect(await messageOf(planOf(answering(403, body(scopes))))).toContain(`Grant the application ${expected}`)
  })
})
