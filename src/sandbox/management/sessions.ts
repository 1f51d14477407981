import type { ManagementHandler } from '../contract.ts'
import { refuse, refuseBody, reply } from './answer.ts'
import { bodyOf, collection, parameter, stringOf, stringsOf } from './records.ts'

/** POST /refresh-tokens/revoke: by ids, or by user, by application and API. Page: https://auth0.com/docs/secure/tokens/refresh-tokens/revoke-refresh-tokens */
const revokeRefreshTokens: ManagementHandler = (call) => {
  const body = bodyOf(call)
  const ids = stringsOf(body['ids'])
  const fields = ['user_id', 'client_id', 'audience'].filter((field) => body[field] !== undefined)
  if (ids.length === 0 && fields.length === 0)
    refuseBody('Name the refresh tokens by ids, or by user_id, client_id and audience.')
  const tokens = collection(call.tenant, 'refresh-tokens')
  for (const [id, token] of tokens) {
    const named = ids.length > 0 ? ids.includes(id) : fields.every((field) => token[field] === body[field])
    if (named) tokens.delete(id)
  }
  return reply(202)
}

/** POST /sessions/{id}/revoke ends the session and the refresh tokens that came from it. */
const revokeSession: ManagementHandler = (call) => {
  const id = parameter(call, 'id')
  const sessions = collection(call.tenant, 'sessions')
  if (!sessions.delete(id)) refuse(404, 'The session does not exist.', 'inexistent_session')
  const tokens = collection(call.tenant, 'refresh-tokens')
  for (const [key, token] of tokens) if (stringOf(token['session_id']) === id) tokens.delete(key)
  return reply(202)
}

export const sessionHandlers: Readonly<Record<string, ManagementHandler>> = {
  'refreshTokens.revoke': revokeRefreshTokens,
  'sessions.revoke': revokeSession,
  // The sandbox publishes no events: the stream opens and ends, and a client resumes from its cursor.
  'events.subscribe': () => reply(200, undefined, { 'content-type': 'text/event-stream' }),
}
