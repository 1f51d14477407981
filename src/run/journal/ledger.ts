import type {
  AnswerEntry,
  BegunEntry,
  ClosedEntry,
  DoneEntry,
  FailedEntry,
  JournalEntry,
  OpenedEntry,
  SendEntry,
} from './entry.ts'

/** What a journal tells of one step. */
export interface StepRecord {
  readonly id: string
  begun?: BegunEntry
  done?: DoneEntry
  failed?: FailedEntry
  /** Later steps began after it had failed: the runbook had caught the error. */
  caught: boolean
  /** A writing request of the step went out, and what became of the step is not known. */
  unknown: boolean
  /** Status of the answer to such a request, where one came: it was carried out, and its result was lost. */
  answered?: number
}

/** A journal read step by step, in the order in which the steps first began. */
export interface Ledger {
  readonly opened?: OpenedEntry
  readonly steps: ReadonlyMap<string, StepRecord>
  /** The run ended well; there is nothing to resume. */
  readonly finished: boolean
  /** Requests so far. */
  readonly requests: number
  /** Requests of which nothing tells whether an answer came, in order: the process ended while they were under way. */
  readonly unanswered: readonly SendEntry[]
}

/** Reads what a run has done so far. */
export function ledgerOf(entries: readonly JournalEntry[]): Ledger {
  const reader = new Reader()
  for (const entry of entries) reader.read(entry)
  return reader.ledger()
}

class Reader {
  readonly #steps = new Map<string, StepRecord>()
  /** Writing requests by number, whose fate is open. */
  readonly #open = new Map<number, { readonly step: string; status?: number }>()
  readonly #unanswered = new Map<number, SendEntry>()
  #opened: OpenedEntry | undefined
  #finished = false
  #lastFailed: StepRecord | undefined
  #requests = 0

  read(entry: JournalEntry): void {
    if (entry.type === 'journal') this.#opened = entry
    else if (entry.type === 'resumed') {
      this.#finished = false
      this.#lastFailed = undefined
    } else if (entry.type === 'closed') this.#close(entry)
    else this.#step(entry)
  }

  ledger(): Ledger {
    for (const { step, status } of this.#open.values()) {
      const record = this.#recordOf(step)
      record.unknown = true
      if (status !== undefined) record.answered = status
    }
    return {
      ...(this.#opened && { opened: this.#opened }),
      steps: this.#steps,
      finished: this.#finished,
      requests: this.#requests,
      unanswered: [...this.#unanswered.values()],
    }
  }

  #close({ status, step }: ClosedEntry): void {
    this.#finished = status === 'done'
    if (this.#finished && this.#lastFailed !== undefined) this.#lastFailed.caught = true
    // Steps of a finally block came after it, but nobody had caught its error.
    const fatal = step === undefined ? undefined : this.#steps.get(step)
    if (fatal !== undefined) fatal.caught = false
    this.#lastFailed = undefined
  }

  #step(entry: Exclude<JournalEntry, { type: 'journal' | 'resumed' | 'closed' }>): void {
    const record = this.#recordOf(entry.step)
    // A resumed run tells of what an earlier one lost before it does anything.
    if (
      entry.type !== 'lost' &&
      entry.type !== 'caught' &&
      this.#lastFailed !== undefined &&
      this.#lastFailed !== record
    ) {
      this.#lastFailed.caught = true
      this.#lastFailed = undefined
    }
    switch (entry.type) {
      case 'begun':
        record.begun = entry
        delete record.failed
        record.caught = false
        break
      case 'send':
        this.#requests = Math.max(this.#requests, entry.request)
        this.#unanswered.set(entry.request, entry)
        if (entry.method !== 'GET' && entry.purpose === undefined) this.#open.set(entry.request, { step: entry.step })
        break
      case 'answer':
        this.#unanswered.delete(entry.request)
        this.#answer(entry)
        break
      case 'lost':
        this.#unanswered.delete(entry.request)
        break
      case 'done':
        record.done = entry
        this.#clear(entry.step)
        break
      case 'caught':
        record.caught = true
        break
      case 'failed':
        record.failed = entry
        delete record.done
        if (entry.part !== true) this.#lastFailed = record
        if (entry.applied === 'no') this.#clear(entry.step)
        break
    }
  }

  /** An error of the server's own says nothing about what it has done; a refusal says that it did nothing. */
  #answer({ request, status, applied }: AnswerEntry): void {
    const open = this.#open.get(request)
    if (open === undefined) return
    if (applied === 'no') this.#open.delete(request)
    else if (status < 400) open.status = status
  }

  #clear(step: string): void {
    for (const [request, open] of this.#open) if (open.step === step) this.#open.delete(request)
  }

  #recordOf(id: string): StepRecord {
    let record = this.#steps.get(id)
    if (record === undefined) {
      record = { id, caught: false, unknown: false }
      this.#steps.set(id, record)
    }
    return record
  }
}

const undone = new WeakMap<object, Ledger>()

/** Remembers which run a runbook undoes. */
export function keepUndone<T extends object>(runbook: T, ledger: Ledger): T {
  undone.set(runbook, ledger)
  return runbook
}

/** The run that a runbook undoes; nothing for any other runbook. */
export function undoneBy(runbook: object): Ledger | undefined {
  return undone.get(runbook)
}
