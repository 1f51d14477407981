import type { Flow, UndoneRun } from '../plan/index.ts'
import { Redactor, type Runbook, type StepRequest } from '../run/index.ts'
import type { FlowRunOptions, JournalledRun, Session } from '../session/index.ts'
import { defineRunbook } from './define.ts'
import { memoryJournal } from './report/index.ts'
import { keepOfFlow, runRunbook } from './run-runbook.ts'
import { undoRun } from './undo-run.ts'

const LONGEST_NAME = 80

/** A flow as a runbook of one step: its parts are the steps that a journal and a review name. */
export function runbookOfFlow(flow: Flow<unknown>, handsOn = false): Runbook<Record<string, never>> {
  const { name } = flow
  return defineRunbook({
    name: name.replace(/[^\w.-]+/g, '-').slice(0, LONGEST_NAME) || 'flow',
    async *steps({ step }) {
      const [request] = step(name.replace(/[{}\s]+/g, ' ').trim() || 'flow', flow)
      return yield handsOn ? { ...(request as StepRequest), handsOnFailures: true } : (request as StepRequest)
    },
  })
}

/** Runs a flow with a journal, from which its undo is made. */
export function runFlow(
  flow: Flow<unknown>,
  session: Session,
  { journal: given, signal, heard, handsOn }: FlowRunOptions,
): JournalledRun {
  const journal = given === true ? memoryJournal() : given
  const redactor = new Redactor()
  const value = runRunbook(keepOfFlow(runbookOfFlow(flow, handsOn)), session, {
    journal,
    signal,
    heard,
    redactor,
  }).then((result) => {
    if ('error' in result) throw result.error
    return result.value
  })
  return {
    value,
    async undo(): Promise<UndoneRun> {
      // Also what a run wrote that failed is undone.
      await value.catch(() => undefined)
      const { status, summary, error } = await undoRun(journal, session, { redactor, yes: true })
      return { status, written: summary.written, ...(error !== undefined && { error }) }
    },
  }
}
