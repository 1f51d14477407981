import type { PlanData } from '../../plan/index.ts'
import type { HttpReply } from '../../wire/index.ts'

/** What a request that wants a slot says. */
export interface SlotRequest {
  /** Most requests that may already wait for the same bucket. */
  readonly maxQueue: number | undefined
  readonly plan: PlanData
  /** The slot is there; called by `begin()` or, for a queued request, later. */
  granted(): void
  /** There will be none: the queue is full. */
  refused(error: Error): void
}

/** A place in a bucket: held, or in the queue for it. */
export interface Ticket {
  /** True while it waits. */
  readonly queued: boolean
  /** Uses a slot that was there at once. */
  begin(): void
  /** Milliseconds until the slot is likely there, when this can be told. */
  estimate(): number | undefined
  /** Gives the slot back with what the answer said, or leaves the queue. Safe to call again. */
  settle(reply: HttpReply | undefined): void
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

/** Hands out slots per rate key. */
export interface RateLimiter {
  acquire(rateKey: string, request: SlotRequest): Ticket
  state(): readonly BucketState[]
}
