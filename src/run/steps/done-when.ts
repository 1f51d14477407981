import { canonicalJson, type JsonObject } from '../../plan/index.ts'
import type { DoneWhen, Runnable } from './contract.ts'

/**
 * A check for `doneWhen`.
 *
 * @param read What to read; a 404 means that the step is not done.
 * @param done Members that the record has once the step is done: the record, or the first of a list that has them, is
 *   the step's value. Or a function that answers the value that the step would have had; `true` where the answer read is
 *   that value, or where there is none; `undefined` or `false` when the step is not done. A plan file cannot hold a
 *   function, so that `tenantlab apply` asks where such a step's fate is unknown.
 * @example
 * defineRunbook({
 *   name: 'block',
 *   async *steps({ auth0, step }) {
 *     const blocked = doneWhen(auth0.users('auth0|1').get(), { blocked: true })
 *     yield* step('block', auth0.users('auth0|1').update({ blocked: true }), { doneWhen: blocked })
 *   },
 * })
 */
export function doneWhen<C>(read: Runnable<C>, done: JsonObject | ((answer: C) => unknown)): DoneWhen {
  if (typeof done === 'function') return { kind: 'check', read, done: (answer) => done(answer as C) }
  return { kind: 'check', read, match: done, done: (answer) => recordsOf(answer).find((record) => has(record, done)) }
}

function recordsOf(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer
  const { items } = (answer ?? {}) as { items?: unknown }
  return Array.isArray(items) ? items : [answer]
}

function has(record: unknown, wanted: JsonObject): boolean {
  if (typeof record !== 'object' || record === null) return false
  return Object.entries(wanted).every(([key, value]) => {
    const present = (record as Record<string, unknown>)[key]
    return canonicalJson(present ?? null) === canonicalJson(value)
  })
}
