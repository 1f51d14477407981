import type { Json } from '../plan/index.ts'

/** Deepest nesting of a body: what is deeper could be stored, but neither copied nor written out again. */
export const DEEPEST = 100

/** Whether a value is nested deeper than `DEEPEST`. Looks at one level after the other: recursion would meet the same limit. */
export function isTooDeep(value: Json): boolean {
  let level: readonly Json[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true
    level = level.flatMap((each) => (each !== null && typeof each === 'object' ? Object.values(each) : []))
  }
  return false
}
