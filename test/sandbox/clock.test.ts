import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import { fetch } from 'undici'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/session/index.ts'
import { managementToken, start } from './bench.ts'

describe('T18 the clock of a tenant', () => {
  it('T18 is the real one under a seed, so that a foreign client takes the tokens, and ids stay fixed', async () => {
    const [one, two] = [await start({ seed: 'ci' }), await start({ seed: 'ci' })]
    expect(two.seed).toEqual(one.seed)
    expect(two.options.clientSecret).toBe(one.options.clientSecret)
    const keys = createRemoteJWKSet(new URL(`https://${one.domain}/.well-known/jwks.json`), {
      [customFetch]: (url, init) =>
        fetch(url, { ...init, dispatcher: one.options.dispatcher } as never) as unknown as Promise<Response>,
    })
    const options = { issuer: `https://${one.domain}/`, audience: `https://${one.domain}/api/v2/` }
    const { payload } = await jwtVerify(await managementToken(one), keys, options)
    expect(payload.azp).toBe(one.options.clientId)
  })

  it('T18 stands still when it is asked for, at its own date or at a given one', async () => {
    expect((await start({ clock: 'fixed' })).clock.now()).toBe(Date.UTC(2026, 10, 2, 9))
    const given = new Date('2031-05-06T07:08:09Z')
    const tenant = await start({ seed: 'x', clock: given })
    expect(tenant.clock.now()).toBe(given.getTime())
    tenant.clock.advance(1000)
    expect(tenant.clock.now()).toBe(given.getTime() + 1000)
  })

  it.each(['tomorrow', new Date('never'), 5])('T18 refuses the clock %s', async (clock) => {
    await expect(start({ clock: clock as never })).rejects.toThrow(/"clock" must be 'real', 'fixed' or a valid Date/)
  })
})

describe('C24 a manual token on the embedded tenant', () => {
  it.each([{}, { seed: 'manual' }])(
    'C24 works beside the tenant’s own options, and without them (%o)',
    async (options) => {
      const tenant = await start(options)
      const token = await managementToken(tenant)
      const { dispatcher, domain } = tenant.options
      for (const given of [
        { ...tenant.options, token },
        { domain, dispatcher, token },
        { domain, dispatcher, token: () => token },
        { ...tenant.options, token: async () => token },
      ]) {
        const before = tenant.requests.filter(({ path }) => path === '/oauth/token').length
        expect((await connect(given).users.list().run()).items).toHaveLength(2)
        expect(tenant.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(before)
      }
    },
  )

  it('C24 leaves the credentials to the words of the Authentication API', async () => {
    const tenant = await start()
    const auth0 = connect({ ...tenant.options, token: await managementToken(tenant) })
    const { email: username = '', password = '' } = tenant.seed.users[1] ?? {}
    const tokens = await auth0.login.password({ username, password, scope: 'openid' }).run()
    expect(tokens.id_token).toBeTypeOf('string')
  })
})
