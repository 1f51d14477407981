import { STATUS_CODES } from 'node:http'
import type { Json, JsonObject } from '../plan/index.ts'

/** What a refusal tells beside its status and its sentence. */
export interface RefusalDetails {
  /** `errorCode` of the Management API, `error` of the Authentication API. */
  readonly errorCode?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Further members of the body. */
  readonly extra?: JsonObject
}

/** An error answer of the tenant, thrown where it is found out and printed by the API that was called. */
export class Refusal extends Error {
  readonly status: number
  readonly errorCode: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly extra: JsonObject

  constructor(status: number, message: string, { errorCode, extra = {}, headers = {} }: RefusalDetails = {}) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.errorCode = errorCode
    this.headers = headers
    this.extra = extra
  }
}

/** An answer with a JSON body. */
export interface PrintedRefusal {
  readonly status: number
  readonly body: Json
  readonly headers: Readonly<Record<string, string>>
}

/** A refusal in the shape of the Management API: `{ statusCode, error, message, errorCode? }`. */
export function printForManagement({ errorCode, extra, headers, message, status }: Refusal): PrintedRefusal {
  const body = {
    statusCode: status,
    error: STATUS_CODES[status] ?? 'Error',
    message,
    ...extra,
    ...(errorCode === undefined ? {} : { errorCode }),
  }
  return { status, body, headers }
}

/** A refusal in the shape of the Authentication API: `{ error, error_description, … }`. */
export function printForAuthentication({ errorCode, extra, headers, message, status }: Refusal): PrintedRefusal {
  return { status, body: { error: errorCode ?? 'invalid_request', error_description: message, ...extra }, headers }
}
