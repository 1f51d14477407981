import { existsSync } from 'node:fs'
import { checkUndoDrift, undoOf } from '../../run/index.ts'
import { checkUndoTenant, holdForUndo, undoJournal } from '../../runbook/index.ts'
import { runOnTargets, telling } from '../runbook/index.ts'
import { CONNECTION, type Command, OUTPUT } from '../words/index.ts'

/** `tenantlab undo JOURNAL`: runs the undo plans of a journal, last step first; a second call goes on where the first stopped. */
export const command: Command = {
  usage: 'JOURNAL [--check] [OPTION …]',
  about:
    'Runs the undo plans that a journal holds, last step first, with a journal of its own beside it. Called again, it ' +
    'continues where it stopped.',
  takes: [{ name: 'JOURNAL' }],
  options: {
    check: { type: 'boolean', help: 'only shows what would be undone' },
    yes: { type: 'boolean', help: 'answers confirmations with yes' },
    ...OUTPUT,
    ...CONNECTION,
  },
  exits: [0, 1, 3, 4, 64],
  examples: ['tenantlab undo .tenantlab/journals/block-a-country/eu.auth0.com/….jsonl --check'],
  run: (call) =>
    telling(call, async (output) => {
      const {
        words: [file = ''],
        values,
      } = call.read()
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
            async before(session) {
              checkUndoTenant(entries, session)
              if (!existsSync(journal)) await checkUndoDrift(entries, session, output.redactor)
            },
          },
        )
        return exitCode
      } finally {
        await held.close()
      }
    }),
}
