import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { NetworkAcl } from '../../tenant/index.ts'
import { refuse, refuseBody, reply } from '../answer.ts'
import { page } from '../paging.ts'
import { assign, bodyOf, isoNow, numberOf, objectOf, parameter, publicRecord } from '../records.ts'
import { checkRule } from './rules.ts'

const entitlement = 10
const usualPriority = 50
const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

function aclOf(call: ManagementCall): NetworkAcl {
  const id = parameter(call, 'id')
  if (!/^(acl_[A-Za-z0-9]{1,32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(id))
    refuse(400, "Network ACL id is not a valid ACL ID in the form 'acl_XXXXXXXXXXXXXXXXXXXXXX'", 'invalid_uri')
  return call.tenant.tables.networkAcls.get(id) ?? refuse(404, 'NetworkACL with this ID was not found')
}

function checkBody(body: JsonObject): void {
  const rule = objectOf(body['rule'])
  if (rule !== undefined) checkRule(rule)
  const priority = numberOf(body['priority'])
  if (priority !== undefined && (priority < 1 || priority > 100)) {
    refuseBody(`Payload validation error: 'Value ${priority} is outside of 1 to 100' on property priority.`)
  }
}

/** Inactive ACLs keep their priority as well. */
function refuseTakenPriority(call: ManagementCall, priority: number, except?: string): void {
  const taken = [...call.tenant.tables.networkAcls.values()].some(
    (acl) => acl.priority === priority && acl.id !== except,
  )
  if (taken) refuse(409, 'A Network ACL with this priority number has already been created.', 'network_acl_conflict')
}

const list: ManagementHandler = (call) => {
  const rows = [...call.tenant.tables.networkAcls.values()].map(publicRecord)
  return page(call, rows, { key: 'network_acls', offset: { least: 0 } })
}

/** POST /network-acls answers the object. Page: https://auth0.com/docs/secure/tenant-access-control-list/configure-rules */
const create: ManagementHandler = (call) => {
  const { tenant } = call
  const body = bodyOf(call)
  checkBody(body)
  if (tenant.tables.networkAcls.size >= entitlement) {
    refuse(403, `Your subscription allows at most ${entitlement} network ACLs.`, 'insufficient_entitlement')
  }
  const priority = numberOf(body['priority']) ?? usualPriority
  refuseTakenPriority(call, priority)
  const id = `acl_${tenant.random.text(22, base58)}`
  const now = isoNow(tenant)
  const acl = { id, ...body, priority, created_at: now, updated_at: now }
  tenant.tables.networkAcls.set(id, acl)
  return reply(201, acl)
}

const get: ManagementHandler = (call) =>
  reply(200, { ...publicRecord(aclOf(call)), tenant_id: call.tenant.domain.split('.')[0] ?? '', deleted_at: null })

/** PATCH: given fields replace, `rule` as a whole; the priority stays unless given. */
const update: ManagementHandler = (call) => {
  const acl = aclOf(call)
  const body = bodyOf(call)
  checkBody(body)
  const priority = numberOf(body['priority'])
  if (priority !== undefined) refuseTakenPriority(call, priority, parameter(call, 'id'))
  return store(call, assign(acl, body))
}

/** PUT: description, active and rule are needed, and a priority that is left out goes back to 50. */
const set: ManagementHandler = (call) => {
  const acl = aclOf(call)
  const body = bodyOf(call)
  for (const field of ['description', 'active', 'rule']) {
    if (body[field] === undefined) refuseBody(`Payload validation error: 'Missing required property: ${field}'.`)
  }
  checkBody(body)
  const priority = numberOf(body['priority']) ?? usualPriority
  refuseTakenPriority(call, priority, parameter(call, 'id'))
  return store(call, { id: acl.id ?? '', ...body, priority, created_at: acl.created_at ?? '' })
}

function store(call: ManagementCall, acl: JsonObject) {
  const changed = { ...acl, updated_at: isoNow(call.tenant) }
  call.tenant.tables.networkAcls.set(parameter(call, 'id'), changed)
  return reply(200, changed)
}

/** DELETE answers 200 with this body on the wire, where the OpenAPI document says 204. */
const remove: ManagementHandler = (call) => {
  aclOf(call)
  call.tenant.tables.networkAcls.delete(parameter(call, 'id'))
  return reply(200, { code: 204, object: '' })
}

export const networkAclHandlers: Readonly<Record<string, ManagementHandler>> = {
  'networkAcls.list': list,
  'networkAcls.create': create,
  'networkAcls.get': get,
  'networkAcls.update': update,
  'networkAcls.set': set,
  'networkAcls.delete': remove,
}
