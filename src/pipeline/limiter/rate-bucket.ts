import { type Clock, RateLimitError, type RateLimitState } from '../../plan/index.ts'
import { rateLimitOf, type ServerTime } from '../../wire/index.ts'
import type { BucketState, SlotAnswer, SlotRequest, SlotTicket } from './contract.ts'
import { HiddenPace, leastWaitTold, Refill, type TokenBucket } from './pace.ts'

/** In flight at most while nothing is known about the server's bucket. */
const PROBES = 2
/** How long the server is left alone when a refusal names no time. */
const PAUSE = 1000
/** Longest that a time told by the server is believed before a request finds out: it may be a mistake. */
const LONGEST = 60_000

/** Milliseconds within which a second refusal, although requests are told as left, shows a hidden bucket. */
const MEMORY = 30_000

/**
 * One bucket of the server as seen from here: a queue in order of arrival, the last headers, the ceilings that the
 * caller set, and the pace that a hidden limit allows.
 *
 * The headers only ever lower what may go out: what was told as remaining, less what is in flight, since the server may
 * not have counted that yet. When the told time is over nothing is known again, and a few requests find out; where the
 * server's bucket was seen to fill evenly, what it adds is counted instead.
 */
export class RateBucket {
  readonly #key: string
  readonly #clock: Clock
  readonly #random: () => number
  readonly #serverTime: ServerTime | undefined
  #ceilings: readonly TokenBucket[] = []
  #headroom = 0
  readonly #queue: Slot[] = []
  #inFlight = 0
  #answered: 'never' | 'with-headers' | 'without-headers' = 'never'
  #cautious = false
  #limit: number | undefined
  #remaining: number | undefined
  #resetAt: number | undefined
  #toldAt = 0
  #refill: Refill | undefined
  #hidden: HiddenPace | undefined
  #suspectedAt = Number.NEGATIVE_INFINITY
  /** When the second began in which requests are counted, their number, and that of the second before. */
  #second = 0
  #sent = 0
  #sentBefore = 0
  #pausedUntil: number | undefined
  #cancelTimer: (() => void) | undefined

  constructor(key: string, clock: Clock, random: () => number, serverTime: ServerTime | undefined) {
    this.#key = key
    this.#serverTime = serverTime
    this.#clock = clock
    this.#random = random
  }

  set ceilings(buckets: readonly TokenBucket[]) {
    this.#ceilings = buckets
  }

  /** Share of the server's bucket that is left to others. */
  set headroom(share: number) {
    this.#headroom = share
  }

  acquire(request: SlotRequest): SlotTicket {
    const slot = new Slot(this, request)
    const now = this.#clock.now()
    if ((this.#queue.length === 0 || slot.again) && this.#free(now, slot.mayTry)) {
      this.#take(now)
      slot.state = 'held'
      return slot
    }
    if (request.maxQueue !== undefined && !slot.again && this.#queue.length >= request.maxQueue) {
      slot.state = 'done'
      request.refused(this.#queueFull(request))
      return slot
    }
    slot.state = 'queued'
    const first = slot.again ? this.#queue.findIndex(({ again }) => !again) : -1
    if (first === -1) this.#queue.push(slot)
    else this.#queue.splice(first, 0, slot)
    this.#arm()
    return slot
  }

  state(): BucketState {
    return {
      rateKey: this.#key,
      ...(this.#limit !== undefined && { limit: this.#limit }),
      ...(this.#remaining !== undefined && { remaining: this.#remaining }),
      ...(this.#resetAt !== undefined && { resetAt: this.#resetAt }),
      inFlight: this.#inFlight,
      waiting: this.#queue.length,
      ...(this.#hidden !== undefined && { learnedPerSecond: Math.round(this.#hidden.perSecond * 100) / 100 }),
      ...(this.#pausedUntil !== undefined && { pausedUntil: this.#pausedUntil }),
    }
  }

  /** Milliseconds until the next slot, when only time is needed. */
  estimate(): number | undefined {
    return this.#delay(this.#clock.now())
  }

  /** Milliseconds until the last of so many requests has its slot, as far as is known; `undefined` while nothing is. */
  leastWait(requests: number): number | undefined {
    const now = this.#clock.now()
    const times = this.#ceilings.map((ceiling) => ceiling.leastWait(requests, now))
    if (this.#hidden !== undefined) times.push(this.#hidden.leastWait(requests, now))
    const told = { limit: this.#limit, remaining: this.#remaining, resetAt: this.#resetAt, at: this.#toldAt }
    const byServer = leastWaitTold(told, requests, now, this.#refill)
    if (byServer !== undefined) times.push(byServer)
    return times.length === 0 ? undefined : Math.max(...times)
  }

  leave(slot: Slot): void {
    const place = this.#queue.indexOf(slot)
    if (place === -1) return
    this.#queue.splice(place, 1)
    if (this.#queue.length === 0) this.#disarm()
  }

  settle(answer: SlotAnswer | undefined): void {
    this.#inFlight -= 1
    if (answer !== undefined) this.#learn(answer)
    if (this.#queue.length > 0) this.#pump()
  }

  #learn(answer: SlotAnswer): void {
    const now = this.#clock.now()
    const told = rateLimitOf(answer.headers, now, this.#serverTime)
    const resetAt = told?.resetAt === undefined ? undefined : Math.min(told.resetAt, now + LONGEST)
    if (answer.status === 429) {
      this.#refused(now, told, resetAt)
      return
    }
    if (told?.limit !== undefined) this.#limit = told.limit
    if (this.#hidden?.succeeded() === false) this.#hidden = undefined
    this.#cautious = false
    if (told?.remaining === undefined) {
      if (this.#answered === 'never') this.#answered = 'without-headers'
      return
    }
    this.#answered = 'with-headers'
    const fresh = this.#resetAt === undefined || (resetAt !== undefined && resetAt > this.#resetAt)
    const alone = this.#inFlight === 0 && this.#queue.length === 0
    this.#refill?.answered(told.remaining, now, alone, told.remaining + 1 >= (told.limit ?? 0), fresh)
    // Answers overtake each other: within one window the lowest count is the newest, unless it was the only one.
    this.#remaining =
      fresh || alone || this.#remaining === undefined ? told.remaining : Math.min(this.#remaining, told.remaining)
    this.#toldAt = now
    if (fresh) this.#resetAt = resetAt
    if (told.remaining > 0 || !alone || resetAt === undefined || this.#headroom > 0) return
    this.#refill ??= new Refill()
    this.#refill.emptied(now, resetAt, told.limit ?? 1)
  }

  #refused(now: number, state: RateLimitState | undefined, resetAt: number | undefined): void {
    const retryAfter = state?.retryAfter
    this.#refill?.refused(now)
    this.#suspect(now, state, resetAt)
    const told = retryAfter ?? (resetAt === undefined ? undefined : resetAt - now)
    // The time told is a whole second, and it may lie in the past when the clocks differ.
    const pause = told === undefined || told <= 0 ? PAUSE : Math.min(told, LONGEST)
    const until = now + pause + (retryAfter === undefined ? this.#random() * 250 : 0)
    this.#cautious = true
    this.#remaining = undefined
    this.#resetAt = undefined
    this.#pausedUntil = Math.max(this.#pausedUntil ?? 0, until)
  }

  /** Whether a hidden bucket refused: by the words of the refusal, or since another came although requests were left. */
  #suspect(now: number, state: RateLimitState | undefined, resetAt: number | undefined): void {
    const { limit, remaining } = state ?? {}
    const others = limit !== undefined && this.#limit !== undefined && limit !== this.#limit
    const later =
      remaining === 0 && (this.#remaining ?? 0) > 0 && resetAt !== undefined && resetAt > (this.#resetAt ?? 0)
    const again = remaining !== undefined && remaining > 0 && now - this.#suspectedAt < MEMORY
    if (remaining !== undefined && remaining > 0) this.#suspectedAt = now
    if (this.#hidden !== undefined && (others || later || again)) this.#hidden.refused(now)
    else if (others || later || again) {
      this.#hidden = new HiddenPace(Math.max(this.#sentBefore, this.#sent, 1), now)
    }
  }

  #free(now: number, mayTry: boolean): boolean {
    if (this.#pausedUntil !== undefined) {
      if (now < this.#pausedUntil) return false
      this.#pausedUntil = undefined
    }
    if (this.#resetAt !== undefined && now >= this.#resetAt && this.#refill?.isEven !== true) this.#forget()
    if (this.#inFlight >= this.#room(now, mayTry)) return false
    if (this.#hidden !== undefined && this.#hidden.wait(now) > 0) return false
    for (const ceiling of this.#ceilings) if (ceiling.wait(now) > 0) return false
    return true
  }

  /** How many may be in flight by what the server told. */
  #room(now: number, mayTry: boolean): number {
    if (this.#remaining !== undefined) {
      const more = this.#refill?.more(this.#toldAt, now, mayTry && this.#inFlight === 0) ?? 0
      return Math.min(this.#remaining + more, this.#limit ?? Number.POSITIVE_INFINITY) - this.#reserved()
    }
    if (this.#cautious) return PROBES
    if (this.#answered === 'without-headers') return Number.POSITIVE_INFINITY
    // A new window holds no more than the server's bucket, whatever the ceiling promises.
    if (this.#ceilings.length > 0 && this.#headroom === 0) return this.#limit ?? Number.POSITIVE_INFINITY
    return PROBES
  }

  #reserved(): number {
    return this.#headroom === 0 ? 0 : Math.ceil(this.#headroom * (this.#limit ?? 0))
  }

  #take(now: number): void {
    this.#inFlight += 1
    const elapsed = now - this.#second
    if (elapsed >= 1000) {
      this.#sentBefore = elapsed < 2000 ? this.#sent / (elapsed / 1000) : 0
      this.#second = now
      this.#sent = 0
    }
    this.#sent += 1
    this.#hidden?.take()
    for (const ceiling of this.#ceilings) ceiling.take()
    // What the server told as remaining is compared with what is in flight, so it needs no counting down here; but
    // an answer that takes its request out of flight brings its own, lower, number along.
  }

  #forget(): void {
    this.#remaining = undefined
    this.#resetAt = undefined
  }

  /** Milliseconds after which time alone changes something; `undefined` when only an answer can. */
  #delay(now: number): number | undefined {
    if (this.#pausedUntil !== undefined && this.#pausedUntil > now) return this.#pausedUntil - now
    const mayTry = this.#queue[0]?.mayTry === true
    if (this.#inFlight >= this.#room(now, mayTry)) {
      if (this.#remaining === undefined) return undefined
      return this.#filled(now, mayTry) ?? (this.#resetAt === undefined ? PAUSE : Math.max(0, this.#resetAt - now))
    }
    return Math.max(this.#hidden?.wait(now) ?? 0, ...this.#ceilings.map((ceiling) => ceiling.wait(now)))
  }

  /** Milliseconds until the bucket has likely filled so far that one more may leave; `undefined` where its reset must come. */
  #filled(now: number, mayTry: boolean): number | undefined {
    const lacking = this.#inFlight + 1 + this.#reserved() - (this.#remaining ?? 0)
    return this.#refill?.wait(lacking, this.#toldAt, now, mayTry && this.#inFlight === 0)
  }

  #arm(): void {
    this.#disarm()
    const now = this.#clock.now()
    const delay = this.#delay(now)
    if (delay === undefined) return
    const ms = Math.ceil(delay)
    const paused = this.#pausedUntil !== undefined && this.#pausedUntil > now
    const mayTry = this.#queue[0]?.mayTry === true
    const full = !paused && this.#inFlight >= this.#room(now, mayTry)
    const early = full && this.#filled(now, mayTry) !== undefined
    this.#cancelTimer = this.#clock.after(ms, () => {
      this.#cancelTimer = undefined
      // The time has been waited for, whatever the clock says: it may stand still.
      if (paused) this.#pausedUntil = undefined
      const later = this.#clock.now()
      if (early) {
        this.#refill?.waited(later)
        this.#toldAt = Math.min(this.#toldAt, later - ms)
      } else if (full) this.#forget()
      if (!paused && !full) {
        this.#hidden?.waited(ms, later)
        for (const ceiling of this.#ceilings) ceiling.waited(ms, later)
      }
      this.#pump()
    })
  }

  #disarm(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  #pump(): void {
    for (;;) {
      const now = this.#clock.now()
      const slot = this.#queue[0]
      if (slot === undefined || !this.#free(now, slot.mayTry)) break
      this.#queue.shift()
      this.#take(now)
      slot.state = 'held'
      slot.begin()
    }
    if (this.#queue.length > 0) this.#arm()
    else this.#disarm()
  }

  #queueFull({ maxQueue, plan }: SlotRequest): RateLimitError {
    const waiting = this.#queue.length
    const wait = this.#delay(this.#clock.now())
    const retryAt = wait === undefined ? undefined : this.#clock.now() + wait
    return new RateLimitError(
      `${plan.op}: ${waiting} ${waiting === 1 ? 'plan waits' : 'plans wait'} for the rate limit ${this.#key} already, ` +
        `and this one allows ${maxQueue}. Nothing was sent. Run it later, or with a larger maxQueue.`,
      { status: 429, serverMessage: '', plan, attempts: 0, ...(retryAt !== undefined && { retryAt }) },
    )
  }
}

/** The place of one request in a bucket. */
class Slot implements SlotTicket {
  state: 'queued' | 'held' | 'done' = 'done'
  readonly #bucket: RateBucket
  readonly #request: SlotRequest
  readonly again: boolean
  readonly mayTry: boolean

  constructor(bucket: RateBucket, request: SlotRequest) {
    this.#bucket = bucket
    this.#request = request
    this.again = request.again === true
    this.mayTry = request.mayTry === true
  }

  get queued(): boolean {
    return this.state === 'queued'
  }

  begin(): void {
    if (this.state === 'held') this.#request.granted()
  }

  estimate(): number | undefined {
    return this.#bucket.estimate()
  }

  settle(answer: SlotAnswer | undefined): void {
    const { state } = this
    if (state === 'done') return
    this.state = 'done'
    if (state === 'queued') this.#bucket.leave(this)
    else this.#bucket.settle(answer)
  }
}
