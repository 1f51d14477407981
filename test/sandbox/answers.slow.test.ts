import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { layOverlays } from '../../scripts/catalogue/overlay.mjs'
import type { JsonObject } from '../../src/plan/index.ts'
import { checkSchema } from '../../src/sandbox/management/door/schema-check.ts'
import { bench } from './management/harness.ts'
import { walk } from './management/walk.ts'

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
  ['eventStreams.deliveries.getHistory', 'the same status'],
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
