import { beforeAll, describe, expect, it } from 'vitest'
import { type RunCell, runNotebooks } from '../../scripts/notebook-run.mjs'
import { canaries, joined, SECRET_SHAPES, shownBy, stored } from './stored.ts'

// zeromq refuses what is sent while it is busy: beyond some 500 messages in one turn a kernel loses the rest.
const MOST_MESSAGES = 400

describe('notebooks in tslab', () => {
  let results: Map<string, readonly RunCell[]>

  beforeAll(async () => {
    // A connection in the environment must be ignored: the notebooks stay in the sandbox.
    results = await runNotebooks(
      stored.map(({ path }) => path),
      canaries,
    )
  })

  it('are there', () => {
    expect(stored.length).toBeGreaterThanOrEqual(10)
  })

  for (const { name, notebook } of stored) {
    it(`${name} runs to its end and puts out what it stores`, () => {
      const cells = results.get(name) ?? []
      const code = notebook.cells.filter((cell) => cell.cell_type === 'code')
      for (const cell of cells) {
        const tags = notebook.cells[cell.index]?.metadata.tags ?? []
        const expected = tags.includes('raises-exception') ? 'error' : 'ok'
        expect(cell.status, `cell ${cell.index}: ${shownBy(cell.outputs)}`).toBe(expected)
        expect(joined(cell.outputs), `cell ${cell.index}`).toEqual(joined(notebook.cells[cell.index]?.outputs))
        expect(cell.messages, `cell ${cell.index}`).toBeLessThanOrEqual(MOST_MESSAGES)
      }
      expect(cells.length).toBe(code.length)
    })

    it(`${name} shows no secret and nothing of a real connection`, () => {
      const shown = (results.get(name) ?? []).map((cell) => shownBy(cell.outputs)).join('\n')
      expect(shown.length).toBeGreaterThan(100)
      for (const canary of Object.values(canaries)) expect(shown).not.toContain(canary)
      for (const shape of SECRET_SHAPES) expect(shown).not.toMatch(shape)
    })
  }
})
