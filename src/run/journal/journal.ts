import type { JournalEntry, RunOrigin } from './entry.ts'

/**
 * Where a run's journal is kept: a file here; a shared store can take its place.
 *
 * What must hold, since requests are sent on the strength of it:
 * - Durability: when `append()` has returned, or the promise that it answers is fulfilled, and `flush()` besides where
 *   there is one, the entry survives the loss of
 *   the process and of power. Only then does the request leave that it tells of.
 * - Order: entries are kept in the order of the calls. The run calls `append()` for one entry at a time, and waits for
 *   it before the next.
 * - Failure: an error thrown, or a rejection, ends the run; nothing is sent and nothing is appended after it. Better
 *   fail than answer when it is not known whether the entry was kept: an entry that was kept all the same does no harm.
 * - One writer: who opens a journal owns it until `close()`. A second run that opens it meanwhile must be refused, and
 *   the journal of a process that died must be free again. Where that rests on a lease, `append()` must fail once it is lost.
 * - Privacy: entries hold no secret, but they name users and applications. Only who may run the runbook should read them.
 */
export interface Journal {
  /** What was in it when it was opened, in order. */
  readonly entries: readonly JournalEntry[]
  append(entry: JournalEntry): void | PromiseLike<void>
  /**
   * Makes durable what was appended, where `append()` alone does not: it is called once for all lines of the steps that run
   * at once, and no request leaves before.
   */
  flush?(): void | PromiseLike<void>
  /** Releases it for the next run. Called once, also after a failure. */
  close(): void | PromiseLike<void>
}

/** Opens a journal when the run begins, such as one over a network; rejects when another run has it. */
export type OpenJournal = () => Journal | PromiseLike<Journal>

/** A journal in memory: for checks, which leave no trace, and for tests. */
export function memoryJournal(entries: JournalEntry[] = []): Journal {
  return { entries, append: (entry) => void entries.push(entry), close() {} }
}

/** One request, for those who later ask who did what. Holds no secret. */
export interface AuditRecord {
  readonly at: string
  readonly run: string
  readonly runbook: string
  readonly who: string
  /** Who ran it, where, and with which code. */
  readonly origin?: RunOrigin
  readonly tenant: string
  readonly step: string
  /** Number of the request in its run; the journal's lines of it have the same. */
  readonly request: number
  readonly method: string
  readonly path: string
  /** Hash of the plan that was sent; absent where it is not known, as for a request of a flow after a kill. */
  readonly plan?: string
  /** Hash of the plan that `tenantlab show` prints for the step; another than `plan` where values were put into it. */
  readonly reviewed?: string
  /** Hash of the plan file that was applied. */
  readonly planFile?: string
  readonly attempt: number
  /** Absent when no answer came. */
  readonly status?: number
  /**
   * Why no answer came: the kind of the error, such as `network`, `timeout` or `aborted`; `killed` where a later run
   * found the request without an answer. A record of the same request that has a status counts for more.
   */
  readonly fault?: string
  readonly requestId?: string
}

/**
 * Where the records of a run go. Records are handed over one after the other, each when its request is over; a failure
 * ends the run as that of its journal does.
 */
export interface AuditTrail {
  record(record: AuditRecord): void | PromiseLike<void>
  /** As `flush()` of a journal. */
  flush?(): void | PromiseLike<void>
  close(): void | PromiseLike<void>
}

/** Keeps nothing: for checks. */
export const noAudit: AuditTrail = { record() {}, close() {} }

/**
 * Writes the journal and the audit trail of one run, one line after the other, whether they answer at once or later.
 * The first failure is the last thing that is written.
 */
export class Records {
  readonly #journal: Journal
  readonly #audit: AuditTrail
  #pending: Promise<void> | undefined
  #flushing: Promise<void> | undefined
  /** True where lines were handed over that are not durable yet. */
  #unflushed = false
  #failure: { readonly error: unknown } | undefined

  constructor(journal: Journal, audit: AuditTrail) {
    this.#journal = journal
    this.#audit = audit
  }

  /** Why the journal or the audit trail could not be written; nothing is sent or written after that. */
  get failure(): unknown {
    return this.#failure?.error
  }

  /**
   * Writes a line of the journal, or an audit record, in its turn; a run without its journal ends.
   *
   * @throws The failure of this line or of an earlier one, where it is known already; else `written()` tells it.
   */
  append(line: JournalEntry | AuditRecord): void {
    if (this.#failure !== undefined) throw this.#failure.error
    const { flush } = 'type' in line ? this.#journal : this.#audit
    this.#unflushed ||= flush !== undefined
    if (this.#pending !== undefined) return this.#follow(this.#inTurn(this.#pending, line))
    try {
      const later = 'type' in line ? this.#journal.append(line) : this.#audit.record(line)
      if (later !== undefined) this.#follow(later)
    } catch (error) {
      this.#failure = { error }
      throw error
    }
  }

  /** Waits until everything so far is durable, and rejects where it could not be; nothing where it is so already. */
  written(): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error)
    if (this.#pending !== undefined) return this.#pending.then(() => this.#checkedFlush())
    return this.#unflushed ? this.#flushed() : undefined
  }

  async #checkedFlush(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error
    if (this.#unflushed) await this.#flushed()
  }

  /** Steps that run at once share one flush: it begins when all of them have written what they had to. */
  #flushed(): Promise<void> {
    this.#flushing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#flush())
    return this.#flushing
  }

  async #flush(): Promise<void> {
    this.#flushing = undefined
    this.#unflushed = false
    try {
      await this.#journal.flush?.()
      await this.#audit.flush?.()
    } catch (error) {
      this.#failure ??= { error }
      throw error
    }
  }

  /** Writes a line after those that are being written; nothing where one of them failed. */
  async #inTurn(earlier: Promise<void>, line: JournalEntry | AuditRecord): Promise<void> {
    await earlier
    if (this.#failure !== undefined) return
    await ('type' in line ? this.#journal.append(line) : this.#audit.record(line))
  }

  #follow(line: PromiseLike<void>): void {
    const pending: Promise<void> = Promise.resolve(line)
      .catch((error: unknown) => {
        this.#failure ??= { error }
      })
      .then(() => {
        if (this.#pending === pending) this.#pending = undefined
      })
    this.#pending = pending
  }
}
