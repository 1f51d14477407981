import type { JsonObject } from '../../../plan/index.ts'
import { refuseQuery } from '../answer.ts'
import { valuesAt } from './lucene.ts'

/** Sorts by `field:1` or `field:-1`; `refused` names fields that cannot be sorted by. */
export function sorted(
  items: readonly JsonObject[],
  sort: string | undefined,
  refused: readonly string[] = [],
): readonly JsonObject[] {
  return sort === undefined ? items : [...items].sort(comparison(sort, refused))
}

/** How `field:1` or `field:-1` orders two records; `refused` names fields that cannot be sorted by. */
export function comparison(sort: string, refused: readonly string[] = []): (a: JsonObject, b: JsonObject) => number {
  const parts = /^([\w.]+):(-?1)$/.exec(sort)
  if (parts === null) {
    return refuseQuery(`Query validation error: 'String does not match pattern field:1 or field:-1' on property sort.`)
  }
  const [, field = '', direction] = parts
  if (refused.some((name) => field === name || field.startsWith(`${name}.`))) {
    return refuseQuery(`Query validation error: 'Sorting is not supported on ${field}' on property sort.`)
  }
  const order = direction === '1' ? 1 : -1
  return (a, b) => order * compareValues(valuesAt(a, field)[0], valuesAt(b, field)[0])
}

function compareValues(a: string | number | boolean | undefined, b: string | number | boolean | undefined): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  return a < b ? -1 : 1
}
