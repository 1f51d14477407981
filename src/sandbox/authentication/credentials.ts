import type { JsonObject } from '../../plan/index.ts'
import { type AuthenticationCall, AuthenticationFailure } from './call.ts'
import { findUser, noteFailedLogin, refuseBlocked } from './users.ts'

/** A person who proved their first factor, and where. */
export interface Proven {
  readonly user: JsonObject
  readonly connection: string
}

/**
 * Finds the person of a user name and a password in one of several directories.
 * @throws 403 `invalid_grant` that does not say which of the two was wrong; a blocked user is refused as such
 */
export function proveByPassword(
  call: AuthenticationCall,
  client: JsonObject,
  connections: readonly JsonObject[],
  username: string,
  password: string,
): Proven {
  const { core, ip } = call
  const candidates = connections.flatMap((each) => {
    const user = findUser(core, String(each.name), username)
    return user ? [{ user, connection: String(each.name) }] : []
  })
  const found = candidates.find(({ user }) => user.$password === password) ?? candidates[0]
  if (found) refuseBlocked(core, found.user, ip)
  if (found && found.user.$password === password) return found
  const place = found?.connection ?? String(connections[0]?.name ?? '')
  core.log({
    type: found ? 'fp' : 'fu',
    description: 'Wrong email or password.',
    client_id: client.client_id,
    client_name: client.name,
    connection: place,
    connection_id: connections.find((each) => each.name === place)?.id,
    ...(found ? { user_id: found.user.user_id } : {}),
    user_name: username,
    strategy: 'auth0',
    strategy_type: 'database',
    ip,
  })
  if (found) noteFailedLogin(core, found.user, username, place, ip)
  throw new AuthenticationFailure(403, 'invalid_grant', 'Wrong email or password.')
}
