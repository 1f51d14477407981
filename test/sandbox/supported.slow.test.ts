import { describe, expect, it } from 'vitest'
import { playScenes } from './scenes.ts'
import { countsOf, judgeOperations } from './supported.ts'

describe('T6 what the operations of the tenant do', () => {
  it('has no operation that is not there, and proves most by their effect', { timeout: 120_000 }, async () => {
    const counts = countsOf(await judgeOperations())
    expect(counts.absent).toBe(0)
    expect((await playScenes()).failed).toEqual([])
    expect(counts.stateful).toBeGreaterThanOrEqual(450)
  })
})
