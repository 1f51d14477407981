import type { JsonObject } from '../../../../plan/index.ts'
import type { AuthenticatorRecord } from '../../../contract.ts'
import { html, type Markup } from '../../../markup/index.ts'
import {
  type AuthenticationCall,
  type AuthenticationEndpoint,
  AuthenticationFailure,
  type AuthenticationReply,
  field,
  requiredField,
} from '../../call.ts'
import {
  activeFactors,
  enrol,
  isEnrolled,
  isFactorOn,
  isPhoneChannelOn,
  passOtp,
  passOutOfBand,
  passRecoveryCode,
  sendOutOfBand,
  startTransaction,
  transactionOf,
} from '../../mfa/index.ts'
import { userById } from '../../users.ts'
import { type Flow, flowOf } from '../flow.ts'
import { proceed } from '../proceed.ts'
import { type BrowserLogin, keep, loginOf, submittedLogin } from '../state.ts'
import { form, loginPage, problem } from './layout.ts'

/** A factor that a person can enrol. */
type Factor = 'otp' | 'sms' | 'voice' | 'email' | 'push'

const NAMES: Readonly<Record<Factor, string>> = {
  otp: 'Authenticator app',
  sms: 'Text message',
  voice: 'Voice call',
  email: 'E-mail',
  push: 'Notification of the Guardian app',
}

/** `GET /u/mfa`: enrolment of a first factor, or the question for one. */
export const showMfa: AuthenticationEndpoint = async (call) => {
  const login = await prepared(call, loginOf(call))
  // A push is answered elsewhere: looking at the page again is how it goes on.
  if (waitsForPush(call, login)) return checkPush(call, login)
  return drawn(flowOf(call, login))
}

/** Every second factor of a login has one mfa token, which its codes are bound to. */
async function prepared(call: AuthenticationCall, login: BrowserLogin): Promise<BrowserLogin> {
  const { core } = call
  if (login.user_id === undefined) throw new AuthenticationFailure(400, 'invalid_request', 'Sign in first.')
  if (login.mfa_token !== undefined) return login
  const { client } = flowOf(call, login)
  const user = userById(core, login.user_id)
  core.log({
    type: 'mfar',
    description: 'MFA required',
    user_id: user.user_id,
    client_id: client.client_id,
    ip: call.ip,
  })
  const mfa_token = startTransaction(core, { client, user })
  return keep(core, { ...login, mfa_token })
}

function waitingLogin({ client_id, mfa_token = '', user_id = '' }: BrowserLogin) {
  return { token: mfa_token, user_id, client_id }
}

function factorsToEnrol({ call, login }: Flow): readonly Factor[] {
  const { core } = call
  const on: Readonly<Record<Factor, boolean>> = {
    otp: isFactorOn(core, 'otp'),
    sms: isPhoneChannelOn(core, 'sms'),
    voice: isPhoneChannelOn(core, 'voice'),
    email: isFactorOn(core, 'email'),
    push: isFactorOn(core, 'push-notification'),
  }
  const { factor } = login.parameters
  const wanted = factor === 'phone' ? ['sms', 'voice'] : factor === 'push-notification' ? ['push'] : [factor]
  return (Object.keys(on) as Factor[]).filter((each) => on[each] && (factor === undefined || wanted.includes(each)))
}

function factorOf({ authenticator_type, oob_channel }: AuthenticatorRecord): Factor {
  if (authenticator_type === 'otp') return 'otp'
  return oob_channel === 'auth0' ? 'push' : (oob_channel as Factor)
}

function drawn(flow: Flow, wrong?: string): AuthenticationReply {
  const { call, login } = flow
  const status = wrong === undefined ? 200 : 400
  if (login.enrolment) return loginPage(flow, { title: 'Confirm your factor', status, body: confirmation(flow, wrong) })
  const user_id = String(login.user_id)
  const factors = activeFactors(call.core, user_id)
  const enrols = login.purpose === 'enrol' || !isEnrolled(call.core, user_id)
  if (enrols && (login.purpose === 'enrol' || factors.length === 0))
    return loginPage(flow, { title: 'Secure your account', status, body: enrolments(flow, wrong) })
  const chosen = factors.find((each) => each.id === login.authenticator_id)
  return loginPage(flow, {
    title: 'Verify your identity',
    status,
    ...(chosen && factorOf(chosen) === 'push' ? { refresh: 2 } : {}),
    body: chosen ? question(flow, chosen, factors, wrong) : choice(flow, factors, wrong),
  })
}

const codeField = (label: string): Markup => html`<label for="code">${label}</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus>`

function enrolments(flow: Flow, wrong?: string): Markup {
  const { login } = flow
  const forms = factorsToEnrol(flow).map((factor) => {
    const hidden = html`<input type="hidden" name="action" value="enrol"><input type="hidden" name="factor" value="${factor}">`
    const address =
      factor === 'sms' || factor === 'voice'
        ? html`<label for="${factor}-phone">Phone number</label><input id="${factor}-phone" name="phone_number" type="tel" placeholder="+1…" autocomplete="tel" required>`
        : factor === 'email'
          ? html`<label for="email">Email address</label><input id="email" name="email" type="email" autocomplete="email" required>`
          : undefined
    return form(login, 'mfa', hidden, address, html`<button>${NAMES[factor]}</button>`)
  })
  return html`<p>A second factor is needed. Choose one to set up.</p>${problem(wrong)}${forms}`
}

function confirmation({ login }: Flow, wrong?: string): Markup {
  const { enrolment = {} } = login
  const { barcode_uri, oob_channel, secret } = enrolment
  const back = form(login, 'mfa', html`<button name="action" value="restart">Choose another factor</button>`)
  if (oob_channel === 'auth0')
    return html`${problem(wrong)}<p>Scan this code with the Guardian app, or approve the message in the sandbox's inbox.</p>
<p><code>${String(barcode_uri)}</code></p>${form(login, 'mfa', html`<button class="main" name="action" value="confirm">I have approved it</button>`)}${back}`
  const how =
    secret === undefined
      ? html`<p>A code was sent to you.</p>`
      : html`<p>Add this secret to your authenticator app, then enter the code that it shows.</p>
<p><code id="secret">${String(secret)}</code></p><p><code id="barcode">${String(barcode_uri)}</code></p>`
  const confirm = html`<input type="hidden" name="action" value="confirm">${codeField('Code')}<button class="main">Continue</button>`
  return html`${how}${problem(wrong)}${form(login, 'mfa', confirm)}${back}`
}

function choice({ call, login }: Flow, factors: readonly AuthenticatorRecord[], wrong?: string): Markup {
  const ways = factors.map((each) => {
    const name = each.name === undefined ? '' : ` (${String(each.name)})`
    return html`<button name="authenticator" value="${each.id}">${NAMES[factorOf(each)]}${name}</button>`
  })
  const recovery = isFactorOn(call.core, 'recovery-code')
    ? html`<hr>${form(
        login,
        'mfa',
        html`<input type="hidden" name="action" value="recovery"><label for="recovery">Recovery code</label>
<input id="recovery" name="recovery_code" autocomplete="off" required><button>Use the recovery code</button>`,
      )}`
    : undefined
  return html`<p>Choose how to verify that it is you.</p>${problem(wrong)}
${form(login, 'mfa', html`<input type="hidden" name="action" value="challenge">`, ways)}${recovery}`
}

function question(
  { login }: Flow,
  chosen: AuthenticatorRecord,
  factors: readonly AuthenticatorRecord[],
  wrong?: string,
): Markup {
  const factor = factorOf(chosen)
  const other =
    factors.length > 0
      ? form(login, 'mfa', html`<button name="action" value="restart">Try another method</button>`)
      : undefined
  if (factor === 'push')
    return html`<p role="status">A notification was sent to your device. Approve it there; this page goes on by itself.</p>${problem(wrong)}
${form(login, 'mfa', html`<button class="main" name="action" value="verify">I have approved it</button>`)}${other}`
  const text =
    factor === 'otp' ? 'Enter the code that your app shows.' : `Enter the code sent to ${String(chosen.name)}.`
  const verify = html`<input type="hidden" name="action" value="verify">${codeField('Code')}<button class="main">Continue</button>`
  const again =
    factor === 'otp'
      ? undefined
      : form(
          login,
          'mfa',
          html`<input type="hidden" name="authenticator" value="${chosen.id}"><button name="action" value="challenge">Send a new code</button>`,
        )
  return html`<p>${text}</p>${problem(wrong)}${form(login, 'mfa', verify)}${again}${other}`
}

/** `POST /u/mfa`. */
export const sendMfa: AuthenticationEndpoint = async (call) => {
  const login = await prepared(call, submittedLogin(call))
  const flow = flowOf(call, login)
  try {
    return await act(flow, field(call, 'action') ?? '')
  } catch (error) {
    if (error instanceof AuthenticationFailure) return drawn(flow, wordsFor(error))
    throw error
  }
}

function wordsFor({ error, message }: AuthenticationFailure): string {
  if (error === 'authorization_pending') return 'The notification has not been approved yet.'
  if (message === 'Invalid otp_code.' || message === 'Invalid binding_code.') return 'The code is invalid. Try again.'
  if (message === 'MFA Authorization rejected.') return 'That was rejected.'
  return message
}

async function act(flow: Flow, action: string): Promise<AuthenticationReply> {
  const { call, login } = flow
  const { core } = call
  switch (action) {
    case 'enrol':
      return drawn({ ...flow, login: startEnrolment(flow) })
    case 'challenge':
      return drawn({ ...flow, login: challenge(flow) })
    case 'restart': {
      const { authenticator_id: _a, enrolment: _e, oob_code: _o, ...rest } = login
      return drawn({ ...flow, login: keep(core, rest) })
    }
    case 'recovery': {
      const code = requiredField(call, 'recovery_code').trim().toUpperCase()
      return passed(call, { ...login, recovery_code: passRecoveryCode(call, waitingLogin(login), code) })
    }
    case 'confirm':
    case 'verify':
      return verify(flow)
    default:
      throw new AuthenticationFailure(400, 'invalid_request', 'Choose one of the buttons of the page.')
  }
}

function startEnrolment(flow: Flow): BrowserLogin {
  const { call, client, login } = flow
  const factor = factorsToEnrol(flow).find((each) => each === field(call, 'factor'))
  if (factor === undefined) throw new AuthenticationFailure(400, 'invalid_request', 'Choose one of the listed factors.')
  const { email, phone_number } = call.body
  const body: JsonObject =
    factor === 'otp'
      ? { authenticator_types: ['otp'] }
      : {
          authenticator_types: ['oob'],
          oob_channels: [factor === 'push' ? 'auth0' : factor],
          ...(email === undefined ? {} : { email }),
          ...(phone_number === undefined ? {} : { phone_number }),
        }
  const { token, user_id, client_id } = waitingLogin(login)
  const transaction = transactionOf(call.core, token, client)
  const enrolment = enrol({ ...call, body }, { kind: 'transaction', user_id, client_id, transaction })
  const { oob_code } = enrolment
  return keep(call.core, { ...login, enrolment, ...(typeof oob_code === 'string' ? { oob_code } : {}) })
}

function challenge({ call, login }: Flow): BrowserLogin {
  const { core } = call
  const factors = activeFactors(core, String(login.user_id))
  const chosen = factors.find((each) => each.id === field(call, 'authenticator'))
  if (!chosen) throw new AuthenticationFailure(400, 'invalid_request', 'Choose one of the listed methods.')
  const { client_id, mfa_token = '', oob_code: _, ...rest } = login
  core.log({
    type: 'gd_start_auth',
    description: 'Second factor authentication started',
    user_id: login.user_id,
    client_id,
    ip: call.ip,
  })
  const started = { ...rest, client_id, mfa_token, authenticator_id: chosen.id }
  if (chosen.authenticator_type === 'otp') return keep(core, started)
  const oob_code = sendOutOfBand(core, { authenticator: chosen, client_id, mfa_token, enrolling: false })
  return keep(core, { ...started, oob_code })
}

function verify({ call, login }: Flow): Promise<AuthenticationReply> {
  const waiting = waitingLogin(login)
  const code = (): string => requiredField(call, 'code').trim()
  if (login.oob_code === undefined) passOtp(call, waiting, code())
  else passOutOfBand(call, waiting, login.oob_code, code)
  return passed(call, login)
}

/** Goes on; a recovery code that came with the first factor is shown once. */
function passed(call: AuthenticationCall, login: BrowserLogin): Promise<AuthenticationReply> {
  const { authenticator_id: _a, enrolment, oob_code: _o, ...rest } = login
  const codes = enrolment?.recovery_codes
  const first = Array.isArray(codes) && typeof codes[0] === 'string' ? { recovery_code: codes[0] } : {}
  return proceed(call, keep(call.core, { ...rest, ...first, mfa: true, fresh: true }))
}

function waitsForPush({ core }: AuthenticationCall, login: BrowserLogin): boolean {
  if (login.oob_code === undefined || login.authenticator_id === undefined) return false
  const factors = activeFactors(core, String(login.user_id))
  return factors.find((each) => each.id === login.authenticator_id)?.oob_channel === 'auth0'
}

async function checkPush(call: AuthenticationCall, login: BrowserLogin): Promise<AuthenticationReply> {
  const flow = flowOf(call, login)
  try {
    return await verify(flow)
  } catch (error) {
    if (!(error instanceof AuthenticationFailure)) throw error
    if (error.error === 'authorization_pending' || error.error === 'slow_down') return drawn(flow)
    const { authenticator_id: _a, oob_code: _o, ...rest } = login
    return drawn({ ...flow, login: keep(call.core, rest) }, wordsFor(error))
  }
}

/** `GET /u/recovery`: a new recovery code, shown once. */
export const showRecovery: AuthenticationEndpoint = (call) => {
  const login = loginOf(call)
  return loginPage(flowOf(call, login), {
    title: 'Save your recovery code',
    body: html`<p>Keep this code in a safe place. It signs you in once, when your other factors are out of reach.</p>
<p><code id="recovery-code">${login.recovery_code ?? ''}</code></p>
${form(login, 'recovery', html`<button class="main">I have saved it</button>`)}`,
  })
}

/** `POST /u/recovery`. */
export const sendRecovery: AuthenticationEndpoint = (call) => {
  const { recovery_code: _, ...rest } = submittedLogin(call)
  return proceed(call, keep(call.core, rest))
}
