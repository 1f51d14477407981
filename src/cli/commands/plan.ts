import { ConfigurationError } from '../../plan/index.ts'
import { isRunbook, loadFile, parameterHelp, parametersOf, planFile, writePlanFile } from '../../runbook/index.ts'
import { backstageOf } from '../../session/index.ts'
import type { Command } from '../command.ts'
import {
  CONNECTION,
  fileAmong,
  type OptionTable,
  OUTPUT,
  RUN,
  readWords,
  runOnTargets,
  tableHelp,
  textOf,
  withWrites,
} from '../runbook/index.ts'

const { journal: _, ...SELECTION } = RUN
const TABLE: OptionTable = {
  out: { type: 'string', short: 'o', help: 'file to write; plan.json unless given' },
  ...SELECTION,
  'detailed-exitcode': { type: 'boolean', help: '2 when changes are pending' },
  ...OUTPUT,
  ...CONNECTION,
}

/** `tenantlab plan FILE -o plan.json`: the concrete plans of a runbook, and the state that they are based on. */
export const planCommand: Command = {
  name: 'plan',
  usage: 'plan FILE [-o plan.json]',
  summary: 'Saves what a runbook would send, and the state that it is based on, for review and apply.',
  options: {},
  help: {},
  ownWords: true,
  async run({ args, write }) {
    const file = fileAmong(args, TABLE)
    if (file === undefined) {
      if (!args.includes('--help') && !args.includes('-h'))
        throw new ConfigurationError('tenantlab plan needs a runbook: tenantlab plan FILE.ts -o plan.json')
      write(['tenantlab plan FILE', '', ...tableHelp(TABLE)].join('\n'))
      return 0
    }
    return withWrites('predict', async () => {
      const runbook = await loadFile(file)
      if (!isRunbook(runbook)) {
        throw new ConfigurationError(
          `${file} exports no runbook. Write export default defineRunbook({ … }), or use tenantlab run --check.`,
        )
      }
      const parameters = parametersOf(runbook.params)
      const { values } = readWords(args, TABLE, parameters)
      if (values.help === true) {
        write([`tenantlab plan ${file}`, '', ...parameterHelp(parameters), '', ...tableHelp(TABLE)].join('\n'))
        return 0
      }
      const out = textOf(values, 'out') ?? 'plan.json'
      const several = Array.isArray(values.tenant) && values.tenant.length > 1
      const { exitCode } = await runOnTargets(runbook, values, {
        mode: 'plan',
        write,
        after(session, result, params) {
          if (result.status !== 'done') return
          const path = several ? out.replace(/(\.json)?$/, `.${session.domain.replace(/[^\w.-]/g, '_')}.json`) : out
          const { who } = backstageOf(session)
          const at = new Date().toISOString()
          writePlanFile(
            path,
            planFile({
              runbook: runbook.name,
              tenant: session.domain,
              at,
              who,
              params: result.params ?? params,
              steps: result.planned,
            }),
          )
          if (values.json !== true) write(`plan ${path}`)
        },
      })
      return exitCode
    })
  },
}
