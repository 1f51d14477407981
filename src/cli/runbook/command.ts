import { ConfigurationError } from '../../plan/index.ts'
import type { Runbook } from '../../run/index.ts'
import { parametersOf } from '../../runbook/index.ts'
import type { Command, CommandContext } from '../command.ts'
import { Output } from './output.ts'
import { type Page, pageText } from './pages.ts'
import { fileAmong, readWords, type Words } from './words.ts'

/** Runs work that tells runs, and tells as well whatever keeps a run from beginning. */
async function withOutput(
  { args, write, warn }: CommandContext,
  work: (output: Output) => Promise<number>,
): Promise<number> {
  // Words that cannot be read must be told in the form that the caller reads.
  const output = new Output(args.includes('--json'), { write, warn })
  try {
    return await work(output)
  } catch (error) {
    return output.refuse(error)
  } finally {
    output.close()
  }
}

/** What a command gets whose first word is a file. */
export interface FileContext extends CommandContext {
  readonly file: string
  readonly values: Words['values']
}

/** A command whose first word is a file and whose options do not depend on it. */
export function fileCommand(name: string, page: Page, run: (context: FileContext) => Promise<number>): Command {
  return ownWords(name, page, (context) => begun(name, page, context, run))
}

/** The same for a command that tells runs. */
export function runningCommand(
  name: string,
  page: Page,
  run: (context: FileContext, output: Output) => Promise<number>,
): Command {
  return ownWords(name, page, (context) =>
    withOutput(context, (output) => begun(name, page, context, (whole) => run(whole, output))),
  )
}

/** What a command gets whose file may know options of its own. */
export interface Program {
  readonly file: string
  readonly context: CommandContext
  readonly output: Output
}

/**
 * A command that tells runs, and whose file says which further options there are.
 *
 * @param needs what is missing where no file is named: `the file to run: tenantlab run FILE.ts`.
 */
export function programCommand(
  name: string,
  page: Page,
  needs: string,
  run: (program: Program) => Promise<number>,
): Command {
  return ownWords(name, page, (context) =>
    withOutput(context, async (output) => {
      const { args, write } = context
      const file = fileAmong(args, page.options)
      if (file !== undefined) return run({ file, context, output })
      if (!args.includes('--help') && !args.includes('-h'))
        throw new ConfigurationError(`tenantlab ${name} needs ${needs}`)
      write(pageText(page))
      return 0
    }),
  )
}

/**
 * The words of such a command; nothing where they ask for help, which is then given.
 *
 * @param runbook what the file exports, whose parameters are options as well.
 */
export function programWords(
  page: Page,
  { file, context: { args, write } }: Program,
  runbook?: Runbook<unknown>,
): Words['values'] | undefined {
  const parameters = parametersOf(runbook?.params)
  const { values } = readWords(args, page.options, parameters)
  if (values.help !== true) return values
  write(pageText(page, { file, description: runbook?.description, parameters }))
  return undefined
}

function ownWords(name: string, { usage, summary }: Page, run: Command['run']): Command {
  return { name, usage, summary, options: {}, help: {}, ownWords: true, run }
}

async function begun(
  name: string,
  page: Page,
  context: CommandContext,
  run: (context: FileContext) => Promise<number>,
): Promise<number> {
  const { positionals, values } = readWords(context.args, page.options, [])
  if (values.help === true) {
    context.write(pageText(page))
    return 0
  }
  const [file] = positionals
  if (file === undefined) throw new ConfigurationError(`tenantlab ${name} needs a file, such as: ${page.examples[0]}`)
  return run({ ...context, file, values })
}
