/** A runbook of one write that can be run again, resumed and undone. */
export const runbook = `// Gives the tenant a role for its support team. A second run changes nothing, and undo deletes the role again.
import { defineRunbook, doneWhen } from 'tenantlab/runbook'
import { z } from 'zod'

export default defineRunbook({
  name: 'support-role',
  description: 'Gives the tenant a role for its support team.',
  params: z.object({
    name: z.string().min(1).default('Support').describe('name of the role'),
  }),
  async *steps({ auth0, params: { name }, step, say }) {
    const role = yield* step('create the role', auth0.roles.create({ name, description: 'Answers customers' }), {
      doneWhen: doneWhen(auth0.roles.list({ name_filter: name }).all(), { name }),
      undo: ({ result }) => auth0.roles(result.id ?? '').delete(),
    })
    say(\`The role \${name} has the id \${role.id}.\`)
  },
})
`

/** Its test, on the embedded tenant and with nock. */
export const runbookTest = `import nock from 'nock'
import { connect } from 'tenantlab'
import { memoryJournal, runRunbook, undoRun } from 'tenantlab/runbook'
import { sandbox } from 'tenantlab/sandbox'
import { afterEach, describe, expect, it } from 'vitest'
import supportRole from '../runbooks/support-role.ts'

describe('on the embedded tenant', () => {
  it('creates the role, and its undo deletes it', async () => {
    const tenant = await sandbox({ seed: 'support-role' })
    try {
      const auth0 = connect(tenant.options)
      const roles = async () => (await auth0.roles.list({ name_filter: 'Helpers' }).all().run()).map(({ name }) => name)
      const journal = memoryJournal()
      expect(await runRunbook(supportRole, auth0, { params: { name: 'Helpers' }, journal })).toMatchObject({ status: 'done' })
      expect(await roles()).toEqual(['Helpers'])
      expect(await undoRun(journal, auth0)).toMatchObject({ status: 'done' })
      expect(await roles()).toEqual([])
    } finally {
      await tenant.close()
    }
  })

  it('writes nothing in a check', async () => {
    const tenant = await sandbox({ seed: 'support-role' })
    try {
      await runRunbook(supportRole, connect(tenant.options), { params: { name: 'Helpers' }, mode: 'check' })
      const writes = tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')
      expect(writes).toEqual([])
    } finally {
      await tenant.close()
    }
  })
})

describe('with nock', () => {
  afterEach(() => nock.cleanAll())

  it('sends what the role is made of', async () => {
    const tenant = nock('https://tenant.example.com')
    tenant.get('/api/v2/roles').query(true).times(2).reply(200, [])
    tenant
      .post('/api/v2/roles', { name: 'Helpers', description: 'Answers customers' })
      .reply(200, { id: 'rol_1', name: 'Helpers' })
    const auth0 = connect({ domain: 'tenant.example.com', token: 'token-of-the-test' })
    const run = await runRunbook(supportRole, auth0, { params: { name: 'Helpers' } })
    expect(run).toMatchObject({ status: 'done' })
  })
})
`
