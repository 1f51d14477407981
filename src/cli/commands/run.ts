import { extname } from 'node:path'
import { bundleOf } from '../../display/index.ts'
import { ConfigurationError, type Diff } from '../../plan/index.ts'
import { isRunbook, loadFile, parametersOf, type Runbook, runFile, type ScriptContext } from '../../runbook/index.ts'
import { watchAllPredictions } from '../../session/index.ts'
import type { Command, CommandContext } from '../command.ts'
import {
  fileAmong,
  type Output,
  openTargets,
  PAGES,
  pageText,
  readWords,
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
  const unwatch = check ? watchAllPredictions((_, diff) => context.write(textOfDiff(diff))) : () => false
  try {
    return await withWrites(check ? 'predict' : 'allow', async () => {
      const exported = extname(file) === '.ipynb' ? undefined : await loadFile(file)
      if (!isRunbook(exported)) return runScript(exported, file, context, check)
      // A runbook tells its predictions itself.
      unwatch()
      return runRunbookFile(exported, file, context, check, output)
    })
  } finally {
    unwatch()
  }
}

function textOfDiff(diff: Diff): string {
  return bundleOf(diff)['text/plain'] ?? (diff.kind === 'unknown' ? diff.reason : '')
}

async function runRunbookFile(
  runbook: Runbook<unknown>,
  file: string,
  { args, write }: CommandContext,
  check: boolean,
  output: Output,
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

async function runScript(
  exported: unknown,
  file: string,
  { args, write }: CommandContext,
  dryRun: boolean,
): Promise<number> {
  const { positionals, values } = readWords(args, PAGE.options, [])
  if (values.help === true) {
    write(pageText(PAGE, { file }))
    return 0
  }
  if (extname(file) === '.ipynb') {
    try {
      await loadFile(file)
    } finally {
      leaveBehind()
    }
    return 0
  }
  if (typeof exported !== 'function') return shown(exported, write)
  const targets = await openTargets(values, dryRun ? 'predict' : 'allow', undefined)
  try {
    for (const auth0 of targets.sessions) {
      const context: ScriptContext = { auth0, args: positionals.slice(1), dryRun }
      shown((await runFile(file, context)).value, write)
    }
    return 0
  } finally {
    await targets.close()
  }
}

/** A notebook ends with its kernel: what it left open, such as a sandbox, does not keep the command from ending. */
function leaveBehind(): void {
  setTimeout(() => process.exit(), 500).unref()
}

function shown(value: unknown, write: (text: string) => void): number {
  if (value !== undefined) write(bundleOf(value)['text/plain'] ?? String(value))
  return 0
}
