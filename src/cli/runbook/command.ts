import { ConfigurationError } from '../../plan/index.ts'
import type { Command, CommandContext } from '../command.ts'
import { Output } from './output.ts'
import { type Page, pageText } from './pages.ts'
import { readWords, type Words } from './words.ts'

/** Runs a command that tells runs, and tells as well whatever keeps a run from beginning. */
export async function withOutput(
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
  const { usage, summary } = page
  return {
    name,
    usage,
    summary,
    options: {},
    help: {},
    ownWords: true,
    run: (context) => begun(name, page, context, run),
  }
}

/** The same for a command that tells runs. */
export function runningCommand(
  name: string,
  page: Page,
  run: (context: FileContext, output: Output) => Promise<number>,
): Command {
  const { usage, summary } = page
  const told = (context: CommandContext): Promise<number> =>
    withOutput(context, (output) => begun(name, page, context, (whole) => run(whole, output)))
  return { name, usage, summary, options: {}, help: {}, ownWords: true, run: told }
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
