import { ConfigurationError } from '../../plan/index.ts'
import { appliesNothing, isRunbook, loadFile, parametersOf, planFile, writePlanFile } from '../../runbook/index.ts'
import { backstageOf } from '../../session/index.ts'
import type { Command, CommandContext } from '../command.ts'
import {
  fileAmong,
  type Output,
  PAGES,
  pageText,
  readWords,
  runOnTargets,
  textOf,
  withOutput,
  withWrites,
} from '../runbook/index.ts'

const PAGE = PAGES.plan
const NOTHING =
  'Nothing to apply: no write would change the tenant. What the runbook does besides, such as writing a file, only ' +
  'tenantlab run does.'

/** `tenantlab plan FILE -o plan.json`: the concrete plans of a runbook, and the state that they are based on. */
export const planCommand: Command = {
  name: 'plan',
  usage: PAGE.usage,
  summary: PAGE.summary,
  options: {},
  help: {},
  ownWords: true,
  run: (context) => withOutput(context, (output) => planRunbook(context, output)),
}

async function planRunbook({ args, write }: CommandContext, output: Output): Promise<number> {
  const file = fileAmong(args, PAGE.options)
  if (file === undefined) {
    if (!args.includes('--help') && !args.includes('-h'))
      throw new ConfigurationError('tenantlab plan needs a runbook: tenantlab plan FILE.ts -o plan.json')
    write(pageText(PAGE))
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
    const { values } = readWords(args, PAGE.options, parameters)
    if (values.help === true) {
      write(pageText(PAGE, { file, description: runbook.description, parameters }))
      return 0
    }
    const out = textOf(values, 'out') ?? 'plan.json'
    const several = Array.isArray(values.tenant) && values.tenant.length > 1
    const { exitCode } = await runOnTargets(runbook, values, {
      mode: 'plan',
      output,
      after(session, result) {
        if (result.status !== 'done') return
        const path = several ? out.replace(/(\.json)?$/, `.${session.domain.replace(/[^\w.-]/g, '_')}.json`) : out
        const { who } = backstageOf(session)
        const at = new Date().toISOString()
        const plan = planFile({
          runbook: runbook.name,
          tenant: session.domain,
          at,
          who,
          ...(result.params !== undefined && { params: result.params }),
          steps: result.planned,
        })
        writePlanFile(path, plan)
        if (appliesNothing(plan)) output.note(NOTHING)
        output.note(`plan ${path}`)
      },
    })
    return exitCode
  })
}
