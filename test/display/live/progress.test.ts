import { describe, expect, it } from 'vitest'
import { Progress } from '../../../src/display/live/progress.ts'
import type { PlanEvent } from '../../../src/plan/index.ts'

const textOf = (progress: Progress) => progress.look().text()
const attempt = (at: number): PlanEvent<unknown> => ({
  kind: 'attempt',
  at,
  attempt: 1,
  method: 'PATCH',
  url: 'https://t/x',
})

describe('the progress of an each', () => {
  it.each([
    [{ done: 25, failed: 0, total: 100 }, ['25 of 100 done', '25 items per second', '3 s left']],
    [{ done: 40, failed: 10, total: 100 }, ['40 of 100 done, 10 failed', '50 items per second', '1 s left']],
    [{ done: 5, failed: 1 }, ['5 done, 1 failed', '6 items per second']],
  ])('tells what is done and failed, the rate and the time left: %j', (count, texts) => {
    const progress = new Progress('users.list, each', () => 0)
    progress.take(attempt(1000))
    progress.take({ kind: 'item', at: 2000, operation: 'users.list, each', ...count })
    for (const text of texts) expect(textOf(progress)).toContain(text)
    if (!('total' in count)) expect(textOf(progress)).not.toContain('left')
    progress.succeed()
    expect(textOf(progress)).not.toContain('s left')
  })

  it('keeps to the flow that is watched where flows within it tell theirs', () => {
    const progress = new Progress('users.list, each', () => 0)
    progress.take(attempt(0))
    progress.take({ kind: 'item', at: 10, operation: 'roles.list, each', done: 1, failed: 0, total: 2 })
    progress.take({ kind: 'item', at: 20, operation: 'users.list, each', done: 7, failed: 0, total: 9 })
    progress.take({ kind: 'item', at: 30, operation: 'roles.list, each', done: 2, failed: 0, total: 2 })
    expect(textOf(progress)).toContain('7 of 9 done')
  })
})
