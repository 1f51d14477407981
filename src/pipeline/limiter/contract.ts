import type { Clock, PlanData } from '../../plan/index.ts'
import type { HttpReply } from '../../wire/index.ts'

/** What a request that wants a slot says. */
export interface SlotRequest {
  /** Most requests of this process that may already wait for the same bucket; unlimited when left out. */
  readonly maxQueue: number | undefined
  readonly plan: PlanData
  /**
   * Milliseconds after which a slot is no longer in use, whatever happened: the plan's deadline. A limiter that others
   * share takes the slot back then, since its holder may have died without settling.
   */
  readonly lease: number
  /** True for a request that has been sent before: it goes ahead of those that have not, since its deadline runs. */
  readonly again?: boolean
  /** True where a refusal would only be waited out: such a request may find out whether a bucket has filled before its reset. */
  readonly mayTry?: boolean
  /** The slot is there; called by `begin()` or, for a queued request, later. Never called within `acquire()`. */
  granted(): void
  /** There will be none, such as when the queue is full. May be called within `acquire()`. */
  refused(error: Error): void
}

/** What the limiter is told of an answer. */
export type SlotAnswer = Pick<HttpReply, 'status' | 'headers'>

/** A place in a bucket: held, or in the queue for it. */
export interface SlotTicket {
  /** True while it waits. A limiter that must ask a store first answers true, and grants when the store has answered. */
  readonly queued: boolean
  /** Uses a slot that was there at once. Called once, unless it is queued; does nothing where it was refused. */
  begin(): void
  /** Milliseconds until the slot is likely there, when this can be told without asking anybody. */
  estimate(): number | undefined
  /**
   * Gives the slot back with what the answer said, or leaves the queue; a slot that is granted afterwards goes back at
   * once. Safe to call again. A promise is not waited for; one that rejects is told as a warning.
   */
  settle(answer: SlotAnswer | undefined): void | PromiseLike<void>
}

/** State of one bucket, for people. */
export interface BucketState {
  readonly rateKey: string
  /** Size that the server told last. */
  readonly limit?: number
  /** Requests left, as the server told last. */
  readonly remaining?: number
  /** Epoch milliseconds. */
  readonly resetAt?: number
  readonly inFlight: number
  readonly waiting: number
  /** Requests per second that a hidden second limit of the server seems to allow; absent while there is no sign of one. */
  readonly learnedPerSecond?: number
  /** Epoch milliseconds until which the server refuses everything. */
  readonly pausedUntil?: number
}

/**
 * Hands out slots per rate key. The one here keeps its buckets in the process; `stores.limiter` of `connect()` takes one
 * whose buckets several processes share. What must hold of such a limiter:
 *
 * - To look for a free slot and to take it is one atomic step of the store, as is every change of what is known.
 * - A slot is free again after its `lease`, so that a process that died does not hold it for ever.
 * - Answers feed it: `x-ratelimit-limit`, `-remaining` and `-reset` lower what may go out to what the server told, less
 *   what is in flight in all processes; within one window the lowest count is the newest. A 429 stops everybody until
 *   the time that was told.
 * - `acquire()` and `state()` answer at once. Time is read from the store, not from the machines, whose clocks differ.
 * - Every queued request is granted or refused in the end, also when the store falls silent. A request that is refused
 *   with anything but an error of this package, or an `acquire()` that throws, goes on with the process's own limiter.
 * - Nothing that an answer or a plan says is a secret to be kept here: only status, headers and rate key are needed.
 */
export interface RateLimiter {
  /** Takes a slot, or a place in the queue, in the order of arrival. */
  acquire(rateKey: string, request: SlotRequest): SlotTicket
  /** What is known of the buckets; for a shared store, what was heard last. `auth0.limits()` shows it. */
  state(): readonly BucketState[]
  /**
   * How long so many requests wait for their slots at least, by what is known now; reviews tell it.
   *
   * @param requests how many, by rate key.
   * @returns `undefined` where no limit is known, or where only a store could tell.
   */
  leastWait?(requests: ReadonlyMap<string, number>): LeastWait | undefined
}

/** How long requests wait for their slots at least. */
export interface LeastWait {
  /** Milliseconds; 0 where all of them may leave at once. */
  readonly ms: number
  /** The rate key whose limit takes longest. */
  readonly rateKey: string
}

/** One limit that a session set itself by `rateLimit`. */
export interface Ceiling {
  /** Requests with ceilings of one bucket draw from it together. */
  readonly bucket: string
  /** Most requests at once. */
  readonly burst: number
  readonly perSecond: number
}

/** The tenant that a limiter is opened for. */
export interface LimitedTenant {
  /** The tenant's own domain where it is known, else the session's: whose buckets they are. */
  readonly tenant: string
  /** The session's time; only the machine's own means anything to other processes. */
  readonly clock: Clock
  /** Share of the server's bucket that is left to others, from 0 to below 1. */
  readonly headroom: number
  /** What the session's `rateLimit` allows a rate key; every one of them must have a request left. Empty without one. */
  ceilings(rateKey: string): readonly Ceiling[]
}

/**
 * Opens the limiter of a tenant; called once for each `connect()`, and for each `rateLimit({ … })` stage with options of
 * its own. All that are opened for one tenant count together.
 */
export type OpenLimiter = (tenant: LimitedTenant) => RateLimiter
