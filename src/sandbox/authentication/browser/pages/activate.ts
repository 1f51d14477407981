import { html } from '../../../markup/index.ts'
import { type AuthenticationEndpoint, type AuthenticationReply, field } from '../../call.ts'
import { waitingDevice } from '../../device.ts'
import { browserCookie } from '../cookies.ts'
import { proceed } from '../proceed.ts'
import { liveSession } from '../sessions.ts'
import { requireOwnOrigin, startLogin } from '../state.ts'
import { page, problem } from './layout.ts'

/** `GET /activate`: the code that a device shows. */
export const showActivate: AuthenticationEndpoint = (call) => drawn(call.query.user_code)

function drawn(code = '', wrong?: string): AuthenticationReply {
  return page({
    title: 'Connect a device',
    status: wrong === undefined ? 200 : 400,
    body: html`<p>Enter the code that your device shows.</p>${problem(wrong)}<form method="post" action="/activate">
<label for="user_code">Code</label><input id="user_code" name="user_code" value="${code}" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus>
<button class="main">Continue</button></form>`,
  })
}

/** `POST /activate`: goes on to sign the person in, who then confirms the device. */
export const sendActivate: AuthenticationEndpoint = async (call) => {
  requireOwnOrigin(call)
  const user_code = field(call, 'user_code') ?? ''
  const device = waitingDevice(call.core, user_code)
  if (!device) return drawn(user_code, 'This code is unknown or has expired. Look at your device again.')
  const { client_id, ...told } = device
  const session = liveSession(call)
  const login = startLogin(call, {
    purpose: 'device',
    client_id,
    parameters: { ...told, user_code: user_code.toUpperCase() },
    ...(session
      ? { user_id: String(session.user.user_id), at: session.at, sid: session.id, mfa: session.mfa, chosen: true }
      : {}),
  })
  const reply = await proceed(call, login)
  return { ...reply, headers: { ...browserCookie(call, login.browser), ...reply.headers } }
}
