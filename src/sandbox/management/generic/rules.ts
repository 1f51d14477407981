// What Auth0 does with single kinds of records: what it adds to them, and what it never shows again.
import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '../../../plan/index.ts'
import type { ManagementCall } from '../../contract.ts'
import { refuse } from '../answer.ts'
import { collection, compact, newUuid, objectOf, stringOf, without } from '../records.ts'

/** Fields of a record that also names its tenant. */
export function ofTenant(fields: JsonObject): (call: ManagementCall) => JsonObject {
  return (call) => ({ tenant: call.tenant.domain.split('.')[0] ?? '', ...fields })
}

/** A partner event source that Auth0 makes for Amazon EventBridge. */
function partnerSource(call: ManagementCall, what: 'events' | 'logs'): string {
  return `aws.partner/auth0.com/${call.tenant.domain}-${newUuid(call.tenant)}/auth0.${what}`
}

/** A log stream: priority streams send security events unless told otherwise; clouds get an address of their own. */
export function logStream(call: ManagementCall, record: JsonObject): JsonObject {
  const sink = objectOf(record['sink']) ?? {}
  const added: Record<string, Json> = {}
  if (record['type'] === 'eventbridge' && sink['awsPartnerEventSource'] === undefined)
    added['awsPartnerEventSource'] = partnerSource(call, 'logs')
  if (record['type'] === 'eventgrid' && sink['azurePartnerTopic'] === undefined)
    added['azurePartnerTopic'] = `auth0-${newUuid(call.tenant)}`
  const pii = objectOf(record['pii_config'])
  return {
    ...record,
    sink: { ...sink, ...added },
    ...(record['isPriority'] === true && record['filters'] === undefined
      ? { filters: [{ type: 'category', name: 'security' }] }
      : {}),
    ...(pii === undefined ? {} : { pii_config: { algorithm: 'xxhash', ...pii } }),
  }
}

/** Of all sinks, only Mixpanel's password is masked; the others are echoed. */
export function shownLogStream(record: JsonObject): JsonObject {
  const sink = objectOf(record['sink'])
  if (sink?.['mixpanelServiceAccountPassword'] === undefined) return record
  return { ...record, sink: { ...sink, mixpanelServiceAccountPassword: '********' } }
}

export function eventStream(call: ManagementCall, record: JsonObject): JsonObject {
  const destination = objectOf(record['destination']) ?? {}
  const configuration = objectOf(destination['configuration']) ?? {}
  if (destination['type'] === 'action' && configuration['action_id'] !== undefined) {
    const id = stringOf(configuration['action_id']) ?? ''
    if (!collection(call.tenant, '/api/v2/actions/actions').has(id))
      refuse(400, `The action ${id} does not exist.`, 'invalid_body')
  }
  if (destination['type'] !== 'eventbridge' || configuration['aws_partner_event_source'] !== undefined) return record
  const source = partnerSource(call, 'events')
  return {
    ...record,
    destination: { ...destination, configuration: { ...configuration, aws_partner_event_source: source } },
  }
}

/** Credentials of a webhook are never shown again. */
export function shownEventStream(record: JsonObject): JsonObject {
  const destination = objectOf(record['destination'])
  const configuration = objectOf(destination?.['configuration'])
  const authorization = objectOf(configuration?.['webhook_authorization'])
  if (destination === undefined || authorization === undefined) return record
  const shown = without(authorization, 'token', 'password', 'header_value')
  return {
    ...record,
    destination: { ...destination, configuration: { ...configuration, webhook_authorization: shown } },
  }
}

/** A vault connection is ready once it holds credentials; of these, only a fingerprint is shown. */
export function vaultConnection(_call: ManagementCall, record: JsonObject): JsonObject {
  const setup = objectOf(record['setup'])
  const ready = setup !== undefined && Object.keys(setup).length > 0
  const fingerprint = createHash('md5')
    .update(JSON.stringify([record['id'] ?? null, record['name'] ?? null, setup ?? null]))
    .digest('hex')
  const token = stringOf(setup?.['token'])
  const account = ready && token !== undefined ? `Bearer ${token.slice(0, 3)}***${token.slice(-3)}` : undefined
  return compact({ refreshed_at: null, ...record, account_name: account ?? record['account_name'], ready, fingerprint })
}

/** Texts of a phone template are Liquid, whatever a change leaves out. */
export function phoneTemplate(_call: ManagementCall, record: JsonObject): JsonObject {
  return { ...record, content: { syntax: 'liquid', ...objectOf(record['content']) } }
}

export function form(_call: ManagementCall, record: JsonObject): JsonObject {
  return {
    ...record,
    ...(record['ending'] === undefined ? {} : { ending: { resume_flow: true, ...objectOf(record['ending']) } }),
  }
}

/** A rule stands behind those that are there unless its place is given. */
export function rule(call: ManagementCall, record: JsonObject): JsonObject {
  if (record['order'] !== undefined) return record
  const orders = [...collection(call.tenant, '/api/v2/rules').values()].map((one) => Number(one.order ?? 0))
  return { ...record, order: Math.max(0, ...orders) + 1 }
}

/** How the user id is read unless a profile says otherwise. */
export const USER_ID: JsonObject = {
  oidc_mapping: 'sub',
  saml_mapping: [
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
  ],
  scim_mapping: 'externalId',
}

export function userAttributeProfile(_call: ManagementCall, record: JsonObject): JsonObject {
  return { ...record, user_id: { ...USER_ID, ...objectOf(record['user_id']) } }
}

export function deviceCredential(call: ManagementCall, record: JsonObject): JsonObject {
  const user = stringOf(call.claims['sub'])
  return { ...record, ...(user === undefined || record['user_id'] !== undefined ? {} : { user_id: user }) }
}

/** A key of network ACLs shows a fingerprint in the place of its value. */
export function networkAclKey(_call: ManagementCall, record: JsonObject): JsonObject {
  const digest = createHash('sha256')
    .update(String(record['value'] ?? ''))
    .digest('hex')
  return { alg: 'hmac-sha256', ...record, fingerprint: digest }
}
