import type { Json } from '../../plan/index.ts'
import type { ManagementReply } from '../contract.ts'
import { Refusal } from '../refusal.ts'

/** Leaves the handler with an error answer. */
export function refuse(status: number, message: string, errorCode?: string): never {
  throw new Refusal(status, message, errorCode === undefined ? {} : { errorCode })
}

/** Leaves the handler with the 400 that a body gets which breaks a rule of its own. */
export function refuseBody(message: string): never {
  return refuse(400, message, 'invalid_body')
}

/** Leaves the handler with the 400 that a query gets. */
export function refuseQuery(message: string): never {
  return refuse(400, message, 'invalid_query_string')
}

export function reply(status: number, body?: Json, headers?: Readonly<Record<string, string>>): ManagementReply {
  return { status, ...(body === undefined ? {} : { body }), ...(headers === undefined ? {} : { headers }) }
}
