import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, Tenant } from '../contract.ts'
import type { Permission } from '../tenant/index.ts'
import { refuse } from './answer.ts'
import { bodyOf, compact, objectsOf, stringOf } from './records.ts'

/** The permissions that a body names, all of which have to exist as scopes of their API. */
export function namedPermissions(call: ManagementCall): readonly Permission[] {
  return objectsOf(bodyOf(call)['permissions']).map((permission) => {
    const identifier = stringOf(permission['resource_server_identifier']) ?? ''
    const name = stringOf(permission['permission_name']) ?? ''
    const server = call.tenant.tables.resourceServers.find('identifier', identifier)
    if (server === undefined)
      return refuse(404, `The resource server ${identifier} does not exist.`, 'inexistent_resource_server')
    if (!(server.scopes ?? []).some((scope) => scope.value === name)) {
      return refuse(400, `The permission ${name} does not exist in the resource server ${identifier}.`, 'invalid_body')
    }
    return { resource_server_identifier: identifier, permission_name: name }
  })
}

export function samePermission(one: JsonObject, other: JsonObject): boolean {
  return (
    one.resource_server_identifier === other.resource_server_identifier && one.permission_name === other.permission_name
  )
}

/** A permission with the name of its API and its description, as lists show it. */
export function describePermission(tenant: Tenant, permission: Permission): JsonObject {
  const identifier = stringOf(permission.resource_server_identifier) ?? ''
  const server = tenant.tables.resourceServers.find('identifier', identifier)
  const scope = server?.scopes?.find((one) => one.value === permission.permission_name)
  return compact({ ...permission, resource_server_name: server?.name, description: scope?.description ?? '' })
}

/** Takes the permissions of an API that is gone, or of scopes that it no longer has, from users and roles. */
export function dropPermissions(tenant: Tenant, identifier: string, left: readonly string[] = []): void {
  for (const table of [tenant.tables.rolePermissions, tenant.tables.userPermissions]) {
    for (const [key, { permissions }] of table) {
      const kept = permissions.filter(
        (one) => one.resource_server_identifier !== identifier || left.includes(one.permission_name),
      )
      if (kept.length < permissions.length) table.set(key, { permissions: kept })
    }
  }
}
