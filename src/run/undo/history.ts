import { ConfigurationError, type Flow, hashPlan, type Plan, type PlanData } from '../../plan/index.ts'
import { internalsOf, type Session, type WriteScope, watchWrites } from '../../session/index.ts'
import { inverseOf } from './inverse.ts'

/** A write of this process, as its history lists it. */
export interface WrittenEntry {
  /** From 1 up, in the order in which the answers came. */
  readonly number: number
  readonly session: Session
  readonly plan: PlanData
  readonly before?: unknown
  readonly result?: unknown
  /** The run or flow that it is part of. */
  readonly scope?: WriteScope
  /** Undone since, or itself the undo of another. */
  readonly over: boolean
}

/** What undoes a write, or all that a run or flow has written. */
export interface OfferedUndo {
  /** What is undone, the last first. */
  readonly entries: readonly WrittenEntry[]
  /** What the same run has written and nothing undoes. */
  readonly lasting: readonly WrittenEntry[]
  /** Inert until run: the plan of a write, the flow of several. */
  readonly work: Plan<unknown> | Flow<unknown>
}

interface KnownEntry extends WrittenEntry {
  over: boolean
  /** Hash of the undo plan that was handed out. */
  offered?: string
}

/**
 * What the sessions of this process have written, however it was sent, so that it can be undone by level or by number:
 * each write in the session that sent it, with the values that were there before it.
 */
export class WriteHistory {
  readonly #entries: KnownEntry[] = []
  readonly #end: () => void

  constructor() {
    this.#end = watchWrites(({ session, plan, before, result, scope }) => {
      const undone = this.#undoneBy(plan, session, scope)
      for (const entry of undone) entry.over = true
      this.#entries.push({
        number: this.#entries.length + 1,
        session,
        plan,
        ...(before !== undefined && { before }),
        ...(result !== undefined && { result }),
        ...(scope !== undefined && { scope }),
        over: undone.length > 0 || scope?.undoes !== undefined,
      })
    })
  }

  /** All writes, oldest first. */
  get entries(): readonly WrittenEntry[] {
    return this.#entries
  }

  /**
   * What undoes a write, in the session that sent it. It sends nothing before it is run; once it is, the next call undoes
   * what was written before.
   *
   * @param number of the write, which is undone alone. When left out: the last that is not undone, with all that the same
   *   run or flow has written.
   * @throws ConfigurationError where there is nothing to undo, or the write cannot be undone.
   */
  undo(number?: number): OfferedUndo {
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
    const run = entry.scope?.run
    const together = number !== undefined || run === undefined ? [] : this.#entries.filter(isOpenPartOf(run))
    if (together.length < 2) return { entries: [entry], lasting: [], work: this.#offer(entry) }
    return this.#undoTogether(together.reverse())
  }

  /** @param together the last first. */
  #undoTogether(together: readonly KnownEntry[]): OfferedUndo {
    const plans = new Map<KnownEntry, Plan<unknown>>()
    let refused: unknown
    for (const entry of together) {
      try {
        plans.set(entry, this.#offer(entry))
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error
        refused ??= error
      }
    }
    const [first] = plans.keys()
    if (first === undefined) throw refused
    const work = internalsOf(first.session).runner.flow<unknown>(
      'undo',
      () => [...plans].map(([entry, { data }]) => ({ purpose: `undo write ${entry.number}`, plan: data })),
      async ({ run }) => {
        const values: unknown[] = []
        // What was written last is undone first: it may rest on what was written before it.
        for (const plan of plans.values()) values.push(await run(plan))
        const known = values.filter((value) => value !== undefined)
        return known.length === 0 ? undefined : known
      },
    )
    return { entries: [...plans.keys()], lasting: together.filter((entry) => !plans.has(entry)), work }
  }

  #offer(entry: KnownEntry): Plan<unknown> {
    const plan = internalsOf(entry.session).bind<unknown>(inverseOf(entry.plan, entry))
    entry.offered = plan.hash
    return plan
  }

  /** What a write undoes: what its undo was handed out for, or what the run has written that its own run undoes. */
  #undoneBy(plan: PlanData, session: Session, scope: WriteScope | undefined): readonly KnownEntry[] {
    const hash = hashPlan(plan)
    const offered = this.#entries.findLast((each) => !each.over && each.offered === hash && each.session === session)
    if (offered !== undefined) return [offered]
    if (scope?.undoes === undefined) return []
    const open = this.#entries.filter(isOpenPartOf(scope.undoes)).reverse()
    const exact = open.find((each) => inverseHash(each) === hash)
    if (exact !== undefined) return [exact]
    // An undo of the reader's own may be any plan; its step is named after the one that it undoes.
    return open.filter((each) => each.scope?.step !== undefined && isUndoStep(scope.step, each.scope.step))
  }

  /** Hears of no further write. */
  close(): void {
    this.#end()
  }
}

function isOpenPartOf(run: string | symbol): (entry: KnownEntry) => boolean {
  return ({ over, scope }) => !over && scope?.run === run
}

function isUndoStep(step: string | undefined, undone: string): boolean {
  return step === `undo ${undone}` || step?.replace(/ \(\d+\)$/, '') === `undo ${undone}`
}

/** The hash of the plan that undoes a write; nothing where none does. */
function inverseHash(entry: WrittenEntry): string | undefined {
  try {
    return hashPlan(inverseOf(entry.plan, entry))
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined
    throw error
  }
}
