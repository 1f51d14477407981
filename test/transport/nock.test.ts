// nock shows that one request goes out exactly as documented and that users' own nock tests see it: it stands in for the
// global dispatcher, which is what the transport takes by default. Aborts, timeouts and faults are tested on sockets.
import nock from 'nock'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Json, type PlanData, planData, secretSlot } from '../../src/plan/index.ts'
import { undiciTransport } from '../../src/transport/undici.ts'
import { decode, draft, finish, type HttpReply, rowOf } from '../../src/wire/index.ts'
import { failureOf, send, serve } from './loopback.ts'

const environment = { domain: 'tenant.example', audience: 'https://tenant.example/api/v2/', version: '1' }

beforeAll(() => {
  nock.disableNetConnect()
})
afterEach(() => {
  const pending = nock.pendingMocks()
  nock.cleanAll()
  expect(pending).toEqual([])
})
afterAll(() => {
  nock.enableNetConnect()
  nock.restore()
})

async function exchange(fields: Omit<PlanData, 'v'>, secrets = {}): Promise<HttpReply> {
  const plan = planData(fields)
  const request = await finish(draft(plan, rowOf(plan), environment, secrets))
  const reply = await send(undiciTransport(), request)
  // nock answers what it does not know on a known host with 501.
  expect(reply.status).not.toBe(501)
  return reply
}

describe('one exchange', () => {
  it('of a form', async () => {
    nock('https://tenant.example', { reqheaders: { 'content-type': 'application/x-www-form-urlencoded' } })
      .post('/oauth/token', {
        grant_type: 'client_credentials',
        audience: 'https://tenant.example/api/v2/',
        client_secret: 's&s',
      })
      .reply(
        200,
        { access_token: 'eyJ', token_type: 'Bearer', expires_in: 86400 },
        { 'auth0-client-quota-limit': 'b=per_hour;q=10;r=9;t=1' },
      )
    const body = {
      grant_type: 'client_credentials',
      audience: '{audience}',
      client_secret: secretSlot('client_secret') as unknown as Json,
    }
    const reply = await exchange({ op: 'authentication.token', body }, { client_secret: 's&s' })
    expect(reply.status).toBe(200)
    expect(reply.headers['auth0-client-quota-limit']).toBe('b=per_hour;q=10;r=9;t=1')
    expect(JSON.parse(reply.body)).toMatchObject({ token_type: 'Bearer' })
  })

  it('of JSON with an encoded id and a bearer', async () => {
    nock('https://tenant.example', { reqheaders: { authorization: 'Bearer Fe26' } })
      .delete('/mfa/authenticators/sms%7Cdev_1')
      .reply(204)
    const plan = {
      op: 'authentication.mfa.authenticators.delete',
      params: { id: 'sms|dev_1' },
      bearer: secretSlot('token'),
    }
    const reply = await exchange(plan, { token: 'Fe26' })
    expect(reply).toMatchObject({ status: 204, body: '' })
    const data = planData(plan)
    expect(decode(reply, rowOf(data), data)).toBeUndefined()
  })

  it('of a query', async () => {
    nock('https://tenant.example')
      .get('/api/v2/connections')
      .query({ per_page: '50', strategy: ['auth0', 'email'] })
      .reply(200, [])
    await exchange({ op: 'connections.list', query: { per_page: 50, strategy: ['auth0', 'email'] } })
  })

  it('that fails', async () => {
    nock('https://tenant.example')
      .get('/api/v2/users')
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
    const request = { url: 'https://tenant.example/api/v2/users' }
    expect(await failureOf(undiciTransport(), request)).toMatchObject({ kind: 'network', code: 'ECONNRESET' })
  })
})

describe('the guard', () => {
  it('refuses a request that nothing was prepared for: it reaches no server', async () => {
    let reached = 0
    const server = await serve((_, response) => {
      reached += 1
      response.end()
    })
    const outcome = await send(undiciTransport(), { url: server.url }).then(
      (reply) => reply.status,
      (error: { kind: string }) => error.kind,
    )
    await server.close()
    expect(reached).toBe(0)
    expect(['network', 501]).toContain(outcome)
  })

  it('answers an unmatched request to a known host with 501', async () => {
    nock('https://tenant.example').get('/other').reply(200)
    expect(await send(undiciTransport(), { url: 'https://tenant.example/api/v2/users' })).toMatchObject({ status: 501 })
    await send(undiciTransport(), { url: 'https://tenant.example/other' })
  })
})
