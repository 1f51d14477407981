import type { ParseArgsConfig } from 'node:util'

/** What a sub-command may use; nothing else of the process. */
export interface CommandContext {
  readonly args: readonly string[]
  /** Values of the declared options. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>
  write(text: string): void
  warn(text: string): void
}

/** One sub-command. */
export interface Command {
  readonly name: string
  /** `run FILE [ARGUMENT…]` */
  readonly usage: string
  readonly summary: string
  readonly options: NonNullable<ParseArgsConfig['options']>
  /** A line of help per option. */
  readonly help: Readonly<Record<string, string>>
  /** Reads its own words, `--help` included, because some of its options are known only from a file: `args` is all of them. */
  readonly ownWords?: true
  /** Answers the exit code. */
  run(context: CommandContext): Promise<number>
}
