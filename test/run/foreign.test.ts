import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connect as connectHere } from '../../src/connect/index.ts'
import {
  checkDrift,
  doneWhen,
  type JournalEntry,
  type OtherTenants,
  type PlanFile,
  Redactor,
  type RunMode,
} from '../../src/run/index.ts'
import { defineRunbook, memoryJournal, planFile, runRunbook } from '../../src/runbook/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'
import { laggingTenant } from '../runbook/tenant.ts'

let own: Sandbox
let other: Sandbox
beforeAll(async () => {
  ;[own, other] = await Promise.all([
    laggingTenant({ seed: 'own', clock: 'fixed', tls: false }),
    laggingTenant({ seed: 'other', clock: 'fixed', tls: false }),
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

  it.each(MODES)('that reads is read there, and a plan is based on it: %s', async (mode) => {
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
    else {
      expect(planned).toMatchObject([
        { id: 'roles there', effect: 'read', basis: { tenant: domain } },
        { id: 'copy', after: { name: 'Auditor' } },
      ])
    }
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

describe('R38: every tenant read is part of what a plan is based on', () => {
  const planned = async (steps: (foreign: Session) => Steps) => {
    const result = await run('plan', steps)
    expect(result.error).toBeUndefined()
    const at = '2026-11-24T10:00:00.000Z'
    return planFile({ runbook: 'foreign', tenant: own.domain, at, who: 'me', steps: result.planned })
  }
  const drift = (file: PlanFile, others?: OtherTenants) =>
    checkDrift(file, connect(own.options), new Redactor(), others)
  const change = () => there().tenants.settings.update({ friendly_name: 'Changed' }).run()

  it.each<[string, (foreign: Session) => Steps, () => PromiseLike<unknown>]>([
    [
      'a step that reads another tenant',
      (foreign) =>
        async function* ({ auth0, step }) {
          const { friendly_name = 'none' } = yield* step('look', foreign.tenants.settings.get())
          yield* step('copy', auth0.roles.create({ name: friendly_name }))
        },
      change,
    ],
    [
      'a list of another tenant',
      (foreign) =>
        async function* ({ auth0, step }) {
          const roles = yield* step('look', foreign.roles.list({}).all())
          yield* step('copy', auth0.roles.create({ name: `${roles.length} roles` }))
        },
      () => there().roles.create({ name: 'One more' }).run(),
    ],
    [
      'a flow of another tenant',
      (foreign) =>
        async function* ({ auth0, step }) {
          const name = yield* step(
            'look',
            foreign.tenants.settings.get().map((settings) => settings.friendly_name ?? 'none'),
          )
          yield* step('copy', auth0.roles.create({ name }))
        },
      change,
    ],
    [
      'a read of another tenant in the code, beside the steps',
      (foreign) =>
        async function* ({ auth0, step }) {
          const { friendly_name = 'none' } = await foreign.tenants.settings.get().run()
          yield* step('copy', auth0.roles.create({ name: friendly_name }))
        },
      change,
    ],
    [
      'a check that asks another tenant',
      (foreign) =>
        async function* ({ auth0, step }) {
          yield* step('copy', auth0.roles.create({ name: 'copied' }), {
            doneWhen: doneWhen(foreign.tenants.settings.get(), () => true),
          })
        },
      change,
    ],
    [
      'a read of its own tenant in the code',
      () =>
        async function* ({ auth0, step }) {
          const { friendly_name = 'none' } = await auth0.tenants.settings.get().run()
          yield* step('copy', auth0.roles.create({ name: friendly_name }))
        },
      () => connect(own.options).tenants.settings.update({ friendly_name: 'Changed' }).run(),
    ],
  ])('%s', async (_, steps, changed) => {
    const file = await planned(steps)
    await expect(drift(file, there)).resolves.toBeUndefined()
    await changed()
    await expect(drift(file, there)).rejects.toMatchObject({ kind: 'drift' })
  })

  it('does not apply a plan where the other tenant cannot be asked', async () => {
    const file = await planned(
      (foreign) =>
        async function* ({ auth0, step }) {
          yield* step('look', foreign.tenants.settings.get())
          yield* step('make', auth0.roles.create({ name: 'x' }))
        },
    )
    await expect(drift(file)).rejects.toThrow(`reads of the tenant ${domain} as well`)
  })

  it('holds for the review of a flow', async () => {
    const flow = there()
      .tenants.settings.get()
      .andThen(({ friendly_name = 'none' }) => connectHere(own.options).roles.create({ name: friendly_name }))
    const review = await connectHere(own.options)
      .roles.list({})
      .andThen(() => flow)
      .check()
    await change()
    await expect(review.apply()).rejects.toMatchObject({ kind: 'drift' })
    expect(writes(own)).toEqual([])
  })
})
