import { findRow, type OperationRow } from '../../../catalogue/index.ts'
import type { Json } from '../../../plan/index.ts'
import type { ManagementCall, ManagementReply } from '../../contract.ts'
import type { Core } from '../../core.ts'
import { printForManagement, Refusal } from '../../refusal.ts'
import type { Host } from '../../tenant/index.ts'
import { genericHandler } from '../generic/index.ts'
import { managementHandlers } from '../handlers.ts'
import { grantedScopes, requireScope, verifyBearer } from './bearer.ts'
import { type ParsedBody, parseBody } from './body.ts'
import { type CustomDomainVerdict, chooseLinkDomain } from './custom-domain.ts'
import { validateCall } from './validation.ts'

const MOST_BYTES = 1_048_576
const MOST_IMPORT_BYTES = 512_000

/** A request to the Management API before anything is checked. */
export interface ManagementRequest {
  readonly core: Core
  readonly method: string
  readonly path: string
  readonly host: Host
  readonly issuer: string
  readonly origin: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly raw: Uint8Array
}

/** The answer, and what the request list notes about the call. */
export interface ManagementOutcome {
  readonly reply: ManagementReply
  readonly operation?: string
  readonly body?: Json
  readonly secretBody?: readonly string[]
  readonly customDomain?: CustomDomainVerdict['note']
  /** What the document does not name. */
  readonly unknown?: readonly string[]
}

interface Notes {
  body?: Json
  customDomain?: CustomDomainVerdict['note']
  unknown?: readonly string[]
}

/**
 * Lets a call in as Auth0 does: token (401), scope (403), body and query (400), then the handler of the operation, which
 * judges existence (404) and conflict (409).
 */
export async function handleManagement(request: ManagementRequest): Promise<ManagementOutcome> {
  const found = findRow(request.method, request.path)
  if (found === undefined || found.row.api !== 'management') {
    const refusal = new Refusal(404, `There is no ${request.method} ${request.path} in the Management API.`)
    return { reply: printForManagement(refusal) }
  }
  const { row, params } = found
  const notes: Notes = {}
  const reply = await answer(request, row, params, notes).catch((error: unknown) => {
    if (error instanceof Refusal) return printForManagement(error)
    throw error
  })
  return { reply, operation: row.id, secretBody: row.secretBody, ...notes }
}

async function answer(
  request: ManagementRequest,
  row: OperationRow,
  params: Readonly<Record<string, string>>,
  notes: Notes,
): Promise<ManagementReply> {
  const { core, headers, host, issuer, origin, query, raw } = request
  const parsed = await readBody(raw, headers['content-type'] ?? '', row)
  if (parsed.body !== undefined) notes.body = parsed.body
  const claims = await verifyBearer(core, host, issuer, headers.authorization)
  const scopes = grantedScopes(claims)
  requireScope(row, scopes, claims, row.path.startsWith('/api/v2/users/{id}') ? params.id : undefined)
  const header = headers['auth0-custom-domain']
  if (header !== undefined) notes.customDomain = { domain: header, verdict: 'refused' }
  const domain = chooseLinkDomain(core, row, parsed.body, header)
  if (domain.note) notes.customDomain = domain.note
  const unknown = validateCall(row, parsed, query, core.refusesUnknown)
  if (unknown.length > 0) notes.unknown = unknown
  const call: ManagementCall = {
    tenant: core,
    row,
    params,
    query,
    body: parsed.body,
    ...(parsed.parts ? { parts: parsed.parts } : {}),
    claims,
    scopes,
    origin,
    linkDomain: domain.linkDomain,
    linkOrigin: domain.linkDomain === core.domain ? origin : `https://${domain.linkDomain}`,
  }
  const handler = managementHandlers.get(row.id) ?? genericHandler
  const reply = await (async () => handler(call))().catch((error: unknown) => {
    if (error instanceof Refusal) return printForManagement(error)
    throw error
  })
  if (row.effect === 'write') logWrite(call, request, reply)
  return reply
}

function readBody(raw: Uint8Array, contentType: string, row: OperationRow): Promise<ParsedBody> {
  return parseBody(raw, contentType, row.id === 'jobs.usersImports.create' ? MOST_IMPORT_BYTES : MOST_BYTES)
}

/** `sapi`: each successful or failed write leaves a log event; bodies stay out, they may hold secrets. */
function logWrite(call: ManagementCall, request: ManagementRequest, reply: ManagementReply): void {
  const correlation = request.headers['x-correlation-id']?.slice(0, 64)
  call.tenant.log({
    type: reply.status < 400 ? 'sapi' : 'fapi',
    description: call.row.id,
    client_id: String(call.claims.azp ?? ''),
    ...(correlation ? { references: { correlation_id: correlation } } : {}),
    details: {
      request: { method: request.method, path: request.path, query: request.query },
      response: { statusCode: reply.status },
    },
  })
}
