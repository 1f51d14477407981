import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import { refuse, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { bodyOf, collection, compact, isoNow, newId, numberOf, parameter } from '../records.ts'

/** Documents of one kind that lie below connections: one list over all connections. */
function listBelow(part: string, key: string): ManagementHandler {
  return (call: ManagementCall) => {
    const path = new RegExp(`^/api/v2/connections/[^/]+/${part}$`)
    const found = [...call.tenant.tables.documents].filter(([each]) => path.test(each)).map(([, document]) => document)
    return page(call, found, { key, checkpoint: {}, always: 'checkpoint' })
  }
}

/** POST …/tokens shows the token this once; lists name it by its id alone. */
const createToken: ManagementHandler = (call) => {
  const id = parameter(call, 'id')
  const { connections, documents } = call.tenant.tables
  if (!connections.has(id)) refuse(404, 'The connection does not exist', 'inexistent_connection')
  if (!documents.has(`/api/v2/connections/${id}/scim-configuration`)) refuse(404, 'Not Found')
  const { token_lifetime, ...body } = bodyOf(call)
  const lifetime = numberOf(token_lifetime)
  const record = compact({
    token_id: newId(call.tenant, 'tok_'),
    scopes: ['get:users', 'post:users', 'put:users', 'patch:users', 'delete:users'],
    ...body,
    created_at: isoNow(call.tenant),
    valid_until: lifetime === undefined ? undefined : new Date(call.tenant.clock.now() + lifetime * 1000).toISOString(),
  })
  collection(call.tenant, `/api/v2/connections/${id}/scim-configuration/tokens`).set(String(record['token_id']), record)
  return reply(201, { ...record, token: `${String(record['token_id'])}.${call.tenant.random.text(48)}` })
}

export const configurationHandlers: Readonly<Record<string, ManagementHandler>> = {
  'connections.directoryProvisioning.list': listBelow('directory-provisioning', 'directory_provisionings'),
  'connections.scimConfiguration.tokens.create': createToken,
  'connections.scimConfiguration.list': listBelow('scim-configuration', 'scim_configurations'),
}
