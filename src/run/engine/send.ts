import {
  AbortedError,
  appliedAfter,
  faultOfStatus,
  hashPlan,
  isTenantlabError,
  type Observer,
  type PlanData,
  type PlanEvent,
  type Unsubscribable,
} from '../../plan/index.ts'
import { gatedEvents, inWriteScope } from '../../session/index.ts'
import type { Purpose } from '../journal/index.ts'
import { lagOf, type Runnable, reviewedOf, rowFor } from '../steps/index.ts'
import { interruption } from './interruption.ts'
import type { Run } from './run.ts'

/** What became of the requests of a step. */
export interface Sent {
  /** A write went out that may have been carried out, although the step failed. */
  maybeApplied: boolean
  /** An answer to a write never came; the pipeline may have sent it again since. */
  lost: boolean
  writes: number
  /** Milliseconds by which what was read may show a write late. */
  lag: number
}

/**
 * Runs a plan or flow with a line in the journal before and after each request: a request leaves only when its line is
 * kept, however long the journal takes for that.
 *
 * @param purpose what requests beside the step's own are for; false where writes are predicted, which leaves nothing to
 *   resume, and nothing is written down.
 * @param given gives this work up alone: the code that asked for it does not want its answer any more.
 */
export function send(
  run: Run,
  step: string,
  work: Runnable<unknown>,
  purpose?: Purpose | false,
  given?: AbortSignal,
): { value: Promise<unknown>; sent: Sent } {
  const requests = new Requests(run, step, work, purpose)
  const value = new Promise<unknown>((resolve, reject) => {
    let subscription: Unsubscribable | undefined
    let over = false
    let answer: unknown
    const { signal, stop } = run.parts
    const end = (settle: () => void): void => {
      if (over) return
      over = true
      signal?.removeEventListener('abort', abort)
      given?.removeEventListener('abort', giveUp)
      stop?.removeEventListener('abort', rest)
      subscription?.unsubscribe()
      settle()
    }
    const fail = (error: unknown): void =>
      end(() => {
        try {
          requests.end(error)
          reject(error)
        } catch (failure) {
          reject(failure)
        }
      })
    const abort = (): void => fail(interruption(signal, `in the step "${step}"`))
    const giveUp = (): void => fail(new AbortedError(`The step "${step}" was given up by the code that asked for it.`))
    // What was sent is waited for, so that its end is known; what only waits ends.
    const rest = (): void => {
      if (!requests.underWay) fail(interruption(stop, `in the step "${step}"`))
    }
    if (signal?.aborted === true) return abort()
    if (stop?.aborted === true) return rest()
    if (given?.aborted === true) return giveUp()
    given?.addEventListener('abort', giveUp, { once: true })
    signal?.addEventListener('abort', abort, { once: true })
    stop?.addEventListener('abort', rest, { once: true })
    // A request can be about to leave before anybody could subscribe to the events that tell of it: they are heard first.
    const gate = async (plan: PlanData): Promise<void> => {
      await undefined
      if (over) throw new AbortedError(`The step "${step}" has ended, so that nothing more is sent for it.`)
      if (stop?.aborted === true) throw interruption(stop, `in the step "${step}"`)
      requests.leaves(plan)
      return run.records.written()
    }
    const scope = { run: run.parts.run, step, ...(run.undoes !== undefined && { undoes: run.undoes }) }
    const observer: Observer<PlanEvent<unknown>> = {
      next(event) {
        if (over) return
        try {
          if (event.kind === 'value') answer = event.value
          else {
            requests.hear(event)
            run.parts.heard?.(event)
            if (stop?.aborted === true) rest()
          }
        } catch (error) {
          fail(error)
        }
      },
      error: fail,
      complete: () => end(() => resolve(answer)),
    }
    subscription = inWriteScope(scope, () => gatedEvents(work, gate).subscribe(observer))
    if (over) subscription.unsubscribe()
  })
  return { value, sent: requests.sent }
}

/** A request that is under way. */
interface OpenRequest {
  readonly request: number
  readonly attempt: number
  readonly method: string
  readonly path: string
  plan?: string
}

type EventOf<K extends PlanEvent<unknown>['kind']> = Extract<PlanEvent<unknown>, { kind: K }>

/** The requests of one step on their way, each written down before it leaves and when it is over. */
class Requests {
  readonly sent: Sent = { maybeApplied: false, lost: false, writes: 0, lag: 0 }
  readonly #run: Run
  readonly #step: string
  readonly #hash: string | undefined
  readonly #reviewed: ReturnType<typeof reviewedOf>
  readonly #journalled: boolean
  readonly #marked: { readonly purpose?: Purpose }
  #open: OpenRequest[] = []
  /** A request was answered, and what comes of it is not known yet. */
  #answered = false
  /** Why the last attempt is followed by another. */
  #why: string | undefined

  constructor(run: Run, step: string, work: Runnable<unknown>, purpose: Purpose | false | undefined) {
    this.#run = run
    this.#step = step
    const { hash } = work as { hash?: unknown }
    this.#hash = typeof hash === 'string' ? hash : undefined
    this.#reviewed = reviewedOf(work)
    this.#journalled = purpose !== false
    this.#marked = purpose ? { purpose } : {}
  }

  /** True while an answer is waited for or read. */
  get underWay(): boolean {
    return this.#answered || this.#open.length > 0
  }

  hear(event: Exclude<PlanEvent<unknown>, { kind: 'value' }>): void {
    this.#answered = event.kind === 'response' || (this.#answered && event.kind !== 'retry' && event.kind !== 'wait')
    if (event.kind === 'attempt') return this.#attempt(event)
    if (event.kind === 'response') return this.#response(event)
    if (event.kind === 'retry') {
      const unanswered = this.#take(event.attempt)
      if (unanswered !== undefined) this.#lose(unanswered, 'network')
    }
    // The wait before another attempt comes as an event of its own.
    if (event.kind === 'retry') this.#why = event.reason
    if (event.kind !== 'wait') return
    const { reason, ms } = event
    const why = reason === 'backoff' || reason === 'server' ? this.#why : undefined
    this.#run.tell({
      type: 'wait',
      step: this.#step,
      reason,
      ...(why !== undefined && { why }),
      ...(ms !== undefined && { ms: Math.ceil(ms) }),
    })
  }

  /** The next request leaves, of this plan: a flow, which has no hash, tells nobody of its plans before. */
  leaves(plan: PlanData): void {
    if (this.#hash !== undefined) return
    const next = this.#open.find((request) => request.plan === undefined)
    if (next !== undefined) next.plan = hashPlan(plan)
    this.sent.lag = Math.max(this.sent.lag, lagOf(rowFor(plan)))
  }

  /** Nothing more comes: what is open stays without an answer. */
  end(error: unknown): void {
    const kind = isTenantlabError(error) ? error.kind : 'unexpected'
    const writes = this.#open.some(({ method }) => method !== 'GET')
    if (isTenantlabError(error) && (error.applied === 'maybe' || (kind === 'aborted' && writes)))
      this.sent.maybeApplied = true
    // A run that cannot write down what it does tells that, and nothing else.
    if (this.#run.records.failure !== undefined) return
    for (const request of this.#open.splice(0)) this.#lose(request, kind)
  }

  #attempt({ attempt, method, url }: EventOf<'attempt'>): void {
    // The request's own address, which is whole and encoded: a URL object costs more than the rest of this line.
    const from = url.indexOf('/', url.indexOf('://') + 3)
    const [path = '/'] = from === -1 ? [] : url.slice(from).split(/[?#]/, 1)
    const request = this.#run.number(this.#step)
    const { at } = this.#run
    if (this.#journalled) {
      this.#run.records.append(Object.assign(this.#line('send', request, attempt, at), { method, path }))
    }
    this.#open.push({ request, attempt, method, path, ...(this.#hash !== undefined && { plan: this.#hash }) })
    if (method !== 'GET') {
      this.sent.writes += 1
      this.#run.checked.clear()
    }
    this.#run.tell({ type: 'request', step: this.#step, method, path, attempt }, at)
  }

  #response({ attempt, status, requestId, rateLimit }: EventOf<'response'>): void {
    const { at } = this.#run
    const answered = this.#take(attempt)
    const id = requestId === undefined ? {} : { requestId }
    if (answered !== undefined) {
      // A request that was carried out counts, even where its answer cannot be read afterwards.
      const applied = appliedAfter(
        faultOfStatus(status, rateLimit?.retryAfter !== undefined),
        answered.method === 'GET' ? 'read' : 'write',
      )
      if (applied === 'maybe') this.sent.maybeApplied = true
      this.#audit(answered, at, { status, ...id })
      if (this.#journalled) {
        this.#run.records.append(
          Object.assign(this.#line('answer', answered.request, attempt, at), { status, applied, ...id }),
        )
      }
    }
    this.#run.tell({ type: 'answer', step: this.#step, status, ...id, ...(rateLimit && { rateLimit }) }, at)
  }

  #lose(request: OpenRequest, fault: string): void {
    if (request.method !== 'GET') this.sent.lost = true
    const { at } = this.#run
    this.#audit(request, at, { fault })
    if (this.#journalled)
      this.#run.records.append(Object.assign(this.#line('lost', request.request, request.attempt, at), { fault }))
  }

  #line<T extends 'send' | 'answer' | 'lost'>(type: T, request: number, attempt: number, at: string) {
    return { type, step: this.#step, at, request, ...this.#marked, attempt }
  }

  #audit(request: OpenRequest, at: string, end: { status: number; requestId?: string } | { fault: string }): void {
    const { request: number, method, path, plan, attempt } = request
    this.#run.audit(this.#step, {
      at,
      request: number,
      method,
      path,
      ...(plan !== undefined && { plan }),
      ...this.#reviewed,
      attempt,
      ...end,
    })
  }

  /** The request of this attempt; of several plans that a flow runs side by side, the one that went out first. */
  #take(attempt: number): OpenRequest | undefined {
    const index = this.#open.findIndex((request) => request.attempt === attempt)
    return index < 0 ? undefined : this.#open.splice(index, 1)[0]
  }
}
