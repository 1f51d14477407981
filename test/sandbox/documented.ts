// The answers that Auth0's document describes, where the document is at hand; it is no part of the repository.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { layOverlays } from '../../scripts/catalogue/overlay.mjs'
import type { OperationRow } from '../../src/catalogue/index.ts'
import type { JsonObject } from '../../src/plan/index.ts'

const folder = join(resolve(import.meta.dirname, '..', '..'), '..', 'shared', 'facts', 'openapi')

/** Whether the document is there to compare with. */
export const documentPresent = existsSync(folder)

interface Document {
  readonly paths: Record<string, Record<string, { readonly responses?: Record<string, Response> }>>
  readonly components: { readonly schemas: Record<string, JsonObject> }
}
interface Response {
  readonly content?: Record<string, { readonly schema?: JsonObject }>
}

export interface Documented {
  readonly schemas: Readonly<Record<string, JsonObject>>
  /** Schema of an answer; `undefined` where the document tells none. */
  schemaOf(row: OperationRow, status: number): JsonObject | undefined
}

export function readDocument(): Documented {
  const files = ['management.json', 'management-additions.json'].map((name) => {
    const file = join(folder, name)
    return { file, document: JSON.parse(readFileSync(file, 'utf8')) }
  })
  const [laid] = layOverlays(files)
  if (laid === undefined) throw new Error('The document could not be read.')
  const { components, paths } = laid.document as unknown as Document
  return {
    schemas: components.schemas,
    schemaOf(row, status) {
      const responses = paths[row.path.replace('/api/v2', '')]?.[row.method.toLowerCase()]?.responses ?? {}
      const told = responses[String(status)] ?? responses[String(row.statuses[0])]
      return told?.content?.['application/json']?.schema
    },
  }
}

/** Answers that differ from the document, and why. */
export const OTHERWISE: ReadonlyMap<string, string> = new Map([
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
