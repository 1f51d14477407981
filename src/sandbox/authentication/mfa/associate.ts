import type { Json, JsonObject } from '../../../plan/index.ts'
import type { Core } from '../../core.ts'
import { type AuthenticationCall, type AuthenticationEndpoint, AuthenticationFailure, field } from '../call.ts'
import { authenticateClient, carriesClientProof } from '../client-authentication.ts'
import { addAuthenticator, type Channel, enrolled, isEnrolled, maskedPhone, newDevice } from './authenticators.ts'
import { type MfaBearer, mfaBearer, requireMfaScope } from './bearer.ts'
import { type FactorName, isFactorOn, isPhoneChannelOn } from './factors.ts'
import { sendOutOfBand } from './out-of-band.ts'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const PHONE = /^\+[1-9]\d{1,14}$/
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const CHANNELS: Readonly<Record<string, FactorName>> = {
  sms: 'sms',
  voice: 'sms',
  auth0: 'push-notification',
  email: 'email',
}

/**
 * `POST /mfa/associate`: starts the enrolment of an authenticator, which stays inactive until it is confirmed at
 * `/oauth/token`. An mfa token may do this only while the user has no active authenticator.
 */
export const associate: AuthenticationEndpoint = async (call) => {
  const bearer = await mfaBearer(call)
  requireMfaScope(bearer, 'enroll')
  if (carriesClientProof(call)) await requireSameClient(call, bearer)
  if (bearer.kind === 'transaction' && isEnrolled(call.core, bearer.user_id))
    throw new AuthenticationFailure(403, 'access_denied', 'User is already enrolled.')
  return { status: 200, json: enrol(call, bearer) }
}

/** Starts the enrolment that the body of a call describes; the answer is that of `/mfa/associate`. */
export function enrol(call: AuthenticationCall, bearer: MfaBearer): JsonObject {
  const type = onlyItem(call, 'authenticator_types')
  if (type !== 'otp' && type !== 'oob')
    throw new AuthenticationFailure(400, 'invalid_request', 'authenticator_types must be ["otp"] or ["oob"]')
  const first = enrolled(call.core, bearer.user_id).every((each) => each.authenticator_type !== 'recovery-code')
  const body = type === 'otp' ? startOtp(call, bearer) : startOutOfBand(call, bearer)
  const user_id = bearer.user_id
  call.core.log({
    type: 'gd_start_enroll',
    description: 'Started enrolment',
    user_id,
    client_id: bearer.client_id,
    ip: call.ip,
  })
  return { ...body, ...(first ? recoveryCode(call.core, user_id) : {}) }
}

async function requireSameClient(call: AuthenticationCall, bearer: MfaBearer): Promise<void> {
  const client = await authenticateClient(call)
  if (client.client_id !== bearer.client_id)
    throw new AuthenticationFailure(403, 'invalid_grant', 'mfa_token not issued to this client')
}

function onlyItem(call: AuthenticationCall, name: string): string {
  const value = call.body[name]
  const items = Array.isArray(value) ? value : [value]
  if (value === undefined)
    throw new AuthenticationFailure(400, 'invalid_request', `Missing required parameter: ${name}`)
  return items.length === 1 ? String(items[0]) : ''
}

function requireFactor(core: Core, name: FactorName): void {
  if (!isFactorOn(core, name))
    throw new AuthenticationFailure(403, 'access_denied', `The factor ${name} is not enabled for the tenant.`)
}

function startOtp({ core }: AuthenticationCall, { user_id }: MfaBearer): JsonObject {
  requireFactor(core, 'otp')
  const secret = core.random.text(32, BASE32)
  addAuthenticator(core, user_id, 'otp', newDevice(core), { $secret: secret })
  const parameters = `secret=${secret}&issuer=${encodeURIComponent(tenantName(core))}&algorithm=SHA1&digits=6&period=30`
  return { authenticator_type: 'otp', secret, barcode_uri: `${barcodeLabel(core, user_id)}?${parameters}` }
}

function startOutOfBand(call: AuthenticationCall, bearer: MfaBearer): JsonObject {
  const { core } = call
  const channel = onlyItem(call, 'oob_channels')
  const factor = CHANNELS[channel]
  if (factor === undefined)
    throw new AuthenticationFailure(
      400,
      'invalid_request',
      'oob_channels must be one of ["sms"], ["voice"], ["email"], ["auth0"]',
    )
  requireFactor(core, factor)
  const authenticator = addOutOfBand(call, bearer.user_id, channel as Channel)
  const oob_code = sendOutOfBand(core, {
    authenticator,
    client_id: bearer.client_id,
    enrolling: true,
    ...(bearer.kind === 'transaction' ? { mfa_token: bearer.transaction.token } : {}),
  })
  if (channel !== 'auth0')
    return { authenticator_type: 'oob', binding_method: 'prompt', oob_channel: channel, oob_code }
  const parameters = `enrollment_tx_id=${core.random.text(32)}&base_url=${encodeURIComponent(`${call.issuer}appliance-mfa`)}`
  return {
    authenticator_type: 'oob',
    barcode_uri: `${barcodeLabel(core, bearer.user_id)}?${parameters}`,
    oob_channel: channel,
    oob_code,
  }
}

function addOutOfBand(call: AuthenticationCall, userId: string, channel: Channel) {
  const { core } = call
  const device = newDevice(core)
  if (channel === 'auth0') {
    const twin = addAuthenticator(core, userId, 'otp', device, {
      $secret: core.random.text(32, BASE32),
      $twin: `push|dev_${device}`,
    })
    return addAuthenticator(core, userId, 'auth0', device, { name: 'Guardian app', $twin: twin.id })
  }
  if (channel === 'email') {
    const email = address(call, 'email', EMAIL, 'invalid_request')
    return addAuthenticator(core, userId, 'email', device, { name: email, email })
  }
  const phone_number = address(call, 'phone_number', PHONE, 'invalid_phone_number')
  const other = channel === 'sms' ? 'voice' : 'sms'
  const fields = { name: maskedPhone(phone_number), phone_number }
  if (!isPhoneChannelOn(core, channel))
    throw new AuthenticationFailure(403, 'access_denied', `Phones are not reached by ${channel} in this tenant.`)
  if (!isPhoneChannelOn(core, other)) return addAuthenticator(core, userId, channel, device, fields)
  addAuthenticator(core, userId, other, device, { ...fields, $twin: `${channel}|dev_${device}` })
  return addAuthenticator(core, userId, channel, device, { ...fields, $twin: `${other}|dev_${device}` })
}

function address(call: AuthenticationCall, name: string, form: RegExp, error: string): string {
  const value = field(call, name)
  if (value === undefined)
    throw new AuthenticationFailure(400, 'invalid_request', `Missing required parameter: ${name}`)
  if (!form.test(value)) throw new AuthenticationFailure(400, error, `${name} has an invalid format.`)
  return value
}

/** The recovery code that comes with a user's very first authenticator, where the tenant has them on. */
function recoveryCode(core: Core, userId: string): Record<string, Json> {
  if (!isFactorOn(core, 'recovery-code')) return {}
  const code = newRecoveryCode(core)
  addAuthenticator(core, userId, 'recovery-code', newDevice(core), { $recovery_code: code })
  return { recovery_codes: [code] }
}

/** Twenty-four upper-case letters and digits. */
export function newRecoveryCode(core: Core): string {
  return core.random.text(24, UPPER)
}

function tenantName(core: Core): string {
  return String(core.tables.documents.get('tenant')?.friendly_name ?? core.domain)
}

function barcodeLabel(core: Core, userId: string): string {
  const user = core.tables.users.get(userId)
  return `otpauth://totp/${encodeURIComponent(tenantName(core))}:${encodeURIComponent(String(user?.email ?? userId))}`
}
