import { describe, expect, it } from 'vitest'
import { planData } from '../../src/plan/index.ts'
import { eventsOf, json, loopback, pipelineOn } from './server.ts'

const get = planData({ op: 'users.get', params: { id: 'auth0|1' } })

describe('a plan that runs', () => {
  it('goes through the frame and the stages to a typed value', async () => {
    const server = await loopback((_, reply) => json(reply, 200, { user_id: 'auth0|1', extra: { kept: true } }))
    const execution = pipelineOn(server.transport).execute(get)
    expect(await execution).toEqual({ user_id: 'auth0|1', extra: { kept: true } })
    expect(server.seen).toHaveLength(1)
    expect(server.seen[0]).toMatchObject({ method: 'GET', url: '/api/v2/users/auth0%7C1' })
    expect(server.seen[0]?.headers.authorization).toBe('Bearer token-1')
    expect((await eventsOf(execution)).map((event) => event.kind)).toEqual(['token', 'attempt', 'response', 'value'])
  })
})
