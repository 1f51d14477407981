import { existsSync } from 'node:fs'
import { ConfigurationError } from '../../plan/index.ts'
import { fileJournal, readJournal, undoRunbook } from '../../runbook/index.ts'
import { PAGES, runningCommand, runOnTargets } from '../runbook/index.ts'

/** `tenantlab undo JOURNAL`: runs the undo plans of a journal, last step first; a second call goes on where the first stopped. */
export const undoCommand = runningCommand('undo', PAGES.undo, async ({ file, values }, output) => {
  // It must be there already, and a journal.
  readJournal(file)
  const journal = file.replace(/(\.jsonl)?$/, '.undo.jsonl')
  // A run that is still going on must not be taken back under its hands, nor go on while it is.
  const held = fileJournal(file)
  try {
    const { entries } = held
    const [opened] = entries
    const { exitCode } = await runOnTargets(
      undoRunbook(entries, output.vault),
      { ...values, journal, ...(existsSync(journal) && { resume: true }) },
      {
        mode: values.check === true ? 'check' : 'undo',
        output,
        async before({ domain }) {
          if (opened?.type !== 'journal' || opened.tenant === domain) return
          throw new ConfigurationError(
            `The journal belongs to the tenant ${opened.tenant}, and the session is connected with ${domain}. Nothing was sent. Connect with the journal's tenant.`,
          )
        },
      },
    )
    return exitCode
  } finally {
    await held.close()
  }
})
