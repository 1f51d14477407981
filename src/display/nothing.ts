import { giveLook } from './look.ts'
import { type ResultContext, showResult } from './looks/result.ts'

/** What an answer of nothing was an answer to, until something else is shown. */
let last: ResultContext | undefined

/** Remembers that a request was answered with nothing: `undefined` itself cannot say so. */
export function noteNothing(context: ResultContext): void {
  last = context
}

/** Forgets it: something else has been shown since, or another cell runs. */
export function forgetNothing(): void {
  last = undefined
}

/** Shows itself as the line about the latest answer of nothing; `undefined` where there was none since. */
export function shownNothing(): object | undefined {
  const context = last
  if (context === undefined) return undefined
  const shown = {}
  giveLook(shown, () => showResult(undefined, context))
  return shown
}
