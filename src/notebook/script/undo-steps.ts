import type { Redactor, UndoneRun } from '../../plan/index.ts'
import { checkUndoDrift, DriftError, type JournalEntry, type StepRequest, stepMaker, undoOf } from '../../run/index.ts'
import type { Session } from '../../session/index.ts'

/** What a script says of an undo. */
export interface UndoWords {
  readonly redactor: Redactor
  /** The name of a step with its place in the script: `cell 4: undo clients.create`. */
  place(name: string): string
  say(text: string): void
}

/** How the steps of an undo are run. */
interface UndoSteps extends UndoWords {
  /** Runs one step of the undo as a step of the script. */
  step(request: StepRequest): Promise<unknown>
  /** Runs the reads that tell whether anything was changed since, which are not steps of the script. */
  aside<T>(task: () => Promise<T>): Promise<T>
}

/**
 * Undoes what journal entries record, by steps of the script that is running.
 *
 * @param entries those of one step and its parts, after the line that opens the journal.
 */
export async function undoSteps(
  entries: readonly JournalEntry[],
  session: Session,
  { redactor, say, step, aside }: UndoSteps,
): Promise<UndoneRun> {
  let written = 0
  try {
    await aside(() => checkUndoDrift(entries, session, redactor))
    const steps = undoOf(entries, redactor).steps({
      auth0: session,
      params: undefined,
      step: stepMaker().step,
      tenant: session.domain,
      check: false,
      say,
    })
    let next = await steps.next()
    while (next.done !== true) {
      const request = next.value
      let value: unknown
      try {
        value = await step(request)
      } catch (error) {
        next = await steps.throw(error)
        continue
      }
      if (request.id.startsWith('undo ')) written += 1
      next = await steps.next(value)
    }
    return { status: 'done', written }
  } catch (error) {
    return { status: error instanceof DriftError ? 'drift' : 'failed', written, error }
  }
}
