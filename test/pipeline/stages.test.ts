import { describe, expect, it } from 'vitest'
import { customDomain, retry, type Stage, token } from '../../src/pipeline/index.ts'
import { IdTokenError, planData, ScopeError, secretSlot } from '../../src/plan/index.ts'
import type { TokenSource } from '../../src/tokens/index.ts'
import { SwiftClock } from './clock.ts'
import { eventsOf, json, loopback, pipelineOn, tokensOf } from './server.ts'

const GET = planData({ op: 'users.get', params: { id: '1' } })
const INVITE = planData({
  op: 'organizations.invitations.create',
  params: { id: 'org_1' },
  body: { inviter: { name: 'x' }, invitee: { email: 'a@example.com' }, client_id: 'c' },
})
const HEADER = 'auth0-custom-domain'
const ok = () => loopback((_, reply) => json(reply, 200, { done: true }))

describe('token()', () => {
  it('drops a token that is refused with 401, and tries once more', async () => {
    const server = await loopback(({ headers }, reply) =>
      headers.authorization === 'Bearer token-2'
        ? json(reply, 200, { done: true })
        : json(reply, 401, { message: 'expired' }),
    )
    const tokens = tokensOf()
    const execution = pipelineOn(server.transport, { tokens }).execute(GET)
    expect(await execution).toEqual({ done: true })
    expect(tokens.dropped).toEqual(['token-1'])
    expect((await eventsOf(execution)).map((event) => event.kind)).toEqual([
      'token',
      'attempt',
      'response',
      'retry',
      'token',
      'attempt',
      'response',
      'value',
    ])
  })

  it('tries a refused token no more than once, and a manual one never', async () => {
    for (const [source, requests] of [
      ['cache', 2],
      ['delegate', 2],
      ['manual', 1],
    ] as const) {
      const server = await loopback((_, reply) => json(reply, 401, { message: 'no' }))
      await expect(pipelineOn(server.transport, { tokens: tokensOf({ source }) }).execute(GET)).rejects.toMatchObject({
        status: 401,
      })
      expect(server.seen).toHaveLength(requests)
    }
  })

  it('finds a missing scope before anything is sent', async () => {
    const server = await ok()
    const scoped = (scopes?: readonly string[]) =>
      pipelineOn(server.transport, { tokens: tokensOf({ ...(scopes && { scopes }) }) })
    const error = await scoped(['read:clients'])
      .execute(GET)
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ScopeError)
    expect(error).toMatchObject({
      attempts: 0,
      granted: ['read:clients'],
      message: expect.stringMatching(/read:users.*https:\/\/auth0\.com\/docs/),
    })
    expect(server.seen).toHaveLength(0)
    expect(await scoped(['read:users']).execute(GET)).toEqual({ done: true })
    expect(await scoped().execute(GET)).toEqual({ done: true })
  })

  it('leaves a credential that the plan brings alone', async () => {
    const server = await ok()
    const plan = planData({ op: 'authentication.userInfo', bearer: secretSlot('access_token') })
    const execution = pipelineOn(server.transport).execute(plan, { access_token: 'mine' })
    await execution
    expect(server.seen[0]?.headers.authorization).toBe('Bearer mine')
    expect((await eventsOf(execution))[0]).toMatchObject({ kind: 'token', source: 'plan' })
  })

  it('waits for a token that is not there yet, and lets go of it when aborted', async () => {
    const server = await ok()
    let left = 0
    const pending: TokenSource = {
      ...tokensOf(),
      token: () => ({
        subscribe: () => ({
          unsubscribe: () => {
            left += 1
          },
        }),
      }),
    }
    const execution = pipelineOn(server.transport, { tokens: pending }).execute(GET)
    execution.abort()
    await expect(execution).rejects.toMatchObject({ kind: 'aborted', attempts: 0 })
    expect(left).toBe(1)
  })

  it.each([
    [
      'a grant',
      'authentication.token',
      { grant_type: 'password', username: 'u', password: 'p' },
      { client_id: 'session-client', client_secret: 'session-secret' },
    ],
    [
      'a challenge',
      'authentication.mfa.challenge',
      { mfa_token: 't' },
      { client_id: 'session-client', client_secret: 'session-secret' },
    ],
    [
      'a sign-up',
      'authentication.database.signup',
      { connection: 'db', email: 'e', password: 'p' },
      { client_id: 'session-client' },
    ],
  ] as const)('gives %s the client authentication that it takes', async (_, op, body, fields) => {
    const server = await ok()
    await pipelineOn(server.transport).execute(planData({ op, body }))
    const sent = server.seen[0]!
    const form = sent.headers['content-type']?.includes('form')
    const got = form ? Object.fromEntries(new URLSearchParams(sent.body)) : JSON.parse(sent.body)
    expect(got).toEqual({ ...body, ...fields })
  })

  it('speaks for the application of the plan before the session’s', async () => {
    const server = await ok()
    const plan = planData({
      op: 'authentication.token',
      body: { grant_type: 'client_credentials', audience: 'a' },
      client: { clientId: 'another', clientSecret: secretSlot('client_secret') },
    })
    await pipelineOn(server.transport).execute(plan, { client_secret: 'its secret' })
    expect(Object.fromEntries(new URLSearchParams(server.seen[0]?.body))).toMatchObject({
      client_id: 'another',
      client_secret: 'its secret',
    })
  })

  it('waits for a signature where one is needed', async () => {
    const server = await ok()
    const tokens: TokenSource = {
      ...tokensOf(),
      clientFields: async () => ({ client_id: 'c', client_assertion: 'signed' }),
    }
    await pipelineOn(server.transport, { tokens }).execute(
      planData({ op: 'authentication.token', body: { grant_type: 'x' } }),
    )
    expect(new URLSearchParams(server.seen[0]?.body).get('client_assertion')).toBe('signed')
  })
})

describe('customDomain()', () => {
  const environment = { domain: 'tenant.example', audience: 'a', customDomain: 'login.example.com' }

  it('keeps the header where Auth0 honours it and removes it elsewhere', async () => {
    const server = await ok()
    const pipeline = pipelineOn(server.transport, { environment })
    await pipeline.execute(GET)
    await pipeline.execute(INVITE)
    await pipeline.execute(planData({ ...INVITE, options: { customDomain: 'id.example.com' } }))
    expect(server.seen.map(({ headers }) => headers[HEADER])).toEqual([
      undefined,
      'login.example.com',
      'id.example.com',
    ])
  })

  it('left out, the header rides on every request', async () => {
    const server = await ok()
    await pipelineOn(server.transport, { environment, stages: [retry(), token()] }).execute(GET)
    expect(server.seen[0]?.headers[HEADER]).toBe('login.example.com')
    await pipelineOn(server.transport, { environment, stages: [retry(), token(), customDomain()] }).execute(GET)
    expect(server.seen[1]?.headers[HEADER]).toBeUndefined()
  })
})

describe('the frame', () => {
  it('verifies the ID token of a token answer directly inside decode', async () => {
    const server = await loopback((_, reply) => json(reply, 200, { access_token: 'at', id_token: 'it' }))
    const seen: string[] = []
    const plan = planData({ op: 'authentication.token', body: { grant_type: 'password' } })
    const verified = pipelineOn(server.transport, {
      verifyIdToken: async (idToken) => {
        seen.push(idToken)
      },
    })
    expect(await verified.execute(plan)).toMatchObject({ access_token: 'at' })
    expect(seen).toEqual(['it'])
    const refusing = pipelineOn(server.transport, {
      verifyIdToken: () => Promise.reject(new IdTokenError('ID token, check "iss".', { check: 'iss' })),
    })
    await expect(refusing.execute(plan)).rejects.toMatchObject({ kind: 'id_token', check: 'iss' })
  })

  it('ends an execution whose value cannot be presented', async () => {
    const server = await loopback((_, reply) => json(reply, 200, { user_id: 'auth0|1' }))
    const failing = pipelineOn(server.transport, {
      present() {
        throw new Error('the look is broken')
      },
    })
    const outcome = await failing.execute(GET).outcome()
    expect(outcome.status === 'error' && outcome.error.message).toContain('the look is broken')
  })

  it('presents values and pages, and tells the session of errors', async () => {
    const server = await ok()
    const shown = pipelineOn(server.transport, { present: (value, row) => ({ value, op: row.id }) })
    expect(await shown.execute(GET)).toEqual({ value: { done: true }, op: 'users.get' })
    const failing = await loopback((_, reply) => json(reply, 404, {}))
    const told: unknown[] = []
    await pipelineOn(failing.transport, { failed: (error) => told.push(error) })
      .execute(GET)
      .outcome()
    expect(told).toHaveLength(1)
  })

  it('runs the stages in order, each retry through all that follow', async () => {
    const server = await loopback((_, reply, count) => (count === 1 ? json(reply, 500, {}) : json(reply, 200, {})))
    const log: string[] = []
    const named =
      (name: string): Stage =>
      (next) =>
      (operation) => {
        log.push(`${name}${operation.attempt}`)
        return next(operation)
      }
    const stages = [named('outer'), retry(), named('inner'), token()]
    await pipelineOn(server.transport, { stages, clock: new SwiftClock() }).execute(GET)
    expect(log).toEqual(['outer1', 'inner1', 'inner2'])
  })
})
