import type { Json, JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler, OutboxMessage, Tenant } from '../contract.ts'
import type { User } from '../tenant/index.ts'
import { refuse, refuseBody, reply } from './answer.ts'
import { bodyOf, collection, compact, newId, numberOf, objectOf, stringOf } from './records.ts'

const fiveDays = 432_000

/** What a ticket remembers. */
export interface TicketDetails {
  readonly kind: 'email-verification' | 'password-change' | 'guardian-enrollment' | 'self-service'
  readonly user_id?: string
  readonly ttlSeconds?: number
  /** Where the link leads. */
  readonly origin: string
  readonly details?: Readonly<Record<string, Json | undefined>>
}

/** A stored ticket and the link that redeems it. */
export interface Ticket {
  readonly id: string
  readonly url: string
}

const places = {
  'email-verification': 'u/email-verification?ticket=',
  'password-change': 'u/reset-verify?ticket=',
  'guardian-enrollment': 'guardian/enroll?ticket=',
  'self-service': 'self-service/connections-flow?ticket=',
}

/** Stores a ticket that is valid for `ttlSeconds` (five days unless given) and makes its link. */
export function createTicket(tenant: Tenant, options: TicketDetails): Ticket {
  const id = newId(tenant, options.kind === 'guardian-enrollment' ? 'gten_' : '', 32)
  const lifetime = options.ttlSeconds === undefined || options.ttlSeconds === 0 ? fiveDays : options.ttlSeconds
  if (options.kind === 'password-change') dropOlder(tenant, options)
  tenant.tables.tickets.set(
    id,
    compact({
      ...options.details,
      id,
      kind: options.kind,
      user_id: options.user_id,
      expires_at: tenant.clock.now() + lifetime * 1000,
    }),
  )
  const hash = options.kind === 'email-verification' ? '#' : ''
  return { id, url: `${options.origin}/${places[options.kind]}${id}${hash}` }
}

/** Of the password links of one user only the newest is valid. */
function dropOlder(tenant: Tenant, { kind, user_id }: TicketDetails): void {
  for (const [key, ticket] of tenant.tables.tickets) {
    if (ticket.kind === kind && ticket.user_id === user_id) tenant.tables.tickets.delete(key)
  }
}

/**
 * Redeems a ticket once: marks the e-mail address verified where the ticket says so.
 * Answers the ticket's record, or `undefined` for one that is unknown, used or expired.
 */
export function redeemTicket(tenant: Tenant, id: string): JsonObject | undefined {
  const ticket = tenant.tables.tickets.get(id)
  if (ticket === undefined) return undefined
  tenant.tables.tickets.delete(id)
  if ((ticket.expires_at ?? 0) < tenant.clock.now()) return undefined
  const user = tenant.tables.users.get(ticket.user_id ?? '')
  const verifies = ticket.kind === 'email-verification' || ticket.mark_email_as_verified === true
  if (user !== undefined && verifies) {
    tenant.tables.users.set(user.user_id, { ...user, email_verified: true })
    tenant.log({ type: 'sv', description: 'The e-mail address was verified.', user_id: user.user_id })
  }
  return ticket
}

/** Mails the link that verifies the user's address. */
export function sendVerificationEmail(
  tenant: Tenant,
  user: User,
  { domain, origin }: { readonly domain: string; readonly origin: string },
  details: Readonly<Record<string, Json | undefined>> = {},
): OutboxMessage {
  const userId = user.user_id
  const ticket = createTicket(tenant, { kind: 'email-verification', user_id: userId, origin, details })
  return tenant.deliver({
    kind: 'email',
    to: user.email ?? '',
    user_id: userId,
    subject: 'Verify your e-mail address',
    text: `Open this link to verify your e-mail address: ${ticket.url}`,
    url: ticket.url,
    customDomain: domain,
  })
}

/** Sends the code that verifies the user's phone number. */
export function sendPhoneCode(tenant: Tenant, user: User): OutboxMessage {
  const code = tenant.random.digits(6)
  const userId = user.user_id
  return tenant.deliver({
    kind: 'sms',
    to: user.phone_number ?? '',
    user_id: userId,
    text: `Your verification code is ${code}.`,
    code,
  })
}

/** POST /tickets/email-verification. Page: https://auth0.com/docs/manage-users/user-accounts/verify-emails */
const verifyEmail: ManagementHandler = (call) => {
  const body = bodyOf(call)
  checkTargets(call, body)
  if (body['result_url'] !== undefined && (body['client_id'] ?? body['organization_id']) !== undefined) {
    refuseBody('result_url cannot be used together with client_id or organization_id.')
  }
  const user = ticketUser(call, stringOf(body['user_id']) ?? '')
  const identity = objectOf(body['identity'])
  if (identity !== undefined) requireIdentity(user, identity)
  else requireDatabase(user)
  if (user.email === undefined) refuseBody('The user does not have an email address.')
  requireMember(call, body, user)
  return reply(201, { ticket: ticketFor(call, 'email-verification', user, body).url })
}

/** POST /tickets/password-change. Page: https://auth0.com/docs/authenticate/database-connections/password-change */
const changePassword: ManagementHandler = (call) => {
  const body = bodyOf(call)
  if (body['user_id'] === undefined && (body['connection_id'] === undefined || body['email'] === undefined)) {
    refuseBody('Either user_id, or connection_id together with email, is required.')
  }
  if (body['user_id'] !== undefined && (body['connection_id'] ?? body['email']) !== undefined) {
    refuseBody('user_id cannot be used together with connection_id or email.')
  }
  if (body['identity'] !== undefined && body['user_id'] === undefined) refuseBody('identity needs user_id.')
  if (body['result_url'] !== undefined && body['organization_id'] !== undefined) {
    refuseBody('result_url cannot be used together with organization_id.')
  }
  checkTargets(call, body)
  const user =
    body['user_id'] === undefined ? userByEmail(call, body) : ticketUser(call, stringOf(body['user_id']) ?? '')
  const identity = objectOf(body['identity'])
  if (identity === undefined) requireDatabase(user)
  else {
    if (identity['provider'] !== 'auth0') refuseBody('identity.provider must be auth0 for a change of password.')
    requireIdentity(user, identity)
  }
  requireMember(call, body, user)
  return reply(201, { ticket: ticketFor(call, 'password-change', user, body).url })
}

function ticketFor(
  call: ManagementCall,
  kind: 'email-verification' | 'password-change',
  user: User,
  body: JsonObject,
): Ticket {
  return createTicket(call.tenant, {
    kind,
    user_id: user.user_id,
    origin: call.linkOrigin,
    ttlSeconds: numberOf(body['ttl_sec']),
    details: {
      result_url: body['result_url'],
      client_id: body['client_id'],
      organization_id: body['organization_id'],
      mark_email_as_verified: body['mark_email_as_verified'],
      includeEmailInRedirect: body['includeEmailInRedirect'],
    },
  })
}

function ticketUser(call: ManagementCall, id: string): User {
  return call.tenant.tables.users.get(id) ?? refuse(404, 'The user does not exist.', 'inexistent_user')
}

function userByEmail(call: ManagementCall, body: JsonObject): User {
  const connection = call.tenant.tables.connections.get(stringOf(body['connection_id']) ?? '')
  if (connection === undefined) return refuse(400, 'The connection does not exist.', 'inexistent_connection')
  const email = stringOf(body['email'])?.toLowerCase()
  const found = [...call.tenant.tables.users.values()].find(
    (user) => user.email === email && user.identities.some((identity) => identity.connection === connection.name),
  )
  return found ?? refuse(404, 'The user does not exist.', 'inexistent_user')
}

/** The application and the organization that a ticket names have to exist. */
export function checkTargets(call: ManagementCall, body: JsonObject): void {
  const client = stringOf(body['client_id'])
  if (client !== undefined && !call.tenant.tables.clients.has(client)) {
    refuse(400, 'The client does not exist.', 'inexistent_client')
  }
  const organization = stringOf(body['organization_id'])
  if (organization !== undefined && !call.tenant.tables.organizations.has(organization)) {
    refuse(400, 'The organization does not exist.', 'inexistent_organization')
  }
}

/** The user must belong to the organization that the request names. */
export function requireMember(call: ManagementCall, body: JsonObject, user: User): void {
  const organization = stringOf(body['organization_id'])
  if (organization === undefined) return
  const member = collection(call.tenant, 'members').has(`${organization} ${user.user_id}`)
  if (!member) refuseBody('The user is not a member of the organization.')
}

/** The user must own the identity that the request names. */
export function requireIdentity(user: User, identity: JsonObject): void {
  const owned = user.identities.some(
    (one) => one.provider === identity['provider'] && String(one.user_id) === String(identity['user_id']),
  )
  if (!owned) refuseBody('The user does not have the specified identity.')
}

/** Without `identity` the user's main connection has to be a database. */
export function requireDatabase(user: User): void {
  if (user.identities[0]?.provider !== 'auth0') {
    refuseBody('The main identity of the user is not in a database connection; name one with identity.')
  }
}

export const ticketHandlers: Readonly<Record<string, ManagementHandler>> = {
  'tickets.verifyEmail': verifyEmail,
  'tickets.changePassword': changePassword,
}
