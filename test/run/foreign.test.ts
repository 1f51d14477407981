import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JournalEntry, RunMode } from '../../src/run/index.ts'
import { defineRunbook, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

let own: Sandbox
let other: Sandbox
beforeAll(async () => {
  ;[own, other] = await Promise.all([
    sandbox({ seed: 'own', clock: 'fixed', tls: false }),
    sandbox({ seed: 'other', clock: 'fixed', tls: false }),
  ])
})
beforeEach(() => {
  own.reset()
  other.reset()
})
afterAll(() => Promise.all([own.close(), other.close()]))

type Steps = Parameters<typeof defineRunbook>[0]['steps']

// All sandboxes have one canonical domain: the other is known by a domain of its own.
const domain = 'login.acme.example'
const there = () => connect({ ...other.options, domain, audience: `https://${other.domain}/api/v2/` })
const writes = (tenant: Sandbox) =>
  tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')

async function run(mode: RunMode, steps: (there: Session) => Steps, entries: JournalEntry[] = []) {
  const session = connect({ ...own.options, writes: mode === 'run' ? 'allow' : 'check' })
  return runRunbook(defineRunbook({ name: 'foreign', steps: steps(there()) }), session, {
    mode,
    journal: memoryJournal(entries),
  })
}

const MODES = ['run', 'check', 'plan'] as const

describe('a step of another tenant', () => {
  it.each(MODES)('that writes is refused before anything is sent: %s', async (mode) => {
    const { error, planned } = await run(
      mode,
      (foreign) =>
        async function* ({ step }) {
          yield* step('write there', foreign.roles.create({ name: 'Crossed' }))
        },
    )
    expect((error as Error).message).toContain(`"write there" goes to ${domain}, and this run is that of ${own.domain}`)
    expect(planned).toEqual([])
    expect([...writes(own), ...writes(other)]).toEqual([])
  })

  it.each(MODES)('that reads is read there, and is no part of a plan file: %s', async (mode) => {
    await there().roles.create({ name: 'Auditor' }).run()
    const { error, planned } = await run(
      mode,
      (foreign) =>
        async function* ({ auth0, step }) {
          const roles = yield* step('roles there', foreign.roles.list({}).all())
          yield* step('copy', auth0.roles.create({ name: roles.at(-1)?.name ?? '' }))
        },
    )
    expect(error).toBeUndefined()
    if (mode === 'run') expect(writes(own)).toHaveLength(1)
    else expect(planned).toMatchObject([{ id: 'copy', after: { name: 'Auditor' } }])
  })

  it.each(['run', 'plan'] as const)('is no undo of a step of this one: %s', async (mode) => {
    const entries: JournalEntry[] = []
    const { error } = await run(
      mode,
      (foreign) =>
        async function* ({ auth0, step }) {
          yield* step('create', auth0.roles.create({ name: 'x' }), { undo: foreign.roles('rol_x').delete() })
        },
      entries,
    )
    expect((error as Error).message).toContain(`The undo of the step "create" goes to ${domain}`)
    expect(entries.some((entry) => entry.type === 'done' && entry.undo !== undefined)).toBe(false)
  })
})
