import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementHandler } from '../contract.ts'
import { reply } from './answer.ts'
import { project } from './projection.ts'
import { bodyOf, objectOf } from './records.ts'

function settingsOf(call: ManagementCall): JsonObject {
  return call.tenant.tables.documents.get('tenant') ?? {}
}

const get: ManagementHandler = (call) => reply(200, project(call, settingsOf(call)))

/**
 * PATCH /tenants/settings: each root key replaces as a whole, `default_token_quota` with it; `null` clears; flags keep
 * those that the body does not name.
 * Page: https://auth0.com/docs/get-started/tenant-settings
 */
const update: ManagementHandler = (call) => {
  const body = bodyOf(call)
  const settings = settingsOf(call)
  const changed: Record<string, JsonObject[string]> = { ...settings, ...body }
  for (const key of ['default_token_quota', 'error_page', 'device_flow', 'session_cookie', 'sessions']) {
    if (body[key] === null) delete changed[key]
  }
  const flags = objectOf(body['flags'])
  if (flags !== undefined) changed['flags'] = { ...objectOf(settings['flags']), ...flags }
  call.tenant.tables.documents.set('tenant', changed)
  return reply(200, project(call, changed))
}

export const tenantSettingsHandlers: Readonly<Record<string, ManagementHandler>> = {
  'tenants.settings.get': get,
  'tenants.settings.update': update,
}
