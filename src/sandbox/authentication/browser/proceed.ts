import type { JsonObject } from '../../../plan/index.ts'
import { collection } from '../../contract.ts'
import { type AuthenticationCall, AuthenticationFailure, type AuthenticationReply } from '../call.ts'
import { demandsMfa } from '../mfa/index.ts'
import { grantScopes } from '../scopes.ts'
import { refuseBlocked, userById } from '../users.ts'
import { connectionsFor, offerOf } from './connections.ts'
import { consentDue } from './consent.ts'
import { finish } from './finish.ts'
import { type Flow, flowOf } from './flow.ts'
import { invitationOf, organizationsOf } from './people.ts'
import type { ReturnAddress } from './request.ts'
import { respond } from './respond.ts'
import { type BrowserLogin, keep } from './state.ts'

/** A page that a login has to pass. */
export type Step =
  | 'login'
  | 'signup'
  | 'passwordless'
  | 'social'
  | 'account'
  | 'organization'
  | 'mfa'
  | 'recovery'
  | 'consent'

/** What an application hears about a step that `prompt=none` forbids. */
const FORBIDDEN: Readonly<Record<Step, readonly [error: string, text: string]>> = {
  login: ['login_required', 'Login required'],
  signup: ['login_required', 'Login required'],
  passwordless: ['login_required', 'Login required'],
  social: ['login_required', 'Login required'],
  account: ['account_selection_required', 'Account selection required'],
  organization: ['interaction_required', 'Organization selection required'],
  mfa: ['interaction_required', 'Multifactor authentication required'],
  recovery: ['interaction_required', 'Multifactor authentication required'],
  consent: ['consent_required', 'Consent required'],
}

/** Goes on with a login: to the page that is due, or to its end. */
export async function proceed(call: AuthenticationCall, login: BrowserLogin): Promise<AuthenticationReply> {
  const flow = flowOf(call, login)
  try {
    const joined = joinOrganization(flow)
    const step = stepDue(joined)
    if (step === undefined) return await finish(joined)
    if (flow.request.prompts.includes('none')) {
      const [error, text] = FORBIDDEN[step]
      throw new AuthenticationFailure(401, error, text)
    }
    return { status: 302, headers: { Location: pageOf(step, joined.login), 'Cache-Control': 'no-store' } }
  } catch (error) {
    if (!(error instanceof AuthenticationFailure) || flow.address === undefined) throw error
    return refusal(call, flow.client, flow.address, error)
  }
}

/** Tells the application that its request ended without tokens. */
export function refusal(
  call: AuthenticationCall,
  client: JsonObject,
  address: ReturnAddress,
  { error, message }: AuthenticationFailure,
): AuthenticationReply {
  const type = error.endsWith('_required') ? 'fsa' : 'f'
  const { client_id, name: client_name } = client
  call.core.log({ type, description: message, client_id, client_name, ip: call.ip, details: { error: { message } } })
  return respond(address, { error, error_description: message })
}

/** The address of a page of a login. */
export function pageOf(step: Step, { id }: BrowserLogin): string {
  return `/u/${step}?state=${id}`
}

/**
 * Settles which organization a login is for.
 * @throws 403 `access_denied` when the person does not belong to it
 */
function joinOrganization(flow: Flow): Flow {
  const { call, login, request } = flow
  const { core } = call
  if (login.user_id === undefined || login.organization_id !== undefined) return flow
  if (!request.organization) return flow
  const organization_id = String(request.organization.id)
  const members = collection(core.tables, 'members')
  const key = `${organization_id} ${login.user_id}`
  if (!members.has(key) && assignsMembers(flow, organization_id)) {
    members.set(key, { organization_id, user_id: login.user_id, roles: [] })
    core.log({ type: 'organization_member_added', description: '', user_id: login.user_id, organization_id })
  }
  if (!members.has(key)) {
    const text = `user is not part of the ${organization_id} organization`
    throw new AuthenticationFailure(403, 'access_denied', text)
  }
  return { ...flow, login: keep(core, { ...login, organization_id }) }
}

/** Whether a person who signs in by this connection becomes a member. */
function assignsMembers({ call, login }: Flow, organization: string): boolean {
  const { tables } = call.core
  const connection = tables.connections.find('name', login.connection ?? '')
  const enabled = tables.organizationConnections.get(`${organization} ${connection?.id}`)
  return enabled?.assign_membership_on_login === true
}

/** The page that is due next; `undefined` when the login is done. */
export function stepDue(flow: Flow): Step | undefined {
  const { call, client, login, request, target } = flow
  const { core } = call
  if (login.user_id === undefined) return firstStep(flow)
  if (request.prompts.includes('select_account') && login.chosen !== true && login.fresh !== true) return 'account'
  const user = userById(core, login.user_id)
  refuseBlocked(core, user, call.ip)
  if (login.purpose !== 'enrol' && organizationDue(flow)) return 'organization'
  if (login.mfa !== true && mfaDue(flow, user)) return 'mfa'
  if (login.recovery_code !== undefined) return 'recovery'
  if (login.purpose === 'enrol') return undefined
  const scopes = grantScopes(core, client, user, target, login.parameters.scope)
  return consentDue(core, login, client, target, scopes, request.prompts) ? 'consent' : undefined
}

function firstStep(flow: Flow): Step {
  const { call, login, request } = flow
  if (asksOrganizationFirst(flow) && !request.prompts.includes('none')) return 'organization'
  const { connection: named, screen_hint } = login.parameters
  const offered = connectionsFor(call.core, login.client_id, undefined)
  const connection = named === undefined ? undefined : offered.find((each) => each.name === named)
  const offer = connection === undefined ? undefined : offerOf(connection)
  if (offer === 'social' || offer === 'passwordless') return offer
  const invited = invitationOf(call.core, login) !== undefined
  return screen_hint === 'signup' || invited ? 'signup' : 'login'
}

function asksOrganizationFirst({ client, login, request }: Flow): boolean {
  const { organization_require_behavior, organization_usage } = client
  const asks = organization_usage === 'require' && organization_require_behavior === 'pre_login_prompt'
  return asks && login.purpose === 'authorize' && request.organization === undefined
}

/** An application that requires an organization and was given none has the person pick one. */
function organizationDue({ call, client, login }: Flow): boolean {
  if (client.organization_usage !== 'require' || login.organization_id !== undefined) return false
  if (organizationsOf(call.core, String(login.user_id)).length > 0) return true
  throw new AuthenticationFailure(403, 'access_denied', 'The user is not part of any organization.')
}

const MULTI_FACTOR = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor'

function mfaDue({ call, login, target }: Flow, user: JsonObject): boolean {
  if (login.purpose === 'enrol') return true
  const asked = (login.parameters.acr_values ?? '').split(' ').includes(MULTI_FACTOR)
  return asked || demandsMfa(call.core, user, target)
}
