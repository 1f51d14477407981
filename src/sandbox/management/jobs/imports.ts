import type { ManagementHandler } from '../../contract.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { compact, objectOf, publicRecord } from '../records.ts'
import { runningImports, startJob } from './store.ts'

const mostBytes = 512_000
const mostRunning = 2
const duration = { base: 2000, perRecord: 5 }

/** POST /jobs/users-imports answers 202. Page: https://auth0.com/docs/manage-users/user-migration/bulk-user-imports */
const create: ManagementHandler = (call) => {
  const parts = call.parts
  if (parts === undefined) return refuseBody('Must provide a multipart/form-data payload.')
  const { users, connection_id: connectionId, upsert = 'false', external_id: externalId } = parts
  if (users === undefined) return refuseBody("Must provide 'users' file as multipart part.")
  if (connectionId === undefined) return refuseBody("Must provide 'connection_id' as multipart part.")
  if (users.trim() === '') refuseBody('Users file must not be empty.')
  if (Buffer.byteLength(users) > mostBytes) {
    refuse(413, `Payload content length greater than maximum allowed: ${mostBytes}.`)
  }
  if (!/^con_[A-Za-z0-9]{16}$/.test(connectionId)) {
    refuseBody(
      "Payload validation error: 'String does not match pattern ^con_[A-Za-z0-9]{16}$' on property connection_id.",
    )
  }
  for (const name of ['upsert', 'send_completion_email'] as const) {
    const value = parts[name]
    if (value !== undefined && value !== 'true' && value !== 'false') {
      refuseBody(`Payload validation error: 'Expected type boolean but found type string' on property ${name}.`)
    }
  }
  const connection = call.tenant.tables.connections.get(connectionId)
  if (connection === undefined) return refuse(400, 'The connection does not exist.', 'inexistent_connection')
  if (connection.strategy !== 'auth0') refuseBody('Connection must be a database connection.')
  if (connection.$disabled === true) refuseBody('Connection must be enabled.')
  const options = objectOf(connection.options) ?? {}
  if (options['enabledDatabaseCustomization'] === true && options['import_mode'] !== true) {
    refuseBody('Users cannot be imported into a custom database connection without import mode.')
  }
  const running = runningImports(call.tenant)
  if (running >= mostRunning) {
    refuse(
      429,
      `There are ${running} active import users jobs, please wait until some of them are finished and try again`,
      'too_many_requests',
    )
  }
  const records = users.match(/"(email|username|phone_number)"\s*:/g)?.length ?? 0
  const job = startJob(
    call.tenant,
    'users_import',
    duration.base + duration.perRecord * records,
    compact({
      connection_id: connectionId,
      connection: connection.name,
      upsert: upsert === 'true',
      external_id: externalId,
      $users: users,
      $mail: parts['send_completion_email'] !== 'false',
    }),
  )
  return reply(202, publicRecord(job))
}

export const importHandlers: Readonly<Record<string, ManagementHandler>> = { 'jobs.usersImports.create': create }
