import { loadFile } from '../../code/index.ts'
import { bundleOf } from '../../display/index.ts'
import type { ScriptContext } from '../../notebook/index.ts'
import { ConfigurationError } from '../../plan/index.ts'
import type { Runbook } from '../../run/index.ts'
import { isRunbook, parametersOf } from '../../runbook/index.ts'
import { internalsOf } from '../../session/index.ts'
import {
  type Conducted,
  conductScript,
  describeFile,
  guardProduction,
  kindOf,
  type Output,
  openTargets,
  type ProgramKind,
  refuseUnexported,
  requireFile,
  runNotebookFile,
  runOnTargets,
  type ScriptEnd,
  telling,
  withTarget,
  withWrites,
} from '../runbook/index.ts'
import {
  type Call,
  CONNECTION,
  type Command,
  DETAILED,
  firstWord,
  JOURNAL,
  MisuseError,
  OUTPUT,
  peekWords,
  RESUME,
  SELECTION,
  SETTLE,
  type Values,
  type Words,
} from '../words/index.ts'

const FILE = { name: 'FILE' } as const
const STATEMENTS = {
  takes: [FILE],
  further: 'A script gets further words where it exports a function: export default async ({ auth0, args }) => {}.',
} as const
const ARGUMENTS = { name: 'ARGUMENT', optional: true, several: true } as const

/** `tenantlab run FILE`: a runbook, a script with a session, or a notebook; with `--check` no write is sent. */
export const command: Command = {
  usage: 'FILE [--PARAMETER …] [OPTION …]',
  about:
    'Runs a runbook step by step, and writes down each request before it is sent, so that --resume can continue after a ' +
    'crash and tenantlab undo can undo the run. Any other file runs as a script. Where it exports a function, as in ' +
    'export default async ({ auth0, args, check }) => {}, that gets a session, and further words after -- as args. A ' +
    'notebook runs cell by cell. Parameters come from flags, TENANTLAB_PARAM_… ' +
    'variables, --params, or a question. A tenant that is tagged production is written to after a question only, or ' +
    'with --yes.',
  takes: [FILE, ARGUMENTS],
  options: {
    check: { type: 'boolean', help: 'sends reads only; predicts writes, and shows what they would change' },
    parameter: {
      type: 'string',
      multiple: true,
      short: 'p',
      value: 'NAME=VALUE',
      help: 'a value for the cell of a notebook that is tagged parameters; --params FILE gives several',
    },
    ...RESUME,
    ...SETTLE,
    ...JOURNAL,
    ...SELECTION,
    ...DETAILED,
    ...OUTPUT,
    ...CONNECTION,
  },
  exits: [0, 1, 2, 3, 64],
  examples: [
    'tenantlab run RUNBOOKS/block-a-country.ts --country IM --check',
    'tenantlab run RUNBOOKS/block-a-country.ts --country IM --tenant eu --tenant us --max-rate 2',
    'tenantlab run RUNBOOKS/block-a-country.ts --resume',
  ],
  describe: describeFile,
  run: (call) => telling(call, (output) => runFile(call, output)),
}

async function runFile(call: Call, output: Output): Promise<number> {
  const file = firstWord(call.args, command.options) ?? call.read().words[0] ?? ''
  requireFile(file)
  const kind = kindOf(file)
  // To load a script is to run it: its words are judged before. Those of a runbook are known when it is loaded.
  const asked: Words =
    kind === 'runbook'
      ? peekWords(call.args, { name: 'run', takes: [FILE], options: command.options })
      : call.read(kind === 'notebook' ? { takes: [FILE] } : kind === 'statements' ? STATEMENTS : {})
  refuseParams(file, kind, asked.values)
  const check = asked.values.check === true
  return withWrites(check ? 'check' : 'allow', () => {
    const program = { file, kind, call, output, check, asked }
    if (kind !== 'notebook') return runProgram(program)
    return runNotebookFile({ file, mode: check ? 'check' : 'run', values: asked.values, output })
  })
}

/** Only runbooks and notebooks say which parameters they have: a file of them would do nothing elsewhere. */
function refuseParams(file: string, kind: ProgramKind, values: Values): void {
  if (values.parameter !== undefined && kind !== 'notebook') {
    const [given = ''] = [values.parameter].flat()
    const [name = 'NAME', value = 'VALUE'] = String(given).split('=')
    throw new MisuseError(
      `-p is for notebooks, and ${file} is not one. ${kind === 'runbook' || kind === 'imported' ? `Write --${name} ${value}.` : 'Give it arguments instead.'}`,
    )
  }
  if (values.params === undefined || kind === 'imported' || kind === 'notebook' || kind === 'runbook') return
  throw new MisuseError(`--params would be left out: ${file} is a script. Give it arguments instead.`)
}

interface Program {
  readonly file: string
  readonly kind: ProgramKind
  readonly call: Call
  readonly output: Output
  readonly check: boolean
  readonly asked: Words
}

/** A file that exports a runbook, or a script, whose requests are steps as well. Which it is shows only when it has run. */
async function runProgram(program: Program): Promise<number> {
  const { file, kind, check, output, asked } = program
  const { values } = asked
  let runbook: Runbook<unknown> | undefined
  const mode = check ? 'check' : 'run'
  let kindOfExport = 'nothing'
  const after = (end: ScriptEnd): void => {
    if (runbook === undefined) refuseNothing(file, kindOfExport, end, output)
  }
  const conduct = (): Promise<number> =>
    conductScript({ file, mode, values, output, after }, async (conducted) => {
      const exported = await loadFile(file)
      kindOfExport = typeof exported === 'function' ? 'function' : exported === undefined ? 'nothing' : 'value'
      if (isRunbook(exported)) runbook = exported
      else if (await runScript(exported, program, conducted)) kindOfExport = 'answering'
      return []
    })
  // What is exported is given its session; other code connects itself, with the tenant that the command names.
  const exitCode = kind === 'statements' ? await withTarget(values, check, conduct) : await conduct()
  return runbook === undefined ? exitCode : runRunbookFile(runbook, program)
}

/** @returns whether it showed what a function returned. */
async function runScript(exported: unknown, program: Program, { talk }: Conducted): Promise<boolean> {
  const { file, kind, call, check, output } = program
  if (kind === 'runbook' || hasSteps(exported)) refuseUnexported(file, exported)
  const { words, values } = call.read(typeof exported === 'function' && exported.length > 0 ? {} : { takes: [FILE] })
  if (typeof exported !== 'function') {
    shown(exported, output)
    return false
  }
  const targets = await openTargets(values, check ? 'check' : 'allow', undefined)
  output.tenants = targets.sessions.length
  let told = false
  try {
    for (const auth0 of targets.sessions) {
      const { environment } = internalsOf(auth0)
      if (!check) await guardProduction({ domain: auth0.domain, environment }, `what ${file} writes`, values, talk)
      const given: ScriptContext = { auth0, args: words.slice(1), check }
      const value = await (exported as (context: ScriptContext) => unknown)(given)
      shown(value, output)
      if (value !== undefined) told = true
    }
    return told
  } finally {
    await targets.close()
  }
}

function hasSteps(exported: unknown): boolean {
  return typeof (exported as { steps?: unknown } | null | undefined)?.steps === 'function'
}

/** A file whose export was forgotten, or is neither a runbook nor a function, does nothing, which is no success. */
function refuseNothing(file: string, exported: string, { ended, said }: ScriptEnd, output: Output): void {
  if (ended.length > 0 || said > 0 || exported === 'answering') return
  if (exported === 'function') {
    output.note(`${file} sent no request and said nothing. A plan is sent by await plan.run().`)
    return
  }
  const what =
    exported === 'nothing'
      ? 'exports nothing, sent no request and said nothing'
      : 'exports neither a runbook nor a function, and sent no request'
  throw new ConfigurationError(
    `${file} ${what}, so that nothing was run. Write export default before its runbook or its function.`,
  )
}

async function runRunbookFile(runbook: Runbook<unknown>, { call, check, output, file }: Program): Promise<number> {
  const { values } = call.read({ takes: [FILE], parameters: parametersOf(runbook.params) })
  const { exitCode } = await runOnTargets(runbook, values, { mode: check ? 'check' : 'run', output, file })
  return exitCode
}

function shown(value: unknown, output: Output): void {
  if (value !== undefined) output.note(bundleOf(value)['text/plain'] ?? String(value))
}
