import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, Tenant } from '../../contract.ts'
import type { Organization, OrganizationConnection } from '../../tenant/index.ts'
import { refuse } from '../answer.ts'
import { compact, parameter, pick, stringOf } from '../records.ts'

/** The organization that the path names, or the 404 that the API answers. */
export function organizationOf(call: ManagementCall): Organization {
  const id = call.params['id'] ?? parameter(call, 'organization_id')
  return call.tenant.tables.organizations.get(id) ?? refuse(404, 'No organization found by that id or name')
}

export function organizationId(call: ManagementCall): string {
  return organizationOf(call).id
}

/** Connections of an organization, with the name and the strategy of each. */
export function connectionsOf(tenant: Tenant, organization: string): readonly JsonObject[] {
  return tenant.tables.organizationConnections
    .where('organization_id', organization)
    .map((record) => describeConnection(tenant, record))
}

export function connectionRecord(
  tenant: Tenant,
  organization: string,
  connection: string,
): OrganizationConnection | undefined {
  return tenant.tables.organizationConnections.get(`${organization} ${connection}`)
}

export function describeConnection(tenant: Tenant, record: OrganizationConnection): JsonObject {
  const connection = tenant.tables.connections.get(stringOf(record.connection_id) ?? '') ?? {}
  const { organization_id: _owner, ...shown } = record
  return compact({ ...shown, connection: pick(connection, 'name', 'strategy') })
}

/** Enables a connection for an organization. */
export function enableConnection(tenant: Tenant, organization: string, settings: JsonObject): JsonObject {
  const connection = stringOf(settings['connection_id']) ?? ''
  if (!tenant.tables.connections.has(connection)) refuse(400, 'The connection does not exist.', 'inexistent_connection')
  const key = `${organization} ${connection}`
  const records = tenant.tables.organizationConnections
  if (records.has(key))
    refuse(409, 'The connection is already enabled for the organization.', 'organization_connection_conflict')
  const enabled = records.where('organization_id', organization)
  if (enabled.length >= 10) refuse(403, 'An organization can have at most 10 connections.', 'operation_not_supported')
  // Only people of a database can sign up.
  const isDatabase = tenant.tables.connections.get(connection)?.strategy === 'auth0'
  const record: OrganizationConnection = {
    assign_membership_on_login: false,
    show_as_button: true,
    ...(isDatabase ? { is_signup_enabled: false } : {}),
    ...settings,
    organization_id: organization,
    connection_id: connection,
  }
  records.set(key, record)
  return describeConnection(tenant, record)
}
