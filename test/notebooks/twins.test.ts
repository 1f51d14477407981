import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readNotebook, textOf } from '../../scripts/notebook-format.mjs'
import { notebooks, notebooksOf, type RunCell, runNotebooks } from '../../scripts/notebook-run.mjs'
import { canaries, joined, SECRET_SHAPES, shownBy } from './stored.ts'
import { findTraps } from './traps.ts'

// Notebooks that go through the steps of a shipped runbook, one cell after the other.
const twins = notebooksOf(join(notebooks, 'runbooks')).map((path) => ({
  path,
  name: basename(path),
  notebook: readNotebook(path),
}))
const runbooks = resolve(import.meta.dirname, '..', '..', 'runbooks')

describe('notebook twins of runbooks', () => {
  let results: Map<string, readonly RunCell[]>

  beforeAll(async () => {
    results = await runNotebooks(
      twins.map(({ path }) => path),
      canaries,
    )
  })

  it('are there', () => {
    expect(twins.length).toBeGreaterThanOrEqual(6)
  })

  for (const { name, notebook } of twins) {
    it(`${name} belongs to a runbook and has none of tslab's traps`, () => {
      expect(existsSync(join(runbooks, name.replace('.ipynb', '.ts')))).toBe(true)
      const code = notebook.cells.filter((cell) => cell.cell_type === 'code')
      expect(findTraps(code.map((cell) => textOf(cell.source)))).toEqual([])
    })

    it(`${name} runs to its end, puts out what it stores, and shows no secret`, () => {
      const cells = results.get(name) ?? []
      expect(cells.length).toBe(notebook.cells.filter((cell) => cell.cell_type === 'code').length)
      for (const cell of cells) {
        expect(cell.status, `cell ${cell.index}: ${shownBy(cell.outputs)}`).toBe('ok')
        expect(joined(cell.outputs), `cell ${cell.index}`).toEqual(joined(notebook.cells[cell.index]?.outputs))
      }
      const shown = cells.map((cell) => shownBy(cell.outputs)).join('\n')
      expect(shown.length).toBeGreaterThan(100)
      for (const canary of Object.values(canaries)) expect(shown).not.toContain(canary)
      for (const shape of SECRET_SHAPES) expect(shown).not.toMatch(shape)
    })
  }
})
