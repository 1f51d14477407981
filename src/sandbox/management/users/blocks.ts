import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import type { User } from '../../tenant/index.ts'
import { refuseQuery, reply } from '../answer.ts'
import { collection, objectsOf, parameter } from '../records.ts'
import { userOf } from './store.ts'

const identifiers = ['email', 'username', 'phone_number'] as const

function usersByIdentifier(call: ManagementCall): readonly User[] {
  const wanted = call.query['identifier']
  if (wanted === undefined) return refuseQuery("Query validation error: 'Missing required property: identifier'.")
  return [...call.tenant.tables.users.values()].filter((user) => identifiers.some((field) => user[field] === wanted))
}

function blocksOf(call: ManagementCall, user: string): readonly JsonObject[] {
  return objectsOf(collection(call.tenant, 'user-blocks').get(user)?.blocked_for)
}

function idOf(user: User): string {
  return user.user_id
}

/** Brute-force blocks. Page: https://auth0.com/docs/manage-users/user-accounts/block-and-unblock-users */
export const userBlockHandlers: Readonly<Record<string, ManagementHandler>> = {
  'userBlocks.list': (call) => {
    const id = idOf(userOf(call.tenant, parameter(call, 'id')))
    return reply(200, { blocked_for: blocksOf(call, id) })
  },
  'userBlocks.listByIdentifier': (call) =>
    reply(200, { blocked_for: usersByIdentifier(call).flatMap((user) => blocksOf(call, idOf(user))) }),
  'userBlocks.delete': (call) => {
    collection(call.tenant, 'user-blocks').delete(parameter(call, 'id'))
    return reply(204)
  },
  'userBlocks.deleteByIdentifier': (call) => {
    for (const user of usersByIdentifier(call)) collection(call.tenant, 'user-blocks').delete(idOf(user))
    return reply(204)
  },
}
