import { describe, expect, it } from 'vitest'
import { callingLine } from '../../src/pipeline/index.ts'

/** An error with the frames of an engine between this package and a cell. */
function stacked(...frames: string[]): Error {
  const error = new Error('x')
  error.stack = ['Error: x', ...frames.map((frame) => `    at ${frame}`)].join('\n')
  return error
}

describe('N4: the line that a failure names', () => {
  const ticks = 'process.processTicksAndRejections (node:internal/process/task_queues:95:5)'
  const timers = 'listOnTimeout (node:internal/timers:581:17)'

  it.each([
    ['behind a turn of the event loop', [ticks, 'async run (/srv/reader/work.ts:12:7)'], 12],
    ['behind a timer', [timers, ticks, 'file:///srv/reader/a%20b.mts:3:1'], 3],
    ['behind the loader of modules', ['node:internal/modules/run_main:123:5', '/srv/reader/work.ts:8:9'], 8],
  ])('is one of the reader, not of Node: %s', (_, frames, line) => {
    expect(callingLine(stacked(...frames))?.line).toBe(line)
  })

  it('is left out where no frame has a file of the reader', () => {
    expect(callingLine(stacked('evalmachine.<anonymous>:4:3', ticks))).toBeUndefined()
    expect(callingLine(stacked('eval (<anonymous>)', timers, 'node:internal/process/task_queues:95:5'))).toBeUndefined()
  })
})
