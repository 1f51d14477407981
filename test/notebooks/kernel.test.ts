import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outputsOf } from '../../src/notebook/cells/messages.ts'
import { cellsToRun } from '../../src/notebook/document/index.ts'
import { KernelClient } from './kernel-client.ts'
import { joined, stored } from './stored.ts'

describe('a real tslab kernel', () => {
  let kernel: KernelClient
  const first = stored[0]!

  beforeAll(async () => {
    kernel = await KernelClient.start(dirname(first.path))
  })
  afterAll(() => kernel?.close())

  it(`runs ${first.name} over zeromq as the stored outputs say`, async () => {
    for (const { index, source } of cellsToRun(first.notebook)) {
      const { status, messages } = await kernel.execute(source)
      const outputs = joined(outputsOf(messages))
      expect(status, JSON.stringify(outputs)).toBe('ok')
      expect(outputs, `cell ${index}`).toEqual(joined(first.notebook.cells[index]?.outputs))
    }
  })
})
