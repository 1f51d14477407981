import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { judges, later } from '../../scripts/judges/list.mjs'
import { judgeResults } from './supported.ts'

describe('what official and independent clients say of the tenant', () => {
  it('is known of every judge, with a date, and none is red', () => {
    const said = judgeResults()
    expect(said.map(({ name }) => name)).toEqual(judges.map(({ name }) => name))
    for (const { green, name, ran, red } of said) {
      expect([name, red]).toEqual([name, 0])
      expect(green, name).toBeGreaterThan(0)
      expect(ran).toMatch(/^\d{4}-\d\d-\d\d$/)
    }
  })

  it('counts every file of test/judges to one judge, and speaks of one thing once', () => {
    const files = readdirSync(new URL('../judges', import.meta.url)).filter((name) => name.endsWith('.test.ts'))
    expect(judges.flatMap((judge) => judge.files).sort()).toEqual(files.sort())
    expect(new Set(later).size).toBe(later.length)
  })
})
