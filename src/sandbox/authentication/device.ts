import type { JsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import type { Core } from '../core.ts'
import { askForApproval, pollsEarly } from './approval.ts'
import { requestedAudience, targetOf } from './audience.ts'
import { type AuthenticationEndpoint, AuthenticationFailure, field } from './call.ts'
import { clientNamed } from './client-authentication.ts'

const LIFETIME_SECONDS = 900
const INTERVAL_SECONDS = 5
const BASE20 = 'BCDFGHJKLMNPQRSTVWXZ'
const CODES = 'sandbox/device-codes'

/**
 * `POST /oauth/device/code`: starts a device login. The person's part is the message in the outbox: `approve()` signs the
 * second seeded user in, the one without MFA; `reject()` refuses.
 */
export const startDevice: AuthenticationEndpoint = (call) => {
  const { core } = call
  const client = clientNamed(call, field(call, 'client_id'))
  const audience = requestedAudience(call)
  targetOf(core, call.issuer, audience)
  const device_code = core.random.text(43)
  const user_code = `${core.random.text(4, BASE20)}-${core.random.text(4, BASE20)}`
  const scope = field(call, 'scope')
  const verification_uri = `${call.issuer}activate`
  const verification_uri_complete = `${verification_uri}?user_code=${user_code}`
  askForApproval(core, {
    table: CODES,
    key: device_code,
    record: {
      client_id: String(client.client_id),
      user_code,
      expires_at: core.clock.now() + LIFETIME_SECONDS * 1000,
      ...(audience === undefined ? {} : { audience }),
      ...(scope === undefined ? {} : { scope }),
    },
    message: {
      to: 'device',
      text: `Confirm the device with the code ${user_code}.`,
      code: user_code,
      url: verification_uri_complete,
    },
    approved: () => ({ user_id: personOf(core) }),
  })
  const times = { expires_in: LIFETIME_SECONDS, interval: INTERVAL_SECONDS }
  return { status: 200, json: { device_code, user_code, verification_uri, verification_uri_complete, ...times } }
}

/** A device login that waits for its person. */
export interface WaitingDevice {
  readonly device_code: string
  readonly client_id: string
  readonly scope?: string
  readonly audience?: string
}

/** The device login that shows a code on its screen; a person may leave out its dash and use small letters. */
export function waitingDevice(core: Core, typed: string): WaitingDevice | undefined {
  const plain = (code: unknown): string =>
    String(code)
      .toUpperCase()
      .replace(/[^A-Z]/g, '')
  const wanted = plain(typed)
  for (const [device_code, record] of collection(core.tables, CODES)) {
    if (plain(record.user_code) !== wanted || record.status !== 'pending') continue
    if (Number(record.expires_at) <= core.clock.now()) continue
    const { audience, client_id, scope } = record
    return {
      device_code,
      client_id: String(client_id),
      ...(typeof scope === 'string' ? { scope } : {}),
      ...(typeof audience === 'string' ? { audience } : {}),
    }
  }
  return undefined
}

/** Notes that a person let a device in; what is given is who, and how they proved it. */
export function approveDevice(core: Core, deviceCode: string, how: JsonObject): void {
  settle(core, deviceCode, { status: 'approved', ...how })
}

/** Notes that a person turned a device away. */
export function rejectDevice(core: Core, deviceCode: string): void {
  settle(core, deviceCode, { status: 'rejected' })
}

function settle(core: Core, deviceCode: string, change: JsonObject): void {
  const codes = collection(core.tables, CODES)
  const record = codes.get(deviceCode)
  if (record?.status !== 'pending' || Number(record.expires_at) <= core.clock.now())
    throw new AuthenticationFailure(
      400,
      'invalid_request',
      'The device has waited too long. Start again on the device.',
    )
  codes.set(deviceCode, { ...record, ...change })
}

function personOf(core: Core): string {
  const users = [...core.tables.users.values()]
  return String((users.find((user) => user.$mfa !== true) ?? users[0])?.user_id ?? '')
}

/**
 * The record of an approved device login, spent.
 * @throws 403 `authorization_pending`, 429 `slow_down`, 403 `access_denied`, and `expired_token` once
 */
export function redeemDeviceCode(core: Core, client: JsonObject, deviceCode: string): JsonObject {
  const codes = collection(core.tables, CODES)
  const record = codes.get(deviceCode)
  if (!record || record.client_id !== client.client_id)
    throw new AuthenticationFailure(403, 'invalid_grant', 'Invalid or expired device code.')
  const now = core.clock.now()
  if (Number(record.expires_at) <= now) {
    codes.delete(deviceCode)
    throw new AuthenticationFailure(403, 'expired_token', 'The device code is expired.')
  }
  if (record.status === 'pending') {
    if (pollsEarly(core, CODES, deviceCode, INTERVAL_SECONDS * 1000)) {
      const text = `You are polling faster than the specified interval of ${INTERVAL_SECONDS} seconds.`
      throw new AuthenticationFailure(429, 'slow_down', text)
    }
    throw new AuthenticationFailure(403, 'authorization_pending', 'User has yet to authorize device code.')
  }
  codes.delete(deviceCode)
  if (record.status === 'rejected')
    throw new AuthenticationFailure(403, 'access_denied', 'User cancelled the confirmation prompt.')
  return record
}
