import { type Backstage, backstageOf, type Session } from '../../session/index.ts'
import { DecisionError } from '../errors.ts'
import { type AuditTrail, type Journal, type JournalEntry, type Ledger, ledgerOf } from '../journal/index.ts'
import type { PlannedStep } from '../plan-file/contract.ts'
import type { Vault } from '../vault.ts'
import type { RunEventBody, RunListener, RunMode, RunSummary } from './events.ts'
import type { Selection } from './selection.ts'

/** Asks a person; answers `undefined` where nobody can be asked. */
export type Ask = (question: Question) => Promise<string | undefined>

/** A question with the answers that it takes. */
export interface Question {
  readonly step: string
  readonly text: string
  readonly answers: readonly string[]
}

/** What one run is made of. */
export interface RunParts {
  readonly run: string
  readonly runbook: string
  readonly mode: RunMode
  readonly session: Session
  readonly journal: Journal
  /** Where the journal is kept, for those who read the events; absent where it is no file. */
  readonly journalPath?: string
  readonly audit: AuditTrail
  readonly vault: Vault
  readonly selection: Selection
  readonly maxRequests: number
  readonly ask: Ask
  /** Answers every confirmation with yes. */
  readonly yes: boolean
  readonly listener: RunListener
  readonly now: () => number
  readonly signal?: AbortSignal
}

/** One run of one runbook against one tenant: its parts, and what it has counted. */
export class Run {
  readonly parts: RunParts
  readonly backstage: Backstage
  readonly ledger: Ledger
  readonly planned: PlannedStep[] = []
  /** Waits that the next planned write comes after. */
  waits: { readonly id: string; readonly ms: number }[] = []
  /** Predicted states by what would read them. */
  readonly states = new Map<string, unknown>()
  readonly counts = { steps: 0, requests: 0, written: 0, pending: 0, skipped: 0, recorded: 0 }
  /** No more questions step by step. */
  everyStep = true

  constructor(parts: RunParts) {
    this.parts = parts
    this.backstage = backstageOf(parts.session)
    this.ledger = ledgerOf(parts.journal.entries)
  }

  /** True where no write is sent. */
  get predicting(): boolean {
    return this.parts.mode === 'check' || this.parts.mode === 'plan'
  }

  /** Why the journal could not be written; nothing is sent or written after that. */
  journalFailure: unknown

  /** Writes a line of the journal; a run without its journal ends. */
  append(entry: JournalEntry): void {
    try {
      this.parts.journal.append(entry)
    } catch (error) {
      this.journalFailure = error
      throw error
    }
  }

  get at(): string {
    return new Date(this.parts.now()).toISOString()
  }

  get summary(): RunSummary {
    return { ...this.counts }
  }

  tell(event: RunEventBody): void {
    const { vault, listener, session } = this.parts
    listener(JSON.parse(vault.text(JSON.stringify({ ...event, tenant: session.domain, at: this.at }))))
  }

  /**
   * Counts a request that is about to go out.
   *
   * @throws DecisionError when the budget of the run is used up.
   */
  spend(step: string): void {
    const { maxRequests } = this.parts
    if (this.counts.requests >= maxRequests) {
      throw new DecisionError(
        step,
        `The run has sent ${maxRequests} requests, which is its budget, and stopped before the next one in the step "${step}". ` +
          'Look for a loop that does not end; else give a larger --max-requests and go on with --resume.',
      )
    }
    this.counts.requests += 1
  }

  /** The answer of a person, or a stop where nobody can be asked. */
  async decide(question: Question, otherwise: string): Promise<string> {
    const answer = await this.parts.ask(question)
    if (answer !== undefined) return answer
    throw new DecisionError(question.step, `${question.text} ${otherwise}`)
  }
}
