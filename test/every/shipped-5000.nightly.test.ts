import { expect, it } from 'vitest'
import { connect } from '../../src/index.ts'
import { memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { sandbox } from '../../src/sandbox/index.ts'
import { shippedRunbook } from '../runbook/round-trip.ts'

it('clean-up-users blocks 5,000 users, each once, also where it was interrupted', async () => {
  const users = Array.from({ length: 5000 }, (_, at) => ({
    email: `user-${at}@example.com`,
    password: 'Many-Users-5000!',
  }))
  const tenant = await sandbox({ seed: 'many', clock: 'fixed', tls: false, users })
  try {
    const auth0 = connect(tenant.options)
    const runbook = await shippedRunbook('clean-up-users')
    const params = { before: '2030-01-01' }
    const entries: Parameters<typeof memoryJournal>[0] = []
    tenant.faults.add({ kind: 'status', status: 400, match: { method: 'PATCH' }, after: 2500, times: 1 })
    const first = await runRunbook(runbook, auth0, { params, yes: true, journal: memoryJournal(entries) })
    expect(first.status).toBe('failed')
    const second = await runRunbook(runbook, auth0, { params, yes: true, journal: memoryJournal(entries) })
    expect(second.error).toBeUndefined()
    const blocked = tenant.requests.filter(({ method, status }) => method === 'PATCH' && status === 200)
    expect(new Set(blocked.map(({ path }) => path)).size).toBe(5002)
    expect(blocked).toHaveLength(5002)
    const left = auth0.users.every({ q: 'NOT blocked:true' }, { settle: 0 })
    expect(await left.run()).toEqual([])
  } finally {
    await tenant.close()
  }
}, 300_000)
