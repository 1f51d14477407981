import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RunbookOptions, runRunbook } from '../../src/runbook/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { shippedRunbook } from './round-trip.ts'
import { movingClock } from './support.ts'
import { laggingTenant } from './tenant.ts'

// What somebody counts on who runs a shipped runbook against a tenant that matters.
let tenant: Sandbox
beforeAll(async () => {
  tenant = await laggingTenant({ seed: 'manners', clock: 'fixed', tls: false })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

const open = () => connect({ ...tenant.options, clock: movingClock(tenant) })
const sent = () => tenant.requests.filter(({ path }) => path !== '/oauth/token')
const writes = () => sent().filter(({ method }) => method !== 'GET')

async function run(name: string, options: RunbookOptions<unknown>) {
  const said: string[] = []
  const listener: RunbookOptions<unknown>['listener'] = (event) => {
    if (event.type === 'say') said.push(event.text)
  }
  return { ...(await runRunbook(await shippedRunbook(name), open(), { listener, ...options })), said: said.join('\n') }
}

describe('parameters that cannot be right', () => {
  it.each([
    ['block-a-country', { country: 'im' }, /"country": must be two capital letters/],
    ['clean-up-users', { before: 'last year' }, /"before": /],
    ['links-to-a-custom-domain', { domain: 'https://login.acme.example' }, /"domain": .*without https/],
    [
      'roll-a-client-secret',
      { client: 'x', publicKey: '-----BEGIN PRIVATE KEY-----' },
      /"publicKey": must be a public key/,
    ],
    ['retry-failed-imports', { jobs: ['4711'] }, /"jobs.0": must begin with job_/],
    ['move-users-between-connections', { from: '', to: 'email' }, /"from": /],
    ['quotas-of-an-organization', { organization: 'acme', perDay: 0 }, /"perDay": /],
  ])('are refused by %s in a sentence, before anything is sent', async (name, params, sentence) => {
    await expect(run(name, { params })).rejects.toThrow(sentence)
    expect(sent()).toEqual([])
  })

  it.each([
    ['links-to-a-custom-domain', { domain: 'login.initech.example' }, /is no custom domain of .* Verified are login/],
    ['move-users-between-connections', { from: 'Staf', to: 'email' }, /has no connection Staf\. It has /],
    ['move-users-between-connections', { from: 'email', to: 'email' }, /to itself/],
    ['tighten-quotas-by-use', { from: '2026-11-02', to: '2026-11-01' }, /ends .* before it begins/],
  ])('are refused by %s after reads only', async (name, params, sentence) => {
    expect(String((await run(name, { params })).error)).toMatch(sentence)
    expect(writes()).toEqual([])
  })
})

describe('what is dangerous', () => {
  it.each([
    ['block-a-country', { country: 'IM' }, /Every login from IM will be refused for 60 minutes/],
    ['clean-up-users', { before: '2030-01-01' }, /^2 users of .* can log in no more/],
    ['links-to-a-custom-domain', { domain: 'id.globex.example' }, /will carry id\.globex\.example instead of/],
    ['quotas-of-an-organization', { organization: 'acme', perDay: 100 }, /get no tokens beyond 100 a day/],
    ['enrol-users-in-mfa', { query: 'email:*' }, /^2 users get a mail with a ticket/],
  ])('%s asks once, with numbers, and sends nothing of it without a yes', async (name, params, question) => {
    const asked: string[] = []
    const refused = await run(name, {
      params,
      ask: async ({ text }) => {
        asked.push(text)
        return 'no'
      },
    })
    expect(refused.exitCode).toBe(3)
    expect(asked).toEqual([expect.stringMatching(question)])
    const before = writes().length
    const agreed = await run(name, {
      params,
      ask: async ({ text }) => {
        asked.push(text)
        return 'yes'
      },
    })
    expect(agreed.error).toBeUndefined()
    expect(asked).toHaveLength(2)
    expect(writes().length).toBeGreaterThan(before)
  })
})

it('clean-up-users spares whoever has just come, and finds no one twice', async () => {
  const fresh = await run('clean-up-users', { params: { before: '2026-11-02' }, yes: true })
  expect(fresh.said).toContain('0 users')
  expect(writes()).toEqual([])
  const params = { before: '2030-01-01' }
  expect((await run('clean-up-users', { params, yes: true })).summary.written).toBe(2)
  tenant.clock.advance(2000)
  expect((await run('clean-up-users', { params, yes: true })).summary.written).toBe(0)
})

it('clean-up-users says where a run ends before the users do', async () => {
  const part = await run('clean-up-users', { params: { before: '2030-01-01', most: 1 }, yes: true })
  expect(part.summary.written).toBe(1)
  expect(part.said).toContain('Run this again')
})

it('clean-up-users takes more users than a search reaches in one run', async () => {
  const auth0 = open()
  const emails = Array.from({ length: 1010 }, (_, index) => `fleet-${index}@example.com`)
  for (let at = 0; at < emails.length; at += 50) {
    const create = (email: string) =>
      auth0.users
        .create({ connection: 'Username-Password-Authentication', email, password: 'Fleet-of-1010-users' })
        .run()
    await Promise.all(emails.slice(at, at + 50).map(create))
  }
  const params = { before: '2030-01-01' }
  tenant.clock.advance(2000)
  const first = await run('clean-up-users', { params, yes: true })
  expect(first.error).toBeUndefined()
  expect(first.summary.written).toBe(emails.length + tenant.seed.users.length)
  tenant.clock.advance(2000)
  const second = await run('clean-up-users', { params, yes: true })
  expect(second.summary.written).toBe(0)
})

it.each([
  ['quotas-of-an-organization', { organization: 'acme', perDay: 100 }],
  ['links-to-a-custom-domain', { domain: 'id.globex.example' }],
])('%s changes nothing when it is run twice', async (name, params) => {
  expect((await run(name, { params, yes: true })).summary.written).toBe(1)
  const before = writes().length
  expect((await run(name, { params, yes: true })).summary.written).toBe(0)
  expect(writes()).toHaveLength(before)
})

it('links-to-a-custom-domain shows a link before and after, without the link', async () => {
  const proof = tenant.seed.users[0]?.user_id
  const { said, error } = await run('links-to-a-custom-domain', {
    params: { domain: 'id.globex.example', proof },
    yes: true,
  })
  expect(error).toBeUndefined()
  expect(said).toContain(`A ticket's link before: ${tenant.domain}`)
  expect(said).toContain("A ticket's link after: id.globex.example")
  expect(said).not.toContain('ticket=')
  expect(tenant.outbox).toHaveLength(0)
})

it('links-to-a-custom-domain says of a domain that waits for verification that it waits', async () => {
  await open().customDomains.create({ domain: 'new.acme.example', type: 'auth0_managed_certs' }).run()
  const { error } = await run('links-to-a-custom-domain', { params: { domain: 'new.acme.example' }, yes: true })
  expect(String(error)).toContain('new.acme.example is not verified: it is pending_verification')
})

it('nightly-snapshot fails on a change where it was told to, once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'manners-'))
  try {
    const params = { folder, failOnChange: true }
    expect((await run('nightly-snapshot', { params })).exitCode).toBe(0)
    await open().roles.create({ name: 'auditor' }).run()
    const checked = await run('nightly-snapshot', { params, mode: 'check' })
    expect(checked.exitCode).toBe(1)
    const changed = await run('nightly-snapshot', { params })
    expect(changed.exitCode).toBe(1)
    expect(changed.said).toContain('auditor')
    expect((await run('nightly-snapshot', { params })).exitCode).toBe(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('tighten-quotas-by-use looks at last month where it is told no window', async () => {
  const steps: string[] = []
  // What the log of that month asks for depends on the day.
  const { error } = await run('tighten-quotas-by-use', {
    yes: true,
    listener: (event) => {
      if (event.type === 'step_start') steps.push(event.step)
    },
  })
  expect(error).toBeUndefined()
  const [, from = '', to = ''] = /^read logs (\S+) to (\S+)$/.exec(steps[0] ?? '') ?? []
  expect([from, to].map((time) => time.slice(7))).toEqual(['-01T00:00:00.000Z', '-01T00:00:00.000Z'])
  // The next month after the first one begins where the window ends.
  const next = new Date(from)
  next.setUTCMonth(next.getUTCMonth() + 1)
  expect(next.toISOString()).toBe(to)
  expect(Date.parse(to)).toBeLessThanOrEqual(Date.now())
})
