import type { Json } from './json.ts'
import { isJsonObject } from './json.ts'

/** One difference between two values, at a dotted path (`''` is the value itself). */
export interface Change {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly path: string
  readonly before?: Json
  readonly after?: Json
}

/** Differences from `before` to `after`, objects key by key in order, arrays as whole values. */
export function diffValues(before: Json | undefined, after: Json | undefined, path = ''): readonly Change[] {
  if (before === undefined && after === undefined) return []
  if (before === undefined) return [{ kind: 'added', path, after: after as Json }]
  if (after === undefined) return [{ kind: 'removed', path, before }]
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...keys].flatMap((key) => diffValues(before[key], after[key], path === '' ? key : `${path}.${key}`))
  }
  return equal(before, after) ? [] : [{ kind: 'changed', path, before, after }]
}

function equal(a: Json, b: Json): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item: Json, index) => equal(item, b[index] as Json))
  }
  return isJsonObject(a) && isJsonObject(b) && diffValues(a, b).length === 0
}
