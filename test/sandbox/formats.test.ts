// T28 of the list of faults: what the Authentication API refuses by its form, before anything is stored or sent.
import { beforeEach, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { send, start } from './bench.ts'

let tenant: Sandbox
beforeEach(async () => {
  tenant = await start()
})

const post = (path: string, body: object) =>
  send(tenant, 'POST', path, { body: { client_id: tenant.options.clientId, ...body } })
const account = { connection: 'Username-Password-Authentication', password: 'Some-Pass-1234!' }

describe('T28: forms of addresses', () => {
  it.each(['not-an-email', 'a b@example.com', 'a@', '@example.com', 'a@example'])(
    'signup refuses %s',
    async (email) => {
      const before = tenant.outbox.length
      const answer = await post('/dbconnections/signup', { ...account, email })
      expect(answer.status).toBe(400)
      expect(answer.body.error_description).toContain('email format validation failed')
      expect(tenant.outbox.length).toBe(before)
    },
  )

  it.each(['not-an-email', 'a@b c.example', '@'])('passwordless refuses %s', async (email) => {
    const answer = await post('/passwordless/start', { connection: 'email', email, send: 'code' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'bad.email' } })
  })

  it.each(['12', '5005550077', '+0123456789', '+1 500 555', '+1234567890123456'])(
    'passwordless refuses the number %s',
    async (phone_number) => {
      const answer = await post('/passwordless/start', { connection: 'sms', phone_number })
      expect(answer).toMatchObject({ status: 400, body: { error: 'bad.phone_number' } })
    },
  )

  it.each(['a.b+c@sub.example.com', "o'neill@example.co", 'ä@bücher.example'])('takes %s', async (email) => {
    expect((await post('/dbconnections/signup', { ...account, email })).status).toBe(200)
    expect((await post('/passwordless/start', { connection: 'email', email, send: 'code' })).status).toBe(200)
  })
})

describe('T28: metadata of a signup', () => {
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, 'x']))
  it.each([
    ['a text', 'x'],
    ['a list', ['x']],
    ['eleven members', many],
    ['a long name', { ['k'.repeat(101)]: 'x' }],
    ['a long value', { k: 'x'.repeat(501) }],
    ['a value that is no text', { k: { deep: 1 } }],
  ])('refuses %s', async (_what, user_metadata) => {
    const answer = await post('/dbconnections/signup', { ...account, email: 'meta@example.com', user_metadata })
    expect(answer.status).toBe(400)
    expect(answer.body.error_description).toContain('user_metadata')
  })

  it('takes ten members of 500 characters', async () => {
    const user_metadata = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`k${index}`, 'x'.repeat(500)]))
    const answer = await post('/dbconnections/signup', { ...account, email: 'fine@example.com', user_metadata })
    expect(answer).toMatchObject({ status: 200, body: { user_metadata } })
  })
})
