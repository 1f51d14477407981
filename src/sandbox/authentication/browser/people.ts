import { isJsonObject, type Json, type JsonObject } from '../../../plan/index.ts'
import { collection } from '../../contract.ts'
import type { Core } from '../../core.ts'
import { AuthenticationFailure } from '../call.ts'
import type { BrowserLogin } from './state.ts'

/** Organizations that a user belongs to. */
export function organizationsOf(core: Core, userId: string): readonly JsonObject[] {
  return [...collection(core.tables, 'members').values()]
    .filter((each) => each.user_id === userId)
    .map((each) => core.tables.organizations.get(String(each.organization_id)))
    .filter((each) => each !== undefined)
}

/** The open invitation that a login came with. */
export function invitationOf(core: Core, login: BrowserLogin): JsonObject | undefined {
  return openInvitation(core, login.parameters.invitation)
}

/** The invitation of a ticket that was not used, withdrawn or left until it ran out. */
export function openInvitation(core: Core, ticket: string | undefined): JsonObject | undefined {
  if (ticket === undefined) return undefined
  const now = core.clock.now()
  return [...core.tables.invitations.values()].find(
    (each) => each.ticket_id === ticket && Date.parse(String(each.expires_at)) > now,
  )
}

/** The address that an invitation was sent to. */
export function inviteeOf(invitation: JsonObject | undefined): string | undefined {
  const invitee = invitation?.invitee
  return isJsonObject(invitee) && typeof invitee.email === 'string' ? invitee.email : undefined
}

/**
 * Refuses whom an invitation is not for; a login without one is for everybody.
 * @throws 403 `access_denied`
 */
export function checkInvitee(core: Core, login: BrowserLogin, email: Json | undefined): void {
  const invitee = inviteeOf(invitationOf(core, login))
  if (invitee === undefined || (typeof email === 'string' && email.toLowerCase() === invitee.toLowerCase())) return
  throw new AuthenticationFailure(403, 'access_denied', `This invitation is for ${invitee}. Go on with that address.`)
}

/** Makes a user a member of the organization that invited them; the invitation is spent. */
export function acceptInvitation(core: Core, invitation: JsonObject, user: JsonObject): void {
  const organization_id = String(invitation.organization_id)
  const user_id = String(user.user_id)
  const members = collection(core.tables, 'members')
  const key = `${organization_id} ${user_id}`
  const known = members.get(key)
  const held = Array.isArray(known?.roles) ? known.roles.map(String) : []
  const roles = Array.isArray(invitation.roles) ? invitation.roles.map(String) : []
  members.set(key, { organization_id, user_id, roles: [...new Set([...held, ...roles])] })
  const metadata = (name: 'app_metadata' | 'user_metadata'): JsonObject => ({
    ...(isJsonObject(user[name]) ? user[name] : {}),
    ...(isJsonObject(invitation[name]) ? invitation[name] : {}),
  })
  // Who holds the invitation has read the mail that brought it.
  const verified: JsonObject = inviteeOf(invitation)?.toLowerCase() === user.email ? { email_verified: true } : {}
  core.tables.users.set(user_id, {
    ...user,
    ...verified,
    app_metadata: metadata('app_metadata'),
    user_metadata: metadata('user_metadata'),
  })
  core.tables.invitations.delete(String(invitation.id))
  core.log({ type: 'organization_member_added', description: '', user_id, organization_id })
}
