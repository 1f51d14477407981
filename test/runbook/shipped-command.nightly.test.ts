import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../src/plan/index.ts'
import { ledgerOf, readJournal } from '../../src/runbook/index.ts'
import type { Sandbox, SandboxSnapshot } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { commandFor, type TenantCommand } from './command.ts'
import { runbooks } from './round-trip.ts'
import { type ShippedCase, shapeOf, shippedCases, stateOf } from './shipped-cases.ts'
import { laggingTenant } from './tenant.ts'

// What the built command does with each file in runbooks/, in real processes that are really killed.
const shipped = readdirSync(runbooks)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replace(/\.ts$/, ''))

describe.each(shipped)('%s', (name) => {
  const given = shippedCases[name] as ShippedCase
  const file = join(runbooks, `${name}.ts`)
  let tenant: Sandbox
  let command: TenantCommand
  let start: SandboxSnapshot
  let ticking: NodeJS.Timeout | undefined
  let params: Record<string, Json>

  beforeAll(async () => {
    tenant = await laggingTenant()
    command = await commandFor(tenant)
    params = { ...(await given.prepare(connect(tenant.options), tenant)), ...given.hasty }
    start = tenant.snapshot()
  })
  beforeEach(() => {
    begin()
    // The command has a clock of its own; a job of the tenant must not take as long as one of Auth0's.
    if (given.settle !== undefined) ticking = setInterval(() => given.settle?.(tenant), 50)
  })
  afterEach(() => clearInterval(ticking))
  afterAll(async () => {
    command.end()
    await tenant.close()
  })

  const begin = () => tenant.reset(start)
  const state = async () => {
    // What a run saw was late; what is compared is not.
    await new Promise((resolve) => setTimeout(resolve, 2100))
    return stateOf(connect({ ...tenant.options, retry: false }), tenant, given)
  }
  const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')
  const lab = (words: readonly string[], killed?: string) => command.tenantlab([...words, '--tenant', 'lab'], killed)
  const withParams = (more: object = {}): string[] => {
    writeFileSync(join(command.folder, 'params.json'), JSON.stringify({ ...params, ...more }))
    return ['--params', 'params.json']
  }
  /** A step in the middle of what a journal records: a write, where there is one. */
  const middleOf = (journal: string): string => {
    const entries = readJournal(join(command.folder, journal))
    const sent = entries.flatMap((entry) => (entry.type === 'send' ? [entry] : []))
    const those = given.readsOnly === true ? sent : sent.filter(({ method }) => method !== 'GET')
    return those[Math.floor(those.length / 2)]?.step ?? ''
  }
  const finished = (journal: string) => ledgerOf(readJournal(join(command.folder, journal))).finished

  it('is checked, planned, shown, applied, killed, resumed and taken back', async () => {
    const before = await state()
    const check = await lab(['run', file, '--check', '--detailed-exitcode', ...withParams()])
    expect(check.code, check.err).toBe(given.readsOnly === true ? 0 : 2)
    const plan = await lab(['plan', file, '-o', 'plan.json', ...withParams()])
    expect(plan.code, plan.err).toBe(0)
    expect(writes()).toEqual([])
    const shown = await command.tenantlab(['show', 'plan.json'])
    expect(shown.code).toBe(0)
    expect(shown.out).toContain(name)
    const apply = (journal: string, killed?: string, ...more: string[]) =>
      lab(['apply', 'plan.json', '--yes', '--journal', journal, ...more], killed)
    const applied = await apply('whole.jsonl')
    expect(applied.code, applied.err).toBe(0)
    const after = await state()
    if (given.readsOnly === true) return expect(writes()).toEqual([])
    expect(after).not.toEqual(before)
    const step = middleOf('whole.jsonl')
    expect(step).not.toBe('')

    // It has been carried out, and its answer is not written down.
    const death = `before:answer ${step}`
    begin()
    expect((await apply('killed.jsonl', death, '--again')).code).toBe('SIGKILL')
    expect(finished('killed.jsonl')).toBe(false)
    const resumed = await apply('killed.jsonl', undefined, '--resume')
    expect(resumed.code, resumed.err).toBe(0)
    expect(shapeOf(await state())).toEqual(shapeOf(after))
    if (given.appliedForGood === true) return
    const undone = await lab(['undo', 'killed.jsonl', '--yes'])
    expect(undone.code, undone.err).toBe(0)
    expect(await state()).toEqual(before)
  })

  it('is run, killed, resumed and taken back', async () => {
    const before = await state()
    const run = (journal: string, killed?: string, ...more: string[]) =>
      lab(['run', file, '--yes', '--journal', journal, ...more], killed)
    const ran = await run('run.jsonl', undefined, ...withParams(given.undoable))
    expect(ran.code, ran.err).toBe(0)
    const after = await state()
    const step = middleOf('run.jsonl')
    // Its line is written, and it never leaves.
    const death = `after:send ${step}`
    begin()
    expect((await run('killed-run.jsonl', death, ...withParams(given.undoable))).code).toBe('SIGKILL')
    expect(finished('killed-run.jsonl')).toBe(false)
    // The journal knows the parameters.
    const resumed = await run('killed-run.jsonl', undefined, '--resume')
    expect(resumed.code, resumed.err).toBe(0)
    expect(shapeOf(await state())).toEqual(shapeOf(after))
    const undone = await lab(['undo', 'killed-run.jsonl', '--yes'])
    // Where nothing was written, nothing can be undone.
    expect(undone.code, undone.err).toBe(given.readsOnly === true ? 1 : 0)
    expect(await state()).toEqual(before)
  })
})
