import { extname } from 'node:path'
import { bundleOf } from '../../display/index.ts'
import { ConfigurationError } from '../../plan/index.ts'
import { isRunbook, loadFile, parametersOf, type Runbook, type ScriptContext } from '../../runbook/index.ts'
import type { Command, CommandContext } from '../command.ts'
import {
  conductScript,
  fileAmong,
  knownWords,
  type Output,
  openTargets,
  PAGES,
  pageText,
  readWords,
  runNotebookFile,
  runOnTargets,
  withOutput,
  withWrites,
} from '../runbook/index.ts'

const PAGE = PAGES.run

/** `tenantlab run FILE`: a runbook, a script with a session, or a notebook; with `--check` no write is sent. */
export const runCommand: Command = {
  name: 'run',
  usage: PAGE.usage,
  summary: PAGE.summary,
  options: {},
  help: {},
  ownWords: true,
  run: (context) => withOutput(context, (output) => runFileOf(context, output)),
}

interface Asked {
  readonly file: string
  readonly check: boolean
  readonly context: CommandContext
  readonly output: Output
}

async function runFileOf(context: CommandContext, output: Output): Promise<number> {
  const words = context.args
  const file = fileAmong(words, PAGE.options)
  if (file === undefined) {
    if (!words.includes('--help') && !words.includes('-h'))
      throw new ConfigurationError('tenantlab run needs the file to run: tenantlab run FILE.ts')
    context.write(pageText(PAGE))
    return 0
  }
  const check = words.includes('--check') || words.includes('--dry-run')
  const asked: Asked = { file, check, context, output }
  return withWrites(check ? 'predict' : 'allow', () =>
    extname(file) === '.ipynb' ? runNotebook(asked) : runProgram(asked),
  )
}

async function runNotebook({ file, check, context, output }: Asked): Promise<number> {
  const { values } = readWords(context.args, PAGE.options, [])
  if (values.help === true) {
    context.write(pageText(PAGE, { file }))
    return 0
  }
  return runNotebookFile({ file, mode: check ? 'check' : 'run', values, output })
}

/** A file that exports a runbook, or a script, whose requests are steps as well. Which it is shows only when it has run. */
async function runProgram(asked: Asked): Promise<number> {
  const { file, check, context, output } = asked
  const { values } = knownWords(context.args, PAGE.options)
  let runbook: Runbook<unknown> | undefined
  const exitCode = await conductScript({ file, mode: check ? 'check' : 'run', values, output }, async () => {
    const exported = await loadFile(file)
    if (isRunbook(exported)) runbook = exported
    else await runScript(exported, asked)
    return []
  })
  return runbook === undefined ? exitCode : runRunbookFile(runbook, asked)
}

async function runScript(exported: unknown, { file, check, context, output }: Asked): Promise<void> {
  const { positionals, values } = readWords(context.args, PAGE.options, [])
  if (values.help === true) return context.write(pageText(PAGE, { file }))
  if (typeof exported !== 'function') return shown(exported, output)
  const targets = await openTargets(values, check ? 'predict' : 'allow', undefined)
  output.tenants = targets.sessions.length
  try {
    for (const auth0 of targets.sessions) {
      const given: ScriptContext = { auth0, args: positionals.slice(1), dryRun: check }
      shown(await (exported as (context: ScriptContext) => unknown)(given), output)
    }
  } finally {
    await targets.close()
  }
}

async function runRunbookFile(
  runbook: Runbook<unknown>,
  { file, check, context: { args, write }, output }: Asked,
): Promise<number> {
  const parameters = parametersOf(runbook.params)
  const { values } = readWords(args, PAGE.options, parameters)
  if (values.help === true) {
    write(pageText(PAGE, { file, description: runbook.description, parameters }))
    return 0
  }
  const { exitCode } = await runOnTargets(runbook, values, { mode: check ? 'check' : 'run', output })
  return exitCode
}

function shown(value: unknown, output: Output): void {
  if (value !== undefined) output.note(bundleOf(value)['text/plain'] ?? String(value))
}
