import { isJsonObject } from '../../../../plan/index.ts'
import { html } from '../../../markup/index.ts'
import type { Connection } from '../../../tenant/index.ts'
import {
  type AuthenticationCall,
  type AuthenticationEndpoint,
  AuthenticationFailure,
  type AuthenticationReply,
  field,
} from '../../call.ts'
import { clientNamed } from '../../client-authentication.ts'
import { isEmail, isPhone } from '../../formats.ts'
import { passwordlessUser, redeemPasswordlessCode, sendPasswordless } from '../../passwordless.ts'
import { connectionFor } from '../../users.ts'
import { browserCookie } from '../cookies.ts'
import { type Flow, flowOf } from '../flow.ts'
import { checkInvitee } from '../people.ts'
import { checkRequest, returnAddress } from '../request.ts'
import { type BrowserLogin, keep, loginOf, startLogin, submittedLogin } from '../state.ts'
import { entered } from './entry.ts'
import { form, introduction, loginPage, problem } from './layout.ts'
import { offersOf } from './login.ts'

type Realm = 'email' | 'sms'

/** `GET /u/passwordless`: the address that a code goes to, then the code. */
export const showPasswordless: AuthenticationEndpoint = (call) => drawn(flowOf(call, loginOf(call)))

function realmOf({ call, login }: Flow): Realm {
  const named = call.query.connection ?? field(call, 'connection') ?? login.connection ?? login.parameters.connection
  return named === 'sms' ? 'sms' : 'email'
}

function connectionOf(flow: Flow, realm: Realm): Connection {
  const found = offersOf(flow).passwordless.find((each) => each.name === realm)
  return found ?? connectionFor(flow.call.core, flow.client, realm)
}

function drawn(flow: Flow, wrong?: string): AuthenticationReply {
  const { login } = flow
  const realm = realmOf(flow)
  const status = wrong === undefined ? 200 : 400
  const hidden = html`<input type="hidden" name="connection" value="${realm}">`
  if (login.passwordless !== undefined) {
    const code = html`${hidden}<label for="code">Code</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus><button class="main">Continue</button>`
    const body = html`<p>A code was sent to ${login.passwordless}.</p>${problem(wrong)}${form(login, 'passwordless', code)}
${form(login, 'passwordless', hidden, html`<button name="action" value="again">Use another address</button>`)}`
    return loginPage(flow, { title: 'Enter the code', status, body })
  }
  const hint = login.parameters.login_hint ?? ''
  const address =
    realm === 'email'
      ? html`<label for="address">Email address</label><input id="address" name="address" type="email" value="${hint}" autocomplete="email" required autofocus>`
      : html`<label for="address">Phone number</label><input id="address" name="address" type="tel" value="${hint}" autocomplete="tel" placeholder="+1…" required autofocus>`
  return loginPage(flow, {
    title: 'Sign in with a code',
    status,
    body: html`${introduction(flow)}${problem(wrong)}${form(login, 'passwordless', hidden, address, html`<button class="main">Send the code</button>`)}
<p><a href="/u/login?state=${login.id}">Other ways to sign in</a></p>`,
  })
}

/** `POST /u/passwordless`. */
export const submitPasswordless: AuthenticationEndpoint = async (call) => {
  const login = submittedLogin(call)
  const flow = flowOf(call, login)
  const realm = realmOf(flow)
  try {
    const connection = connectionOf(flow, realm)
    if (field(call, 'action') === 'again') return drawn({ ...flow, login: withoutAddress(call, login) })
    if (login.passwordless === undefined) return drawn({ ...flow, login: send(flow, realm) })
    checkInvitee(call.core, login, realm === 'email' ? login.passwordless : undefined)
    redeemPasswordlessCode(call.core, realm, login.passwordless, (field(call, 'code') ?? '').trim())
    const user = passwordlessUser(call.core, connection, realm, login.passwordless)
    return await entered(call, login, user, realm)
  } catch (error) {
    if (error instanceof AuthenticationFailure) return drawn(flow, error.message)
    throw error
  }
}

function withoutAddress({ core }: AuthenticationCall, login: BrowserLogin): BrowserLogin {
  const { passwordless: _, ...rest } = login
  return keep(core, rest)
}

function send({ call, client, login }: Flow, realm: Realm): BrowserLogin {
  const address = (field(call, 'address') ?? '').trim()
  if (!(realm === 'email' ? isEmail(address) : isPhone(address))) {
    const rule =
      realm === 'email'
        ? 'Enter an e-mail address.'
        : 'Enter a phone number with its country code, such as +15551234567.'
    throw new AuthenticationFailure(400, 'invalid_request', rule)
  }
  sendPasswordless(call, client, realm, address)
  return keep(call.core, { ...login, connection: realm, passwordless: address })
}

/** `GET /passwordless/verify_redirect`: the link of a mail. It goes on with the request that the application started. */
export const followLink: AuthenticationEndpoint = async (call) => {
  const { core, query } = call
  const client = clientNamed(call, query.client_id)
  const connection = connectionFor(core, client, 'email')
  const email = query.email ?? ''
  const record = redeemPasswordlessCode(core, 'email', email, query.verification_code ?? '')
  const given = Object.entries(isJsonObject(record.link) ? record.link : {}).map(([name, value]) => [
    name,
    String(value),
  ])
  const parameters: Record<string, string> = {
    response_type: 'code',
    ...Object.fromEntries(given),
    client_id: String(client.client_id),
  }
  const asked = { ...call, query: parameters, body: parameters }
  checkRequest(asked, client, returnAddress(asked, client))
  const login = startLogin(call, { purpose: 'authorize', client_id: String(client.client_id), parameters })
  const reply = await entered(call, login, passwordlessUser(core, connection, 'email', email), 'email')
  return { ...reply, headers: { ...browserCookie(call, login.browser), ...reply.headers } }
}
