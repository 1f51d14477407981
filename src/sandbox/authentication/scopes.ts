import { isJsonObject, type JsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import type { Core } from '../core.ts'
import { MFA_SCOPES, scopesOf, type Target } from './audience.ts'

/** The scopes of OpenID Connect, in Auth0's order. */
export const OIDC_SCOPES = ['openid', 'profile', 'email', 'address', 'phone']
const REFRESH = 'offline_access'

/**
 * Scopes that a user's token gets. Without any scope of the API all of them are granted; `openid` alone brings the
 * whole OpenID Connect set.
 */
export function grantScopes(
  core: Core,
  client: JsonObject,
  user: JsonObject,
  target: Target,
  asked?: string,
): readonly string[] {
  const wanted = [...new Set((asked ?? '').split(' ').filter(Boolean))]
  const onlyOpenid = wanted.length === 1 && wanted[0] === 'openid'
  const oidc = onlyOpenid ? OIDC_SCOPES : wanted.filter((scope) => OIDC_SCOPES.includes(scope))
  const refresh = wanted.includes(REFRESH) && allowsRefresh(client, target) ? [REFRESH] : []
  return [...oidc, ...apiScopes(core, user, target, wanted), ...refresh]
}

function allowsRefresh(client: JsonObject, target: Target): boolean {
  const grants = Array.isArray(client.grant_types) ? client.grant_types : []
  if (!grants.includes('refresh_token')) return false
  return target.kind !== 'api' || target.api.allow_offline_access === true
}

function apiScopes(core: Core, user: JsonObject, target: Target, wanted: readonly string[]): readonly string[] {
  if (target.kind === 'userinfo') return []
  const offered = target.kind === 'mfa' ? MFA_SCOPES : offeredScopes(core, user, target)
  const chosen = offered.filter((scope) => wanted.includes(scope))
  return chosen.length > 0 ? chosen : offered
}

/** What an API offers this user: the Management API only what touches the user alone, others what RBAC leaves. */
function offeredScopes(core: Core, user: JsonObject, target: Target & { kind: 'api' }): readonly string[] {
  const all = scopesOf(target.api)
  if (target.management) return all.filter((scope) => scope.includes(':current_user'))
  if (target.api.enforce_policies !== true) return all
  const held = permissionsOf(core, String(user.user_id), String(target.api.identifier))
  return all.filter((scope) => held.includes(scope))
}

/** Permissions a user holds on an API, directly and through roles. */
export function permissionsOf(core: Core, userId: string, identifier: string): readonly string[] {
  const roles = collection(core.tables, 'user-roles').get(userId)?.roles
  const records = [
    collection(core.tables, 'user-permissions').get(userId),
    ...(Array.isArray(roles) ? roles : []).map((role) => collection(core.tables, 'role-permissions').get(String(role))),
  ]
  const listed = records.flatMap((record) => (Array.isArray(record?.permissions) ? record.permissions : []))
  const names = listed
    .filter(isJsonObject)
    .filter((permission) => permission.resource_server_identifier === identifier)
    .map((permission) => String(permission.permission_name))
  return [...new Set(names)]
}
