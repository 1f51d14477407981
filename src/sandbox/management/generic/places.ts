import { type OperationRow, rows } from '../../../catalogue/index.ts'
import type { ManagementCall } from '../../contract.ts'
import type { Table } from '../../tenant/index.ts'
import { refuse } from '../answer.ts'
import { collection } from '../records.ts'
import { kindOf } from './kinds.ts'

const root = '/api/v2'

/** Lists that no paging parameter gives away; `key` wraps the answer, without it the list is bare. */
const plainLists: Readonly<Record<string, { readonly key?: string }>> = {
  '/actions/triggers': { key: 'triggers' },
  '/branding/phone/providers': { key: 'providers' },
  '/branding/phone/templates': { key: 'templates' },
  '/connection-profiles/templates': { key: 'connection_profile_templates' },
  '/user-attribute-profiles/templates': { key: 'user_attribute_profile_templates' },
  '/experimentation/feature-flags/{id}/variations': { key: 'variations' },
  '/connections/{id}/keys': {},
  '/connections/{id}/scim-configuration/tokens': {},
  '/keys/network-acls': { key: 'keys' },
  '/keys/signing': {},
  '/log-streams': {},
  '/rules-configs': {},
  '/users/{id}/federated-connections-tokensets': {},
}

/** Collections that have no operation which lists them. */
const unlisted = ['/branding/themes', '/email-templates', '/sessions', '/anomaly/blocks/ips']

/** Where an operation works: on a list, on one record of a list, on a document, or as an action on what stands before it. */
export type Place =
  | { readonly kind: 'list'; readonly path: string }
  | { readonly kind: 'item'; readonly path: string; readonly id: string; readonly name: string }
  | { readonly kind: 'document'; readonly path: string }
  | { readonly kind: 'action'; readonly path: string; readonly id: string; readonly name: string }

let getRows: ReadonlyMap<string, OperationRow> | undefined

/** The GET operation of a path template. */
function getRow(template: string): OperationRow | undefined {
  getRows ??= new Map(
    rows()
      .filter((row) => row.method === 'GET')
      .map((row) => [row.path, row]),
  )
  return getRows.get(template)
}

/** The path with the call's own parameters. */
export function concretePath(call: ManagementCall, template: string = call.row.path): string {
  return template.replace(/\{([^}]+)\}/g, (_all, name: string) => call.params[name] ?? '')
}

/** How a list is wrapped, for paths that are lists. */
export function plainList(template: string): { readonly key?: string } | undefined {
  return plainLists[template.slice(root.length)]
}

function isList(template: string): boolean {
  if (unlisted.includes(template.slice(root.length))) return true
  return getRow(template)?.paging !== undefined || plainList(template) !== undefined
}

export function placeOf(call: ManagementCall): Place {
  const template = call.row.path
  const segments = template.split('/')
  const last = segments.at(-1) ?? ''
  const path = concretePath(call)
  const parent = segments.slice(0, -1).join('/')
  if (last.startsWith('{')) {
    const name = last.slice(1, -1)
    const id = call.params[name] ?? ''
    const isText = template.includes('/custom-text/')
    if (isList(parent) || (getRow(parent) === undefined && !isText))
      return { kind: 'item', path: concretePath(call, parent), id, name }
    return { kind: 'document', path }
  }
  if (isList(template)) return { kind: 'list', path }
  const owner = /\{([^}]+)\}$/.exec(parent)?.[1]
  if (call.row.method === 'POST' && getRow(template) === undefined && owner !== undefined) {
    const list = segments.slice(0, -2).join('/')
    return { kind: 'action', path: concretePath(call, list), id: call.params[owner] ?? '', name: owner }
  }
  return { kind: 'document', path }
}

const tableOf = {
  users: 'users',
  clients: 'clients',
  'client-grants': 'clientGrants',
  'resource-servers': 'resourceServers',
  connections: 'connections',
  organizations: 'organizations',
  roles: 'roles',
  'network-acls': 'networkAcls',
  'custom-domains': 'customDomains',
} as const

/** The records of a list path: a table of the tenant where one is named so, else a collection of its own. */
export function recordsAt(call: ManagementCall, path: string): Table {
  const name = path.slice(root.length + 1)
  if (name in tableOf) return call.tenant.tables[tableOf[name as keyof typeof tableOf]] as unknown as Table
  return collection(call.tenant, name === 'sessions' || name === 'refresh-tokens' ? (name as string) : path)
}

/** Everything that stands before the operation's own place has to exist. */
export function checkParents(call: ManagementCall): void {
  const segments = call.row.path.split('/')
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1
    if (last || !segment.startsWith('{')) continue
    const list = segments.slice(0, index).join('/')
    if (!isList(list)) continue
    const id = call.params[segment.slice(1, -1)] ?? ''
    const records = recordsAt(call, concretePath(call, list))
    if (!records.has(id))
      refuse(404, `The ${nameOf(list)} does not exist.`, records.rules.missing ?? kindOf(list).missing)
  }
}

/** Singular name of a list, for messages: `/log-streams` is a log stream. */
export function nameOf(list: string): string {
  const last =
    list
      .split('/')
      .filter((part) => part !== '' && !part.startsWith('{'))
      .at(-1) ?? 'resource'
  return last.replaceAll('-', ' ').replace(/ies$/, 'y').replace(/s$/, '')
}
