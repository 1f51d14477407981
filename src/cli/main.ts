import { parseArgs } from 'node:util'
import { nearest } from '../catalogue/index.ts'
import { bundleOf } from '../display/index.ts'
import type { Command } from './command.ts'
import { replCommand } from './commands/repl.ts'
import { runCommand } from './commands/run.ts'
import { sandboxCommand } from './commands/sandbox.ts'
import { startCommand } from './commands/start.ts'
import { tourCommand } from './commands/tour.ts'

const COMMANDS: readonly Command[] = [startCommand, tourCommand, replCommand, runCommand, sandboxCommand]

/**
 * The `tenantlab` command.
 *
 * @param argv Words after the command's name.
 * @returns The exit code: 0 done, 1 failed, 2 misused.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const [word, ...rest] = argv
  if (word === undefined || word === 'help' || word === '--help' || word === '-h') {
    write(overview())
    return word === undefined ? 2 : 0
  }
  const command = COMMANDS.find((each) => each.name === word)
  if (command === undefined) {
    const meant = nearest(word, COMMANDS.map((each) => each.name))
    warn(`tenantlab has no command "${word}". ${meant === undefined ? 'See tenantlab help.' : `Did you mean "${meant}"?`}`)
    return 2
  }
  return runCommandWith(command, rest)
}

async function runCommandWith(command: Command, words: readonly string[]): Promise<number> {
  const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch (error) {
    warn(`${(error as Error).message}. See tenantlab ${command.name} --help.`)
    return 2
  }
  if (parsed.values.help === true) {
    write(helpOf(command))
    return 0
  }
  try {
    return await command.run({
      args: parsed.positionals,
      options: parsed.values as Record<string, string | boolean | undefined>,
      write,
      warn,
    })
  } catch (error) {
    warn(bundleOf(error)['text/plain'] ?? String(error))
    return 1
  }
}

function overview(): string {
  const lines = COMMANDS.map((each) => `  ${each.usage.padEnd(30)} ${each.summary}`)
  return ['tenantlab: a lab bench for an Auth0 tenant', '', ...lines, '', 'tenantlab COMMAND --help says more.'].join('\n')
}

function helpOf(command: Command): string {
  const lines = Object.entries(command.help).map(([name, text]) => `  --${name.padEnd(20)} ${text}`)
  return [`tenantlab ${command.usage}`, '', command.summary, ...(lines.length === 0 ? [] : ['', ...lines])].join('\n')
}

function write(text: string): void {
  process.stdout.write(`${text}\n`)
}

function warn(text: string): void {
  process.stderr.write(`${text}\n`)
}
