import { collection } from '../contract.ts'
import { type AuthenticationCall, type AuthenticationEndpoint, AuthenticationFailure, requiredField } from './call.ts'
import { authenticateClient } from './client-authentication.ts'

const LIFETIME_SECONDS = 30
const REQUESTS = 'sandbox/pushed-requests'
const PREFIX = 'urn:ietf:params:oauth:request_uri:'
const NOT_KEPT = ['client_secret', 'client_assertion', 'client_assertion_type']

/** `POST /oauth/par`: keeps the parameters of an authorization request, and gives the name they go by at `/authorize`. */
export const pushRequest: AuthenticationEndpoint = async (call) => {
  const client = await authenticateClient(call)
  for (const name of ['response_type', 'redirect_uri']) requiredField(call, name)
  if (call.body.request_uri !== undefined)
    throw new AuthenticationFailure(400, 'invalid_request', 'request_uri is not allowed in a pushed request.')
  const request_uri = `${PREFIX}${call.core.random.text(40)}`
  const kept = Object.entries(call.body).filter(([name]) => !NOT_KEPT.includes(name))
  collection(call.core.tables, REQUESTS).set(request_uri, {
    client_id: String(client.client_id),
    parameters: {
      ...Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
      client_id: String(client.client_id),
    },
    expires_at: call.core.clock.now() + LIFETIME_SECONDS * 1000,
  })
  return { status: 201, json: { request_uri, expires_in: LIFETIME_SECONDS } }
}

/** The parameters of an authorization request: those pushed before under its `request_uri`, spent, or its own query. */
export function authorizationParameters({ core, query }: AuthenticationCall): Readonly<Record<string, string>> {
  if (query.request_uri === undefined) return query
  const requests = collection(core.tables, REQUESTS)
  const record = requests.get(query.request_uri)
  requests.delete(query.request_uri)
  if (!record || record.client_id !== query.client_id || Number(record.expires_at) <= core.clock.now())
    throw new AuthenticationFailure(
      400,
      'invalid_request_uri',
      'The request_uri is unknown, was used before, or has expired.',
    )
  return record.parameters as Readonly<Record<string, string>>
}
