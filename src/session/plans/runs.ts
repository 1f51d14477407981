import { optionFault } from '../../catalogue/index.ts'
import { WorkExecution } from '../../pipeline/index.ts'
import {
  appliedAfter,
  type BasePlan,
  type Execution,
  type Flow,
  type JournalOptions,
  type RunOptions,
  refuseArgument,
  type UndoneRun,
} from '../../plan/index.ts'
import { rowOf } from '../../wire/index.ts'
import type { Internals } from '../internals.ts'
import type { Session } from '../session.ts'

// What every `run()` of a plan or flow passes first: the check of its options, guards, and the interceptor of a script.

/** Runs the plans and flows of a script its own way, such as one after the other with a journal. */
export interface RunInterceptor {
  /**
   * Runs what the script ran.
   *
   * @param signal aborts when the script ends the execution.
   */
  run(work: BasePlan<unknown> | Flow<unknown>, session: Session, signal: AbortSignal): Promise<unknown>
  /** What undoes the run whose value this is; nothing where it is not known. Given what `run()` returned. */
  undoOf?(value: Promise<unknown>): (() => Promise<UndoneRun>) | undefined
  /** Remembers a plan that undoes what the script has done so far, and that it means to run itself at its end. */
  undo?(work: BasePlan<unknown> | Flow<unknown>, session: Session): void
}

let interceptor: RunInterceptor | undefined

/**
 * Hands every `run()` of a plan or flow of this process to an interceptor; returns a function that ends it. What runs
 * within a flow, and what an interceptor runs itself by `events()`, is not handed over again.
 */
export function interceptRuns(next: RunInterceptor): () => void {
  const before = interceptor
  interceptor = next
  return () => {
    if (interceptor === next) interceptor = before
  }
}

type RunGuard = (work: BasePlan<unknown> | Flow<unknown>) => void

const guards = new Set<RunGuard>()

/** Asks a guard before every `run()` of a plan or flow of this process; what it throws is thrown there. */
export function guardRuns(guard: RunGuard): () => void {
  guards.add(guard)
  return () => guards.delete(guard)
}

/** Tells the interceptor, where there is one, of a plan that undoes something. */
export function noteUndo(work: BasePlan<unknown> | Flow<unknown>, session: Session): void {
  interceptor?.undo?.(work, session)
}

/** The execution of intercepted work; nothing where there is no interceptor, or the work belongs to no session. */
export function intercepted<T>(
  work: BasePlan<T> | Flow<T>,
  { session, runner }: Internals,
  { signal }: RunOptions,
  callSite: Error,
): Execution<T> | undefined {
  for (const guard of guards) guard(work)
  const present = interceptor
  if (present === undefined || session === undefined) return undefined
  const about = 'data' in work ? { name: work.data.op, plan: work.data } : { name: work.name }
  let undo: (() => Promise<UndoneRun>) | undefined
  const execution = new WorkExecution<T>({ ...about, signal, callSite }, (report) => {
    const controller = new AbortController()
    const value = present.run(work, session, controller.signal)
    undo = present.undoOf?.(value)
    value.then(
      (value) => report.succeed(value as T, runner.now()),
      (error: unknown) => report.fail(error),
    )
    // The interceptor alone knows how far it has come.
    const applied = 'data' in work ? appliedAfter('given-up', rowOf(work.data).effect) : 'maybe'
    return { applied, unsubscribe: () => controller.abort() }
  })
  undos.set(execution, () => undo?.())
  return execution
}

const undos = new WeakMap<object, () => Promise<UndoneRun> | undefined>()

/** Undoes an intercepted run; nothing where its interceptor knows no way. */
export function undoIntercepted(execution: Execution<unknown>): Promise<UndoneRun> | undefined {
  return undos.get(execution)?.()
}

/**
 * Refuses options of a run that are unknown or of the wrong kind.
 *
 * @param place the call, for messages.
 * @throws ValidationError before anything is sent.
 */
export function checkRunOptions(
  options: (RunOptions & Partial<JournalOptions>) | undefined,
  place: string,
  names: readonly string[],
): void {
  if (options === undefined) return
  const fault = optionFault(options, names)
  if (fault !== undefined) refuseArgument(place, fault)
  const refuse = (path: string, rule: string, next: string): never => refuseArgument(place, { path, rule, next })
  const { signal, maxQueue, journal } = options
  if (journal !== undefined && typeof journal !== 'boolean' && (typeof journal !== 'string' || journal === '')) {
    refuse('journal', 'must be the path of a file, or true', 'Pass true to keep the journal in memory.')
  }
  if (signal !== undefined && !(typeof signal === 'object' && 'aborted' in signal && 'addEventListener' in signal)) {
    refuse('signal', 'must be an AbortSignal', 'Pass controller.signal, or AbortSignal.timeout(milliseconds).')
  }
  if (maxQueue !== undefined && !(Number.isInteger(maxQueue) && maxQueue >= 0)) {
    refuse('maxQueue', 'must be a whole number, 0 or more', 'Leave it out to wait in a queue of any length.')
  }
}
