import { describe, expect, it } from 'vitest'
import { type Place, places } from './places.ts'

const all = places()
const of = (kind: Place['kind']): readonly Place[] => all.filter((place) => place.kind === kind)

/** Overloads of a function, and accessors of a member, share an example. */
const without = (kind: Place['kind']): readonly string[] => {
  const shown = new Set(all.filter(({ hasExample }) => hasExample).map(({ name }) => name))
  return [...new Set(of(kind).map(({ name }) => name))].filter((name) => !shown.has(name))
}

describe('an example stands in the declarations', () => {
  it('are counted: functions, options, words and members', () => {
    expect(of('function').length).toBeGreaterThan(30)
    expect(of('options').length).toBeGreaterThan(30)
    expect(of('word').length).toBeGreaterThan(60)
    expect(of('member').length).toBeGreaterThan(30)
  })

  it('at every function of an entry', () => expect(without('function')).toEqual([]))
  it('at every object of options', () => expect(without('options')).toEqual([]))
  it('at every word of the Authentication API and of the session', () => expect(without('word')).toEqual([]))
  it('at every member of plans, executions, list plans and flows', () => expect(without('member')).toEqual([]))
})
