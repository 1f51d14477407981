import { meantSentence, nearest } from '../catalogue/index.ts'
import { bundleOf, columnLines, wrap } from '../display/index.ts'
import { isTenantlabError } from '../plan/index.ts'
import { version } from '../session/index.ts'
import { commands, type ListedCommand } from './commands/index.ts'
import {
  asksForHelp,
  type Call,
  columnsOfHelp,
  firstWord,
  helpText,
  isMisuse,
  MISUSE,
  MisuseError,
  readWords,
  refuseLongDashes,
} from './words/index.ts'

/** Where the command line writes, a line at a time. */
export interface Streams {
  write(text: string): void
  warn(text: string): void
}

/**
 * The `tenantlab` command.
 *
 * @param argv Words after the command's name; none opens what `tenantlab start` opens.
 * @returns The exit code, as the table of exit codes has it.
 */
export async function main(argv: readonly string[], streams: Streams): Promise<number> {
  try {
    return await dispatch(argv, streams)
  } catch (error) {
    streams.warn(sentenceOf(error))
    return isMisuse(error) ? MISUSE : 1
  }
}

async function dispatch(argv: readonly string[], streams: Streams): Promise<number> {
  refuseLongDashes(argv.slice(0, 1))
  const [word = 'start', ...rest] = argv
  if (word === '--version' || word === '-V') return told(streams, version, rest)
  if (word === 'help' || word === '--help' || word === '-h') return help(rest, streams)
  if (word === 'complete') return (await import('./complete.ts')).complete(rest)
  return call(named(word), rest, streams)
}

async function call(listed: ListedCommand, args: readonly string[], streams: Streams): Promise<number> {
  const { command } = await listed.load()
  const { name } = listed
  if (asksForHelp(args)) return help([name, ...args.filter((word) => word !== '--help' && word !== '-h')], streams)
  const { takes, options } = command
  const made: Call = {
    args,
    read: (more) => readWords(args, { name, takes, options, ...more }),
    ...streams,
  }
  return command.run(made)
}

/** `tenantlab help`, `tenantlab help COMMAND`, and `tenantlab help run FILE`, which tells the parameters of the file. */
async function help([word, ...rest]: readonly string[], streams: Streams): Promise<number> {
  if (word === undefined) return told(streams, overview(), [])
  const { name, load } = named(word)
  const { command } = await load()
  const file = firstWord(rest, command.options)
  const described = file === undefined ? undefined : await command.describe?.(file)
  return told(streams, helpText(name, command, described), [])
}

function told({ write }: Streams, text: string, extra: readonly string[]): number {
  if (extra.length > 0) throw new MisuseError(`"${extra[0]}" would be left out: nothing follows here.`)
  write(text)
  return 0
}

function named(word: string): ListedCommand {
  const found = commands.find(({ name }) => name === word)
  if (found !== undefined) return found
  if (word.startsWith('-')) {
    throw new MisuseError(`${word} stands before a command. Name the command first: tenantlab COMMAND ${word}`)
  }
  const meant = nearest(word, [...commands.map(({ name }) => name), 'help'])
  throw new MisuseError(`There is no command "${word}". ${meantSentence(meant, 'See tenantlab help.')}`)
}

function overview(): string {
  const columns = columnsOfHelp()
  return [
    ...wrap('tenantlab: a lab bench for an Auth0 tenant', columns),
    '',
    ...columnLines(
      commands.map(({ name, summary }) => ({ flag: name, text: summary })),
      columns,
    ),
    '',
    ...wrap(
      'tenantlab help COMMAND says more; tenantlab --version tells the version; tenantlab complete bash, zsh or fish ' +
        'prints what completes commands in that shell.',
      columns,
    ),
  ].join('\n')
}

/** What went wrong, for a person: a sentence; where the sentence is not ours, also how to see more. */
function sentenceOf(error: unknown): string {
  if (error instanceof MisuseError) return error.message
  if (isTenantlabError(error)) return bundleOf(error)['text/plain'] ?? error.message
  const { code, path, message } = (error ?? {}) as NodeJS.ErrnoException
  if (path !== undefined && code === 'ENOENT') return `There is no file ${path}. Give the path of one that is there.`
  if (code === 'EISDIR') return `${path ?? 'What was named'} is a folder. Give the path of a file.`
  if (path !== undefined && (code === 'EACCES' || code === 'EPERM'))
    return `${path} may not be read or written by this user (${code}). Change its permissions, or name another.`
  if (process.env.TENANTLAB_DEBUG !== undefined && error instanceof Error) return error.stack ?? message
  return `${message ?? String(error)} Set TENANTLAB_DEBUG=1 to see where this comes from.`
}
