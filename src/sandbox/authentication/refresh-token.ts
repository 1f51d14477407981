import { isJsonObject, type JsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import type { Core } from '../core.ts'
import { AuthenticationFailure } from './call.ts'
import type { Login } from './login-state.ts'

const MOST_PER_USER_AND_CLIENT = 200

/** Settings of an application's refresh tokens, with Auth0's defaults. */
interface Settings {
  readonly rotating: boolean
  readonly expiring: boolean
  readonly leeway: number
  readonly lifetime: number
  readonly idle: number
}

function settingsOf(client: JsonObject): Settings {
  const own = isJsonObject(client.refresh_token) ? client.refresh_token : {}
  const number = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback)
  const rotating = own.rotation_type === 'rotating'
  return {
    rotating,
    expiring: rotating || own.expiration_type === 'expiring',
    leeway: number(own.leeway, 0),
    lifetime: own.infinite_token_lifetime === true ? Number.POSITIVE_INFINITY : number(own.token_lifetime, 31_557_600),
    idle:
      own.infinite_idle_token_lifetime === true ? Number.POSITIVE_INFINITY : number(own.idle_token_lifetime, 2_592_000),
  }
}

/** When a token that was made and used then ends, as the Management API shows it; nothing of one that never ends. */
function endsOf({ expiring, idle, lifetime }: Settings, made: number, used: number): JsonObject {
  const at = (start: number, seconds: number): string => new Date(start + seconds * 1000).toISOString()
  return {
    ...(expiring && Number.isFinite(idle) ? { idle_expires_at: at(used, idle) } : {}),
    ...(expiring && Number.isFinite(lifetime) ? { expires_at: at(made, lifetime) } : {}),
  }
}

/** Gives a refresh token for a login; beyond 200 of a user and application the oldest goes. */
export function issueRefreshToken(core: Core, login: Login, predecessor?: JsonObject): string {
  const tokens = collection(core.tables, 'refresh-tokens')
  const user_id = String(login.user.user_id)
  const client_id = String(login.client.client_id)
  const own = [...tokens].filter(([, each]) => each.user_id === user_id && each.client_id === client_id)
  for (const [id] of own.slice(0, Math.max(0, own.length - MOST_PER_USER_AND_CLIENT + 1))) tokens.delete(id)
  const id = core.random.text(20)
  const $token = `v1.${core.random.text(48)}`
  const now = core.clock.now()
  tokens.set(id, {
    id,
    user_id,
    client_id,
    created_at: predecessor?.created_at ?? new Date(now).toISOString(),
    ...endsOf(settingsOf(login.client), Date.parse(String(predecessor?.created_at ?? '')) || now, now),
    $idle_since: now,
    rotating: settingsOf(login.client).rotating,
    resource_servers:
      login.audience === undefined ? [] : [{ audience: login.audience, scopes: login.scopes.join(' ') }],
    session_id: login.sid,
    $token,
    $family: predecessor?.$family ?? id,
    $scope: login.scopes.join(' '),
    $mfa: login.mfa,
    ...(login.authTime === undefined ? {} : { $auth_time: login.authTime }),
    ...(login.authorizationDetails ? { $authorization_details: login.authorizationDetails } : {}),
    ...(login.code === undefined ? {} : { $code: login.code }),
    ...(login.audience === undefined ? {} : { $audience: login.audience }),
    ...(login.organization ? { $organization: String(login.organization.id) } : {}),
  })
  return $token
}

/** What a refresh token leads to. */
export interface RedeemedRefreshToken {
  readonly record: JsonObject
  /** True when a new token must replace it. */
  readonly rotating: boolean
}

const unknown = (): AuthenticationFailure =>
  new AuthenticationFailure(403, 'invalid_grant', 'Unknown or invalid refresh token.')

/**
 * Looks a refresh token up and spends it where the application rotates.
 * @throws 403 `invalid_grant`; a replayed rotated token also revokes its whole family
 */
export function redeemRefreshToken(core: Core, client: JsonObject, token: string): RedeemedRefreshToken {
  const tokens = collection(core.tables, 'refresh-tokens')
  const record = [...tokens.values()].find((each) => each.$token === token)
  if (!record || record.client_id !== client.client_id) throw unknown()
  const settings = settingsOf(client)
  const now = core.clock.now()
  if (typeof record.$rotated === 'number' && !withinLeeway(tokens, record, settings, now)) {
    for (const [id, each] of tokens) if (each.$family === record.$family) tokens.delete(id)
    const { client_id, user_id } = record
    core.log({ type: 'ferrt', description: 'Rotated refresh token used again', client_id, user_id })
    throw unknown()
  }
  const age = (now - Date.parse(String(record.created_at))) / 1000
  const idle = (now - Number(record.$idle_since)) / 1000
  if (settings.expiring && (age >= settings.lifetime || idle >= settings.idle)) throw unknown()
  const spent: JsonObject = settings.rotating ? { $rotated: record.$rotated ?? now } : {}
  const used = {
    ...record,
    ...spent,
    ...endsOf(settings, Date.parse(String(record.created_at)), now),
    $idle_since: now,
    last_exchanged_at: new Date(now).toISOString(),
  }
  tokens.set(String(record.id), used)
  return { record: used, rotating: settings.rotating }
}

/** Only the token right before the newest of its family may be replayed, and only for a moment. */
function withinLeeway(
  tokens: ReadonlyMap<string, JsonObject>,
  record: JsonObject,
  settings: Settings,
  now: number,
): boolean {
  if (now - Number(record.$rotated) >= settings.leeway * 1000) return false
  const family = [...tokens.values()].filter((each) => each.$family === record.$family)
  return family.findIndex((each) => each.id === record.id) >= family.length - 2
}

/** Takes a refresh token away; an unknown one is no error. */
export function revokeRefreshToken(core: Core, client: JsonObject, token: string): void {
  const tokens = collection(core.tables, 'refresh-tokens')
  const record = [...tokens.values()].find((each) => each.$token === token)
  if (!record) return
  if (record.client_id !== client.client_id)
    throw new AuthenticationFailure(400, 'invalid_request', 'The refresh token was issued to another client.')
  for (const [id, each] of tokens) if (each.$family === record.$family) tokens.delete(id)
}

/** Takes away the refresh tokens and opaque access tokens that an authorization code led to. */
export function revokeTokensOfCode(core: Core, code: string): void {
  for (const name of ['refresh-tokens', 'sandbox/opaque-tokens']) {
    const tokens = collection(core.tables, name)
    for (const [id, each] of tokens) if (each.$code === code) tokens.delete(id)
  }
}
