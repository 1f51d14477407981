import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { Client, Invitation } from '../../tenant/index.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { project } from '../projection.ts'
import { bodyOf, compact, isoNow, newId, numberOf, objectOf, parameter, stringOf, stringsOf } from '../records.ts'
import { sorted } from '../search/index.ts'
import { connectionRecord, organizationId, organizationOf } from './store.ts'

const sevenDays = 604_800

/** Expired invitations disappear. */
function invitationsOf(call: ManagementCall, organization: string): readonly JsonObject[] {
  const now = call.tenant.clock.now()
  return [...call.tenant.tables.invitations.values()].filter(
    (one) => one.organization_id === organization && Date.parse(stringOf(one.expires_at) ?? '') > now,
  )
}

const list: ManagementHandler = (call) => {
  const invitations = sorted(invitationsOf(call, organizationId(call)), call.query['sort'])
  const rows = invitations.map((one) => project(call, one))
  return page(call, rows, { key: 'invitations', offset: {}, totals: 'none', window: true })
}

function loginUri(call: ManagementCall, client: Client): string {
  const own =
    client.initiate_login_uri ?? stringOf(call.tenant.tables.documents.get('tenant')?.['default_redirection_uri'])
  return (
    own ??
    refuseBody(
      'A default login route is required to generate the invitation url. Consider setting one at the client or tenant level.',
    )
  )
}

function checkReferences(call: ManagementCall, organization: string, body: JsonObject): Client {
  const client = call.tenant.tables.clients.get(stringOf(body['client_id']) ?? '')
  if (client === undefined) return refuseBody('The client does not exist.')
  if (!['allow', 'require'].includes(client.organization_usage ?? 'deny')) {
    refuseBody('The client does not support organizations.')
  }
  const connectionId = stringOf(body['connection_id'])
  if (connectionId !== undefined) {
    const connection = call.tenant.tables.connections.get(connectionId)
    if (connection === undefined) return refuseBody('The connection does not exist.')
    if (['email', 'sms'].includes(connection.strategy)) {
      refuseBody('Passwordless connections are not supported for invitations.')
    }
    if (connectionRecord(call.tenant, organization, connectionId) === undefined) {
      refuseBody('The connection is not enabled for the organization.')
    }
  }
  const roles = stringsOf(body['roles'])
  if (roles.length > 50) refuseBody("Payload validation error: 'Array is too long, maximum 50' on property roles.")
  const unknown = roles.filter((role) => !call.tenant.tables.roles.has(role))
  if (unknown.length > 0) refuseBody(`One or more of the specified roles do not exist: ${unknown.join(', ')}.`)
  return client
}

/** POST invitations answers 200. Page: https://auth0.com/docs/manage-users/organizations/configure-organizations/send-membership-invitations */
const create: ManagementHandler = (call) => {
  const organization = organizationOf(call)
  const organizationKey = organizationId(call)
  const body = bodyOf(call)
  const client = checkReferences(call, organizationKey, body)
  const url = new URL(loginUri(call, client))
  const ticket = newId(call.tenant, '', 32)
  url.searchParams.set('invitation', ticket)
  url.searchParams.set('organization', organizationKey)
  url.searchParams.set('organization_name', organization.name ?? '')
  const asked = numberOf(body['ttl_sec']) ?? 0
  const lifetime = (asked === 0 ? sevenDays : asked) * 1000
  const id = newId(call.tenant, 'uinv_')
  const expires_at = new Date(call.tenant.clock.now() + lifetime).toISOString()
  const fields = compact({
    inviter: body['inviter'],
    invitee: body['invitee'],
    invitation_url: url.href,
    created_at: isoNow(call.tenant),
    client_id: body['client_id'],
    connection_id: body['connection_id'],
    app_metadata: body['app_metadata'] ?? {},
    user_metadata: body['user_metadata'] ?? {},
    roles: body['roles'],
    ticket_id: ticket,
  })
  const invitation: Invitation = { id, organization_id: organizationKey, ...fields, expires_at }
  call.tenant.tables.invitations.set(id, invitation)
  if (body['send_invitation_email'] !== false) sendInvitation(call, organization, invitation)
  return reply(200, invitation)
}

function sendInvitation(call: ManagementCall, organization: JsonObject, invitation: Invitation): void {
  const url = stringOf(invitation.invitation_url) ?? ''
  const name = organization.display_name ?? organization.name ?? ''
  const inviter = stringOf(objectOf(invitation.inviter)?.['name']) ?? ''
  call.tenant.deliver({
    kind: 'email',
    to: stringOf(objectOf(invitation.invitee)?.['email']) ?? '',
    subject: `Invitation to ${name}`,
    text: `${inviter} invites you to ${name}. Open this link to accept: ${url}`,
    url,
    customDomain: call.linkDomain,
  })
}

const get: ManagementHandler = (call) => {
  const id = parameter(call, 'invitation_id')
  const found = invitationsOf(call, organizationId(call)).find((one) => one['id'] === id)
  return reply(200, project(call, found ?? refuse(404, 'The invitation does not exist.', 'inexistent_invitation')))
}

const remove: ManagementHandler = (call) => {
  organizationOf(call)
  call.tenant.tables.invitations.delete(parameter(call, 'invitation_id'))
  return reply(204)
}

export const invitationHandlers: Readonly<Record<string, ManagementHandler>> = {
  'organizations.invitations.list': list,
  'organizations.invitations.create': create,
  'organizations.invitations.get': get,
  'organizations.invitations.delete': remove,
}
