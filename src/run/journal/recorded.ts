import {
  ApiError,
  ConfigurationError,
  IdTokenError,
  isJsonObject,
  type Json,
  MfaRequiredError,
  MissingSecretError,
  NetworkError,
  QuotaExceededError,
  RateLimitError,
  ScopeError,
  TenantlabError,
  TimeoutError,
  ValidationError,
  WriteDeniedError,
} from '../../plan/index.ts'
import { DecisionError } from '../errors.ts'
import type { DoneEntry, FailedEntry } from './entry.ts'

/**
 * The recorded value of a finished step. Secrets are not in journals: reading one stops the run for a decision, instead
 * of going on with a wrong value.
 */
export function recordedValue(entry: DoneEntry): unknown {
  const { step, value, hidden = [] } = entry
  if (value === undefined) return undefined
  const refuse = (what: string): never => {
    throw new DecisionError(
      step,
      `The step "${step}" is done, and its ${what} was a secret that no journal keeps. Give the step a doneWhen ` +
        'that reads it again, or do by hand what needs it and start a new run from there.',
    )
  }
  if (hidden.includes('')) return refuse('value')
  const copy = structuredClone(value)
  for (const path of hidden) {
    const keys = path.split('.')
    const last = keys.pop() as string
    let holder: Json | undefined = copy
    for (const key of keys)
      holder = isJsonObject(holder) || Array.isArray(holder) ? (holder as { [key: string]: Json })[key] : undefined
    if (typeof holder !== 'object' || holder === null) continue
    Object.defineProperty(holder, last, { enumerable: true, configurable: true, get: () => refuse(`"${path}"`) })
  }
  if (entry.more === true && typeof copy === 'object' && copy !== null) {
    const get = (): never => {
      throw new DecisionError(
        step,
        `The step "${step}" is done, and the plan of its next page was not kept. Use plan.all() in the step.`,
      )
    }
    Object.defineProperty(copy, 'next', { enumerable: false, configurable: true, get })
  }
  return copy
}

/** Classes of errors by name, as code tells them apart. */
const CLASSES: Readonly<Record<string, { readonly prototype: TenantlabError }>> = {
  ApiError,
  ConfigurationError,
  IdTokenError,
  MfaRequiredError,
  MissingSecretError,
  NetworkError,
  QuotaExceededError,
  RateLimitError,
  ScopeError,
  TimeoutError,
  ValidationError,
  WriteDeniedError,
}
/** Errors that code throws by itself. */
const OWN: Readonly<Record<string, ErrorConstructor>> = {
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
}

/** The error that a step failed with, as its journal recorded it: of the same class, with the same status and code. */
export function recordedError({ kind, message, status, applied, error: told }: FailedEntry): Error {
  if (kind === 'unexpected') {
    const made = new (OWN[told?.name ?? ''] ?? Error)(message)
    if (told !== undefined && made.name !== told.name) Object.defineProperty(made, 'name', { value: told.name })
    return made
  }
  const { name = '', ...members } = told ?? {}
  const error = new TenantlabError(kind as TenantlabError['kind'], message, { applied })
  const type = CLASSES[String(name)]
  if (type !== undefined) Object.setPrototypeOf(error, type.prototype)
  return Object.assign(error, members, status === undefined ? {} : { status })
}
