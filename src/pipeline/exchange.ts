import type { OperationRow } from '../catalogue/index.ts'
import {
  type Applied,
  appliedAfter,
  type Clock,
  ConfigurationError,
  type Fault,
  type Observer,
  type PlanData,
  type PlanEvent,
  type SecretValues,
  TimeoutError,
  type Unsubscribable,
} from '../plan/index.ts'
import type { RequestDraft } from '../wire/index.ts'
import type { Gate, Handler, Operation, OperationContext, Reply, StageSession } from './stage.ts'

/** What an exchange works with. */
export interface ExchangeSetting {
  readonly plan: PlanData
  readonly row: OperationRow
  readonly secrets: SecretValues
  readonly clock: Clock
  readonly session: StageSession
  /** Milliseconds. */
  readonly timeout: number
  readonly maxQueue: number | undefined
  readonly signal: AbortSignal | undefined
  readonly gate: Gate | undefined
  emit(event: PlanEvent<never>): void
}

/**
 * One request on its way through the stages and back, with the deadline over all its attempts. It is the context that
 * the stages share, and the observer of the outermost of them: one object instead of a chain of callbacks, since every
 * request needs all of it.
 */
export class Exchange implements OperationContext, Observer<Reply>, Unsubscribable {
  readonly plan: PlanData
  readonly row: OperationRow
  readonly secrets: SecretValues
  readonly clock: Clock
  readonly session: StageSession
  readonly timeout: number
  readonly maxQueue: number | undefined
  readonly signal: AbortSignal | undefined
  readonly gate: Gate | undefined
  readonly emit: (event: PlanEvent<never>) => void
  open = true
  attempts = 0
  readonly #done: (error: unknown, reply: Reply | undefined) => void
  #subscription: Unsubscribable | undefined
  #deadline: number | undefined
  #cancelDeadline: (() => void) | undefined
  #holds = 0
  #inFlight = 0
  #resumed = false
  #applied: Applied = 'no'

  constructor(setting: ExchangeSetting, done: (error: unknown, reply: Reply | undefined) => void) {
    this.plan = setting.plan
    this.row = setting.row
    this.secrets = setting.secrets
    this.clock = setting.clock
    this.session = setting.session
    this.timeout = setting.timeout
    this.maxQueue = setting.maxQueue
    this.signal = setting.signal
    this.gate = setting.gate
    this.emit = setting.emit
    this.#done = done
  }

  get maxRetries(): number | undefined {
    return this.plan.options?.maxRetries
  }

  start(request: RequestDraft, handler: Handler, observer: Observer<Reply> = this): void {
    const operation: Operation = { plan: this.plan, row: this.row, request, attempt: 1, context: this }
    let answer: ReturnType<Handler>
    try {
      answer = handler(operation)
    } catch (error) {
      this.#end(error, undefined)
      return
    }
    const subscription = answer.subscribe(observer)
    if (this.open) this.#subscription = subscription
    else subscription.unsubscribe()
  }

  /** Starts once more after an answer, within the time that is left. False where none is. */
  resume(request: RequestDraft, handler: Handler): boolean {
    const left = (this.#deadline ?? 0) - this.clock.now()
    if (left <= 0) return false
    this.open = true
    this.#arm(left)
    // The first answer's own end is still to come, and ends nothing any more.
    this.#resumed = true
    this.start(request, handler, {
      next: (reply) => this.next(reply),
      error: (error) => this.error(error),
      complete: () => this.#incomplete(),
    })
    return true
  }

  deadline(): number | undefined {
    return this.#deadline
  }

  /** Whether the tenant may have carried out what was sent so far. */
  get applied(): Applied {
    return this.#inFlight > 0 ? 'maybe' : this.#applied
  }

  beginAttempt(effect: OperationRow['effect']): number {
    this.attempts += 1
    if (effect !== 'read') this.#inFlight += 1
    this.begin()
    return this.attempts
  }

  begin(): void {
    if (this.#deadline === undefined) this.#arm(this.timeout)
  }

  endAttempt(effect: OperationRow['effect'], fault: Fault): void {
    if (effect !== 'read') this.#inFlight -= 1
    if (appliedAfter(fault, effect) === 'maybe') this.#applied = 'maybe'
  }

  hold(): () => void {
    this.#holds += 1
    const began = this.clock.now()
    const left = this.#deadline === undefined ? undefined : this.#deadline - began
    this.#cancelDeadline?.()
    this.#cancelDeadline = undefined
    let held = true
    return () => {
      if (!held) return
      held = false
      this.#holds -= 1
      if (this.#holds === 0 && left !== undefined && this.open) this.#arm(Math.max(0, left))
    }
  }

  next(reply: Reply): void {
    if (this.open) this.#end(undefined, reply)
  }

  error(error: unknown): void {
    if (this.open) this.#end(error, undefined)
  }

  complete(): void {
    if (!this.#resumed) this.#incomplete()
  }

  #incomplete(): void {
    if (!this.open) return
    const message = `${this.plan.op}: the pipeline ended without an answer. Let each stage give back what next(operation) gives, or an error.`
    this.#end(new ConfigurationError(message, { plan: this.plan, attempts: this.attempts }), undefined)
  }

  unsubscribe(): void {
    if (!this.open) return
    this.#close()
    this.#subscription?.unsubscribe()
  }

  #arm(ms: number): void {
    this.#deadline = this.clock.now() + ms
    this.#cancelDeadline = this.clock.after(ms, () => this.#expire())
  }

  #expire(): void {
    if (!this.open) return
    const { plan, attempts, timeout, applied } = this
    const next =
      applied === 'maybe'
        ? 'The last request may have been applied: read the record before you send it again.'
        : 'Run it again, or give it more time with plan.with({ timeout: … }).'
    const error = new TimeoutError(
      `${plan.op}: the deadline of ${timeout / 1000} s passed ${attempts === 0 ? 'while the token was asked for, before anything was sent' : `after ${attempts === 1 ? 'one attempt' : `${attempts} attempts`} without an answer`}. ${next}`,
      { plan, attempts, timeout, applied },
    )
    const subscription = this.#subscription
    this.#end(error, undefined)
    subscription?.unsubscribe()
  }

  #end(error: unknown, reply: Reply | undefined): void {
    this.#close()
    this.#done(error, reply)
  }

  #close(): void {
    this.open = false
    this.#cancelDeadline?.()
    this.#cancelDeadline = undefined
  }
}
