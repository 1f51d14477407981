import { collection } from '../../contract.ts'
import type { Core } from '../../core.ts'
import { AuthenticationFailure } from '../call.ts'

/** A limit on what one person may do: so many at once, one more after each interval (milliseconds). */
interface Limit {
  readonly size: number
  readonly every: number
  readonly message: string
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Auth0's limits of the MFA API. */
export const LIMITS = {
  code: { size: 10, every: 6 * MINUTE, message: 'Too many failed codes. Wait for some minutes before retrying.' },
  otp: { size: 10, every: 6 * MINUTE, message: 'Too many failed codes. Wait for some minutes before retrying.' },
  recovery: { size: 10, every: 6 * MINUTE, message: 'Too many failed codes. Wait for some minutes before retrying.' },
  sms: { size: 10, every: HOUR, message: 'Too many SMS sent by the user. Wait for some minutes before retrying.' },
  email: {
    size: 20,
    every: MINUTE,
    message: 'Too many emails sent by the user. Wait for some minutes before retrying.',
  },
  push: {
    size: 5,
    every: MINUTE / 5,
    message: 'Too many push notifications sent by the user. Wait for a minute before retrying.',
  },
} as const satisfies Record<string, Limit>

/** Refuses when nothing is left of a limit. */
export function refuseUsedUp(core: Core, kind: keyof typeof LIMITS, who: string): void {
  const { every, message } = LIMITS[kind]
  const left = available(core, kind, who)
  if (left >= 1) return
  const seconds = Math.ceil(((1 - left) * every) / 1000)
  throw new AuthenticationFailure(429, 'too_many_requests', message, { headers: { 'Retry-After': String(seconds) } })
}

/** Counts one use of a limit. */
export function spendAttempt(core: Core, kind: keyof typeof LIMITS, who: string): void {
  const left = Math.max(0, available(core, kind, who) - 1)
  collection(core.tables, 'sandbox/attempts').set(`${kind} ${who}`, { left, at: core.clock.now() })
}

function available(core: Core, kind: keyof typeof LIMITS, who: string): number {
  const { every, size } = LIMITS[kind]
  const record = collection(core.tables, 'sandbox/attempts').get(`${kind} ${who}`)
  if (!record) return size
  return Math.min(size, Number(record.left) + (core.clock.now() - Number(record.at)) / every)
}

const POLLS_PER_MINUTE = 12

/** Counts one poll of a push; true when there were more than twelve within a minute. */
export function pollsTooFast(core: Core, oobCode: string): boolean {
  const polls = collection(core.tables, 'sandbox/polls')
  const now = core.clock.now()
  const before = polls.get(oobCode)?.at
  const recent = (Array.isArray(before) ? before : []).map(Number).filter((at) => now - at < MINUTE)
  const fast = recent.length >= POLLS_PER_MINUTE
  if (!fast) recent.push(now)
  polls.set(oobCode, { at: recent })
  return fast
}
