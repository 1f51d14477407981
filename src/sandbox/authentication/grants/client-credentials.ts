import type { JsonObject } from '../../../plan/index.ts'
import { isJsonObject } from '../../../plan/index.ts'
import { collection } from '../../contract.ts'
import type { Core } from '../../core.ts'
import { managementAudience } from '../../tenant/index.ts'
import { issueAccessToken } from '../access-token.ts'
import { requestedAudience, type Target, targetOf } from '../audience.ts'
import { type AuthenticationCall, AuthenticationFailure, field } from '../call.ts'
import { organizationNamed } from '../organization.ts'
import { spendTokenQuota } from '../quota.ts'
import type { Grant } from './grant.ts'

/** The machine-to-machine grant: client grant, organization and quota decide. */
export const clientCredentials: Grant = async (call, client) => {
  try {
    return await exchange(call, client)
  } catch (error) {
    if (error instanceof AuthenticationFailure) {
      const { client_id, name: client_name } = client
      const audience = requestedAudience(call)
      call.core.log({ type: 'feccft', description: error.message, client_id, client_name, audience, ip: call.ip })
    }
    throw error
  }
}

const exchange: Grant = async (call, client) => {
  const { core } = call
  const audience = requestedAudience(call)
  if (audience === undefined)
    throw new AuthenticationFailure(400, 'invalid_request', 'Missing required parameter: audience')
  const target = targetOf(core, call.issuer, audience)
  if (target.kind !== 'api') throw notAuthorized(audience)
  const grant = grantOf(core, client, target)
  if (!grant) throw notAuthorized(audience)
  const organization = organizationOf(call, client, grant)
  const scopes = narrowed(grant, field(call, 'scope'))
  const headers = spendTokenQuota(core, client, organization)
  const subject = `${client.client_id}@clients`
  const { issuer } = call
  const gty = 'client-credentials'
  const issued = await issueAccessToken(core, { issuer, client, subject, target, scopes, gty, organization })
  core.log({
    type: 'seccft',
    description: '',
    client_id: client.client_id,
    client_name: client.name,
    audience,
    scope: scopes.join(' '),
    hostname: call.host.name,
    ip: call.ip,
    ...(organization ? { organization_id: organization.id, organization_name: organization.name } : {}),
  })
  const scope: JsonObject = scopes.length > 0 ? { scope: scopes.join(' ') } : {}
  const json: JsonObject = { access_token: issued.token, ...scope, expires_in: issued.seconds, token_type: 'Bearer' }
  return { status: 200, json, headers }
}

function notAuthorized(audience: string): AuthenticationFailure {
  const text = `Client is not authorized to access "${audience}". Create a client grant for this API first.`
  return new AuthenticationFailure(403, 'access_denied', text)
}

function grantOf(core: Core, client: JsonObject, target: Target & { kind: 'api' }): JsonObject | undefined {
  const identifier = target.management ? managementAudience(core.domain) : target.audience
  return [...core.tables.clientGrants.values()].find(
    (grant) =>
      grant.client_id === client.client_id &&
      grant.audience === identifier &&
      (grant.subject_type ?? 'client') === 'client',
  )
}

function narrowed(grant: JsonObject, asked: string | undefined): readonly string[] {
  const granted = (Array.isArray(grant.scope) ? grant.scope : []).map(String)
  if (asked === undefined) return granted
  const wanted = new Set(asked.split(' '))
  return granted.filter((scope) => wanted.has(scope))
}

/** The organization of the token, by the client grant's `organization_usage`: deny (default), allow or require. */
function organizationOf(call: AuthenticationCall, client: JsonObject, grant: JsonObject): JsonObject | undefined {
  const usage = grant.organization_usage ?? 'deny'
  const fallback = isJsonObject(client.default_organization) ? client.default_organization.organization_id : undefined
  const asked = field(call, 'organization') ?? (usage === 'require' && fallback ? String(fallback) : undefined)
  if (asked === undefined) {
    if (usage !== 'require') return undefined
    throw new AuthenticationFailure(400, 'invalid_request', 'Missing required parameter: organization')
  }
  if (usage === 'deny') {
    const text = 'Organizations are not allowed for this client grant: set its organization_usage to allow or require.'
    throw new AuthenticationFailure(403, 'access_denied', text)
  }
  const organization = organizationNamed(call.core, asked)
  const links = collection(call.core.tables, 'organization-grants')
  if (grant.allow_any_organization === true || links.has(`${organization.id} ${grant.id}`)) return organization
  const text = `Client is not authorized to access the organization ${organization.id}: associate its client grant with it.`
  throw new AuthenticationFailure(403, 'access_denied', text)
}
