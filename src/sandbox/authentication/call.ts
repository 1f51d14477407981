import type { Json, JsonObject } from '../../plan/index.ts'
import type { Core } from '../core.ts'
import { printForAuthentication, Refusal } from '../refusal.ts'
import type { Host } from '../tenant/index.ts'

/** A request to the Authentication API, read and ready for its endpoint. */
export interface AuthenticationCall {
  readonly core: Core
  readonly method: string
  /** Path below the domain. */
  readonly path: string
  readonly host: Host
  /** `https://host/`: the issuer of tokens that this call gives. */
  readonly issuer: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** Form or JSON body. */
  readonly body: JsonObject
  readonly ip: string
}

/** What an endpoint of the Authentication API answers: JSON, or a text of its own type, or nothing. */
export interface AuthenticationReply {
  readonly status: number
  readonly json?: Json
  readonly text?: { readonly type: string; readonly value: string }
  readonly headers?: Readonly<Record<string, string>>
}

/** One endpoint of the Authentication API. */
export type AuthenticationEndpoint = (call: AuthenticationCall) => AuthenticationReply | Promise<AuthenticationReply>

/** An error answer in the shape of the Authentication API: `{ error, error_description, … }`. */
export class AuthenticationFailure extends Refusal {
  readonly error: string

  constructor(
    status: number,
    error: string,
    description: string,
    more: { readonly extra?: JsonObject; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(status, description, { errorCode: error, ...more })
    this.error = error
  }

  /** The failure as the answer that is sent. */
  reply(): AuthenticationReply {
    const { body, headers, status } = printForAuthentication(this)
    return { status, json: body, headers }
  }
}

/**
 * A text field of a call's body; `undefined` when absent or empty.
 * @throws 400 `invalid_request` for a list or an object, which no text field takes
 */
export function field(call: AuthenticationCall, name: string): string | undefined {
  const value = call.body[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'object')
    throw new AuthenticationFailure(400, 'invalid_request', `The parameter ${name} must be a string.`)
  return String(value)
}

/** A text field that must be there; else Auth0's 400. */
export function requiredField(call: AuthenticationCall, name: string): string {
  const value = field(call, name)
  if (value === undefined)
    throw new AuthenticationFailure(400, 'invalid_request', `Missing required parameter: ${name}`)
  return value
}
