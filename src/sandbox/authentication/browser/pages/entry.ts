import type { JsonObject } from '../../../../plan/index.ts'
import type { AuthenticationCall, AuthenticationReply } from '../../call.ts'
import { acceptInvitation, checkInvitee, invitationOf } from '../people.ts'
import { proceed } from '../proceed.ts'
import { type BrowserLogin, keep } from '../state.ts'

/** Goes on with a login whose first factor was proven just now. */
export async function entered(
  call: AuthenticationCall,
  login: BrowserLogin,
  user: JsonObject,
  connection: string,
): Promise<AuthenticationReply> {
  const { core } = call
  checkInvitee(core, login, user.email)
  const invitation = invitationOf(core, login)
  if (invitation) acceptInvitation(core, invitation, user)
  const user_id = String(user.user_id)
  const proven = { user_id, connection, at: core.clock.now(), fresh: true, chosen: true, mfa: false }
  const { sid: _, ...rest } = login
  return proceed(call, keep(core, { ...rest, ...proven }))
}
