import type { JsonObject } from '../../../plan/index.ts'
import { requestedAudience, type Target, targetOf } from '../audience.ts'
import type { AuthenticationCall } from '../call.ts'
import { clientNamed } from '../client-authentication.ts'
import { type AuthorizationRequest, checkRequest, type ReturnAddress, returnAddress } from './request.ts'
import type { BrowserLogin } from './state.ts'

/** A login with what it stands for looked up. */
export interface Flow {
  readonly call: AuthenticationCall
  readonly login: BrowserLogin
  readonly client: JsonObject
  readonly request: AuthorizationRequest
  /** Where the answer goes; absent for a device and for an enrolment. */
  readonly address?: ReturnAddress
  readonly audience?: string
  readonly target: Target
}

/** Looks up what a login stands for. */
export function flowOf(call: AuthenticationCall, login: BrowserLogin): Flow {
  const asked = { ...call, query: login.parameters, body: login.parameters }
  const client = clientNamed(call, login.client_id)
  const audience = requestedAudience(asked)
  const target = targetOf(call.core, call.issuer, audience)
  const common = { call, login, client, target, ...(audience === undefined ? {} : { audience }) }
  if (login.purpose !== 'authorize') return { ...common, request: { parts: [], prompts: [] } }
  const address = returnAddress(asked, client)
  return { ...common, address, request: checkRequest(asked, client, address) }
}
