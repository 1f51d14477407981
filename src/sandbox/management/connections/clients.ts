import type { ManagementCall, ManagementHandler, Tenant } from '../../contract.ts'
import type { Connection } from '../../tenant/index.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { listOf, objectsOf, parameter, stringOf, stringsOf } from '../records.ts'

/** Applications that may use a connection; without a list of its own, all but the global one. */
export function clientIdsOf(tenant: Tenant, connection: Connection): readonly string[] {
  if (connection.$clients !== undefined) return stringsOf(connection.$clients)
  const clients = [...tenant.tables.clients.values()].filter((client) => client.global !== true)
  return clients.flatMap((client) => client.client_id ?? [])
}

function connectionOf(call: ManagementCall): Connection {
  const found = call.tenant.tables.connections.get(parameter(call, 'id'))
  return found ?? refuse(404, 'The connection does not exist', 'inexistent_connection')
}

const list: ManagementHandler = (call) => {
  const rows = clientIdsOf(call.tenant, connectionOf(call)).map((id) => ({ client_id: id }))
  return page(call, rows, { key: 'clients', checkpoint: { most: 1000 }, always: 'checkpoint' })
}

/** PATCH /connections/{id}/clients: a list of `{ client_id, status }`; answers 204. */
const update: ManagementHandler = (call) => {
  const connection = connectionOf(call)
  const enabled = new Set(clientIdsOf(call.tenant, connection))
  const changes = objectsOf(call.body)
  if (changes.length !== listOf(call.body).length || changes.length === 0) {
    refuseBody("Payload validation error: 'Expected an array of objects with client_id and status'.")
  }
  for (const change of changes) {
    const id = stringOf(change['client_id']) ?? ''
    if (!call.tenant.tables.clients.has(id)) refuse(400, `The client ${id} does not exist.`, 'inexistent_client')
    if (change['status'] === true) enabled.add(id)
    else enabled.delete(id)
  }
  call.tenant.tables.connections.set(parameter(call, 'id'), { ...connection, $clients: [...enabled] })
  return reply(204)
}

export const connectionClientHandlers: Readonly<Record<string, ManagementHandler>> = {
  'connections.clients.get': list,
  'connections.clients.update': update,
}
