import { existsSync } from 'node:fs'
import { ConfigurationError } from '../../plan/index.ts'
import { DecisionError, readJournal, undoRunbook, Vault } from '../../runbook/index.ts'
import type { Command } from '../command.ts'
import { CONNECTION, type OptionTable, OUTPUT, readWords, runOnTargets, tableHelp } from '../runbook/index.ts'

const TABLE: OptionTable = {
  check: { type: 'boolean', help: 'only shows what would be taken back' },
  ...OUTPUT,
  ...CONNECTION,
}

/** `tenantlab undo JOURNAL`: runs the undo plans of a journal, last step first; a second call goes on where the first stopped. */
export const undoCommand: Command = {
  name: 'undo',
  usage: 'undo JOURNAL [--check]',
  summary: 'Takes back what a journal records, last step first.',
  options: {},
  help: {},
  ownWords: true,
  async run({ args, write, warn }) {
    const { positionals, values } = readWords(args, TABLE, [])
    const [path] = positionals
    if (values.help === true) {
      write(['tenantlab undo JOURNAL', '', ...tableHelp(TABLE)].join('\n'))
      return 0
    }
    if (path === undefined) throw new ConfigurationError('tenantlab undo needs a journal: tenantlab undo FILE.jsonl')
    const entries = readJournal(path)
    const [opened] = entries
    const vault = new Vault()
    try {
      const journal = path.replace(/(\.jsonl)?$/, '.undo.jsonl')
      const resume = existsSync(journal)
      const { exitCode } = await runOnTargets(
        undoRunbook(entries, vault),
        { ...values, journal, ...(resume && { resume: true }) },
        {
          vault,
          mode: values.check === true ? 'check' : 'undo',
          write,
          async before({ domain }) {
            if (opened?.type !== 'journal' || opened.tenant === domain) return
            throw new ConfigurationError(
              `The journal belongs to the tenant ${opened.tenant}, and the session is connected with ${domain}. Nothing was sent. Connect with the journal's tenant.`,
            )
          },
        },
      )
      return exitCode
    } catch (error) {
      if (!(error instanceof DecisionError)) throw error
      warn(error.message)
      return 3
    }
  },
}
