import { redactText, SECRET_MARK } from './redact.ts'

/** Where a connection string says who connects, and by which password. */
const LOGIN = /\/\/[^/\s@]+@/g

/**
 * Tells that something which a run can do without has failed, as a warning of the process: once for each of its parts,
 * until that part has worked again. A run that goes on would tell it with every request otherwise.
 */
export class Outages {
  readonly #subject: string
  readonly #code: string
  readonly #down = new Set<string>()

  /**
   * @param subject What fails, as the beginning of a sentence.
   * @param code Code of the warning, for those who listen to `process.on('warning')`.
   */
  constructor(subject: string, code: string) {
    this.#subject = subject
    this.#code = code
  }

  /**
   * Tells the failure of a part.
   *
   * @param instead What was done instead, in a sentence.
   * @param secrets What the cause must not show.
   */
  failed(part: string, cause: unknown, instead: string, secrets: readonly string[] = []): void {
    if (this.#down.has(part)) return
    this.#down.add(part)
    const said = cause instanceof Error ? cause.message || cause.name : String(cause)
    const safe = redactText(said, secrets)
      .replace(LOGIN, `//${SECRET_MARK}@`)
      .replace(/[.\s]+$/, '')
    const message = `${this.#subject} failed in ${part}: ${safe}. ${instead} This is told once until it works again.`
    process.emitWarning(message, { type: 'TenantlabWarning', code: this.#code })
  }

  /** The part works: its next failure is told again. */
  worked(part: string): void {
    this.#down.delete(part)
  }
}
