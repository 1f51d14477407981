import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { layOverlays } from '../../scripts/catalogue/overlay.mjs'
import { type OperationRow, rows, schemaOf } from '../../src/catalogue/index.ts'
import type { Json, JsonObject } from '../../src/plan/index.ts'
import { checkSchema } from '../../src/sandbox/management/door/schema-check.ts'
import { type Bench, bench } from './management/harness.ts'
import { sampleOf } from './management/samples.ts'

const folder = join(resolve(import.meta.dirname, '..', '..'), '..', 'shared', 'facts', 'openapi')
const present = existsSync(folder)

interface Document {
  readonly paths: Record<string, Record<string, { readonly responses?: Record<string, Answer> }>>
  readonly components: { readonly schemas: Record<string, JsonObject> }
}
interface Answer {
  readonly content?: Record<string, { readonly schema?: JsonObject }>
}

/** Answers that differ from the document, and why. */
const OTHERWISE: ReadonlyMap<string, string> = new Map([
  ['networkAcls.delete', 'recorded tenants answer it with a body'],
  ['branding.phone.providers.list', 'the document asks for credentials, which recorded tenants never show'],
  ['hooks.secrets.get', 'a hook without secrets is recorded with an empty object'],
  ['eventStreams.test', 'the document limits the status to 6 characters, and names one of 7'],
  ['eventStreams.deliveries.list', 'the same status'],
  ['forms.create', 'the document allows a next node in requests, and only null in answers'],
  ['forms.get', 'the same node'],
  ['forms.update', 'the same node'],
  ['clients.update', 'every way to authenticate at once, which a request with all members names'],
])

describe.skipIf(!present)(
  'T17 every answer fits its own schema (skipped where ../shared/facts/openapi is absent)',
  () => {
    it.each(['minimal', 'full'] as const)('with %s requests', { timeout: 120_000 }, async (size) => {
      const files = ['management.json', 'management-additions.json'].map((name) => {
        const file = join(folder, name)
        return { file, document: JSON.parse(readFileSync(file, 'utf8')) }
      })
      const document = layOverlays(files)[0]?.document as unknown as Document
      const answers = (name: string) => document.components.schemas[name] ?? {}
      const broken: string[] = []
      const walker = walk(bench(), size)
      for await (const { answer, row } of walker) {
        if (answer.status >= 300 || OTHERWISE.has(row.id)) continue
        const path = row.path.replace('/api/v2', '')
        const responses = document.paths[path]?.[row.method.toLowerCase()]?.responses ?? {}
        const told = responses[String(answer.status)] ?? responses[String(row.statuses[0])]
        const schema = told?.content?.['application/json']?.schema
        if (schema === undefined || answer.body === undefined) continue
        const breach = checkSchema(answer.body, schema, { lookup: answers, unknown: new Set() })
        if (breach !== undefined)
          broken.push(`${row.id} ${answer.status}: ${breach.rule} at ${breach.path || 'the root'}`)
      }
      expect(broken).toEqual([])
    })
  },
)

/** Calls every operation, makers first, then what reads and changes what they made, and what takes it away last. */
async function* walk(b: Bench, size: 'minimal' | 'full') {
  const all = rows().filter((row) => row.api === 'management' && row.body?.encoding !== 'multipart')
  const depth = (row: OperationRow) => row.path.split('/').length
  const makes = (row: OperationRow) =>
    row.method === 'POST' && !row.path.endsWith('}') ? 0 : row.method === 'DELETE' ? 2 : 1
  const ordered = all.toSorted((x, y) => makes(x) - makes(y) || depth(x) - depth(y))
  const made = new Map<string, string>()
  for (const row of ordered) {
    const params = Object.fromEntries(
      [...row.path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => [name, idFor(b, row, name, made)]),
    )
    const body = row.body === undefined ? undefined : sampleOf(b, row, schemaOf, size)
    const answer = await b.call(row.id, { params, ...(body === undefined ? {} : { body }), query: queryFor(row) })
    if (row.method === 'POST' && answer.status < 300) remember(made, row, params, answer.body)
    yield { row, answer }
  }
}

function queryFor(row: OperationRow): Record<string, string> {
  if (row.id === 'users.listUsersByEmail') return { email: 'user-one@example.com' }
  if (row.id.includes('listByIdentifier') || row.id.includes('deleteByIdentifier'))
    return { identifier: 'user-one@example.com' }
  if (row.id === 'users.effectivePermissions.list') return { resource_server_identifier: 'https://items.example.com/' }
  return {}
}

/** Keeps the id of what was made, under the path of the list that it is in now. */
function remember(made: Map<string, string>, row: OperationRow, params: Record<string, string>, body: Json): void {
  const record = (Array.isArray(body) ? body[0] : body) as JsonObject | undefined
  const concrete = row.path.replace(/\{([^}]+)\}/g, (_all, name: string) => params[name] ?? '')
  for (const key of [
    'id',
    'client_id',
    'user_id',
    'kid',
    'themeId',
    'token_id',
    'custom_domain_id',
    'agent_id',
    'template',
  ])
    if (typeof record?.[key] === 'string' && !made.has(concrete)) made.set(concrete, record[key])
}

function idFor(b: Bench, row: OperationRow, name: string, made: Map<string, string>): string {
  const before = row.path.slice(0, row.path.indexOf(`{${name}}`) - 1)
  const list = before.replace(/\{([^}]+)\}/g, (_all, other: string) => idFor(b, row, other, made))
  const { tables } = b.tenant
  const first = (table: ReadonlyMap<string, unknown>): string => [...table.keys()][0] ?? ''
  const seeded: Readonly<Record<string, () => string>> = {
    '/api/v2/users': () => b.user,
    '/api/v2/clients': () => b.client,
    '/api/v2/connections': () => b.connection,
    '/api/v2/organizations': () => b.organization,
    '/api/v2/roles': () => first(tables.roles),
    '/api/v2/resource-servers': () => b.lab.seed.api.id,
    '/api/v2/client-grants': () => first(tables.clientGrants),
    '/api/v2/custom-domains': () => first(tables.customDomains),
    '/api/v2/actions/triggers': () => 'post-login',
    '/api/v2/keys/signing': () => first(tables.others.get('/api/v2/keys/signing') ?? new Map()),
    '/api/v2/guardian/factors': () => 'otp',
    '/api/v2/email-templates': () => 'welcome_email',
    '/api/v2/prompts': () => 'login',
  }
  return made.get(list) ?? seeded[list]?.() ?? (name === 'language' ? 'en' : name === 'screen' ? 'login' : 'none')
}
