import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Sandbox } from '../../src/sandbox/index.ts'

const root = resolve(import.meta.dirname, '..', '..')
const cli = join(root, 'dist', 'cli.js')
const killAt = join(import.meta.dirname, 'kill-at.mjs')

/** How the command ended; `code` is `'SIGKILL'` where it was killed. */
export interface Ended {
  readonly code: number | string
  readonly out: string
  readonly err: string
}

/** The built command in a folder of its own, with a tenant as its profile `lab`. */
export interface TenantCommand {
  readonly folder: string
  /**
   * Runs the command without a terminal.
   *
   * @param words what follows `tenantlab`.
   * @param killed where it kills itself, as `kill-at.mjs` reads it: `before:answer create client`.
   */
  tenantlab(words: readonly string[], killed?: string): Promise<Ended>
  /** Removes the folder. */
  end(): void
}

/** The command beside a tenant that lives in this process, so that it outlives the commands that are killed. */
export function commandFor({ ca = '', domain, httpsUrl = '', options }: Sandbox): TenantCommand {
  const folder = mkdtempSync(join(tmpdir(), 'runbook-command-'))
  const { clientId, clientSecret } = options
  const host = `localhost:${new URL(httpsUrl).port}`
  const lab = { domain: host, audience: `https://${domain}/api/v2/`, clientId, clientSecret }
  writeFileSync(join(folder, 'ca.pem'), ca)
  mkdirSync(join(folder, 'tenantlab'))
  writeFileSync(join(folder, 'tenantlab', 'profiles.json'), JSON.stringify({ lab }), { mode: 0o600 })
  return {
    folder,
    tenantlab(words, killed) {
      const env: NodeJS.ProcessEnv = {
        ...process.env,
        NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
        XDG_CONFIG_HOME: folder,
        GITHUB_ACTIONS: '',
        NO_COLOR: '1',
        ...(killed !== undefined && { KILL_AT: killed }),
      }
      const child = spawn(process.execPath, ['--import', killAt, cli, ...words], {
        cwd: folder,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const said = { out: '', err: '' }
      child.stdout.on('data', (chunk) => (said.out += chunk))
      child.stderr.on('data', (chunk) => (said.err += chunk))
      return new Promise((done) => child.on('close', (code, signal) => done({ code: signal ?? code ?? -1, ...said })))
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  }
}
