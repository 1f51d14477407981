import { isJsonObject, type JsonObject } from '../../../plan/index.ts'
import { collection } from '../../contract.ts'
import type { Core } from '../../core.ts'
import { sessionLifetime } from '../../tenant/index.ts'
import type { AuthenticationCall } from '../call.ts'
import { browserOf } from './cookies.ts'
import type { BrowserLogin } from './state.ts'

const BROWSERS = 'sandbox/browsers'

/** A live session of a browser. */
export interface BrowserSession {
  readonly id: string
  readonly user: JsonObject
  readonly connection?: string
  /** When the person proved themself, epoch milliseconds. */
  readonly at: number
  readonly mfa: boolean
}

/** The session of the browser that sent a call, while it lives and its user is there. */
export function liveSession(call: AuthenticationCall): BrowserSession | undefined {
  const { core } = call
  const browser = browserOf(call)
  const id = browser === undefined ? undefined : collection(core.tables, BROWSERS).get(browser)?.session_id
  const record = id === undefined ? undefined : collection(core.tables, 'sessions').get(String(id))
  const user = core.tables.users.get(String(record?.user_id ?? ''))
  if (!record || !user) return undefined
  const now = core.clock.now()
  const started = Date.parse(String(record.authenticated_at))
  const used = Date.parse(String(record.updated_at))
  if (now - started >= sessionLifetime(core.tables, 'session_lifetime')) return undefined
  if (now - used >= sessionLifetime(core.tables, 'idle_session_lifetime')) return undefined
  return {
    id: String(record.id),
    user,
    at: started,
    mfa: record.$mfa === true,
    ...(typeof record.$connection === 'string' ? { connection: record.$connection } : {}),
  }
}

/** Opens the session of a finished login, or goes on with the one that it came from. */
export function keepSession(call: AuthenticationCall, login: BrowserLogin, browser: string): string {
  const { core, headers, ip } = call
  const sessions = collection(core.tables, 'sessions')
  const known = login.sid === undefined || login.fresh === true ? undefined : sessions.get(login.sid)
  const id = known === undefined ? core.random.text(32) : String(known.id)
  const now = new Date(core.clock.now()).toISOString()
  const clients = Array.isArray(known?.clients) ? known.clients.filter(isJsonObject) : []
  const others = clients.filter((each) => each.client_id !== login.client_id)
  const device = { initial_ip: ip, last_ip: ip, last_user_agent: headers['user-agent'] ?? '' }
  sessions.set(id, {
    device,
    created_at: now,
    ...known,
    id,
    user_id: String(login.user_id),
    clients: [...others, { client_id: login.client_id }],
    updated_at: now,
    last_interacted_at: now,
    authenticated_at: new Date(login.at ?? core.clock.now()).toISOString(),
    $mfa: login.mfa === true,
    ...(login.connection === undefined ? {} : { $connection: login.connection }),
  })
  collection(core.tables, BROWSERS).set(browser, { session_id: id })
  return id
}

/** Takes a browser's session away; what it was. */
export function endSession(call: AuthenticationCall): BrowserSession | undefined {
  const { core } = call
  const browser = browserOf(call)
  const session = liveSession(call)
  if (browser !== undefined) collection(core.tables, BROWSERS).delete(browser)
  if (session) collection(core.tables, 'sessions').delete(session.id)
  return session
}

/** Moves a session to a new browser secret, so that a cookie known before the login is worth nothing after it. */
export function forgetOldBrowser(core: Core, browser: string): void {
  collection(core.tables, BROWSERS).delete(browser)
}
