import type { JsonObject } from '../../../plan/index.ts'
import { requestedAudience, targetOf } from '../audience.ts'
import { type AuthenticationCall, AuthenticationFailure, field, requiredField } from '../call.ts'
import { continueLogin, organizationOf } from '../login.ts'
import { connectionFor, findUser, noteFailedLogin, refuseBlocked } from '../users.ts'
import type { Grant } from './grant.ts'

/** The resource-owner password grant: in the realm's connection, or in the tenant's default directory. */
export const password: Grant = (call, client) => login(call, client, field(call, 'realm') ?? defaultDirectory(call))

/** The same with a realm that must be named. */
export const passwordRealm: Grant = (call, client) => login(call, client, requiredField(call, 'realm'))

async function login(call: AuthenticationCall, client: JsonObject, realm: string) {
  const { core, ip } = call
  const username = requiredField(call, 'username')
  const secret = requiredField(call, 'password')
  const connection = connectionFor(core, client, realm)
  const audience = requestedAudience(call)
  targetOf(core, call.issuer, audience)
  const user = findUser(core, realm, username)
  if (user) refuseBlocked(core, user, ip)
  if (!user || user.$password !== secret) {
    const facts = {
      client_id: client.client_id,
      connection: realm,
      connection_id: connection.id,
      user_name: username,
      ip,
    }
    core.log({ type: user ? 'fp' : 'fu', description: 'Wrong email or password.', ...facts })
    core.log({ type: 'fepft', description: 'Wrong email or password.', ...facts })
    if (user) noteFailedLogin(core, user, username, realm, ip)
    throw new AuthenticationFailure(403, 'invalid_grant', 'Wrong email or password.')
  }
  const organization = organizationOf(call, user)
  const scope = field(call, 'scope')
  const reply = await continueLogin(call, {
    client,
    user,
    connection: realm,
    gty: 'password',
    ...(audience === undefined ? {} : { audience }),
    ...(scope === undefined ? {} : { scope }),
    ...(organization ? { organization } : {}),
  })
  const facts = { client_id: client.client_id, client_name: client.name, user_id: user.user_id, connection: realm, ip }
  core.log({ type: 'sepft', description: '', ...facts, strategy: 'auth0', strategy_type: 'database' })
  core.log({ type: 's', description: '', ...facts, strategy: 'auth0', strategy_type: 'database' })
  return reply
}

function defaultDirectory(call: AuthenticationCall): string {
  const directory = call.core.tables.documents.get('tenant')?.default_directory
  if (typeof directory === 'string' && directory !== '') return directory
  const text = 'Authorization server not configured with default connection.'
  throw new AuthenticationFailure(400, 'server_error', text)
}
