import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Sandbox } from '../../src/sandbox/index.ts'

const cli = resolve(import.meta.dirname, '..', '..', 'dist', 'cli.js')

/** How the command ended; `code` is `'SIGKILL'` where it was killed. */
export interface Ended {
  readonly code: number | string
  readonly out: string
  readonly err: string
}

/** What is stored of a tenant, so that the command reaches the sandbox over HTTPS. */
export interface StoredTenant {
  readonly domain: string
  readonly audience: string
  readonly clientId: string
  readonly clientSecret: string
}

/** The profile of a sandbox. */
export function profileOf({ domain, httpsUrl = '', options: { clientId, clientSecret } }: Sandbox): StoredTenant {
  const host = `localhost:${new URL(httpsUrl).port}`
  return { domain: host, audience: `https://${domain}/api/v2/`, clientId, clientSecret }
}

/** The built command in a folder of its own, without a terminal, with tenants that outlive it as its profiles. */
export class CommandFolder {
  readonly path: string
  readonly #preload: readonly string[]

  /**
   * @param authorities certificates that the command trusts.
   * @param preload a module of this folder that each process loads first.
   */
  constructor(
    profiles: Readonly<Record<string, StoredTenant>>,
    authorities: readonly (string | undefined)[],
    preload?: string,
  ) {
    this.path = mkdtempSync(join(tmpdir(), 'runbook-command-'))
    this.#preload = preload === undefined ? [] : ['--import', pathToFileURL(join(import.meta.dirname, preload)).href]
    writeFileSync(join(this.path, 'ca.pem'), authorities.join('\n'))
    mkdirSync(join(this.path, 'tenantlab'))
    writeFileSync(join(this.path, 'tenantlab', 'profiles.json'), JSON.stringify(profiles), { mode: 0o600 })
  }

  /** Where a process of this folder finds its profiles and the certificates. */
  get environment(): Readonly<Record<string, string>> {
    return { NODE_EXTRA_CA_CERTS: join(this.path, 'ca.pem'), XDG_CONFIG_HOME: this.path, XDG_STATE_HOME: this.path }
  }

  /**
   * @param words what follows `tenantlab`.
   * @param folder that it is called in.
   */
  tenantlab(words: readonly string[], more: NodeJS.ProcessEnv = {}, folder = this.path): Promise<Ended> {
    const child = spawn(process.execPath, [...this.#preload, cli, ...words], {
      cwd: folder,
      env: { ...process.env, ...this.environment, GITHUB_ACTIONS: '', ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const said = { out: '', err: '' }
    child.stdout.on('data', (chunk) => (said.out += chunk))
    child.stderr.on('data', (chunk) => (said.err += chunk))
    return new Promise((done) => child.on('close', (code, signal) => done({ code: signal ?? code ?? -1, ...said })))
  }

  /** Forgets the journals of its folders, and what is known of runs. */
  clear(folders: readonly string[] = ['']): void {
    for (const folder of [...folders.map((each) => join(each, '.tenantlab')), join('tenantlab', 'runs')])
      rmSync(join(this.path, folder), { recursive: true, force: true })
  }

  end(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** The command on one tenant, its profile `lab`, which can kill itself. */
export interface TenantCommand {
  readonly folder: string
  /** @param killed where it kills itself, as `kill-at.mjs` reads it: `before:answer create client`. */
  tenantlab(words: readonly string[], killed?: string): Promise<Ended>
  /** Removes the folder. */
  end(): void
}

/** The command beside a tenant that lives in this process, so that it outlives the commands that are killed. */
export async function commandFor(tenant: Sandbox): Promise<TenantCommand> {
  const place = new CommandFolder({ lab: profileOf(tenant) }, [await tenant.ca()], 'kill-at.mjs')
  return {
    folder: place.path,
    tenantlab: (words, killed) =>
      place.tenantlab(words, { NO_COLOR: '1', ...(killed !== undefined && { KILL_AT: killed }) }),
    end: () => place.end(),
  }
}
