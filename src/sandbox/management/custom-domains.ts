import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler, Tenant } from '../contract.ts'
import type { CustomDomain } from '../tenant/index.ts'
import { refuse, refuseBody, refuseQuery, reply } from './answer.ts'
import { page } from './paging.ts'
import { project } from './projection.ts'
import {
  assign,
  bodyOf,
  isoNow,
  mergeMetadata,
  newId,
  newUuid,
  objectOf,
  parameter,
  publicRecord,
  stringOf,
  without,
} from './records.ts'
import { compileQuery, sorted } from './search/index.ts'

const entitlement = 20
const mostMetadata = 10
const searchRules = { bare: ['domain'], caseless: ['domain'], exactOnly: [] }

function domainOf(call: ManagementCall): CustomDomain {
  const id = parameter(call, 'id')
  const found = call.tenant.tables.customDomains.get(id)
  return found ?? refuse(404, `The custom domain ${id} does not exist`, 'inexistent_custom_domain')
}

function defaultRecord(tenant: Tenant): JsonObject | undefined {
  return [...tenant.tables.customDomains.values()].find((one) => one.is_default === true)
}

const list: ManagementHandler = (call) => {
  const { q, sort } = call.query
  if (sort !== undefined && sort !== 'domain:1') {
    refuseQuery("Query validation error: 'Only domain:1 is supported' on property sort.")
  }
  const domains = [...call.tenant.tables.customDomains.values()]
  const found = q === undefined ? domains : domains.filter(compileQuery(q, searchRules))
  const rows = sorted(found, sort).map((one) => project(call, one))
  return page(call, rows, { key: 'custom_domains', checkpoint: {} })
}

function checkFields(body: JsonObject, type: string, domain: string, metadata: JsonObject): void {
  if (body['custom_client_ip_header'] !== undefined && type !== 'self_managed_certs') {
    refuseBody('custom_client_ip_header is supported for self_managed_certs domains only.')
  }
  if (body['tls_policy'] !== undefined && type !== 'auth0_managed_certs') {
    refuseBody('tls_policy is supported for auth0_managed_certs domains only.')
  }
  if (Object.keys(metadata).length > mostMetadata) {
    refuseBody(
      `Payload validation error: 'Too many properties defined, maximum ${mostMetadata}' on property domain_metadata.`,
    )
  }
  const party = stringOf(body['relying_party_identifier'])
  if (party !== undefined && party !== domain && !domain.endsWith(`.${party}`)) {
    refuseBody('relying_party_identifier must equal the domain or be a registrable suffix of it.')
  }
}

/** POST /custom-domains: pending until verified. Page: https://auth0.com/docs/customize/custom-domains/auth0-managed-certificates */
const create: ManagementHandler = (call) => {
  const { tenant } = call
  const body = bodyOf(call)
  const domain = (stringOf(body['domain']) ?? '').toLowerCase()
  const type = stringOf(body['type']) ?? 'auth0_managed_certs'
  checkFields(body, type, domain, objectOf(body['domain_metadata']) ?? {})
  if ([...tenant.tables.customDomains.values()].some((one) => one.domain === domain)) {
    refuse(409, 'The custom domain already exists.', 'custom_domain_conflict')
  }
  if (tenant.tables.customDomains.size >= entitlement) {
    refuse(409, `You reached the maximum number of custom domains (${entitlement}).`, 'custom_domain_conflict')
  }
  const id = newId(tenant, 'cd_')
  const edge = `${tenant.domain.split('.')[0] ?? ''}-${id.toLowerCase().replace('_', '-')}.edge.tenants.auth0.com`
  const managed = type === 'auth0_managed_certs'
  const method = managed
    ? { name: 'CNAME', record: edge, domain }
    : { name: 'TXT', record: newUuid(tenant), domain: `_cf-custom-hostname.${domain}` }
  const record: JsonObject = {
    ...assign({}, body),
    custom_domain_id: id,
    domain,
    primary: tenant.tables.customDomains.size === 0,
    is_default: false,
    status: 'pending_verification',
    type,
    verification: { methods: [method] },
    created_at: isoNow(tenant),
    ...(managed
      ? { tls_policy: body['tls_policy'] ?? 'recommended' }
      : { custom_client_ip_header: body['custom_client_ip_header'] ?? null }),
    $edge: edge,
  }
  tenant.tables.customDomains.set(id, record)
  return reply(201, publicRecord(record))
}

const update: ManagementHandler = (call) => {
  const record = domainOf(call)
  const body = bodyOf(call)
  const metadata = objectOf(body['domain_metadata'])
  const merged = metadata === undefined ? undefined : mergeMetadata(record.domain_metadata, metadata)
  checkFields(body, stringOf(record.type) ?? '', stringOf(record.domain) ?? '', merged ?? {})
  const replaced = assign(record, body)
  const changed = merged === undefined ? replaced : { ...replaced, domain_metadata: merged }
  call.tenant.tables.customDomains.set(parameter(call, 'id'), changed)
  return reply(200, without(publicRecord(changed), 'origin_domain_name'))
}

/** DELETE answers 204 for unknown ids as well, and 409 for the default domain. */
const remove: ManagementHandler = (call) => {
  const id = parameter(call, 'id')
  if (call.tenant.tables.customDomains.get(id)?.is_default === true) {
    refuse(
      409,
      'The default custom domain cannot be deleted. Set another domain as default first.',
      'custom_domain_conflict',
    )
  }
  call.tenant.tables.customDomains.delete(id)
  return reply(204)
}

/**
 * POST verify answers 200 whether or not it succeeds: the status tells. Names under the reserved top-level domain
 * `.invalid` never verify, so that both outcomes can be tried.
 */
const verify: ManagementHandler = (call) => {
  const { tenant } = call
  const record = domainOf(call)
  const id = parameter(call, 'id')
  if (record.status === 'ready') refuse(400, 'The custom domain is already verified.', 'custom_domain_already_verified')
  const domain = stringOf(record.domain) ?? ''
  const verification = objectOf(record.verification) ?? {}
  if (domain.endsWith('.invalid')) {
    const reason = `The DNS record of ${domain} was not found.`
    tenant.log({ type: 'custom_domain_verification_failed', description: reason, hostname: domain })
    const failed = { ...record, verification: { ...verification, status: 'failed', error_msg: reason } }
    tenant.tables.customDomains.set(id, failed)
    return reply(200, publicRecord(failed))
  }
  const managed = record.type === 'auth0_managed_certs'
  const renews = new Date(tenant.clock.now() + 60 * 24 * 60 * 60 * 1000).toISOString()
  const { error_msg: _earlier, ...clean } = verification
  const verified: JsonObject = {
    ...record,
    status: 'ready',
    origin_domain_name: record.$edge ?? '',
    verification: { ...clean, status: 'verified', last_verified_at: isoNow(tenant) },
    ...(managed
      ? { certificate: { status: 'provisioned', certificate_authority: 'letsencrypt', renews_before: renews } }
      : {}),
  }
  tenant.tables.customDomains.set(id, verified)
  const shown = without(publicRecord(verified), 'is_default')
  if (managed) return reply(200, shown)
  return reply(200, { ...shown, cname_api_key: tenant.random.text(64, '0123456789abcdef') })
}

const test: ManagementHandler = (call) => {
  const record = domainOf(call)
  if (record.status !== 'ready') refuse(409, 'The custom domain is not ready.', 'custom_domain_not_ready')
  return reply(200, {
    success: true,
    message: `The custom domain ${stringOf(record.domain) ?? ''} answers as expected.`,
  })
}

/** GET default: the whole object, or only the canonical domain's name. */
const getDefault: ManagementHandler = (call) => {
  const record = defaultRecord(call.tenant)
  return reply(200, record === undefined ? { domain: call.tenant.domain } : publicRecord(record))
}

/** PATCH default. Page: https://auth0.com/docs/customize/custom-domains/multiple-custom-domains/default-domain */
const setDefault: ManagementHandler = (call) => {
  const { tenant } = call
  const domain = (stringOf(bodyOf(call)['domain']) ?? '').toLowerCase()
  const chosen = [...tenant.tables.customDomains.values()].find((one) => one.domain === domain)
  if (chosen === undefined && domain !== tenant.domain) {
    refuse(400, 'The custom domain does not exist for the tenant.', 'invalid_body')
  }
  if (chosen !== undefined && chosen.status !== 'ready') {
    refuse(400, 'The domain must be verified before it can be set as default.', 'invalid_body')
  }
  for (const [key, record] of tenant.tables.customDomains) {
    tenant.tables.customDomains.set(key, { ...record, is_default: record === chosen })
  }
  return getDefault(call)
}

export const customDomainHandlers: Readonly<Record<string, ManagementHandler>> = {
  'customDomains.list': list,
  'customDomains.create': create,
  'customDomains.get': (call) => reply(200, publicRecord(domainOf(call))),
  'customDomains.update': update,
  'customDomains.delete': remove,
  'customDomains.verify': verify,
  'customDomains.test': test,
  'customDomains.getDefault': getDefault,
  'customDomains.setDefault': setDefault,
}
