import type { AuditRecord, AuditTrail, Journal, JournalEntry } from '../journal/index.ts'

/**
 * Writes the journal and the audit trail of one run, one line after the other, whether they answer at once or later.
 * The first failure is the last thing that is written.
 */
export class Recorder {
  readonly #journal: Journal
  readonly #audit: AuditTrail
  #pending: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(journal: Journal, audit: AuditTrail) {
    this.#journal = journal
    this.#audit = audit
  }

  /** Why nothing can be written any more. */
  get failure(): unknown {
    return this.#failure?.error
  }

  /** @throws The failure of this line or of an earlier one, where it is known already; else `written()` tells it. */
  append(entry: JournalEntry): void {
    this.#write(() => this.#journal.append(entry))
  }

  /** @throws As `append()` does. */
  record(record: AuditRecord): void {
    this.#write(() => this.#audit.record(record))
  }

  /** Waits until everything so far is written, and rejects where it could not be; nothing where it is written already. */
  written(): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error)
    return this.#pending?.then(() => {
      if (this.#failure !== undefined) throw this.#failure.error
    })
  }

  #write(line: () => void | PromiseLike<void>): void {
    if (this.#failure !== undefined) throw this.#failure.error
    if (this.#pending !== undefined) {
      return this.#follow(
        this.#pending.then(() => {
          if (this.#failure === undefined) return line()
        }),
      )
    }
    try {
      const later = line()
      if (later !== undefined) this.#follow(later)
    } catch (error) {
      this.#failure = { error }
      throw error
    }
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
