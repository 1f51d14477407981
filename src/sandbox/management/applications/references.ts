import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall } from '../../contract.ts'
import { refuse } from '../answer.ts'
import { collection, objectOf, objectsOf, stringOf } from '../records.ts'

const PROFILES = [
  ['connection_profile_id', '/api/v2/connection-profiles', 'connection profile'],
  ['user_attribute_profile_id', '/api/v2/user-attribute-profiles', 'user attribute profile'],
] as const

/** What the settings of an application refer to has to be there; a change may refer to nothing else either. */
export function checkReferences(call: ManagementCall, body: JsonObject): void {
  const { clients, organizations, resourceServers } = call.tenant.tables
  const organization = stringOf(objectOf(body['default_organization'])?.['organization_id'])
  if (organization !== undefined && !organizations.has(organization)) refuseUnknown('organization', organization)
  const identifier = stringOf(body['resource_server_identifier'])
  if (identifier !== undefined && resourceServers.find('identifier', identifier) === undefined)
    refuseUnknown('resource server', identifier)
  for (const name of ['my_organization_configuration', 'express_configuration']) {
    const settings = objectOf(body[name]) ?? {}
    for (const [field, path, kind] of PROFILES) {
      const id = stringOf(settings[field])
      if (id !== undefined && !collection(call.tenant, path).has(id)) refuseUnknown(kind, id)
    }
    for (const { client_id } of objectsOf(settings['linked_clients'])) {
      const id = stringOf(client_id)
      if (id !== undefined && !clients.has(id)) refuseUnknown('client', id)
    }
  }
}

function refuseUnknown(kind: string, id: string): never {
  refuse(400, `The ${kind} ${id} does not exist.`, 'invalid_body')
}
