import { beforeAll, describe, expect, it } from 'vitest'
import type { RanCell } from '../../src/notebook/cells/kernel-run.ts'
import { canaries, everyNotebook, joined, kindsOf, leaksIn, runStored, shownBy, stored, twins } from './stored.ts'

// zeromq refuses what is sent while it is busy: beyond some 500 messages in one turn a kernel loses the rest.
const MOST_MESSAGES = 400

describe('notebooks in tslab', () => {
  let results: Map<string, readonly RanCell[]>

  beforeAll(async () => {
    // A connection in the environment must be ignored: the notebooks stay in the sandbox.
    results = await runStored(everyNotebook, canaries)
    // Some read a month of logs, and a machine may be busy.
  }, 900_000)

  it('are there', () => {
    expect(stored.length).toBeGreaterThanOrEqual(10)
    expect(twins.length).toBeGreaterThanOrEqual(10)
  })

  for (const { name, notebook } of everyNotebook) {
    it(`${name} runs to its end and puts out what it stores`, () => {
      const cells = results.get(name) ?? []
      const code = notebook.cells.filter((cell) => cell.cell_type === 'code')
      for (const cell of cells) {
        const tags = notebook.cells[cell.index]?.metadata.tags ?? []
        const expected = tags.includes('raises-exception') ? 'error' : 'ok'
        expect(cell.status, `cell ${cell.index}: ${shownBy(cell.outputs)}`).toBe(expected)
        const stored = notebook.cells[cell.index]?.outputs
        if (tags.includes('varies')) expect(kindsOf(cell.outputs), `cell ${cell.index}`).toEqual(kindsOf(stored))
        else expect(joined(cell.outputs), `cell ${cell.index}`).toEqual(joined(stored))
        expect(cell.messages, `cell ${cell.index}`).toBeLessThanOrEqual(MOST_MESSAGES)
      }
      expect(cells.length).toBe(code.length)
    })

    it(`${name} shows no secret and nothing of a real connection`, () => {
      const outputs = (results.get(name) ?? []).flatMap((cell) => cell.outputs)
      expect(shownBy(outputs).length).toBeGreaterThan(100)
      expect(leaksIn(outputs)).toEqual([])
    })
  }
})
