import { WorkExecution } from '../../pipeline/index.ts'
import { appliedAfter, type Execution, type Flow, type Plan, type RunOptions } from '../../plan/index.ts'
import { rowOf } from '../../wire/index.ts'
import type { Session } from '../session.ts'
import type { Home } from './home.ts'

/** Runs the plans and flows of a script its own way, such as one after the other with a journal. */
export interface Conductor {
  /**
   * Runs what the script ran.
   *
   * @param signal aborts when the script ends the execution.
   */
  run(work: Plan<unknown> | Flow<unknown>, session: Session, signal: AbortSignal): Promise<unknown>
  /** Remembers a plan that takes back what the script has done so far, and that it means to run itself at its end. */
  undo?(work: Plan<unknown> | Flow<unknown>, session: Session): void
}

let conductor: Conductor | undefined

/**
 * Hands every `run()` of a plan or flow of this process to a conductor; the answer ends it. What runs within a flow, and
 * what a conductor runs itself by `events()`, is not handed over again.
 */
export function conduct(next: Conductor): () => void {
  const before = conductor
  conductor = next
  return () => {
    if (conductor === next) conductor = before
  }
}

/** Tells the conductor, where there is one, of a plan that takes something back. */
export function noteUndo(work: Plan<unknown> | Flow<unknown>, session: Session): void {
  conductor?.undo?.(work, session)
}

/** The execution of conducted work; nothing where no conductor has been set, or the work belongs to no session. */
export function conducted<T>(
  work: Plan<T> | Flow<T>,
  home: Home,
  { signal }: RunOptions,
  callSite: Error,
): Execution<T> | undefined {
  const { session } = home
  const leader = conductor
  if (leader === undefined || session === undefined) return undefined
  const about = 'data' in work ? { name: work.data.op, plan: work.data } : { name: work.name }
  return new WorkExecution<T>({ ...about, signal, callSite }, (report) => {
    const controller = new AbortController()
    leader.run(work, session, controller.signal).then(
      (value) => report.succeed(value as T, home.now()),
      (error: unknown) => report.fail(error),
    )
    // The leader alone knows how far it has come.
    const applied = 'data' in work ? appliedAfter('given-up', rowOf(work.data).effect) : 'maybe'
    return { applied, unsubscribe: () => controller.abort() }
  })
}
