import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { ConnectionKey } from '../../tenant/index.ts'
import { refuse, reply } from '../answer.ts'
import { bodyOf, collection, isoNow, newId, parameter, stringOf, without } from '../records.ts'

function connectionId(call: ManagementCall): string {
  const id = parameter(call, 'id')
  if (!call.tenant.tables.connections.has(id)) refuse(404, 'The connection does not exist', 'inexistent_connection')
  return id
}

function keysOf(call: ManagementCall) {
  return collection<ConnectionKey>(call.tenant, `/api/v2/connections/${connectionId(call)}/keys`)
}

/** Key material as a tenant tells it; no connection of the sandbox signs with it. */
function newKey(call: ManagementCall, use: 'signing' | 'encryption'): ConnectionKey {
  const { random } = call.tenant
  const thumbprint = random.text(40, '0123456789abcdef')
  const algorithm = stringOf(bodyOf(call)['signing_alg'])
  return {
    kid: random.text(21),
    cert: `-----BEGIN CERTIFICATE-----\n${random.text(64)}\n-----END CERTIFICATE-----`,
    pkcs: `-----BEGIN PKCS7-----\n${random.text(64)}\n-----END PKCS7-----`,
    fingerprint: thumbprint.replace(/(..)(?=.)/g, '$1:').toUpperCase(),
    thumbprint,
    key_use: use,
    ...(algorithm === undefined ? {} : { algorithm }),
  }
}

/** POST makes a key for each use, once. */
const create: ManagementHandler = (call) => {
  const keys = keysOf(call)
  if (keys.size > 0) refuse(409, 'The connection has keys already; rotate them.')
  const now = isoNow(call.tenant)
  const made = (['signing', 'encryption'] as const).map((use) => ({
    ...newKey(call, use),
    current: true,
    next: false,
    current_since: now,
  }))
  for (const key of made) keys.set(key.kid, key)
  return reply(201, made)
}

/** POST rotate: the current signing key becomes the previous one, and the answer shows the one that stands next. */
const rotate: ManagementHandler = (call) => {
  const keys = keysOf(call)
  const now = isoNow(call.tenant)
  const signing = [...keys.values()].filter((key) => key.key_use === 'signing')
  for (const key of signing) {
    if (key.current === true) keys.set(key.kid, { ...key, current: false, previous: true })
    if (key.next === true) keys.set(key.kid, { ...key, next: false, current: true, current_since: now })
  }
  const next = { ...newKey(call, 'signing'), current: false, next: true }
  keys.set(next.kid, next)
  return reply(201, without(next, 'current'))
}

/** POST …/synchronizations starts one; the sandbox has no directory to read, so that it ends at once. */
const synchronize: ManagementHandler = (call) =>
  reply(201, {
    connection_id: connectionId(call),
    synchronization_id: newId(call.tenant, 'sync_', 22),
    status: 'pending',
  })

export const connectionKeyHandlers: Readonly<Record<string, ManagementHandler>> = {
  'connections.keys.get': (call) => reply(200, [...keysOf(call).values()]),
  'connections.keys.create': create,
  'connections.keys.rotate': rotate,
  'connections.directoryProvisioning.synchronizations.create': synchronize,
}
