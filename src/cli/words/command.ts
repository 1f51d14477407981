import type { Parameter } from '../../runbook/index.ts'
import type { ExitCode } from './exit-codes.ts'
import type { OptionTable } from './options.ts'
import type { Taken, Words } from './read.ts'

/** A command as its help tells it, and what it does. */
export interface Command {
  /** What follows its name: `FILE [--PARAMETER …] [OPTION …]`. */
  readonly usage: string
  readonly about: string
  readonly takes: readonly Taken[]
  readonly options: OptionTable
  readonly exits: readonly ExitCode[]
  /** Commands as they can be typed; `RUNBOOKS/` stands for the folder of the runbooks that come with the package. */
  readonly examples: readonly string[]
  /** What its file adds to the help; sends nothing. */
  describe?(file: string): Promise<Described>
  /** @returns The exit code. */
  run(call: Call): Promise<number>
}

/** A file that the help of a command was asked for. */
export interface Described {
  readonly file: string
  readonly description?: string | undefined
  readonly parameters: readonly Parameter[]
}

/** One call of a command: what was written after its name, and where it writes. */
export interface Call {
  /** As they were written. */
  readonly args: readonly string[]
  /**
   * Reads every word, and refuses what the command does not take.
   *
   * @param more parameters of the file, which are options as well, and what is taken where that depends on the file.
   * @throws MisuseError naming the word.
   */
  read(more?: {
    readonly parameters?: readonly Parameter[]
    readonly takes?: readonly Taken[]
    /** What is said where a further word would be left out. */
    readonly further?: string
  }): Words
  /** Writes a line of standard output. */
  write(text: string): void
  /** Writes a line of standard error. */
  warn(text: string): void
}
