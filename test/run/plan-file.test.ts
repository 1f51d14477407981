import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { checkDrift, checkTenant, Redactor, runbookOf } from '../../src/run/index.ts'
import { defineRunbook, planFile, readPlanFile, runRunbook, writePlanFile } from '../../src/runbook/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { fifty } from '../runbook/support.ts'
import { laggingTenant } from '../runbook/tenant.ts'

let tenant: Sandbox
let folder: string
beforeAll(async () => {
  tenant = await laggingTenant({ seed: 'plan', clock: 'fixed', tls: false })
})
beforeEach(() => {
  tenant.reset()
  folder = mkdtempSync(join(tmpdir(), 'plan-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
afterAll(() => tenant.close())

const allow = () => connect({ ...tenant.options, retry: false })
const predicting = () => connect({ ...tenant.options, writes: 'check' })
const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')

const renamed = defineRunbook({
  name: 'renamed',
  async *steps({ auth0, step }) {
    const client = yield* step('read', auth0.clients(tenant.options.clientId).get())
    yield* step('rename', auth0.clients(tenant.options.clientId).update({ name: `${client.name} II` }), {
      undo: ({ before }) => auth0.clients(tenant.options.clientId).update({ name: before?.name }),
    })
  },
})

async function planned(runbook: Parameters<typeof runRunbook>[0], params?: object) {
  const result = await runRunbook(runbook, predicting(), { mode: 'plan', ...(params && { params }) })
  expect(result.error).toBeUndefined()
  const path = join(folder, 'plan.json')
  const { planned: steps } = result
  writePlanFile(
    path,
    planFile({ runbook: runbook.name, tenant: tenant.domain, at: new Date(0).toISOString(), who: 'x', steps }),
  )
  return path
}

it('applies exactly what was planned, with the values that only the writes bring about', async () => {
  const path = await planned(fifty, { clients: 3 })
  expect(writes()).toEqual([])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const file = readPlanFile(path)
  expect(file.steps.map(({ id, effect }) => `${effect} ${id}`).slice(0, 2)).toEqual([
    'write create Job 0',
    'write describe Job 0',
  ])
  const redactor = new Redactor()
  checkTenant(file, allow())
  await checkDrift(file, allow(), redactor)
  const result = await runRunbook(runbookOf(file, redactor), allow(), { mode: 'apply', redactor })
  expect(result).toMatchObject({ status: 'done', summary: { written: 6 } })
  const jobs = (await allow().clients.list({}).all().run()).filter(({ name }) => name?.startsWith('Job'))
  expect(jobs.map(({ description }) => description)).toEqual(['number 0', 'number 1', 'number 2'])
})

it('refuses a tenant that has drifted, and shows how', async () => {
  const file = readPlanFile(await planned(renamed))
  await allow().clients(tenant.options.clientId).update({ description: 'changed by somebody' }).run()
  await expect(checkDrift(file, allow(), new Redactor())).rejects.toMatchObject({
    kind: 'drift',
    drifts: [
      { step: 'read', changes: [{ kind: 'added', path: 'description', after: 'changed by somebody' }] },
      { step: 'rename' },
    ],
  })
})

it('refuses another tenant and a file that was changed by hand', async () => {
  const path = await planned(renamed)
  const other = await laggingTenant({ seed: 'other', clock: 'fixed', tls: false })
  try {
    expect(() => checkTenant({ ...readPlanFile(path), tenant: 'other.example' }, connect(other.options))).toThrow(
      /for the tenant other.example/,
    )
  } finally {
    await other.close()
  }
  writeFileSync(path, readFileSync(path, 'utf8').replace('Tenantlab II', 'Tenantlab III'))
  expect(() => readPlanFile(path)).toThrow(/was changed after/)
})
