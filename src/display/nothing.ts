import { giveLook, type Look } from './look.ts'

/** How the latest answer of nothing shows itself, until something else is shown. */
let last: (() => Look) | undefined

/** Remembers that a request was answered with nothing: `undefined` itself cannot say so. */
export function noteNothing(show: () => Look): void {
  last = show
}

/** Forgets it: something else has been shown since, or another cell runs. */
export function forgetNothing(): void {
  last = undefined
}

/** Shows itself as the line about the latest answer of nothing; `undefined` where there was none since. */
export function shownNothing(): object | undefined {
  const show = last
  if (show === undefined) return undefined
  const shown = {}
  giveLook(shown, show)
  return shown
}
