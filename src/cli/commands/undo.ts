import { existsSync } from 'node:fs'
import { checkUndoDrift, type JournalEntry, undoOf } from '../../run/index.ts'
import { checkUndoTenant, holdForUndo, ledgerOf, readJournal, undoJournal } from '../../runbook/index.ts'
import {
  confirmTenant,
  type ListedJournal,
  listJournals,
  pruneJournals,
  runOnTargets,
  telling,
} from '../runbook/index.ts'
import { type Call, CONNECTION, type Command, durationOf, MisuseError, OUTPUT, openNamed } from '../words/index.ts'

/** `tenantlab undo JOURNAL`: runs the undo plans of a journal, last step first; a second call goes on where the first stopped. */
export const command: Command = {
  usage: 'JOURNAL [--check] [OPTION …] | --list | --prune AGE',
  about:
    'Runs the undo plans that a journal holds, last step first, with a journal of its own beside it. On a terminal it ' +
    "asks for the tenant's name; elsewhere it needs --yes. Called again, it continues where it stopped. --list shows the journals of this folder; " +
    '--prune deletes old ones that are done or undone, or whose embedded tenant is gone.',
  takes: [{ name: 'JOURNAL', optional: true }],
  options: {
    check: { type: 'boolean', help: 'only shows what would be undone' },
    yes: { type: 'boolean', help: "asks neither for the tenant's name nor for confirmations" },
    list: { type: 'boolean', help: 'lists the journals of this folder, and undoes nothing' },
    prune: {
      type: 'string',
      value: 'AGE',
      help: 'deletes journals older than this, such as 30d, that are done or undone; unfinished ones stay',
    },
    ...OUTPUT,
    ...CONNECTION,
  },
  exits: [0, 1, 3, 4, 64],
  examples: ['tenantlab undo .tenantlab/journals/block-a-country/eu.auth0.com/….jsonl --check'],
  run: (call) =>
    call.args.some((word) => /^--(list|prune)/.test(word))
      ? journals(call)
      : telling(call, async (output) => {
          const {
            words: [file = ''],
            values,
          } = call.read({ takes: [{ name: 'JOURNAL' }] })
          const journal = undoJournal(file)
          const whole = openNamed(file, () => readJournal(file))
          if (whole.length === 0) {
            throw new MisuseError(`${file} has no whole line of a journal. Give the path that the run printed.`)
          }
          const held = holdForUndo(file)
          try {
            const { entries } = held
            const { exitCode } = await runOnTargets(
              undoOf(entries, output.redactor),
              { ...values, journal, ...(existsSync(journal) && { resume: true }) },
              {
                mode: values.check === true ? 'check' : 'undo',
                output,
                async before(session, talk) {
                  checkUndoTenant(entries, session)
                  if (!existsSync(journal)) await checkUndoDrift(entries, session, output.redactor)
                  const undone = stepsUndone(entries)
                  if (values.check === true || values.yes === true || undone === 0) return
                  const what = `the undo of ${undone} ${undone === 1 ? 'step' : 'steps'}`
                  await confirmTenant(session.domain, what, talk)
                },
              },
            )
            return exitCode
          } finally {
            await held.close()
          }
        }),
}

/** How many steps of a journal an undo would send something for. */
function stepsUndone(entries: readonly JournalEntry[]): number {
  return [...ledgerOf(entries).steps.values()].filter(({ done, unknown }) => unknown || (done?.undo?.length ?? 0) > 0)
    .length
}

/** `--list` and `--prune`: what journals there are, and those that go. */
async function journals({ read, write }: Call): Promise<number> {
  const { values } = read({ takes: [] })
  const { list, prune, json, ...others } = values
  const [idle] = Object.keys(others)
  if (idle !== undefined || (list !== undefined && prune !== undefined)) {
    throw new MisuseError(
      `--${idle ?? 'list'} would be left out: give ${prune === undefined ? '--list' : '--prune'} alone, or with --json.`,
    )
  }
  const age = durationOf(values, 'prune')
  const shown = age === undefined ? listJournals() : pruneJournals(age, Date.now())
  for (const journal of shown) write(json === true ? JSON.stringify(journal) : lineOf(journal))
  if (json !== true && shown.length === 0) write(age === undefined ? 'There is no journal here.' : 'Nothing to delete.')
  else if (json !== true && age !== undefined) write(`Deleted ${shown.length}.`)
  return 0
}

function lineOf({ path, runbook, tenant, mode, at, status }: ListedJournal): string {
  return `${status.padEnd(10)}  ${at.slice(0, 16).padEnd(16)}  ${[mode, runbook, tenant].filter(Boolean).join(' ')}\n            ${path}`
}
