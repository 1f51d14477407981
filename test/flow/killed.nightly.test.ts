import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '../../src/index.ts'
import { readJournal } from '../../src/runbook.ts'
import type { Sandbox } from '../../src/sandbox.ts'
import { laggingTenant } from '../runbook/tenant.ts'

const KILL_AT = join(import.meta.dirname, '..', 'runbook', 'kill-at.mjs')
const LIFE = join(import.meta.dirname, 'flow-life.mjs')

let tenant: Sandbox
let folder: string
beforeAll(async () => {
  tenant = await laggingTenant({ seed: 'killed', users: 3, tls: false })
  folder = mkdtempSync(join(tmpdir(), 'killed-'))
})
afterAll(async () => {
  await tenant.close()
  rmSync(folder, { recursive: true })
})

/** Runs a process that kills itself there; returns its exit code, or the signal that ended it. */
function live(way: string, journal: string, killAt = ''): Promise<number | string> {
  const { clientId, clientSecret } = tenant.options
  const child = spawn(process.execPath, ['--import', KILL_AT, LIFE, way, journal], {
    env: {
      ...process.env,
      HOME: dirname(journal),
      XDG_STATE_HOME: dirname(journal),
      KILL_AT: killAt,
      LIFE_URL: tenant.url,
      LIFE_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: clientId,
      AUTH0_CLIENT_SECRET: clientSecret,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((done) => child.on('close', (code, signal) => done(signal ?? code ?? -1)))
}

it.each([
  ['each', 'after'],
  ['each', 'torn'],
  ['all', 'after'],
  ['all', 'before'],
])(
  'a flow that is killed at any line of its journal loses no write and doubles none: %s, %s',
  async (way, when) => {
    for (let line = 1; ; line += 1) {
      tenant.reset()
      const from = tenant.requests.length
      // A folder of its own: an earlier run of the same that is unfinished would be asked about.
      const journal = join(mkdtempSync(join(folder, `${way}-`)), 'run.jsonl')
      const first = await live(way, journal, `${when}:${line}`)
      if (first === 0) {
        expect(line).toBeGreaterThan(20)
        return
      }
      expect(first, `line ${line}`).toBe('SIGKILL')
      const second = await live(way, journal)
      const made = tenant.requests
        .slice(from)
        .filter(({ method, path, status }) => method === 'POST' && path === '/api/v2/roles' && status === 200)
      expect(made.length, `creates at line ${line}`).toBeLessThanOrEqual(1)
      // A create whose answer nobody has is for a person: it is told, and nothing is sent in the meantime.
      if (second === 3) {
        const last = readJournal(journal).findLast((entry) => entry.type === 'closed')
        expect(last, `line ${line}`).toMatchObject({ status: 'stopped' })
        continue
      }
      expect(second, `line ${line}`).toBe(0)
      const auth0 = connect(tenant.options)
      const roles = await auth0.roles.list().all().run()
      expect(roles.filter(({ name }) => name === 'made').map(({ description }) => description)).toEqual(['x'])
      const users = tenant.snapshot().tables as { users: readonly (readonly [string, { blocked?: boolean }])[] }
      expect(
        users.users.every(([, user]) => user.blocked === true),
        `line ${line}`,
      ).toBe(true)
    }
  },
  600_000,
)
