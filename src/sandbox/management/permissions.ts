import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, Tenant } from '../contract.ts'
import { refuse } from './answer.ts'
import { bodyOf, compact, objectsOf, stringOf } from './records.ts'

function serverOf(tenant: Tenant, identifier: string): JsonObject | undefined {
  return [...tenant.tables.resourceServers.values()].find((server) => server['identifier'] === identifier)
}

/** The permissions that a body names, all of which have to exist as scopes of their API. */
export function namedPermissions(call: ManagementCall): readonly JsonObject[] {
  return objectsOf(bodyOf(call)['permissions']).map((permission) => {
    const identifier = stringOf(permission['resource_server_identifier']) ?? ''
    const name = stringOf(permission['permission_name']) ?? ''
    const server = serverOf(call.tenant, identifier)
    if (server === undefined)
      return refuse(404, `The resource server ${identifier} does not exist.`, 'inexistent_resource_server')
    if (!objectsOf(server['scopes']).some((scope) => scope['value'] === name)) {
      return refuse(400, `The permission ${name} does not exist in the resource server ${identifier}.`, 'invalid_body')
    }
    return { resource_server_identifier: identifier, permission_name: name }
  })
}

export function samePermission(one: JsonObject, other: JsonObject): boolean {
  return (
    one['resource_server_identifier'] === other['resource_server_identifier'] &&
    one['permission_name'] === other['permission_name']
  )
}

/** A permission with the name of its API and its description, as lists show it. */
export function describePermission(tenant: Tenant, permission: JsonObject): JsonObject {
  const server = serverOf(tenant, stringOf(permission['resource_server_identifier']) ?? '')
  const scope = objectsOf(server?.['scopes']).find((one) => one['value'] === permission['permission_name'])
  return compact({
    ...permission,
    resource_server_name: stringOf(server?.['name']),
    description: stringOf(scope?.['description']) ?? '',
  })
}
