import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/run/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { commandFor, type TenantCommand } from './command.ts'

const TWENTY = `import { defineRunbook } from 'tenantlab/runbook'
export default defineRunbook({
  name: 'twenty',
  async *steps({ auth0, step }) {
    for (let i = 1; i <= 20; i += 1) yield* step('create ' + i, auth0.roles.create({ name: 'Role ' + i }))
  },
})
`

// A tenant that limits nothing: whatever is spread is spread by the command.
let tenant: Sandbox
let command: TenantCommand
beforeAll(async () => {
  // Without a seed its clock is the machine's.
  tenant = await sandbox()
  command = await commandFor(tenant)
  writeFileSync(join(command.folder, 'twenty.ts'), TWENTY)
})
beforeEach(() => tenant.reset())
afterAll(async () => {
  command.end()
  await tenant.close()
})

async function run(...more: readonly string[]): Promise<readonly RunEvent[]> {
  const { code, out } = await command.tenantlab(['run', 'twenty.ts', '--tenant', 'lab', '--json', ...more])
  expect(code).toBe(0)
  const events = out.trim().split('\n')
  return events.map((line) => JSON.parse(line) as RunEvent)
}

const waits = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'wait' ? [{ step: event.step, reason: event.reason, ms: event.ms }] : []))

describe('a budget of requests per second', () => {
  it('spreads the writes of a run, also where the tenant limits nothing', async () => {
    const events = await run('--max-rate', '5')
    const writes = tenant.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v2/roles')
    expect(writes).toHaveLength(20)
    // By the tenant's own clock: five at once, and fifteen at five per second, less what the first was on its way.
    expect((writes.at(-1)?.at ?? 0) - (writes[0]?.at ?? 0)).toBeGreaterThan(2500)
    const told = waits(events)
    expect(told.length).toBeGreaterThan(0)
    for (const { reason, ms = 0 } of told) {
      expect(reason).toBe('slot')
      expect(Number.isInteger(ms)).toBe(true)
      expect(ms).toBeLessThanOrEqual(200)
    }
  })

  it('does not hold up a run without one', async () => {
    expect(waits(await run())).toEqual([])
  })
})

it('tells a wait before another attempt once, and why', async () => {
  tenant.faults.add({
    kind: '429',
    match: { method: 'POST', path: '/api/v2/roles' },
    times: 1,
    headers: { 'retry-after': '0' },
  })
  const events = await run()
  expect(events.filter(({ type }) => type === 'request')).toHaveLength(21)
  expect(events.filter((event) => event.type === 'wait' && event.reason !== 'slot')).toEqual([
    expect.objectContaining({ step: 'create 1', reason: 'server', why: 'the rate limit was reached' }),
  ])
})
