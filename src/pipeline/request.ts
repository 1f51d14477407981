import type { OperationRow } from '../catalogue/index.ts'
import {
  type Applied,
  ConfigurationError,
  isJsonObject,
  isTenantlabError,
  type PlanData,
  type PlanEvent,
  type SecretValues,
  type Subscribable,
  type TenantlabError,
  type Unsubscribable,
} from '../plan/index.ts'
import { decode, decodeError, draft, type RequestDraft, rowOf, serverTimeOf } from '../wire/index.ts'
import { asTenantlabError } from './call-site.ts'
import { compose, supported } from './compose.ts'
import type { Hooked, PipelineConfig } from './config.ts'
import { defaultStages } from './default-stages.ts'
import { Exchange } from './exchange.ts'
import type { Ending } from './execution.ts'
import { isSubscribable } from './observable.ts'
import { isWrite, sendThrough, writeDenied } from './send.ts'
import type { Gate, Handler, Reply, StageSession, SupportedOption } from './stage.ts'
import { validatePlan } from './validate/index.ts'

const TIMEOUT = 30_000

/** Who asks for a request, and who is told of its end. */
export interface Caller {
  emit(event: PlanEvent<never>): void
  readonly signal: AbortSignal | undefined
  readonly maxQueue: number | undefined
  readonly gate: Gate | undefined
}

/** The end of one request. */
export type Done = (error: unknown, value: unknown, reply: Reply | undefined) => void

/**
 * The frame around the stages, for one request: validate, draft, stages, decode, ID token, present. What needs no
 * waiting is done without a promise.
 */
export class Requester {
  readonly config: PipelineConfig
  readonly handler: Handler
  readonly session: StageSession
  readonly validate: NonNullable<PipelineConfig['validate']>
  readonly #supported: ReadonlySet<SupportedOption>

  constructor(config: PipelineConfig) {
    const stages = config.stages ?? defaultStages()
    this.config = config
    this.handler = compose(stages, sendThrough(config.transport, config.writes ?? 'allow'))
    this.validate = config.validate ?? validatePlan
    this.#supported = supported(stages)
    const tenant = config.tenant ?? config.environment.tenantDomain ?? config.environment.domain
    this.session = {
      tenant,
      serverTime: serverTimeOf(tenant, config.clock),
      tokens: config.tokens,
      tokensOf: (choice) => config.tokensOf(choice),
      limiter: config.limiter,
      retry: config.retry,
      resends: config.retry !== false && this.#supported.has('maxRetries'),
      random: config.random ?? Math.random,
    }
  }

  /** The row of a plan; throws for an operation that is not known and for options that no stage honours. */
  rowFor(plan: PlanData, maxQueue: number | undefined): OperationRow {
    const row = rowOf(plan)
    if (plan.options?.maxRetries !== undefined) this.#require('maxRetries', 'with({ maxRetries })', 'retry()', plan)
    if (maxQueue !== undefined) this.#require('maxQueue', 'run({ maxQueue })', 'rateLimit()', plan)
    return row
  }

  #require(option: SupportedOption, written: string, stage: string, plan: PlanData): void {
    if (this.#supported.has(option)) return
    throw new ConfigurationError(
      `${plan.op}: ${written} has no effect, since no stage of this session's pipeline honours it. ` +
        `Nothing was sent. Put ${stage} into the pipeline, or leave the option out.`,
      { plan, attempts: 0 },
    )
  }

  /** Sends one request and decodes its answer; unsubscribing aborts it. `check` is off for the later pages of a list. */
  start(plan: PlanData, row: OperationRow, secrets: SecretValues, caller: Caller, check: boolean, done: Done): Ending {
    const request = new Request(this, plan, row, secrets, caller, done)
    request.start(check)
    return request
  }
}

class Request implements Ending {
  readonly #requester: Requester
  readonly #plan: PlanData
  readonly #row: OperationRow
  readonly #secrets: SecretValues
  readonly #caller: Caller
  readonly #done: Done
  #open = true
  #exchange: Exchange | undefined
  #draft: RequestDraft | undefined
  #readTwice = false
  #later: Unsubscribable | undefined

  constructor(
    requester: Requester,
    plan: PlanData,
    row: OperationRow,
    secrets: SecretValues,
    caller: Caller,
    done: Done,
  ) {
    this.#requester = requester
    this.#plan = plan
    this.#row = row
    this.#secrets = secrets
    this.#caller = caller
    this.#done = done
  }

  start(check: boolean): void {
    try {
      const pending = check ? this.#validate() : undefined
      if (pending === undefined) return this.#send()
      pending.then(
        () => this.#guarded(() => this.#send()),
        (error: unknown) => this.#fail(error),
      )
    } catch (error) {
      this.#fail(error)
    }
  }

  #validate(): PromiseLike<void> | undefined {
    const { validate, config } = this.#requester
    return validate(this.#plan, this.#row, this.#secrets, {
      unknown: config.unknown,
      tell: (parts) => this.#caller.emit({ kind: 'unknown', at: config.clock.now(), parts }),
    })
  }

  unsubscribe(): void {
    this.#open = false
    this.#exchange?.unsubscribe()
    this.#later?.unsubscribe()
  }

  #send(): void {
    if (!this.#open) return
    const config = this.#requester.config
    const [plan, row] = [this.#plan, this.#row]
    const request = draft(plan, row, config.environment, this.#secrets)
    const writes = config.writes ?? 'allow'
    if (writes !== 'allow' && isWrite({ row, request })) {
      if (writes === 'deny' || config.predict === undefined) throw writeDenied({ plan, row }, writes)
      return this.#await(config.predict(this.#hooked()), (value) => this.#finish(value, undefined))
    }
    const { handler, session } = this.#requester
    const { emit, signal, maxQueue, gate } = this.#caller
    const exchange = new Exchange(
      {
        plan,
        row,
        secrets: this.#secrets,
        clock: config.clock,
        session,
        timeout: plan.options?.timeout ?? config.timeout ?? TIMEOUT,
        maxQueue,
        signal,
        gate,
        emit,
      },
      (error, reply) => {
        if (reply === undefined) this.#fail(error)
        else this.#guarded(() => this.#received(reply))
      },
    )
    this.#exchange = exchange
    this.#draft = request
    exchange.start(request, handler)
  }

  #received(reply: Reply): void {
    const [plan, row, config] = [this.#plan, this.#row, this.#requester.config]
    if (reply.status < 200 || reply.status >= 300) {
      return this.#fail(
        decodeError(
          reply,
          row,
          plan,
          this.#attempts,
          config.clock.now(),
          this.#secrets,
          this.#requester.session.serverTime?.ahead,
        ),
      )
    }
    if (reply.chunks !== undefined) return this.#finish(undefined, reply)
    let value: unknown
    try {
      value = decode<unknown>(reply, row, plan)
    } catch (error) {
      if (!this.#readAgain(error, reply)) throw error
      return
    }
    if (config.verifyIdToken !== undefined && row.answerAs === 'tokens') {
      const idToken = isJsonObject(value) ? value.id_token : undefined
      if (typeof idToken === 'string') {
        const verified = config.verifyIdToken(idToken, this.#hooked())
        if (verified !== undefined) return this.#await(verified, () => this.#finish(value, reply))
      }
    }
    this.#finish(value, reply)
  }

  /** A read whose body was cut, without a length by which the transport could tell, is sent once more. */
  #readAgain(error: unknown, reply: Reply): boolean {
    const { session, handler, config } = this.#requester
    const exchange = this.#exchange
    const cut = isTenantlabError(error) && error.kind === 'network'
    const most = this.#plan.options?.maxRetries ?? (session.retry === false ? 0 : session.retry?.maxRetries)
    if (!cut || this.#row.effect !== 'read' || this.#draft === undefined || exchange === undefined) return false
    if (this.#readTwice || most === 0 || reply.chunks !== undefined) return false
    this.#readTwice = true
    const at = config.clock.now()
    this.#caller.emit({ kind: 'retry', at, attempt: reply.attempt, reason: 'the answer was not whole', delay: 0 })
    return exchange.resume(this.#draft, handler)
  }

  #finish(value: unknown, reply: Reply | undefined): void {
    if (!this.#open) return
    this.#open = false
    try {
      this.#done(undefined, value, reply)
    } catch (error) {
      // Presenting the value failed: the execution must end all the same.
      this.#done(error, undefined, undefined)
    }
  }

  #fail(problem: unknown): void {
    if (!this.#open) return
    this.#open = false
    const error = asTenantlabError(problem, this.#plan.op, this.#plan)
    this.#complete(error)
    this.#requester.config.failed?.(error, this.#hooked())
    this.#done(error, undefined, undefined)
  }

  /** What a stage or a transport raised knows neither the plan, nor how often it was sent, nor what that did. */
  #complete(error: TenantlabError): void {
    const { applied } = this
    const set = (key: 'attempts' | 'plan' | 'applied', value: unknown, enumerable: boolean): void => {
      Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true })
    }
    if (error.attempts === undefined) set('attempts', this.#attempts, true)
    if (error.plan === undefined) set('plan', this.#plan, false)
    if (error.applied !== applied) set('applied', applied, true)
    if (applied === 'no' || /may have been applied/.test(error.message)) return
    const row = this.#row
    if (row.effect !== 'write' || row.retry === 'idempotent') return
    const next = row.twin === undefined ? 'look whether it was' : `read it with ${row.twin}`
    error.message += ` It may have been applied, so it was not sent again: ${next} before you run the plan once more.`
  }

  /** Whether the tenant may have carried out what was sent so far. */
  get applied(): Applied {
    return this.#exchange?.applied ?? 'no'
  }

  get #attempts(): number {
    return this.#exchange?.attempts ?? 0
  }

  #hooked(): Hooked {
    const { emit, signal } = this.#caller
    const [plan, row, secrets] = [this.#plan, this.#row, this.#secrets]
    return { plan, row, secrets, emit, ...(signal !== undefined && { signal }) }
  }

  #await(pending: PromiseLike<unknown> | Subscribable<unknown>, then: (value: unknown) => void): void {
    if (isSubscribable(pending)) {
      let last: unknown
      this.#later = pending.subscribe({
        next: (value) => {
          last = value
        },
        error: (error) => this.#fail(error),
        complete: () => this.#guarded(() => then(last)),
      })
      return
    }
    ;(pending as PromiseLike<unknown>).then(
      (value) => this.#guarded(() => then(value)),
      (error: unknown) => this.#fail(error),
    )
  }

  #guarded(task: () => void): void {
    if (!this.#open) return
    try {
      task()
    } catch (error) {
      this.#fail(error)
    }
  }
}
