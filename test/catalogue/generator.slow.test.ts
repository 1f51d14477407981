import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..', '..')
const documents = join(root, '..', 'shared', 'facts', 'openapi')
const present = existsSync(documents)

const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts', 'catalogue.mjs'), ...args], { cwd: root, encoding: 'utf8' })

// Auth0's documents are not part of the repository; where they lie beside it, the catalogue is held against them.
describe.skipIf(!present)('the generator (skipped where ../shared/facts/openapi is absent)', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenantlab-catalogue-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('would change nothing in what is committed', () => {
    const result = run('--check')
    expect(result.stderr).toBe('')
    expect(result.status).toBe(0)
    expect(result.stdout).toMatch(/^491 management and 31 authentication operations/)
  })

  it('gives the same from a document with prose, samples and defaults', () => {
    const files = ['management.json', 'management-additions.json', 'authentication.json'].map((name) => {
      const document = JSON.parse(readFileSync(join(documents, name), 'utf8'), (_, value: unknown) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
        const schema = value as Record<string, unknown>
        const isSchema = typeof schema.type === 'string' && (schema.in === undefined || typeof schema.in !== 'string')
        return isSchema && typeof schema.properties !== 'string'
          ? { description: 'PROSE', title: 'PROSE', example: 'PROSE', 'x-note': 'PROSE', ...schema }
          : schema
      }) as { info: { description: string } }
      document.info.description = 'PROSE'
      const file = join(folder, name)
      writeFileSync(file, JSON.stringify(document))
      return file
    })
    const result = run('--check', ...files)
    expect(result.stderr).toBe('')
    expect(result.status).toBe(0)
  })

  it('says so when two operations claim one place', () => {
    const document = JSON.parse(readFileSync(join(documents, 'management.json'), 'utf8')) as {
      paths: Record<string, Record<string, Record<string, unknown>>>
    }
    const put = document.paths['/network-acls/{id}']?.put as Record<string, unknown>
    put['x-operation-name'] = 'update'
    const file = join(folder, 'claims.json')
    writeFileSync(file, JSON.stringify(document))
    const result = run(
      '--check',
      file,
      join(documents, 'management-additions.json'),
      join(documents, 'authentication.json'),
    )
    expect(result.status).not.toBe(0)
    expect(result.stderr).toMatch(/networkAcls\.update/)
  })

  it('exits 1 when the documents give something else', () => {
    const document = JSON.parse(readFileSync(join(documents, 'management.json'), 'utf8')) as {
      components: { schemas: Record<string, { properties: Record<string, unknown> }> }
    }
    ;(document.components.schemas.NetworkAclMatch as { properties: Record<string, unknown> }).properties.moon_phases = {
      type: 'string',
    }
    const file = join(folder, 'different.json')
    writeFileSync(file, JSON.stringify(document))
    const result = run(
      '--check',
      file,
      join(documents, 'management-additions.json'),
      join(documents, 'authentication.json'),
    )
    expect(result.status).toBe(1)
    expect(result.stderr).toMatch(/schemas\.ts, types\.ts/)
  })

  it('lays an overlay over its document in any order, and refuses one without its document', () => {
    const [management, additions, authentication] = [
      'management.json',
      'management-additions.json',
      'authentication.json',
    ].map((name) => join(documents, name)) as [string, string, string]
    expect(run('--check', additions, authentication, management)).toMatchObject({ status: 0, stderr: '' })
    const alone = run('--check', additions, authentication)
    expect(alone.status).not.toBe(0)
    expect(alone.stderr).toMatch(/management-additions\.json adds to a document that was not given/)
    const without = run('--check', management, authentication)
    expect(without.status).not.toBe(0)
  })
})

describe('the generator without documents', () => {
  it('asks for both APIs', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'tenantlab-catalogue-')), 'empty.json')
    writeFileSync(
      file,
      JSON.stringify({ servers: [{ url: 'https://x/api/v2' }], paths: {}, components: { schemas: {} } }),
    )
    const result = run('--check', file)
    expect(result.status).not.toBe(0)
    expect(result.stderr).toMatch(/No document of the management API was given/)
    rmSync(resolve(file, '..'), { recursive: true })
  })
})
