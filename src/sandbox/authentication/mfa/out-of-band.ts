import type { JsonObject } from '../../../plan/index.ts'
import { type AuthenticatorRecord, collection } from '../../contract.ts'
import type { Core } from '../../core.ts'
import { alreadyAnswered } from '../approval.ts'
import { AuthenticationFailure } from '../call.ts'
import { type LIMITS, refuseUsedUp, spendAttempt } from './attempts.ts'
import type { Channel } from './authenticators.ts'

const LIFETIME = 300_000
const CODES = 'sandbox/oob-codes'

/** What an out-of-band code was given for. */
export interface OutOfBandRequest {
  readonly authenticator: AuthenticatorRecord
  readonly client_id: string
  /** The mfa token it belongs to; an enrolment with an access token belongs to none. */
  readonly mfa_token?: string
  readonly enrolling: boolean
}

const SENDS: Record<Channel, keyof typeof LIMITS> = { sms: 'sms', voice: 'sms', email: 'email', auth0: 'push' }

/** Sends a code or a push to an authenticator; the answer is the out-of-band code that stands for it, good for five minutes. */
export function sendOutOfBand(core: Core, request: OutOfBandRequest): string {
  const { authenticator, enrolling } = request
  const channel = authenticator.oob_channel as Channel
  const { user_id } = authenticator
  refuseUsedUp(core, SENDS[channel], user_id)
  spendAttempt(core, SENDS[channel], user_id)
  const oobCode = `Fe26.2**${core.random.text(80)}`
  const code = channel === 'auth0' ? undefined : core.random.digits(6)
  collection(core.tables, CODES).set(oobCode, {
    user_id,
    client_id: request.client_id,
    authenticator_id: authenticator.id,
    channel,
    enrolling,
    expires_at: core.clock.now() + LIFETIME,
    ...(request.mfa_token === undefined ? {} : { mfa_token: request.mfa_token }),
    ...(code === undefined ? { status: 'pending' } : { code }),
  })
  deliver(core, authenticator, channel, code, oobCode, enrolling)
  return oobCode
}

function deliver(
  core: Core,
  authenticator: AuthenticatorRecord,
  channel: Channel,
  code: string | undefined,
  oobCode: string,
  enrolling: boolean,
): void {
  const { user_id } = authenticator
  const name = String(core.tables.documents.get('tenant')?.friendly_name ?? core.domain)
  if (channel === 'auth0') {
    const text = enrolling ? `Scan the barcode to enrol with ${name}.` : `${name}: is this you who is signing in?`
    const to = String(core.tables.users.get(user_id)?.email ?? user_id)
    core.deliver({
      kind: 'push',
      to,
      user_id,
      text,
      approve: () => settle(core, oobCode, 'approved'),
      reject: () => settle(core, oobCode, 'rejected'),
    })
    return
  }
  const to = String(channel === 'email' ? authenticator.email : authenticator.phone_number)
  const text = `${code} is your verification code for ${name}.`
  const subject = channel === 'email' ? { subject: 'Your verification code' } : {}
  core.deliver({ kind: channel, to, user_id, ...subject, text, ...(code === undefined ? {} : { code }) })
}

function settle(core: Core, oobCode: string, status: 'approved' | 'rejected'): void {
  const codes = collection(core.tables, CODES)
  const record = codes.get(oobCode)
  if (record?.status !== 'pending') throw alreadyAnswered()
  codes.set(oobCode, { ...record, status })
}

/** The record of an out-of-band code that belongs to this login. */
export function outOfBandRecord(
  core: Core,
  oobCode: string,
  login: { readonly token: string; readonly user_id: string; readonly client_id: string },
): JsonObject {
  const record = collection(core.tables, CODES).get(oobCode)
  if (!record) throw new AuthenticationFailure(403, 'invalid_grant', 'Invalid oob_code.')
  const bound = record.mfa_token === undefined || record.mfa_token === login.token
  if (!bound || record.user_id !== login.user_id || record.client_id !== login.client_id)
    throw new AuthenticationFailure(403, 'invalid_grant', "The oob_code doesn't match the mfa_token")
  return record
}

/** Whether a code has outlived its five minutes. */
export function isStale(core: Core, record: JsonObject): boolean {
  return Number(record.expires_at) <= core.clock.now()
}

/** Takes an out-of-band code away: each is good once. */
export function spendOutOfBand(core: Core, oobCode: string): void {
  collection(core.tables, CODES).delete(oobCode)
}
