import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'

let folder: string
let tenant: Sandbox
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenantlab-import-'))
  tenant = await sandbox({ seed: 'import', clock: 'fixed' })
})
afterEach(async () => {
  await tenant.close()
  rmSync(folder, { recursive: true })
})

const records = JSON.stringify([{ email: 'imported@example.com' }])
const plan = (file: string) =>
  connect(tenant.options).jobs.usersImports.create({ connection_id: tenant.seed.connection.id, users: { file } })

describe('an import from a file', () => {
  it('names the file and its hash in the plan, and sends what the file holds', async () => {
    const file = join(folder, 'users.json')
    writeFileSync(file, records)
    const sha256 = createHash('sha256').update(records).digest('hex')
    expect(plan(file).data.body).toEqual({ connection_id: tenant.seed.connection.id, users: { file, sha256 } })
    const job = await plan(file).run()
    tenant.clock.advance(60_000)
    const auth0 = connect(tenant.options)
    expect((await auth0.jobs(job.id).get().run()).summary).toMatchObject({ inserted: 1, failed: 0 })
  })

  it('refuses to send a file that has changed since the plan was made', async () => {
    const file = join(folder, 'users.json')
    writeFileSync(file, records)
    const made = plan(file)
    writeFileSync(file, '[]')
    const outcome = await made.run().outcome()
    expect(outcome.status === 'error' && outcome.error.message).toMatch(/has changed since the plan was made/)
    expect(tenant.requests.filter((request) => request.path.includes('users-imports'))).toEqual([])
  })

  it('says at once that a file is not there', () => {
    expect(() => plan(join(folder, 'absent.json'))).toThrow(
      /users\.file must name a file that can be read.*Check the path/,
    )
  })
})
