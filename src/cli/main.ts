import { parseArgs } from 'node:util'
import { nearest } from '../catalogue/index.ts'
import { bundleOf } from '../display/index.ts'
import type { Command } from './command.ts'
import { commands } from './commands/index.ts'

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
  const command = commands.find((each) => each.name === word)
  if (command === undefined) {
    const meant = nearest(
      word,
      commands.map((each) => each.name),
    )
    warn(
      `tenantlab has no command "${word}". ${meant === undefined ? 'See tenantlab help.' : `Did you mean "${meant}"?`}`,
    )
    return 2
  }
  return runCommandWith(command, rest)
}

async function runCommandWith(command: Command, words: readonly string[]): Promise<number> {
  if (command.ownWords === true) return guarded(() => command.run({ args: words, options: {}, write, warn }))
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
  const values = parsed.values as Record<string, string | boolean | undefined>
  return guarded(() => command.run({ args: parsed.positionals, options: values, write, warn }))
}

async function guarded(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    warn(bundleOf(error)['text/plain'] ?? String(error))
    return 1
  }
}

function overview(): string {
  const lines = commands.map((each) => `  ${each.name.padEnd(10)} ${each.summary}`)
  return ['tenantlab: a lab bench for an Auth0 tenant', '', ...lines, '', 'tenantlab COMMAND --help says more.'].join(
    '\n',
  )
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
