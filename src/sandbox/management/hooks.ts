import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../contract.ts'
import { refuse, refuseBody, reply } from './answer.ts'
import { bodyOf, collection, objectOf, parameter, stringsOf, without } from './records.ts'

const HIDDEN = '_VALUE_NOT_SHOWN_'

function pathOf(call: ManagementCall): string {
  const id = parameter(call, 'id')
  if (!collection(call.tenant, '/api/v2/hooks').has(id)) refuse(404, 'Error: Hook does not exist', 'HookDoesNotExist')
  return `/api/v2/hooks/${id}/secrets`
}

function secretsOf(call: ManagementCall): JsonObject {
  return call.tenant.tables.documents.get(pathOf(call)) ?? {}
}

/** GET shows the names alone. */
const get: ManagementHandler = (call) =>
  reply(200, Object.fromEntries(Object.keys(secretsOf(call)).map((name) => [name, HIDDEN])))

/** POST adds secrets; a name that is there already is a 409. */
const create: ManagementHandler = (call) => {
  const held = secretsOf(call)
  const body = bodyOf(call)
  const taken = Object.keys(body).find((name) => name in held)
  if (taken !== undefined) refuse(409, `The hook has a secret ${taken} already.`)
  call.tenant.tables.documents.set(pathOf(call), { ...held, ...body })
  return reply(201, {})
}

/** PATCH changes secrets that are there; real tenants answer 201 as they do to POST. */
const update: ManagementHandler = (call) => {
  const held = secretsOf(call)
  const body = objectOf(call.body) ?? {}
  const unknown = Object.keys(body).find((name) => !(name in held))
  if (unknown !== undefined) refuseBody(`The hook has no secret ${unknown}.`)
  call.tenant.tables.documents.set(pathOf(call), { ...held, ...body })
  return reply(201, {})
}

/** DELETE takes away the secrets that the body names. */
const remove: ManagementHandler = (call) => {
  call.tenant.tables.documents.set(pathOf(call), without(secretsOf(call), ...stringsOf(call.body)))
  return reply(204)
}

export const hookHandlers: Readonly<Record<string, ManagementHandler>> = {
  'hooks.secrets.get': get,
  'hooks.secrets.create': create,
  'hooks.secrets.update': update,
  'hooks.secrets.delete': remove,
}
