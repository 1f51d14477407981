import type { JsonObject } from '../../../plan/index.ts'
import { requestedAudience, targetOf } from '../audience.ts'
import { type AuthenticationCall, AuthenticationFailure, field, requiredField } from '../call.ts'
import { type Proven, proveByPassword } from '../credentials.ts'
import { continueLogin, organizationOf } from '../login.ts'
import { OIDC_SCOPES } from '../scopes.ts'
import { connectionFor } from '../users.ts'
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
  const target = targetOf(core, call.issuer, audience)
  const { user } = proven(call, client, connection, username, secret)
  const organization = organizationOf(call, user)
  const scope = field(call, 'scope') ?? (target.kind === 'userinfo' ? OIDC_SCOPES.join(' ') : undefined)
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

function proven(
  call: AuthenticationCall,
  client: JsonObject,
  connection: JsonObject,
  username: string,
  secret: string,
): Proven {
  try {
    return proveByPassword(call, client, [connection], username, secret)
  } catch (error) {
    if (error instanceof AuthenticationFailure) {
      const { client_id, name: client_name } = client
      const facts = { client_id, client_name, connection: connection.name, user_name: username, ip: call.ip }
      call.core.log({ type: 'fepft', description: error.message, ...facts })
    }
    throw error
  }
}
