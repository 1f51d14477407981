import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../contract.ts'
import { refuse, refuseBody, reply } from './answer.ts'
import { PHONE_CONTENT } from './generic/index.ts'
import { bodyOf, collection, isoNow, numberOf, objectOf, objectsOf, parameter, stringOf } from './records.ts'
import { createTicket } from './tickets.ts'

function recordOf(call: ManagementCall, path: string, id: string, what: string): JsonObject {
  const said = path.startsWith('/api/v2/branding/phone/')
    ? 'Notification Resource not found'
    : `The ${what} does not exist.`
  return collection(call.tenant, path).get(id) ?? refuse(404, said)
}

/** The number that a trial goes to. */
function target(body: JsonObject): string {
  const to = stringOf(body['to']) ?? ''
  if (!/^\+?[0-9]{1,15}$/.test(to))
    refuseBody("Payload validation error: 'String does not match pattern ^\\+?[0-9]{1,15}$' on property to.")
  return to
}

const SENT: JsonObject = { code: 202, message: 'Test notification successfully sent for processing' }

/** POST /branding/phone/templates/{id}/try sends the template's text. */
const tryTemplate: ManagementHandler = (call) => {
  const template = recordOf(call, '/api/v2/branding/phone/templates', parameter(call, 'id'), 'phone template')
  const body = bodyOf(call)
  const to = target(body)
  const voice = body['delivery_method'] === 'voice'
  const written = objectOf(objectOf(template['content'])?.['body'])
  const code = call.tenant.random.digits(6)
  const text = stringOf(written?.[voice ? 'voice' : 'text']) ?? 'Your code is {{ code }}.'
  call.tenant.deliver({
    kind: voice ? 'voice' : 'sms',
    to,
    text: text.replace(/{{\s*code\s*}}/g, code),
    code,
    customDomain: call.linkDomain,
  })
  return reply(202, SENT)
}

/** PATCH …/reset gives a template the text back that it started with. */
const resetTemplate: ManagementHandler = (call) => {
  const path = '/api/v2/branding/phone/templates'
  const template = recordOf(call, path, parameter(call, 'id'), 'phone template')
  const fresh = { ...template, content: PHONE_CONTENT, updated_at: isoNow(call.tenant) }
  collection(call.tenant, path).set(parameter(call, 'id'), fresh)
  return reply(200, fresh)
}

const tryProvider: ManagementHandler = (call) => {
  recordOf(call, '/api/v2/branding/phone/providers', parameter(call, 'id'), 'phone provider')
  const body = bodyOf(call)
  const to = target(body)
  call.tenant.deliver({
    kind: body['delivery_method'] === 'voice' ? 'voice' : 'sms',
    to,
    text: 'This is a test message of your phone provider.',
  })
  return reply(202, SENT)
}

/** POST sso-ticket. Page: https://auth0.com/docs/authenticate/enterprise-connections/self-service-enterprise-configuration/manage-self-service-enterprise-config */
const createSsoTicket: ManagementHandler = (call) => {
  const body = bodyOf(call)
  recordOf(call, '/api/v2/self-service-profiles', parameter(call, 'id'), 'self-service profile')
  if (body['connection_id'] !== undefined && body['connection_config'] !== undefined) {
    refuseBody('connection_id cannot be used together with connection_config.')
  }
  const connection = stringOf(body['connection_id'])
  if (connection !== undefined && !call.tenant.tables.connections.has(connection)) {
    refuse(404, 'The connection does not exist.', 'inexistent_connection')
  }
  const organizations = objectsOf(body['enabled_organizations']).map((one) => stringOf(one['organization_id']) ?? '')
  const unknown = organizations.find((id) => !call.tenant.tables.organizations.has(id))
  if (unknown !== undefined) refuse(404, 'The organization does not exist.', 'inexistent_organization')
  const ticket = createTicket(call.tenant, {
    kind: 'self-service',
    origin: call.linkOrigin,
    ttlSeconds: numberOf(body['ttl_sec']),
    details: { profile_id: parameter(call, 'id'), connection_id: connection },
  })
  return reply(201, { ticket: ticket.url })
}

const revokeSsoTicket: ManagementHandler = (call) => {
  recordOf(call, '/api/v2/self-service-profiles', parameter(call, 'profileId'), 'self-service profile')
  const id = parameter(call, 'id')
  const ticket = call.tenant.tables.tickets.get(id)
  if (ticket?.kind !== 'self-service') refuse(404, 'The ticket does not exist.')
  call.tenant.tables.tickets.delete(id)
  return reply(202)
}

export const messageHandlers: Readonly<Record<string, ManagementHandler>> = {
  'branding.phone.templates.reset': resetTemplate,
  'branding.phone.templates.test': tryTemplate,
  'branding.phone.providers.test': tryProvider,
  'selfServiceProfiles.ssoTicket.create': createSsoTicket,
  'selfServiceProfiles.ssoTicket.revoke': revokeSsoTicket,
}
