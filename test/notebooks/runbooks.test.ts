import { basename, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readNotebook, textOf } from '../../scripts/notebook-format.mjs'
import { notebooks, notebooksOf, type RunCell, runNotebooks } from '../../scripts/notebook-run.mjs'
import { canaries, joined, SECRET_SHAPES, shownBy } from './stored.ts'
import { findTraps } from './traps.ts'

const twins = notebooksOf(join(notebooks, 'runbooks'))

describe('notebook twins of runbooks', () => {
  let results: Map<string, readonly RunCell[]>
  beforeAll(async () => {
    results = await runNotebooks(twins, canaries)
  })

  it('are there', () => {
    expect(twins.length).toBeGreaterThanOrEqual(6)
  })

  it.each(twins.map((path) => [basename(path), path]))(
    '%s runs to its end, as stored, without a secret',
    (name, path) => {
      const { cells } = readNotebook(path)
      const code = cells.filter((cell) => cell.cell_type === 'code')
      const ran = results.get(name) ?? []
      for (const { index, status, outputs } of ran) {
        expect(status, `cell ${index}: ${shownBy(outputs)}`).toBe('ok')
        expect(joined(outputs), `cell ${index}`).toEqual(joined(cells[index]?.outputs))
      }
      expect(ran).toHaveLength(code.length)
      expect(findTraps(code.map((cell) => textOf(cell.source)))).toEqual([])
      const shown = ran.map(({ outputs }) => shownBy(outputs)).join('\n')
      expect(shown.length).toBeGreaterThan(100)
      for (const canary of Object.values(canaries)) expect(shown).not.toContain(canary)
      for (const shape of SECRET_SHAPES) expect(shown).not.toMatch(shape)
    },
  )
})
