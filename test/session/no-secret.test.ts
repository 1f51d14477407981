import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connect } from '../../src/index.ts'

// No request leaves: a session without a secret has nothing to ask for a token with.
const transport = () => {
  throw new Error('nothing is sent')
}

beforeEach(() => {
  for (const name of ['AUTH0_DOMAIN', 'AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SECRET']) vi.stubEnv(name, undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe('C34: a session that cannot get a token says which setting is missing', () => {
  it.each([
    ['from the environment', {}, { AUTH0_DOMAIN: 'a.example', AUTH0_CLIENT_ID: 'an-application' }],
    [
      'from the environment, with an empty secret',
      {},
      { AUTH0_DOMAIN: 'a.example', AUTH0_CLIENT_ID: 'an-application', AUTH0_CLIENT_SECRET: '' },
    ],
    ['from options', { domain: 'a.example', clientId: 'an-application' }, {}],
  ])('the secret of its application: %s', async (_, options, environment) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    const auth0 = connect({ ...options, transport })
    await expect(auth0.clients.list().run()).rejects.toThrow(
      /no secret of the application an-application.*AUTH0_CLIENT_SECRET/,
    )
  })

  it('all of it, where there is no application either', async () => {
    const auth0 = connect({ domain: 'a.example', transport })
    await expect(auth0.clients.list().run()).rejects.toThrow(/no credentials.*clientId and clientSecret/)
  })
})
