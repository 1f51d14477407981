import { ConfigurationError } from '../../plan/index.ts'
import {
  changeLine,
  checkDrift,
  checkTenant,
  DecisionError,
  DriftError,
  readPlanFile,
  runbookOf,
  Vault,
} from '../../runbook/index.ts'
import type { Session } from '../../session/index.ts'
import type { Command } from '../command.ts'
import {
  askLine,
  CONNECTION,
  isAttended,
  type OptionTable,
  OUTPUT,
  RUN,
  readWords,
  runOnTargets,
  tableHelp,
} from '../runbook/index.ts'

const TABLE: OptionTable = {
  yes: { type: 'boolean', help: "does not ask for the tenant's name" },
  journal: RUN.journal as OptionTable[string],
  resume: { type: 'boolean', help: 'goes on with the latest unfinished journal' },
  ...OUTPUT,
  ...CONNECTION,
}

/** `tenantlab apply plan.json`: exactly the writes of a plan file, unless the tenant is another or has drifted. */
export const applyCommand: Command = {
  name: 'apply',
  usage: 'apply PLAN [--yes]',
  summary: 'Applies exactly what a plan file says; refuses when the tenant has drifted.',
  options: {},
  help: {},
  ownWords: true,
  async run({ args, write, warn }) {
    const { positionals, values } = readWords(args, TABLE, [])
    const [path] = positionals
    if (values.help === true) {
      write(['tenantlab apply PLAN', '', ...tableHelp(TABLE)].join('\n'))
      return 0
    }
    if (path === undefined) throw new ConfigurationError('tenantlab apply needs a plan file: tenantlab apply plan.json')
    const file = readPlanFile(path)
    const vault = new Vault()
    try {
      const { exitCode } = await runOnTargets(runbookOf(file, vault), values, {
        mode: 'apply',
        vault,
        write,
        async before(session) {
          checkTenant(file, session)
          if (values.resume !== true) await checkDrift(file, session, vault)
          if (values.yes !== true) await confirmTenant(session)
        },
      })
      return exitCode
    } catch (error) {
      if (!(error instanceof DriftError || error instanceof DecisionError)) throw error
      if (error instanceof DriftError) {
        for (const { step, changes } of error.drifts) {
          write(`! ${step} has drifted`)
          for (const change of changes) write(`    ${changeLine(change)}`)
        }
      }
      warn(error.message)
      return error instanceof DriftError ? 4 : 3
    }
  },
}

async function confirmTenant({ domain }: Session): Promise<void> {
  if (!isAttended()) {
    throw new DecisionError(
      'apply',
      `Nobody can be asked whether to change ${domain}. Nothing was sent. Run it on a terminal, or with --yes.`,
    )
  }
  const typed = await askLine(`This changes ${domain}. Type the name of the tenant to go on:`)
  if (typed !== domain) throw new DecisionError('apply', `That is not ${domain}. Nothing was sent.`)
}
