import { randomBytes } from 'node:crypto'
import type { JsonObject } from '../../../plan/index.ts'
import { collection } from '../../contract.ts'
import type { Core } from '../../core.ts'
import { type AuthenticationCall, AuthenticationFailure, field } from '../call.ts'
import { browserOf } from './cookies.ts'

const LOGINS = 'sandbox/browser-logins'
const LIFETIME = 3_600_000

/** What a browser login leads to: an application's return address, a device, or an enrolled factor. */
export type Purpose = 'authorize' | 'device' | 'enrol'

/** A login on its way through the pages. Plain data, so that a snapshot keeps it. */
export interface BrowserLogin {
  /** Names the login in the addresses of its pages. */
  readonly id: string
  /** The browser it belongs to; no other may go on with it. */
  readonly browser: string
  /** What forms of its pages carry. */
  readonly csrf: string
  readonly purpose: Purpose
  readonly client_id: string
  /** The authorization request, or what a device or a ticket stands for. */
  readonly parameters: Readonly<Record<string, string>>
  readonly expires_at: number
  /** The person, once their first factor is proven. */
  readonly user_id?: string
  readonly connection?: string
  /** When the first factor was proven, epoch milliseconds. */
  readonly at?: number
  /** True when the person proved themself in this very login, not in an earlier one that its session remembers. */
  readonly fresh?: boolean
  readonly mfa?: boolean
  /** The session that is continued. */
  readonly sid?: string
  /** True once a person who is signed in has said with which account to go on. */
  readonly chosen?: boolean
  readonly organization_id?: string
  readonly consented?: boolean
  /** The address that a code was sent to. */
  readonly passwordless?: string
  /** What second-factor pages work with. */
  readonly mfa_token?: string
  readonly oob_code?: string
  readonly authenticator_id?: string
  /** What the page of an enrolment shows: secret, barcode, channel. */
  readonly enrolment?: JsonObject
  /** A new recovery code that the person has to see once. */
  readonly recovery_code?: string
}

/** Unguessable text from the machine, not from the seed: who knows the seed must not know sessions. */
export function secretText(): string {
  return randomBytes(24).toString('base64url')
}

/** Starts a login in a browser, which gets a cookie when it has none. */
export function startLogin(
  call: AuthenticationCall,
  start: Pick<BrowserLogin, 'purpose' | 'client_id' | 'parameters'> & Partial<BrowserLogin>,
): BrowserLogin {
  const login: BrowserLogin = {
    id: secretText(),
    browser: browserOf(call) ?? secretText(),
    csrf: secretText(),
    expires_at: call.core.clock.now() + LIFETIME,
    ...start,
  }
  return keep(call.core, login)
}

/** Notes what a login has reached. */
export function keep(core: Core, login: BrowserLogin): BrowserLogin {
  collection(core.tables, LOGINS).set(login.id, { ...login } as unknown as JsonObject)
  return login
}

/** Ends a login: its pages are gone. */
export function endLogin(core: Core, login: BrowserLogin): void {
  collection(core.tables, LOGINS).delete(login.id)
}

/**
 * The login that a page belongs to, for the browser that began it.
 * @throws 400 `invalid_request` for a login that is unknown, over, or another browser's
 */
export function loginOf(call: AuthenticationCall): BrowserLogin {
  const id = call.query.state ?? field(call, 'state') ?? ''
  const record = collection(call.core.tables, LOGINS).get(id) as unknown as BrowserLogin | undefined
  if (record !== undefined && record.browser === browserOf(call) && record.expires_at > call.core.clock.now())
    return record
  const text = 'This login is over, or it began in another browser. Go back to the application and sign in again.'
  throw new AuthenticationFailure(400, 'invalid_request', text)
}

/**
 * The same for a form that a page sent: it must carry the page's token, and come from the tenant itself.
 * @throws 403 `access_denied` for a form of another site
 */
export function submittedLogin(call: AuthenticationCall): BrowserLogin {
  const login = loginOf(call)
  requireOwnOrigin(call)
  if (field(call, 'csrf_token') !== login.csrf)
    throw new AuthenticationFailure(403, 'access_denied', 'The form belongs to another page. Reload it and try again.')
  return login
}

/** Refuses a form that the browser says another site sent. */
export function requireOwnOrigin(call: AuthenticationCall): void {
  const { origin, 'sec-fetch-site': site } = call.headers
  const foreign = origin !== undefined && origin !== 'null' && `${origin}/` !== call.issuer
  if (!foreign && site !== 'cross-site') return
  throw new AuthenticationFailure(403, 'access_denied', 'Forms are taken from the pages of this tenant only.')
}
