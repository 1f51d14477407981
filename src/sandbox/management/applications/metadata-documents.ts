import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import { refuseBody, reply } from '../answer.ts'
import { bodyOf, isoNow, stringOf } from '../records.ts'
import { newClient } from './client-settings.ts'

/**
 * What an application's metadata document says. The sandbox fetches nothing: it reads what it can from the address.
 * Page: https://auth0.com/docs/get-started/applications
 */
function mappedFields(call: ManagementCall): JsonObject {
  const url = stringOf(bodyOf(call)['external_client_id']) ?? ''
  if (!URL.canParse(url) || !url.startsWith('https://'))
    return refuseBody("Payload validation error: 'Must be an https URL' on property external_client_id.")
  const { host, origin } = new URL(url)
  return {
    external_client_id: url,
    name: host,
    callbacks: [`${origin}/`],
    logo_uri: `${origin}/logo.png`,
    grant_types: ['authorization_code'],
    app_type: 'native',
    token_endpoint_auth_method: 'none',
  }
}

const VALIDATION: JsonObject = { valid: true, violations: [], warnings: [] }

function registered(call: ManagementCall, url: string): string | undefined {
  return call.tenant.tables.clients.find('external_client_id', url)?.client_id
}

/** POST /clients/cimd/preview shows what registering would store, and who is registered already. */
const preview: ManagementHandler = (call) => {
  const mapped = mappedFields(call)
  const id = registered(call, String(mapped['external_client_id']))
  return reply(200, { ...(id === undefined ? {} : { client_id: id }), mapped_fields: mapped, validation: VALIDATION })
}

/** POST /clients/cimd/register makes the application, or brings the one of that document up to date. */
const register: ManagementHandler = (call) => {
  const mapped = mappedFields(call)
  const id = registered(call, String(mapped['external_client_id'])) ?? `tpc_${call.tenant.random.text(22)}`
  const { clients } = call.tenant.tables
  clients.set(id, {
    ...newClient(call.tenant, { ...mapped, is_first_party: false }),
    ...clients.get(id),
    ...mapped,
    client_id: id,
    external_metadata_type: 'cimd',
    external_metadata_created_by: 'admin',
    created_at: isoNow(call.tenant),
  } as JsonObject)
  return reply(200, { client_id: id, mapped_fields: mapped, validation: VALIDATION })
}

export const metadataDocumentHandlers: Readonly<Record<string, ManagementHandler>> = {
  'clients.previewCimdMetadata': preview,
  'clients.registerCimdClient': register,
}
