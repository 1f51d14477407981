import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementHandler } from '../../contract.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { bodyOf, compact, objectsOf, publicRecord, stringOf } from '../records.ts'
import { startJob } from './store.ts'

const duration = 2000
const mostCsvFields = 30

function checkCsv(fields: readonly JsonObject[]): void {
  if (fields.length > mostCsvFields) {
    refuseBody(
      `Payload validation error: 'Array is too long (${fields.length}), maximum ${mostCsvFields} for csv' on property fields.`,
    )
  }
  const whole = fields.find((field) =>
    ['user_metadata', 'app_metadata', 'identities'].includes(stringOf(field['name']) ?? ''),
  )
  if (whole !== undefined) {
    refuseBody(
      `The field ${String(whole['name'])} is an object; a csv export takes its leaves only, such as ${String(whole['name'])}.name.`,
    )
  }
}

/** POST /jobs/users-exports answers 200. Page: https://auth0.com/docs/manage-users/user-migration/bulk-user-exports */
const create: ManagementHandler = (call) => {
  const body = bodyOf(call)
  const connectionId = stringOf(body['connection_id'])
  const connection = connectionId === undefined ? undefined : call.tenant.tables.connections.get(connectionId)
  if (connectionId !== undefined && connection === undefined) {
    refuse(400, 'The connection does not exist.', 'inexistent_connection')
  }
  const format = stringOf(body['format']) ?? 'json'
  if (format === 'csv') checkCsv(objectsOf(body['fields']))
  const job = startJob(
    call.tenant,
    'users_export',
    duration,
    compact({
      connection_id: connectionId,
      connection: stringOf(connection?.name) ?? '',
      format,
      limit: body['limit'],
      fields: body['fields'],
    }),
  )
  return reply(200, publicRecord(job))
}

export const exportHandlers: Readonly<Record<string, ManagementHandler>> = { 'jobs.usersExports.create': create }
