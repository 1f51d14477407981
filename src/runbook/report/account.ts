import { countText, durationText } from '../../display/index.ts'
import type { Change, ItemCount, RateLimitState } from '../../plan/index.ts'
import type {
  PlannedChangeEvent,
  ProgressEvent,
  RunEndEvent,
  RunEvent,
  RunMode,
  RunStartEvent,
  RunStatus,
  RunSummary,
  StepEffect,
  StepEndEvent,
  Told,
} from '../../run/index.ts'

/** What a run has told of one step. */
export interface StepAccount {
  readonly step: string
  effect?: StepEffect
  operation?: string
  route?: string
  /** Absent as long as the step goes on. */
  outcome?: StepEndEvent['outcome']
  reason?: string
  action?: PlannedChangeEvent['action']
  /** Why its changes are not known. */
  unknown?: string
  changes?: readonly Change[]
  requests: number
  /** Status of the last answer. */
  status?: number
  readonly requestIds: string[]
}

/** What a step waits for. */
export interface WaitAccount {
  readonly reason: string
  /** Epoch milliseconds. */
  readonly since: number
  /** Epoch milliseconds, where it is known. */
  readonly until?: number
}

/** How far the items of an `each` have come. */
export interface ItemsAccount extends ItemCount {
  readonly step: string
  /** Epoch milliseconds of the first count and of the last. */
  readonly since: number
  readonly at: number
  /** How many had ended at the first count. */
  readonly before: number
}

/** `12 of 100 done, 1 failed`, the pace, and the time that the rest takes at it. */
export function itemsTexts(items: ItemsAccount): {
  readonly count: string
  readonly rate?: string
  readonly left?: string
} {
  const { done, failed, total, since, at, before } = items
  const ended = done + failed
  const pace = (ended - before) / (at - since)
  const known = at > since && ended > before
  return {
    count: countText(items),
    ...(known && { rate: `${Number((pace * 1000).toPrecision(2))} per second` }),
    ...(known && total !== undefined && total > ended && { left: `${durationText((total - ended) / pace)} left` }),
  }
}

/** Events after which nothing is waited for any more. */
const GOES_ON: ReadonlySet<RunEvent['type']> = new Set(['step_start', 'request', 'step_end', 'run_end'])

/** What a run has told so far, put together for those who look at it. Holds no secret, since its events hold none. */
export class RunAccount {
  /** How it began; absent where it could not begin. */
  start: (RunEvent & RunStartEvent) | undefined
  runbook = 'runbook'
  mode: RunMode = 'run'
  tenant = ''
  who = ''
  journal: string | undefined
  status: RunStatus | undefined
  summary: RunSummary | undefined
  /** Why it did not end well. */
  message: string | undefined
  /** The line of the runbook that this comes from. */
  place: RunEndEvent['place']
  readonly steps = new Map<string, StepAccount>()
  readonly said: string[] = []
  drifts: readonly { readonly step: string; readonly changes: readonly Change[] }[] = []
  wait: WaitAccount | undefined
  bucket: RateLimitState | undefined
  requests = 0
  /** How far the items of an `each` have come: of the outermost flow that tells it. */
  items: ItemsAccount | undefined
  /** Epoch milliseconds at which a request went out that has no answer. */
  asked: number | undefined
  /** Status of the last answer. */
  answered: number | undefined
  /** The last step that failed, and what it told. */
  failed: StepEndEvent | undefined
  #whole = false

  /** @param now epoch milliseconds; the time of the event where left out. */
  take(event: RunEvent, now: number = Date.parse(event.at)): void {
    this.tenant = event.tenant
    if (GOES_ON.has(event.type)) {
      this.wait = undefined
      this.asked = undefined
      this.#whole = false
    }
    switch (event.type) {
      case 'run_start':
        this.start = event
        this.runbook = event.runbook
        this.mode = event.mode
        this.who = event.who
        this.journal = event.journal
        break
      case 'step_start': {
        const { effect, operation, route } = event
        Object.assign(this.#of(event.step), { effect, operation, ...(route !== undefined && { route }) })
        break
      }
      case 'planned_change':
        this.#plan(event)
        break
      case 'request':
        this.#of(event.step).requests += 1
        this.requests += 1
        this.asked = now
        break
      case 'answer': {
        const step = this.#of(event.step)
        step.status = event.status
        if (event.requestId !== undefined) step.requestIds.push(event.requestId)
        this.answered = event.status
        this.asked = undefined
        this.bucket = event.rateLimit ?? this.bucket
        break
      }
      case 'progress':
        this.#reach(event, now)
        break
      case 'wait':
        this.#pause(event.reason, event.ms, now)
        break
      case 'step_end': {
        const { outcome, reason } = event
        if (outcome === 'failed') this.failed = event
        Object.assign(this.#of(event.step), { outcome, ...(reason !== undefined && { reason }) })
        break
      }
      case 'say':
        this.said.push(event.text)
        break
      case 'drift':
        this.drifts = event.drifts
        break
      case 'run_end':
        this.status = event.status
        this.summary = event.summary
        this.message = event.message
        this.place = event.place
        break
    }
  }

  /** The step that goes on. */
  get present(): StepAccount | undefined {
    return this.status === undefined ? [...this.steps.values()].find(({ outcome }) => outcome === undefined) : undefined
  }

  /** The step whose failure has told already why the run ended. */
  get toldBy(): string | undefined {
    return this.message !== undefined && this.failed?.reason === this.message ? this.failed.step : undefined
  }

  get predicts(): boolean {
    return this.mode === 'check' || this.mode === 'plan'
  }

  #plan({ step, operation, route, action, changes, reason }: PlannedChangeEvent): void {
    Object.assign(this.#of(step), {
      operation,
      route,
      action,
      changes,
      ...(reason !== undefined && { reason, unknown: reason }),
    })
  }

  #reach({ step, done, failed, total }: ProgressEvent, at: number): void {
    const known = this.items
    const goesOn = known !== undefined && known.done + known.failed < (known.total ?? Number.POSITIVE_INFINITY)
    // A flow within another has an id below its.
    if (goesOn && step.startsWith(`${known.step}/`)) return
    const { since, before } = known?.step === step ? known : { since: at, before: done + failed }
    this.items = { step, done, failed, since, before, at, ...(total !== undefined && { total }) }
  }

  #pause(reason: string, ms: number | undefined, at: number): void {
    // A step that lets time pass waits in slices, which say nothing of the whole.
    if (this.#whole && reason === 'poll') return
    this.#whole = reason === 'time'
    this.asked = undefined
    this.wait = { reason, since: at, ...(ms !== undefined && { until: at + ms }) }
  }

  #of(step: string): StepAccount {
    let account = this.steps.get(step)
    if (account === undefined) {
      account = { step, requests: 0, requestIds: [] }
      this.steps.set(step, account)
    }
    return account
  }
}

/** What a run tells, put together as it grows: a run of many steps would else hold every one of its events. */
export interface ToldEvents extends Told {
  /** What has been put together so far. */
  account?: RunAccount
}

/** The account of all that was told. */
export function accountOf(told: ToldEvents): RunAccount {
  told.account ??= new RunAccount()
  for (const event of told.events.splice(0)) told.account.take(event)
  return told.account
}

/** The accounts of runs that are told side by side, by tenant. */
export class RunAccounts {
  readonly #accounts = new Map<string, RunAccount>()

  /**
   * Takes an event into the account of its run.
   *
   * @returns That account, which a new run begins anew.
   */
  take(event: RunEvent, now?: number): RunAccount {
    const known = event.type === 'run_start' ? undefined : this.#accounts.get(event.tenant)
    const account = known ?? new RunAccount()
    if (known === undefined) this.#accounts.set(event.tenant, account)
    account.take(event, now)
    return account
  }

  /** Those that are not over, in the order in which they began. */
  get running(): readonly RunAccount[] {
    return [...this.#accounts.values()].filter(({ status }) => status === undefined)
  }
}
