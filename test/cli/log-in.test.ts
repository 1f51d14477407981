import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logInAsApplication, logInOnDevice } from '../../src/cli/log-in.ts'
import { listProfiles, readProfile } from '../../src/profiles/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, internalsOf } from '../../src/session/index.ts'

const home = mkdtempSync(join(tmpdir(), 'tenantlab-login-'))
let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox()
})
afterAll(async () => {
  await tenant.close()
  rmSync(home, { recursive: true })
})

function place(name: string) {
  const told: string[] = []
  return {
    environment: { XDG_CONFIG_HOME: join(home, name), PATH: '' },
    connection: { dispatcher: tenant.options.dispatcher },
    told,
    write: (text: string) => void told.push(text),
  }
}

describe('tenantlab login', () => {
  it('keeps an application whose credentials work, and none that fail', async () => {
    const here = place('application')
    const { domain, clientId, clientSecret } = tenant.options
    const wish = { name: 'mine', domain, clientId, clientSecret, environment: 'staging' } as const
    await expect(logInAsApplication({ ...wish, clientSecret: 'wrong' }, here)).rejects.toMatchObject({ kind: 'api' })
    expect(listProfiles(here.environment)).toEqual([])
    const { token } = await logInAsApplication(wish, here)
    expect(token.scopes?.length).toBeGreaterThan(100)
    expect(listProfiles(here.environment)).toMatchObject([{ name: 'mine', environment: 'staging', chosen: true }])
  })

  it('logs a person in on another device, and a session then lives on its token', async () => {
    const here = place('device')
    const { domain, clientId, clientSecret } = tenant.options
    const wish = { name: 'person', domain, clientId, clientSecret, audience: `https://${domain}/api/v2/` }
    const { token } = await logInOnDevice(wish, 'read:current_user', {
      ...here,
      write(text) {
        here.write(text)
        // Five seconds pass between two polls: the person is quicker.
        if (text.includes('confirm the code')) tenant.outbox.approve()
      },
    })
    const stored = readProfile('person', here.environment, true)
    expect(stored?.accessToken).toMatch(/^eyJ/)
    expect(here.told.join('\n')).not.toContain('eyJ')
    expect(token.expiresAt).toBeGreaterThan(0)
    const before = process.env.XDG_CONFIG_HOME
    process.env.XDG_CONFIG_HOME = here.environment.XDG_CONFIG_HOME
    try {
      const session = connect({ profile: 'person', dispatcher: tenant.options.dispatcher })
      expect(internalsOf(session).tokens).toBe('manual')
      expect((await internalsOf(session).token()).expiresAt).toBeGreaterThan(0)
    } finally {
      if (before === undefined) delete process.env.XDG_CONFIG_HOME
      else process.env.XDG_CONFIG_HOME = before
    }
  })
})
