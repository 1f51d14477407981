import type { Json, JsonObject } from '../../plan/index.ts'
import type { ManagementHandler, Tenant } from '../contract.ts'
import { type RefreshToken, type Session, sessionLifetime } from '../tenant/index.ts'
import { refuse, refuseBody, reply } from './answer.ts'
import { bodyOf, collection, compact, parameter, publicRecord, seenAt, stringOf, stringsOf } from './records.ts'

/** POST /refresh-tokens/revoke: by ids, or by user, by application and API. Page: https://auth0.com/docs/secure/tokens/refresh-tokens/revoke-refresh-tokens */
const revokeRefreshTokens: ManagementHandler = (call) => {
  const body = bodyOf(call)
  const ids = stringsOf(body['ids'])
  const fields = ['user_id', 'client_id', 'audience'].filter((field) => body[field] !== undefined)
  if (ids.length === 0 && fields.length === 0)
    refuseBody('Name the refresh tokens by ids, or by user_id, client_id and audience.')
  const tokens = collection(call.tenant, 'refresh-tokens')
  for (const [id, token] of tokens) {
    const stored: JsonObject = token
    const named = ids.length > 0 ? ids.includes(id) : fields.every((field) => stored[field] === body[field])
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
  for (const [key, token] of tokens) if (stringOf(token.session_id) === id) tokens.delete(key)
  return reply(202)
}

/** A session or refresh token as it is read; a session tells when it ends by the settings of the tenant. */
export function shownOwned(tenant: Tenant, record: Session | RefreshToken): JsonObject {
  const shown = publicRecord(record)
  // A refresh token belongs to an application; a session does not.
  if ('client_id' in record) return shown
  const ends = (since: Json | undefined, setting: 'session_lifetime' | 'idle_session_lifetime'): string | undefined => {
    const start = Date.parse(String(since))
    return Number.isNaN(start) ? undefined : new Date(start + sessionLifetime(tenant.tables, setting)).toISOString()
  }
  return compact({
    ...shown,
    idle_expires_at: ends(record.updated_at, 'idle_session_lifetime'),
    expires_at: ends(record.authenticated_at, 'session_lifetime'),
  })
}

/** A session or refresh token; one that was just deleted is still there where the tenant shows that late. */
function getOwned(name: 'sessions' | 'refreshTokens', missing: string): ManagementHandler {
  return (call) => {
    const id = parameter(call, 'id')
    const table = call.tenant.tables[name]
    const at = seenAt(call.tenant, 'sessions')
    const found = table.get(id) ?? (at === undefined ? undefined : table.goneSince(at).get(id))
    const record = found ?? refuse(404, `The ${table.rules.name} does not exist.`, missing)
    return reply(200, shownOwned(call.tenant, record))
  }
}

export const sessionHandlers: Readonly<Record<string, ManagementHandler>> = {
  'sessions.get': getOwned('sessions', 'inexistent_session'),
  'refreshTokens.get': getOwned('refreshTokens', 'inexistent_refresh_token'),
  'refreshTokens.revoke': revokeRefreshTokens,
  'sessions.revoke': revokeSession,
}
