import { loadFile } from '../../code/index.ts'
import type { EndedRun } from '../../notebook/index.ts'
import { ConfigurationError } from '../../plan/index.ts'
import { appliesNothing } from '../../run/index.ts'
import { isRunbook, parametersOf, planFile, writePlanFile } from '../../runbook/index.ts'
import { internalsOf } from '../../session/index.ts'
import {
  describeFile,
  EMBEDDED,
  fresh,
  kindOf,
  nameOf,
  type Output,
  refuseUnexported,
  requireFile,
  runNotebookFile,
  runOnTargets,
  telling,
  withWrites,
} from '../runbook/index.ts'
import {
  type Call,
  CONNECTION,
  type Command,
  DETAILED,
  firstWord,
  OUTPUT,
  SELECTION,
  textOf,
  textsOf,
  type Values,
} from '../words/index.ts'

const NOTHING =
  'Nothing to apply: no write would change the tenant. What the runbook does besides, such as writing a file, only ' +
  'tenantlab run does.'

/** `tenantlab plan FILE -o plan.json`: the concrete plans of a runbook, and the state that they are based on. */
export const command: Command = {
  usage: 'FILE [--PARAMETER …] [-o PLAN] [OPTION …]',
  about:
    'Sends reads only, and writes the concrete plan of every write with the state that it is based on to a file, without ' +
    'a secret. Review it with tenantlab show, and carry it out with tenantlab apply.',
  takes: [{ name: 'FILE' }],
  options: {
    out: { type: 'string', short: 'o', value: 'FILE', help: 'file to write; plan.json unless given' },
    ...SELECTION,
    ...DETAILED,
    ...OUTPUT,
    ...CONNECTION,
  },
  exits: [0, 1, 2, 3, 64],
  examples: ['tenantlab plan RUNBOOKS/block-a-country.ts --country IM -o plan.json'],
  describe: describeFile,
  run: (call) =>
    telling(call, async (output) => {
      const file = firstWord(call.args, command.options)
      if (file !== undefined) requireFile(file)
      const kind = file === undefined ? 'statements' : kindOf(file)
      if (file === undefined || kind === 'notebook') {
        const { words, values } = call.read()
        return withWrites('check', () => planNotebook(words[0] ?? '', values, output))
      }
      return withWrites('check', () => planRunbook(file, call, output))
    }),
}

async function planRunbook(file: string, call: Call, output: Output): Promise<number> {
  const runbook = await loadFile(file)
  if (!isRunbook(runbook)) refuseUnexported(file, runbook)
  const { values } = call.read({ parameters: parametersOf(runbook.params) })
  const out = textOf(values, 'out') ?? 'plan.json'
  const several = textsOf(values, 'tenant').length > 1
  const pathFor = (domain: string): string =>
    several ? out.replace(/(\.json)?$/, `.${domain.replace(/[^\w.-]/g, '_')}.json`) : out
  if (!several) fresh(out, '-o', values)
  const { exitCode } = await runOnTargets(runbook, values, {
    mode: 'plan',
    output,
    before: async ({ domain }) => {
      fresh(pathFor(domain), '-o', values)
    },
    after(session, result) {
      if (result.status === 'done') savePlan({ session, result }, runbook.name, pathFor(session.domain), output)
    },
  })
  return exitCode
}

/** A notebook is planned whole or not at all: what a cell would write must stand in the file. */
function planNotebook(file: string, values: Values, output: Output): Promise<number> {
  const out = fresh(textOf(values, 'out') ?? 'plan.json', '-o', values)
  return runNotebookFile({
    file,
    mode: 'plan',
    values,
    output,
    after({ ended, open }) {
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
      if (first !== undefined) savePlan(first, nameOf(file), out, output)
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
