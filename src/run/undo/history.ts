import { ConfigurationError, hashPlan, type Plan, type PlanData } from '../../plan/index.ts'
import { internalsOf, type Session, watchWrites } from '../../session/index.ts'
import { inverseOf } from './inverse.ts'

/** A write of this process, as its history lists it. */
export interface WrittenEntry {
  /** From 1 up, in the order in which the answers came. */
  readonly number: number
  readonly session: Session
  readonly plan: PlanData
  readonly before?: unknown
  readonly result?: unknown
  /** Undone since, or itself the undo of another. */
  readonly over: boolean
}

/**
 * What the sessions of this process have written, however it was sent, so that it can be undone by level or by number:
 * each write in the session that sent it, with the values that were there before it.
 */
export class WriteHistory {
  readonly #entries: (WrittenEntry & { over: boolean })[] = []
  /** Undo plans that were handed out, by hash and session, with the entry that each undoes. */
  readonly #offered = new Map<string, { readonly session: Session; readonly number: number }>()
  readonly #end: () => void

  constructor() {
    this.#end = watchWrites(({ session, plan, before, result }) => {
      const offered = this.#offered.get(hashPlan(plan))
      const undoes = offered?.session === session ? this.#entries[offered.number - 1] : undefined
      if (undoes !== undefined) undoes.over = true
      this.#entries.push({
        number: this.#entries.length + 1,
        session,
        plan,
        ...(before !== undefined && { before }),
        ...(result !== undefined && { result }),
        over: undoes !== undefined,
      })
    })
  }

  /** All writes, oldest first. */
  get entries(): readonly WrittenEntry[] {
    return this.#entries
  }

  /**
   * The plan that undoes a write, in the session that sent it. It sends nothing before it is run; once it is, the next
   * call undoes the write before.
   *
   * @param number of the write; the last that is not undone when left out.
   * @throws ConfigurationError where there is nothing to undo, or the write cannot be undone.
   */
  undo(number?: number): { readonly entry: WrittenEntry; readonly plan: Plan<unknown> } {
    const entry =
      number === undefined
        ? this.#entries.findLast(({ over }) => !over)
        : this.#entries.find((each) => each.number === number)
    if (entry === undefined) {
      throw new ConfigurationError(
        number === undefined
          ? 'Nothing was written here that is not undone already.'
          : `There is no write ${number}. This process has sent ${this.#entries.length}.`,
      )
    }
    if (entry.over) throw new ConfigurationError(`The write ${entry.number} is undone already, or is an undo itself.`)
    const plan = internalsOf(entry.session).bind<unknown>(inverseOf(entry.plan, entry))
    this.#offered.set(plan.hash, { session: entry.session, number: entry.number })
    return { entry, plan }
  }

  /** Hears of no further write. */
  close(): void {
    this.#end()
  }
}
