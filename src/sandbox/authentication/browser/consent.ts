import type { JsonObject } from '../../../plan/index.ts'
import { collection } from '../../contract.ts'
import type { Core } from '../../core.ts'
import type { Target } from '../audience.ts'
import type { BrowserLogin } from './state.ts'

const GRANTS = '/api/v2/grants'

/** Whether a person has to agree before an application gets its tokens. */
export function consentDue(
  core: Core,
  login: BrowserLogin,
  client: JsonObject,
  target: Target,
  scopes: readonly string[],
  prompts: readonly string[],
): boolean {
  if (login.consented === true) return false
  if (login.purpose === 'device') return true
  if (prompts.includes('consent')) return true
  const firstParty = client.is_first_party !== false
  const skips = target.kind !== 'api' || target.api.skip_consent_for_verifiable_first_party_clients !== false
  if (firstParty && skips) return false
  const given = grantOf(core, login, audienceOf(target))
  const held = Array.isArray(given?.scope) ? given.scope.map(String) : []
  return given === undefined || scopes.some((scope) => !held.includes(scope))
}

/** Remembers that a person agreed, as the grants of the Management API show it. */
export function noteConsent(core: Core, login: BrowserLogin, target: Target, scopes: readonly string[]): void {
  const audience = audienceOf(target)
  const known = grantOf(core, login, audience)
  const held = Array.isArray(known?.scope) ? known.scope.map(String) : []
  const id = known === undefined ? `cgr_${core.random.text(16)}` : String(known.id)
  collection(core.tables, GRANTS).set(id, {
    id,
    clientID: login.client_id,
    user_id: String(login.user_id),
    audience,
    scope: [...new Set([...held, ...scopes])],
  })
}

function grantOf(core: Core, login: BrowserLogin, audience: string): JsonObject | undefined {
  return [...collection(core.tables, GRANTS).values()].find(
    (each) => each.clientID === login.client_id && each.user_id === login.user_id && each.audience === audience,
  )
}

function audienceOf(target: Target): string {
  return target.kind === 'userinfo' ? '' : target.audience
}
