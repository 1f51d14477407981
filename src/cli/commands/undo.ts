import { existsSync } from 'node:fs'
import { undoOf } from '../../run/index.ts'
import { checkUndoTenant, holdForUndo, undoJournal } from '../../runbook/index.ts'
import { PAGES, runningCommand, runOnTargets } from '../runbook/index.ts'

/** `tenantlab undo JOURNAL`: runs the undo plans of a journal, last step first; a second call goes on where the first stopped. */
export const undoCommand = runningCommand('undo', PAGES.undo, async ({ file, values }, output) => {
  const journal = undoJournal(file)
  const held = holdForUndo(file)
  try {
    const { entries } = held
    const { exitCode } = await runOnTargets(
      undoOf(entries, output.redactor),
      { ...values, journal, ...(existsSync(journal) && { resume: true }) },
      {
        mode: values.check === true ? 'check' : 'undo',
        output,
        before: async (session) => checkUndoTenant(entries, session),
      },
    )
    return exitCode
  } finally {
    await held.close()
  }
})
