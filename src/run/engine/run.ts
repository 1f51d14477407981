import { hashPlan, isJsonObject, type Json, type PlanData, type PlanEvent, type Redactor } from '../../plan/index.ts'
import { type Internals, internalsOf, ownerOf, type Session } from '../../session/index.ts'
import { DecisionError } from '../errors.ts'
import type { AuditRecord, AuditTrail, Journal, Ledger, RunOrigin, StepRecord } from '../journal/index.ts'
import { ledgerOf, Records } from '../journal/index.ts'
import type { PlannedStep, SaidText } from '../review/index.ts'
import { type Runnable, readable, rowFor } from '../steps/index.ts'
import type { RunEvent, RunEventBody, RunListener, RunMode, RunSummary, Selection, Told } from './events.ts'
import { MOST_TOLD } from './events.ts'
import { PredictedState } from './predicted-state.ts'
import { SentSteps } from './sent-steps.ts'

/** Asks a person; answers `undefined` where there is no terminal to ask on. */
export type Ask = (question: Question) => Promise<string | undefined>

/** A question with the answers that it takes. */
export interface Question {
  readonly step: string
  readonly text: string
  readonly answers: readonly string[]
  /** What the question is about, in full: shown before it, once. Secrets are hidden. */
  readonly card?: string
}

/** What one run is made of. */
export interface RunParts {
  readonly run: string
  readonly runbook: string
  readonly mode: RunMode
  readonly session: Session
  readonly journal: Journal
  /** Where the journal is kept, for those who read the events; absent where it is not a file. */
  readonly journalPath?: string
  readonly audit: AuditTrail
  /** Who runs it, where, and with which code. */
  readonly origin?: RunOrigin
  /** What is told as the run begins, such as of an earlier run of the same. */
  readonly notes?: readonly string[]
  /** Parameters as they may be shown: secrets hidden. */
  readonly shown?: Json
  /** Salted hash of the parameters, where some of them are secret. */
  readonly secrets?: string
  readonly redactor: Redactor
  readonly selection: Selection
  readonly maxRequests: number
  /** The budgets count the items of an `each` as well: somebody has said how much is too much. */
  readonly countsItems?: true
  /** Most milliseconds that a step waits where the server tells it to come back later. */
  readonly maxWait: number
  /** Most steps that no earlier run has done. */
  readonly maxSteps: number
  readonly ask: Ask
  /** Answers every confirmation with yes. */
  readonly yes: boolean
  readonly listener?: RunListener
  readonly told: Told
  /** Hears the events of the plans that are sent, as they are. */
  readonly heard?: (event: PlanEvent<unknown>) => void
  readonly now: () => number
  /** Ends the run at once: a request in flight is given up. */
  readonly signal?: AbortSignal
  /** Ends the run after the requests in flight. */
  readonly stop?: AbortSignal
}

/** A read that no step is. */
interface LookedUp {
  readonly work: Runnable<unknown>
  readonly plan: PlanData
}

/** One run of one runbook against one tenant: its parts, and what it has counted. */
export class Run {
  readonly parts: RunParts
  /** True where no write is sent. */
  readonly predicting: boolean
  readonly internals: Internals
  readonly ledger: Ledger
  /** True where an earlier run of the same journal has begun steps. */
  readonly resumes: boolean
  /** The writer of its journal and audit trail. */
  readonly records: Records
  readonly planned: PlannedStep[] = []
  readonly #said: SaidText[] = []
  #predicted: PredictedState | undefined
  /** Id of the run that this one undoes. */
  readonly undoes: string | undefined
  readonly counts = { steps: 0, requests: 0, written: 0, pending: 0, skipped: 0, recorded: 0 }
  /** What checks have answered since the run last wrote; recorded steps share them. */
  readonly checked = new Map<string, unknown>()
  /** Sessions of other tenants that the runbook has met, by domain. */
  readonly others = new Map<string, Session>()
  /** Reads of code and flows beside the steps, by the ids that a plan file gives them. */
  readonly lookedUp = new Map<string, LookedUp>()
  /** Steps under way that a list bounds: the budgets, which end loops without end, do not count them. */
  readonly unbudgeted = new Set<string>()
  /** No more questions step by step. */
  everyStep = true
  readonly #applied: ReturnType<typeof appliedFile>
  /** Steps of the journal that the runbook has come to again. */
  readonly #met = new Set<string>()
  #sent: SentSteps | undefined
  readonly #partIds = new Map<string, number>()
  readonly #failures = new Map<unknown, string>()
  #spent = 0
  #begun = 0

  /**
   * @param shown the parameters, secrets hidden.
   * @param undone the journal of the run that this one undoes.
   */
  constructor(parts: RunParts, shown?: Json, undone?: Ledger) {
    this.parts = parts
    this.predicting = parts.mode === 'check' || parts.mode === 'plan'
    this.#applied = appliedFile(parts.mode, shown)
    this.undoes = undone?.opened?.run
    this.records = new Records(parts.journal, parts.audit)
    this.internals = internalsOf(parts.session)
    this.ledger = ledgerOf(parts.journal.entries)
    this.resumes = this.ledger.steps.size > 0
  }

  /** The signal that has ended the run, where one has: nothing more may be sent. */
  get stopped(): AbortSignal | undefined {
    const { signal, stop } = this.parts
    if (signal?.aborted === true) return signal
    return stop?.aborted === true ? stop : undefined
  }

  /** Writes an audit record, in the same turn as the lines of the journal. */
  audit(
    step: string,
    request: Pick<
      AuditRecord,
      | 'at'
      | 'request'
      | 'method'
      | 'path'
      | 'plan'
      | 'reviewed'
      | 'planFile'
      | 'attempt'
      | 'status'
      | 'fault'
      | 'requestId'
    > &
      Partial<Pick<AuditRecord, 'run' | 'runbook' | 'who'>>,
  ): void {
    const { run, runbook, session } = this.parts
    const { at, ...rest } = request
    this.records.append({
      at,
      run,
      runbook,
      who: this.internals.who,
      ...(this.parts.origin && { origin: this.parts.origin }),
      tenant: session.domain,
      step,
      ...this.#applied,
      ...rest,
    })
  }

  /** Notes a read beside the steps, where a plan file is made: it is based on that as well. */
  lookUp(work: Runnable<unknown>, plan: PlanData): void {
    if (this.parts.mode !== 'plan' || rowFor(plan)?.effect !== 'read') return
    const base = `look at ${plan.op === 'raw' ? (plan.route ?? plan.op) : plan.op}`.replace(/[{}]/g, '')
    const same = [...this.lookedUp.values()].some(
      (each) => hashPlan(each.plan) === hashPlan(plan) && this.foreignTenant(each.work) === this.foreignTenant(work),
    )
    if (!same) this.lookedUp.set(`${base} (${this.lookedUp.size + 1})`, { work, plan })
  }

  /** The tenant after the writes that are predicted. */
  get predicted(): PredictedState {
    this.#predicted ??= new PredictedState()
    return this.#predicted
  }

  /** The tenant that a plan or flow goes to where it is not the one of the run; nothing where it is, or none is known. */
  foreignTenant(work: unknown): string | undefined {
    const owner = ownerOf(work)
    if (owner === undefined || owner.domain === this.parts.session.domain) return undefined
    this.others.set(owner.domain, owner)
    return owner.domain
  }

  get at(): string {
    return new Date(this.parts.now()).toISOString()
  }

  get summary(): RunSummary {
    return { ...this.counts }
  }

  /** What the runbook has said, each text with the number of planned steps before it; secrets hidden. */
  get said(): readonly SaidText[] {
    const { redactor } = this.parts
    return this.#said.map(({ at, text }) => ({ at, text: readable(redactor.text(text)) }))
  }

  /** What the runbook has said, as it said it. */
  get spoken(): readonly string[] {
    return this.#said.map(({ text }) => text)
  }

  /** @param at the time that the journal has for it, where a line there tells the same. */
  tell(event: RunEventBody, at: string = new Date(this.parts.now()).toISOString()): void {
    const { redactor, listener, session, told } = this.parts
    if (event.type === 'say' && this.predicting) this.#said.push({ at: this.planned.length, text: event.text })
    const text = redactor.text(JSON.stringify(Object.assign({}, event, { tenant: session.domain, at })))
    const safe: RunEvent = JSON.parse(this.predicting ? readable(text) : text)
    told.events.push(safe)
    if (told.events.length >= MOST_TOLD) told.fold()
    listener?.(safe)
  }

  /**
   * Notes that the runbook has come to a step.
   *
   * @returns What the journal knows of it.
   * @throws DecisionError when the run has used up its budget of steps; those that an earlier run did cost nothing.
   */
  meet(step: string, bounded = false): StepRecord | undefined {
    this.counts.steps += 1
    const record = this.ledger.steps.get(step)
    if (record !== undefined) this.#met.add(step)
    if (record?.done !== undefined) return record
    const { maxSteps, countsItems } = this.parts
    if (bounded && countsItems !== true) return record
    if (this.#begun >= maxSteps) {
      throw new DecisionError(
        step,
        `The run has taken ${maxSteps} steps, which is its budget of steps, and stopped before the step "${step}". ` +
          'Look for a loop that does not end; else give a larger maxRequests, which counts for steps as well, and continue the run.',
      )
    }
    this.#begun += 1
    return record
  }

  /** An id that no other part of a flow has in this run, also where flows within flows name their parts alike. */
  partId(wanted: string, longest: number): string {
    const count = (this.#partIds.get(wanted) ?? 0) + 1
    this.#partIds.set(wanted, count)
    return count === 1 ? wanted : `${wanted.slice(0, longest - 10)} (${count})`
  }

  /** Notes that a step failed, and what it told the runbook. */
  fails(step: string, error: unknown): void {
    this.#failures.set(error, step)
  }

  /** The step that an error came from, also where the runbook has wrapped it. */
  failedStep(error: unknown): string | undefined {
    for (let each = error; each !== undefined; each = (each as { cause?: unknown } | null)?.cause) {
      const step = this.#failures.get(each)
      if (step !== undefined) return step
    }
    return undefined
  }

  /** A step that earlier runs sent with the plan of this hash, or may have, and that the runbook has not come to again. */
  sentAs(hash: string): StepRecord | undefined {
    this.#sent ??= new SentSteps(this.ledger)
    return this.#sent.unmet(hash, this.#met)
  }

  /** Steps that earlier runs began, and that the runbook has not come to again. */
  unmet(): readonly StepRecord[] {
    return [...this.ledger.steps.values()].filter(({ id, begun }) => begun !== undefined && !this.#met.has(id))
  }

  /**
   * Counts a request against the budget: one that is about to go out, or that a predicted write would be.
   *
   * @throws DecisionError when the budget of the run is used up.
   */
  spend(step: string): void {
    const { maxRequests, countsItems } = this.parts
    if (countsItems !== true && this.unbudgeted.has(step)) return
    if (this.#spent >= maxRequests) {
      throw new DecisionError(
        step,
        `The run has used up its budget of ${maxRequests} requests, and stopped before the next one in the step "${step}". ` +
          'Look for a loop that does not end; else give a larger maxRequests, and continue the run.',
      )
    }
    this.#spent += 1
  }

  /**
   * Takes the number of a request that is about to go out.
   *
   * @throws DecisionError when the budget of the run is used up.
   */
  number(step: string): number {
    this.spend(step)
    this.counts.requests += 1
    return this.ledger.requests + this.counts.requests
  }

  /**
   * Records the requests that a killed run left without an answer: its own, which its journal then tells as well, or
   * those of a run that is undone.
   */
  recordUnanswered(ledger: Ledger): void {
    const { opened } = ledger
    if (opened === undefined) return
    const { run, runbook, who } = opened
    const file = appliedFile(opened.mode, opened.params)
    for (const { step, request, attempt, method, path, purpose } of ledger.unanswered) {
      const { hash, reviewed } = ledger.steps.get(step)?.begun ?? {}
      const plan = {
        ...(hash?.startsWith('sha256-') && { plan: hash }),
        ...(reviewed !== undefined && { reviewed }),
      }
      const { at, fault } = { at: this.at, fault: 'killed' }
      this.audit(step, {
        at,
        run,
        runbook,
        who,
        request,
        method,
        path,
        ...file,
        ...(purpose === undefined && plan),
        attempt,
        fault,
      })
      if (ledger === this.ledger)
        this.records.append({ type: 'lost', step, at, request, ...(purpose && { purpose }), attempt, fault })
    }
  }

  /** The answer of a person, or a stop where there is no terminal to ask on. */
  async decide(question: Question, otherwise: string): Promise<string> {
    const answer = await this.parts.ask(question)
    if (answer !== undefined) return answer
    throw new DecisionError(question.step, `${question.text} ${otherwise}`)
  }
}

/** The hash of the plan file that a run applies, as its parameters tell; nothing for any other run. */
function appliedFile(mode: string, params: Json | undefined): { readonly planFile?: string } {
  return mode === 'apply' && isJsonObject(params) && typeof params.plan === 'string' ? { planFile: params.plan } : {}
}
