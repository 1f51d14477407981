import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import {
  checkDrift,
  type JournalEntry,
  type PlanFile,
  Redactor,
  type Runbook,
  type RunEvent,
  runbookOf,
} from '../../src/run/index.ts'
import {
  memoryJournal,
  planFile,
  type RunbookOptions,
  readPlanFile,
  runRunbook,
  writePlanFile,
} from '../../src/runbook/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'
import { movingClock } from '../runbook/support.ts'
import { laggingTenant } from '../runbook/tenant.ts'

/** A tenant on which runbooks are planned and applied. */
export interface PlanLab {
  readonly tenant: Sandbox
  /** A session that sends. */
  open(): Session
  /** Writes that the tenant has seen. */
  writes(): readonly string[]
  predict(
    runbook: Runbook<never>,
    mode: 'check' | 'plan',
    options?: Partial<RunbookOptions<never>>,
  ): ReturnType<typeof runRunbook>
  /** Plans into a file, and reads it again. */
  plan(runbook: Runbook<never>, params?: object): Promise<PlanFile>
  apply(file: PlanFile, entries?: JournalEntry[]): Promise<Applied>
}

interface Applied {
  readonly result: Awaited<ReturnType<typeof runRunbook>>
  readonly said: readonly string[]
  readonly events: readonly RunEvent[]
}

/** Starts a sandbox for the tests of a file, fresh for each. */
export function planLab(seed: string): PlanLab {
  let tenant: Sandbox
  let folder: string
  beforeAll(async () => {
    tenant = await laggingTenant({ seed, clock: 'fixed', tls: false })
  })
  beforeEach(() => {
    tenant.reset()
    folder = mkdtempSync(join(tmpdir(), 'plan-file-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  afterAll(() => tenant.close())
  const lab: PlanLab = {
    get tenant() {
      return tenant
    },
    open: () => connect({ ...tenant.options, clock: movingClock(tenant), retry: false }),
    writes: () =>
      tenant.requests
        .filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')
        .map(({ method, path }) => `${method} ${path}`),
    predict: (runbook, mode, options = {}) =>
      runRunbook(runbook as Runbook<unknown>, connect({ ...tenant.options, writes: 'check' }), {
        ...(options as object),
        mode,
      }),
    async plan(runbook, params) {
      const redactor = new Redactor()
      const result = await lab.predict(runbook, 'plan', { redactor, ...(params && { params: params as never }) })
      expect(result.error).toBeUndefined()
      const path = join(folder, 'plan.json')
      const { planned: steps, said, params: shown } = result
      const at = new Date(0).toISOString()
      const parts = { runbook: runbook.name, tenant: tenant.domain, at, who: 'x', steps, said }
      writePlanFile(path, planFile({ ...parts, ...(shown !== undefined && { params: shown }) }))
      return readPlanFile(path)
    },
    async apply(file, entries = []) {
      const events: RunEvent[] = []
      const redactor = new Redactor()
      if (entries.length === 0) await checkDrift(file, lab.open(), redactor)
      const result = await runRunbook(runbookOf(file, redactor), lab.open(), {
        mode: 'apply',
        yes: true,
        redactor,
        journal: memoryJournal(entries),
        listener: (event) => events.push(event),
      })
      const said = events.flatMap((event) => (event.type === 'say' ? [event.text] : []))
      return { result, said, events }
    },
  }
  return lab
}
