import { extname } from 'node:path'
import { loadFile } from '../../code/index.ts'
import type { EndedRun } from '../../notebook/index.ts'
import { ConfigurationError } from '../../plan/index.ts'
import { appliesNothing } from '../../run/index.ts'
import { isRunbook, planFile, writePlanFile } from '../../runbook/index.ts'
import { internalsOf } from '../../session/index.ts'
import {
  EMBEDDED,
  nameOf,
  type Output,
  PAGES,
  type Program,
  programCommand,
  programWords,
  runNotebookFile,
  runOnTargets,
  textOf,
  withWrites,
} from '../runbook/index.ts'

const PAGE = PAGES.plan
const NOTHING =
  'Nothing to apply: no write would change the tenant. What the runbook does besides, such as writing a file, only ' +
  'tenantlab run does.'

/** `tenantlab plan FILE -o plan.json`: the concrete plans of a runbook, and the state that they are based on. */
export const planCommand = programCommand('plan', PAGE, 'a runbook: tenantlab plan FILE.ts -o plan.json', (program) =>
  withWrites('check', () => (extname(program.file) === '.ipynb' ? planNotebook(program) : planRunbook(program))),
)

async function planRunbook(program: Program): Promise<number> {
  const { file, output } = program
  const runbook = await loadFile(file)
  if (!isRunbook(runbook)) {
    throw new ConfigurationError(
      `${file} exports no runbook. Write export default defineRunbook({ … }), or use tenantlab run --check.`,
    )
  }
  const values = programWords(PAGE, program, runbook)
  if (values === undefined) return 0
  const out = textOf(values, 'out') ?? 'plan.json'
  const several = Array.isArray(values.tenant) && values.tenant.length > 1
  const { exitCode } = await runOnTargets(runbook, values, {
    mode: 'plan',
    output,
    after(session, result) {
      if (result.status !== 'done') return
      const path = several ? out.replace(/(\.json)?$/, `.${session.domain.replace(/[^\w.-]/g, '_')}.json`) : out
      savePlan({ session, result }, runbook.name, path, output)
    },
  })
  return exitCode
}

/** A notebook is planned whole or not at all: what a cell would write must stand in the file. */
async function planNotebook(program: Program): Promise<number> {
  const values = programWords(PAGE, program)
  if (values === undefined) return 0
  const { file, output } = program
  return runNotebookFile({
    file,
    mode: 'plan',
    values,
    output,
    after(ended, open) {
      const [first, second] = ended
      if (open.length > 0) {
        throw new ConfigurationError(
          `${file} cannot be planned, since ${open.join(', ')} could not be predicted. Run it with tenantlab run, or take what they need from elsewhere.`,
        )
      }
      if (second !== undefined || first?.session.domain.endsWith(EMBEDDED) === true) {
        throw new ConfigurationError(
          `${file} cannot be planned, since it comes to ${second === undefined ? 'an embedded tenant, which ends with the command' : 'several tenants'}. Name the tenant: tenantlab plan ${file} --tenant NAME.`,
        )
      }
      if (first !== undefined) savePlan(first, nameOf(file), textOf(values, 'out') ?? 'plan.json', output)
    },
  })
}

function savePlan({ session, result }: EndedRun, runbook: string, path: string, output: Output): void {
  const plan = planFile({
    runbook,
    tenant: session.domain,
    at: new Date().toISOString(),
    who: internalsOf(session).who,
    ...(result.params !== undefined && { params: result.params }),
    steps: result.planned,
    said: result.said,
  })
  writePlanFile(path, plan)
  output.note(`plan ${path}`)
  output.note(
    appliesNothing(plan) ? NOTHING : `Review it with tenantlab show ${path}, and send it with tenantlab apply ${path}.`,
  )
}
