import type { LeastWait } from '../pipeline/index.ts'
import {
  type Bind,
  ConfigurationError,
  type Diff,
  type Flow,
  type PlanData,
  type PlanEvent,
  type Review,
  type Runner,
  type UndoneRun,
} from '../plan/index.ts'
import type { BearerToken, TokenSource } from '../tokens/index.ts'
import type { Session } from './session.ts'

/** How a session treats writes. */
export type Writes = 'allow' | 'deny' | 'check'

/** What a session's token shows of itself. Never the token. */
export interface TokenStatus {
  readonly source: BearerToken['source']
  readonly audience: string
  readonly scopes?: readonly string[]
  /** Epoch milliseconds. */
  readonly expiresAt?: number
}

/** Hears of every write that a session predicts instead of sending it. */
export type PredictionWatcher = (plan: PlanData, diff: Diff) => void

/** How a flow is run with a journal. */
export interface FlowRunOptions {
  readonly journal: string | true
  /** The caller gets every failure as it is, also of a write that may have been carried out: nobody asked for a journal. */
  readonly handsOn: boolean
  readonly signal: AbortSignal
  /** Hears the events of the plans that are sent. */
  readonly heard: (event: PlanEvent<unknown>) => void
}

/** A run of a flow, with what undoes it. */
export interface JournalledRun {
  readonly value: Promise<unknown>
  undo(): Promise<UndoneRun>
}

/** What the executor of runs does for flows; the room that makes a session hands it over, since that room knows sessions. */
export interface FlowRuns {
  check(flow: Flow<unknown>, session: Session): Promise<Review>
  /** Runs a flow with a journal. */
  run(flow: Flow<unknown>, session: Session, options: FlowRunOptions): JournalledRun
}

/** What the rooms of this package may know of a session, and its reader does not. */
export interface Internals {
  /** The session itself; known once it is made. */
  readonly session: Session | undefined
  /** Makes the plan of these data the session's own. */
  readonly bind: Bind
  /** Runs flows on the session's clock. */
  readonly runner: Runner
  /** Client id, or the subject of a custom token; for records of who did what. */
  readonly who: string
  /** Stands for where the bytes go: two sandboxes may have one domain. */
  readonly way: object
  /** What the profile says the tenant is for. */
  readonly environment: 'production' | 'staging' | 'development' | undefined
  /** How the session's tokens are got. */
  readonly tokens: TokenSource['kind']
  writes(): Writes
  /** Allows or refuses writes from now on, for plans that were made before as well. */
  setWrites(writes: Writes): void
  /** Gets the session's token, which may take one request, and tells what it allows. */
  token(): Promise<TokenStatus>
  /** How long so many requests of each rate key wait for the tenant's limits at least. */
  leastWait(requests: ReadonlyMap<string, number>): LeastWait | undefined
  /** True where flows keep a journal without being told to. */
  readonly keepsJournals: boolean
  /** Has flows of this session, and of those that `as()` makes, keep a journal in memory. */
  keepJournals(): void
  /** Absent where the session was made without an executor. */
  readonly runs?: FlowRuns
  /** Tells of every write that the session predicts; returns a function that ends it. */
  watchPredictions(watcher: PredictionWatcher): () => void
}

const known = new WeakMap<object, Internals>()

/** Remembers what lies inside a session. */
export function keepInternals(session: Session, internals: Internals): void {
  known.set(session, internals)
}

/**
 * What lies inside a session: the only door to it.
 *
 * @throws ConfigurationError for what `connect()` did not make.
 */
export function internalsOf(session: Session): Internals {
  const internals = known.get(session)
  if (internals === undefined)
    throw new ConfigurationError('This session was not made by connect(). Pass the session itself.')
  return internals
}

/** True for what `connect()` and `as()` return. */
export function isSession(value: unknown): value is Session {
  return typeof value === 'object' && value !== null && known.has(value)
}
