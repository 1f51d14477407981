import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deployCliProgram } from '../../scripts/needs.mjs'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { sandbox } from '../../src/sandbox/index.ts'
import { requires } from '../support/index.ts'
import { fillRichly, senderFor } from './rich-tenant.ts'

// Auth0's own tool for moving tenants. It compares what it wrote with what it reads, so a field that is refused, lost or
// made up shows as a difference or as a change that it wants for ever.

/** What the tool wants to change each time, on any tenant. */
const ALWAYS_WANTED = [
  // Secrets that no tenant shows again, or that the tool itself masks in what it writes.
  'EmailProvider smtp',
  'EventStreams User events',
  'Connections github',
  'LogStreams Log collector',
  // It compares the name of a profile with its id.
  'SelfServiceProfiles Partner setup',
]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantlab-deploy-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the tool on a tenant; returns its exit code and what it printed. */
async function deploy(tenant: Sandbox, ...args: string[]): Promise<{ readonly code: number; readonly text: string }> {
  const authority = join(folder, `${tenant.options.clientId}.pem`)
  writeFileSync(authority, await tenant.ca())
  const child = spawn(process.execPath, [deployCliProgram() ?? '', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      NODE_EXTRA_CA_CERTS: authority,
      AUTH0_DOMAIN: new URL(tenant.httpsUrl ?? '').host.replace('127.0.0.1', 'localhost'),
      AUTH0_CLIENT_ID: tenant.options.clientId,
      AUTH0_CLIENT_SECRET: tenant.options.clientSecret,
      AUTH0_AUDIENCE: `https://${tenant.domain}/api/v2/`,
      AUTH0_ALLOW_DELETE: 'false',
    },
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += data.toString()))
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? -1)))
  return { code, text }
}

/**
 * A file without what the tool does not carry over: secrets that it masks, and a setting that it adds by itself when it
 * imports.
 */
function carried(text: string): string {
  if (!text.startsWith('{') && !text.startsWith('[')) return text
  const kept = (name: string, value: unknown) => {
    const masked = typeof value === 'string' && /^##.*##$/.test(value)
    return masked || name === 'disable_self_service_change_password' ? undefined : value
  }
  return JSON.stringify(JSON.parse(text), kept, 1)
}

const exported = async (tenant: Sandbox, name: string): Promise<Readonly<Record<string, string>>> => {
  const into = join(folder, name)
  const { code, text } = await deploy(tenant, 'export', '-f', 'directory', '-s', '-o', into)
  expect(code, text.slice(-2000)).toBe(0)
  const files = readdirSync(into, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
  const paths = files.map((each) => join(each.parentPath, each.name)).sort()
  return Object.fromEntries(paths.map((path) => [relative(into, path), carried(readFileSync(path, 'utf8'))]))
}

const imported = async (tenant: Sandbox, name: string, ...flags: string[]): Promise<string> => {
  const { code, text } = await deploy(tenant, 'import', '-i', join(folder, name), ...flags)
  expect(code, text.slice(-4000)).toBe(0)
  return text
}

describe('deploy-cli moves a tenant', () => {
  it('exports, imports and exports the same, and wants nothing more', { timeout: 900_000 }, async (context) => {
    requires(context, 'deploy-cli')
    const domain = 'moved.tenantlab.local'
    const rich = await sandbox({ empty: true, domain })
    const other = await sandbox({ empty: true, domain })
    try {
      await fillRichly(await senderFor(rich))
      const first = await exported(rich, 'first')
      expect(Object.keys(first).length).toBeGreaterThan(50)

      await imported(other, 'first')
      const second = await exported(other, 'second')
      expect(second).toEqual(first)

      await imported(other, 'second')
      const third = await exported(other, 'third')
      expect(third).toEqual(second)

      const plan = await imported(other, 'second', '--dry-run')
      const wanted = [...plan.matchAll(/^│ (\S*) +│ (CREATE|UPDATE|DELETE)[ *]+│ (.*?) *│$/gm)]
      let type = ''
      const changes = wanted.map(([, resource, , name]) => {
        // A resource is named in the first of its lines only.
        if (resource) type = resource
        return `${type} ${name}`
      })
      expect(changes.filter((each) => !ALWAYS_WANTED.includes(each))).toEqual([])
      const refused = [...rich.requests, ...other.requests].filter(({ status }) => status >= 400 && status !== 404)
      expect(refused.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([])

      const begun = await sandbox({ from: join(folder, 'first'), domain })
      try {
        expect(begun.skipped).toEqual([])
        expect(await exported(begun, 'fourth')).toEqual(first)
      } finally {
        await begun.close()
      }
    } finally {
      await rich.close()
      await other.close()
    }
  })
})
