import { isJsonObject, type Json } from '../../plan/index.ts'
import { DecisionError } from '../errors.ts'
import type { DoneEntry } from './entry.ts'

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
        'that reads it again, or do by hand what needs it and start anew from there with --start-at.',
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
