import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { BasePlan, Flow, TenantlabError } from '../../src/plan/index.ts'
import { storeProfile } from '../../src/profiles/index.ts'
import { connect } from '../../src/session/index.ts'

const auth0 = connect({
  domain: 'lines.example',
  token: 'of-nobody',
  retry: false,
  transport: () => Promise.reject(new Error('no way out')),
})
const here = fileURLToPath(import.meta.url)

const home = mkdtempSync(join(tmpdir(), 'calling-line-'))
const { XDG_CONFIG_HOME } = process.env
afterAll(() => {
  if (XDG_CONFIG_HOME === undefined) delete process.env.XDG_CONFIG_HOME
  else process.env.XDG_CONFIG_HOME = XDG_CONFIG_HOME
  rmSync(home, { recursive: true })
})

/** Runs work from a line of its own. */
async function failure(work: BasePlan<unknown> | Flow<unknown>): Promise<TenantlabError> {
  return work.run().catch((error: TenantlabError) => error) as Promise<TenantlabError>
}

describe('the cause of a failure', () => {
  it.each<[string, BasePlan<unknown> | Flow<unknown>]>([
    ['a plan', auth0.users('auth0|1').get()],
    ['a list', auth0.users.list({})],
    ['all pages of a list', auth0.users.list({}).all()],
    ['a raw request', auth0.raw('GET /api/v2/users')],
    ['a flow', auth0.clients('x').update({ description: 'y' }).diff()],
    ['a flow that polls', auth0.jobs('job_1').finished()],
  ])('of %s is the line that ran it, first of all frames, and the one that called that', async (_, work) => {
    const error = await failure(work)
    const { name, stack = '' } = error.cause as Error
    expect(name).toBe('CallSite')
    const [, first = '', second = ''] = stack.split('\n')
    expect(first).toContain(here)
    expect(first).toContain('failure')
    expect(second).toContain(here)
  })

  it('of a plan whose stored login could not bring a token is the line that ran the plan', async () => {
    process.env.XDG_CONFIG_HOME = home
    storeProfile('login', { domain: 'lines.example', clientId: 'c', refreshToken: 'stored' }, process.env)
    const stored = connect({ profile: 'login', retry: false, transport: () => Promise.reject(new Error('no way out')) })
    const error = await failure(stored.users('auth0|1').get())
    const [, first = ''] = (error.cause as Error).stack?.split('\n') ?? []
    expect(first).toContain(here)
  })

  it('of a session that runs the plan of another is the line that ran it', async () => {
    const error = (await auth0
      .run(auth0.users('auth0|1').get())
      .catch((each: TenantlabError) => each)) as TenantlabError
    expect((error.cause as Error).stack?.split('\n')[1]).toContain(here)
  })
})
