import { ConfigurationError, type Plan, type PlanData } from '../../plan/index.ts'
import type { BearerToken, TokenSource } from '../../tokens/index.ts'
import type { Session } from '../session.ts'
import type { Settings } from './settings.ts'

/** What a session's token shows of itself. Never the token. */
export interface TokenStatus {
  readonly source: BearerToken['source']
  readonly audience: string
  readonly scopes?: readonly string[]
  /** Epoch milliseconds. */
  readonly expiresAt?: number
}

type Writes = Settings['writes']

/** The controls of a session, for the console alone. */
export interface SessionDesk {
  readonly environment: string | undefined
  readonly tokens: TokenSource['kind']
  writes(): Writes
  /** Allows or refuses writes from now on, for plans that were made before as well. */
  setWrites(writes: Writes): void
  /** Makes the plan of these data the session's own. */
  bind(data: PlanData): Plan<unknown>
  /** Gets the session's token, which may take one request, and tells what it allows. */
  token(): Promise<TokenStatus>
}

const desks = new WeakMap<object, SessionDesk>()

/**
 * The controls of a session.
 *
 * @throws ConfigurationError for what is no session of this package.
 */
export function deskOf(session: Session): SessionDesk {
  const desk = desks.get(session)
  if (desk === undefined) throw new ConfigurationError('This is no session of connect(). Pass the session itself.')
  return desk
}

/** True for what `connect()` and `as()` answer. */
export function isSession(value: unknown): value is Session {
  return typeof value === 'object' && value !== null && desks.has(value)
}

/** Remembers the controls of a session. */
export function keepDesk(session: Session, desk: SessionDesk): void {
  desks.set(session, desk)
}

/** What the source's present token shows. */
export function tokenStatus(tokens: TokenSource): Promise<TokenStatus> {
  return new Promise((resolve, reject) => {
    tokens.token({ rejected: false }).subscribe({
      next({ source, audience, scopes, expiresAt }) {
        resolve({
          source,
          audience,
          ...(scopes !== undefined && { scopes }),
          ...(expiresAt !== undefined && { expiresAt }),
        })
      },
      error: reject,
    })
  })
}
