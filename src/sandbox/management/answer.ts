import { STATUS_CODES } from 'node:http'
import type { Json } from '../../plan/index.ts'
import type { ManagementFailure, ManagementHandler, ManagementReply } from '../contract.ts'

/** Thrown inside a handler to answer with an error body of the Management API. */
export class Refusal extends Error {
  readonly failure: ManagementFailure

  constructor(failure: ManagementFailure) {
    super(failure.message)
    this.name = 'Refusal'
    this.failure = failure
  }
}

function failureOf(statusCode: number, message: string, errorCode?: string): ManagementFailure {
  const error = STATUS_CODES[statusCode] ?? 'Error'
  return errorCode === undefined ? { statusCode, error, message } : { statusCode, error, message, errorCode }
}

/** Leaves the handler with an error answer. */
export function refuse(statusCode: number, message: string, errorCode?: string): never {
  throw new Refusal(failureOf(statusCode, message, errorCode))
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

/** Runs a handler and turns a `Refusal` into its answer; any other error is a defect and passes. */
export function guarded(handler: ManagementHandler): ManagementHandler {
  return async (call) => {
    try {
      return await handler(call)
    } catch (error) {
      if (error instanceof Refusal) return { status: error.failure.statusCode, body: { ...error.failure } }
      throw error
    }
  }
}
