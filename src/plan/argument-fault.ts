import { ConfigurationError, ValidationError } from './errors.ts'

/** What is wrong with an argument of a call, in the words that its error says. */
export interface ArgumentFault {
  /** The member that breaks the rule, such as `headers.accept`; empty for the argument itself. */
  readonly path: string
  /** What it must be, or is not: `must be a number of milliseconds above 0`. */
  readonly rule: string
  /** What to do, as a sentence. */
  readonly next: string
}

/**
 * Refuses an argument of a call; nothing was sent.
 *
 * @param call the call as it is written: `plan.with()`.
 * @param at where programs find the member, when that is not the fault's own path.
 */
export function refuseArgument(call: string, fault: ArgumentFault, at: string = fault.path): never {
  throw new ValidationError(sentence(call, fault), { issues: [{ path: at, rule: fault.rule }] })
}

/** Refuses a setting of something that is being set up, such as a session or a stage. */
export function refuseSetting(call: string, fault: ArgumentFault): never {
  throw new ConfigurationError(sentence(call, fault))
}

function sentence(call: string, { path, rule, next }: ArgumentFault): string {
  return `${path === '' ? call : `${call}: "${path}"`} ${rule}. ${next}`
}
