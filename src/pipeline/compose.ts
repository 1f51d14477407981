import { Observable, throwError } from 'rxjs'
import { ConfigurationError, type ObservableLike } from '../plan/index.ts'
import { isSubscribable, observableLike, observed } from './observable.ts'
import {
  type Handler,
  isBuiltIn,
  type NextHandler,
  type Operation,
  type Reply,
  type Stage,
  SUPPORTS,
  type SupportedOption,
} from './stage.ts'

const GUIDE = 'A stage is (next) => (operation) => next(operation), whatever it does before and after.'

/** Strings the stages together, outermost first, in front of the handler that sends. */
export function compose(stages: readonly Stage[], send: Handler): Handler {
  return stages.reduceRight<Handler>((next, stage, index) => {
    const place = `Stage ${index + 1} of the pipeline${name(stage)}`
    if (typeof stage !== 'function') {
      throw new ConfigurationError(`${place} is no function, but ${kind(stage)}. ${GUIDE}`)
    }
    // The package's own stages take any observable and give one: nothing to convert or to check at every request.
    const own = isBuiltIn(stage)
    const handler: unknown = stage(own ? (next as NextHandler) : interoperable(next))
    if (typeof handler !== 'function') {
      throw new ConfigurationError(`${place} answered ${kind(handler)} where a handler belongs. ${GUIDE}`)
    }
    return own ? (handler as Handler) : checked(handler as Handler, place)
  }, send)
}

/** Which of the options that only stages can honour these stages do honour. */
export function supported(stages: readonly Stage[]): ReadonlySet<SupportedOption> {
  return new Set(stages.flatMap((stage) => stage[SUPPORTS] ?? []))
}

/** What a stage calls to send on: RxJS takes its answers, whichever copy of it made them. */
function interoperable(handler: Handler): NextHandler {
  return (operation) => {
    const answer = handler(operation)
    return answer instanceof Observable
      ? (answer as unknown as ObservableLike<Reply>)
      : observableLike(observed(answer))
  }
}

/** A custom stage is checked where it answers: a wrong answer would otherwise show far away from it. */
function checked(handler: Handler, place: string): Handler {
  return (operation) => {
    const answer: unknown = handler(operation)
    if (isSubscribable(answer)) return answer as ReturnType<Handler>
    return failing(operation, place, answer)
  }
}

function failing(operation: Operation, place: string, answer: unknown): Observable<Reply> {
  const next = 'Answer next(operation), or an observable made of it; RxJS turns a promise into one with from(promise).'
  const message = `${place} answered ${kind(answer)} where an observable belongs. ${next}`
  return throwError(() => new ConfigurationError(message, { plan: operation.plan }))
}

function name(stage: unknown): string {
  const own = typeof stage === 'function' ? stage.name : ''
  return own === '' ? '' : ` (${own})`
}

function kind(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof (value as { then?: unknown }).then === 'function') return 'a promise'
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
