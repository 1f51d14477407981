import type { ManagementCall, ManagementHandler } from '../contract.ts'
import { refuse, refuseBody, reply } from './answer.ts'
import { bodyOf, collection, objectsOf, parameter, stringOf, stringsOf, without } from './records.ts'
import { createTicket } from './tickets.ts'
import { guardianEnrollment } from './users/authentication-methods.ts'

/** Names of the factors, in the order in which the API lists them. */
export const factorNames = [
  'sms',
  'push-notification',
  'otp',
  'email',
  'duo',
  'webauthn-roaming',
  'webauthn-platform',
  'recovery-code',
] as const

/** POST /guardian/enrollments/ticket answers 200. Page: https://auth0.com/docs/secure/multi-factor-authentication/multi-factor-authentication-developer-resources/create-custom-enrollment-tickets */
const createEnrollmentTicket: ManagementHandler = (call) => {
  const body = bodyOf(call)
  const userId = stringOf(body['user_id']) ?? ''
  const user = call.tenant.tables.users.get(userId)
  if (user === undefined) return refuse(404, 'The user does not exist.', 'inexistent_user')
  const address = stringOf(body['email']) ?? user.email
  if (body['send_mail'] === true && address === undefined) {
    refuseBody('The user does not have an email address; give one in email.')
  }
  const ticket = createTicket(call.tenant, {
    kind: 'guardian-enrollment',
    user_id: userId,
    origin: call.linkOrigin,
    details: { factor: body['factor'], allow_multiple_enrollments: body['allow_multiple_enrollments'] },
  })
  if (body['send_mail'] === true && address !== undefined) {
    call.tenant.deliver({
      kind: 'email',
      to: address,
      user_id: userId,
      subject: 'Enroll your second factor',
      text: `Open this link to enroll: ${ticket.url}`,
      url: ticket.url,
      customDomain: call.linkDomain,
    })
  }
  return reply(200, { ticket_id: ticket.id, ticket_url: ticket.url })
}

function enrollmentOf(call: ManagementCall) {
  const found = collection(call.tenant, 'authenticators').get(parameter(call, 'id'))
  return found ?? refuse(404, 'Enrollment not found', 'enrollment_not_found')
}

const setFactor: ManagementHandler = (call) => {
  const name = parameter(call, 'name')
  if (!factorNames.some((known) => known === name)) {
    refuse(400, `Path validation error: '${name} is not a factor' on property name.`, 'invalid_uri')
  }
  const enabled = bodyOf(call)['enabled'] === true
  const factors = objectsOf(call.tenant.tables.documents.get('guardian-factors')?.['factors']).map((factor) =>
    factor['name'] === name ? { ...factor, enabled } : factor,
  )
  call.tenant.tables.documents.set('guardian-factors', { factors })
  return reply(200, { enabled })
}

const setPolicies: ManagementHandler = (call) => {
  const policies = stringsOf(call.body)
  call.tenant.tables.documents.set('guardian-policies', { policies })
  return reply(200, policies)
}

export const guardianHandlers: Readonly<Record<string, ManagementHandler>> = {
  'guardian.enrollments.createTicket': createEnrollmentTicket,
  'guardian.enrollments.get': (call) => reply(200, without(guardianEnrollment(enrollmentOf(call)), 'type')),
  'guardian.enrollments.delete': (call) => {
    enrollmentOf(call)
    collection(call.tenant, 'authenticators').delete(parameter(call, 'id'))
    return reply(204)
  },
  'guardian.factors.list': (call) =>
    reply(200, objectsOf(call.tenant.tables.documents.get('guardian-factors')?.['factors'])),
  'guardian.factors.set': setFactor,
  'guardian.policies.list': (call) =>
    reply(200, stringsOf(call.tenant.tables.documents.get('guardian-policies')?.['policies'])),
  'guardian.policies.set': setPolicies,
}
