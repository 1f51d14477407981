import { createHash } from 'node:crypto'
import type { JsonObject } from '../../../plan/index.ts'
import { type AuthenticatorRecord, collection } from '../../contract.ts'
import type { Core } from '../../core.ts'
import { isFactorOn } from './factors.ts'

/** Channels of out-of-band authenticators; `auth0` is push. */
export type Channel = 'sms' | 'voice' | 'auth0' | 'email'

const PREFIXES: Record<Channel, string> = { sms: 'sms', voice: 'voice', auth0: 'push', email: 'email' }

/** Authenticators that were enrolled for a user, confirmed or not. */
export function enrolled(core: Core, userId: string): readonly AuthenticatorRecord[] {
  const all = collection(core.tables, 'authenticators') as unknown as Map<string, AuthenticatorRecord>
  return [...all.values()].filter((each) => each.user_id === userId)
}

/** All authenticators of a user as they are listed: the enrolled ones and the mirror of a verified profile e-mail. */
export function listed(core: Core, userId: string): readonly AuthenticatorRecord[] {
  const own = enrolled(core, userId)
  const user = core.tables.users.get(userId)
  const mirrored = own.some((each) => each.oob_channel === 'email' && each.email === user?.email)
  if (user?.email_verified !== true || mirrored || !isFactorOn(core, 'email')) return own
  return [...own, mirror(user)]
}

function mirror(user: JsonObject): AuthenticatorRecord {
  const device = createHash('sha256')
    .update(String(user.user_id))
    .digest('base64url')
    .replace(/[-_]/g, '0')
    .slice(0, 16)
  const { created_at, email, user_id } = user
  return {
    id: `email|dev_${device}`,
    user_id: String(user_id),
    authenticator_type: 'oob',
    oob_channel: 'email',
    active: true,
    name: String(email),
    email: String(email),
    created_at: String(created_at),
    $mirror: true,
  }
}

/** Confirmed factors of a user that can be asked for; recovery codes are none. */
export function activeFactors(core: Core, userId: string): readonly AuthenticatorRecord[] {
  return listed(core, userId).filter((each) => each.active && each.authenticator_type !== 'recovery-code')
}

/** Whether a user has confirmed a factor of their own; the mirrored profile e-mail is none. */
export function isEnrolled(core: Core, userId: string): boolean {
  return activeFactors(core, userId).some((each) => each.$mirror !== true)
}

/** Adds an unconfirmed authenticator. */
export function addAuthenticator(
  core: Core,
  userId: string,
  kind: Channel | 'otp' | 'recovery-code',
  device: string,
  fields: JsonObject,
): AuthenticatorRecord {
  const oob = kind !== 'otp' && kind !== 'recovery-code'
  const prefix = oob ? PREFIXES[kind] : kind === 'otp' ? 'totp' : kind
  const record: AuthenticatorRecord = {
    id: `${prefix}|dev_${device}`,
    user_id: userId,
    authenticator_type: oob ? 'oob' : kind,
    active: false,
    ...(oob ? { oob_channel: kind } : {}),
    created_at: new Date(core.clock.now()).toISOString(),
    ...fields,
  }
  collection(core.tables, 'authenticators').set(record.id, record)
  return record
}

/** Sixteen characters that name a device. */
export function newDevice(core: Core): string {
  return core.random.text(16)
}

/** Confirms an authenticator with its twin, and the recovery code that came with the first one. */
export function activate(core: Core, authenticator: AuthenticatorRecord): void {
  const all = collection(core.tables, 'authenticators')
  const now = new Date(core.clock.now()).toISOString()
  const confirm = (id: string): void => {
    const record = all.get(id)
    if (record) all.set(id, { ...record, active: true, last_auth_at: now })
  }
  confirm(authenticator.id)
  if (typeof authenticator.$twin === 'string') confirm(authenticator.$twin)
  for (const each of enrolled(core, authenticator.user_id))
    if (each.authenticator_type === 'recovery-code') confirm(each.id)
}

/** Takes an authenticator away with its twin; with the last factor the recovery code goes too. */
export function removeAuthenticator(core: Core, authenticator: AuthenticatorRecord): void {
  const all = collection(core.tables, 'authenticators')
  all.delete(authenticator.id)
  if (typeof authenticator.$twin === 'string') all.delete(authenticator.$twin)
  const left = enrolled(core, authenticator.user_id)
  if (left.every((each) => each.authenticator_type === 'recovery-code')) for (const each of left) all.delete(each.id)
}

/** An authenticator as the MFA API shows it. */
export function shown(authenticator: AuthenticatorRecord): JsonObject {
  const { active, authenticator_type, id, name, oob_channel } = authenticator
  return { id, authenticator_type, active, ...(oob_channel ? { oob_channel } : {}), ...(name ? { name } : {}) }
}

/** A phone number with all but its last four digits hidden. */
export function maskedPhone(phone: string): string {
  return phone.replace('+', '').replace(/\d(?=\d{4})/g, 'X')
}
