import { extname } from 'node:path'
import { loadFile } from '../../code/index.ts'
import { bundleOf } from '../../display/index.ts'
import type { ScriptContext } from '../../notebook/index.ts'
import type { Runbook } from '../../run/index.ts'
import { isRunbook } from '../../runbook/index.ts'
import {
  conductScript,
  knownWords,
  type Output,
  openTargets,
  PAGES,
  type Program,
  pageText,
  programCommand,
  programWords,
  readWords,
  runNotebookFile,
  runOnTargets,
  withWrites,
} from '../runbook/index.ts'

const PAGE = PAGES.run

/** `tenantlab run FILE`: a runbook, a script with a session, or a notebook; with `--check` no write is sent. */
export const runCommand = programCommand('run', PAGE, 'the file to run: tenantlab run FILE.ts', (program) => {
  const { args } = program.context
  const check = args.includes('--check') || args.includes('--dry-run')
  return withWrites(check ? 'check' : 'allow', () =>
    extname(program.file) === '.ipynb' ? runNotebook(program, check) : runProgram({ ...program, check }),
  )
})

interface Asked extends Program {
  readonly check: boolean
}

async function runNotebook(program: Program, check: boolean): Promise<number> {
  const values = programWords(PAGE, program)
  if (values === undefined) return 0
  const { file, output } = program
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
  const targets = await openTargets(values, check ? 'check' : 'allow', undefined)
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

async function runRunbookFile(runbook: Runbook<unknown>, asked: Asked): Promise<number> {
  const values = programWords(PAGE, asked, runbook)
  if (values === undefined) return 0
  const { check, output } = asked
  const { exitCode } = await runOnTargets(runbook, values, { mode: check ? 'check' : 'run', output })
  return exitCode
}

function shown(value: unknown, output: Output): void {
  if (value !== undefined) output.note(bundleOf(value)['text/plain'] ?? String(value))
}
