import type { JsonObject } from '../../../../plan/index.ts'
import type { Core } from '../../../core.ts'
import { html } from '../../../markup/index.ts'
import type { Connection } from '../../../tenant/index.ts'
import { type AuthenticationEndpoint, AuthenticationFailure, field } from '../../call.ts'
import { findUser, identitiesOf } from '../../users.ts'
import { displayName } from '../connections.ts'
import { type Flow, flowOf } from '../flow.ts'
import { checkInvitee } from '../people.ts'
import { loginOf, submittedLogin } from '../state.ts'
import { entered } from './entry.ts'
import { form, loginPage, problem } from './layout.ts'
import { offersOf } from './login.ts'

const MOST = 50
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

function connectionOf(flow: Flow): Connection {
  const { call, login } = flow
  const named = call.query.connection ?? field(call, 'connection') ?? login.parameters.connection
  const found = offersOf(flow).social.find((each) => each.name === named)
  if (found) return found
  throw new AuthenticationFailure(400, 'invalid_request', `the connection ${named ?? ''} was not found`)
}

/**
 * `GET /u/social`: stands in for the page of a social or enterprise provider. The person who is picked has proven themself
 * there; somebody who is new to the connection becomes a user of it.
 */
export const showSocial: AuthenticationEndpoint = (call) => drawn(flowOf(call, loginOf(call)))

function drawn(flow: Flow, wrong?: string) {
  const { call, login } = flow
  const connection = connectionOf(flow)
  const hidden = html`<input type="hidden" name="connection" value="${String(connection.name)}">`
  const people = peopleOf(call.core).map((email) => html`<button name="email" value="${email}">${email}</button>`)
  const other = html`<label for="email">Somebody else</label><input id="email" name="email" type="email" autocomplete="off" required>
<button class="main">Continue</button>`
  return loginPage(flow, {
    title: `Sign in with ${displayName(connection)}`,
    status: wrong === undefined ? 200 : 400,
    body: html`<p>This page stands in for the provider. Who signs in there?</p>${problem(wrong)}
${form(login, 'social', hidden, people)}${form(login, 'social', hidden, other)}
${form(login, 'social', hidden, html`<button name="action" value="cancel">Cancel at the provider</button>`)}`,
  })
}

function peopleOf(core: Core): readonly string[] {
  const found = new Set<string>()
  for (const user of core.tables.users.values()) {
    if (typeof user.email === 'string') found.add(user.email)
    if (found.size >= MOST) break
  }
  return [...found]
}

/** `POST /u/social`. */
export const sendSocial: AuthenticationEndpoint = async (call) => {
  const login = submittedLogin(call)
  const flow = flowOf(call, login)
  const connection = connectionOf(flow)
  if (field(call, 'action') === 'cancel') return drawn(flow, 'The provider said that the person cancelled.')
  const email = (field(call, 'email') ?? '').trim().toLowerCase()
  if (!EMAIL.test(email)) return drawn(flow, 'Enter an e-mail address.')
  const place = String(connection.name)
  try {
    checkInvitee(call.core, login, email)
    const user = findUser(call.core, place, email) ?? newcomer(call.core, connection, email)
    return await entered(call, login, user, place)
  } catch (error) {
    if (error instanceof AuthenticationFailure) return drawn(flow, error.message)
    throw error
  }
}

/** A person whom the provider knows and the tenant does not. */
function newcomer(core: Core, connection: Connection, email: string): JsonObject {
  const provider = String(connection.strategy)
  const local = core.random.digits(21)
  const user_id = `${provider}|${local}`
  const known = [...core.tables.users.values()].find((each) => each.email === email && identitiesOf(each).length > 0)
  const now = new Date(core.clock.now()).toISOString()
  const user: JsonObject = {
    user_id,
    email,
    email_verified: true,
    name: known?.name ?? email,
    nickname: email.split('@')[0] ?? email,
    identities: [{ connection: String(connection.name), provider, user_id: local, isSocial: true }],
    created_at: now,
    updated_at: now,
  }
  core.tables.users.set(user_id, user)
  core.log({ type: 'ss', description: '', user_id, user_name: email, connection: connection.name, strategy: provider })
  return user
}
