/** What every command ends with. */
export const EXIT_CODES = {
  0: 'done, or no change',
  1: 'failed',
  2: 'changes are pending, with --detailed-exitcode',
  3: 'stopped: needs a decision',
  4: 'the tenant has drifted from the plan; nothing was sent',
  64: 'misuse: unknown command, word, flag or value',
} as const

/** A code of the table. */
export type ExitCode = keyof typeof EXIT_CODES

/** Of a command line that cannot be understood. */
export const MISUSE = 64
