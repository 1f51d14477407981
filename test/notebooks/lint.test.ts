import { describe, expect, it } from 'vitest'
import { checkNotebook, textOf, tslabSyntax } from '../../src/notebook/index.ts'
import { canaries, everyNotebook, shownBy } from './stored.ts'

const syntax = tslabSyntax()

describe('the stored notebooks', () => {
  for (const { name, notebook } of everyNotebook) {
    describe(name, () => {
      const code = notebook.cells.filter((cell) => cell.cell_type === 'code')

      it('stores no secret, and falls into none of tslab’s traps', () => {
        const found = checkNotebook(notebook, { syntax, canaries: Object.values(canaries) })
        expect(found.filter(({ fails }) => fails)).toEqual([])
      })

      it('begins with a title and explains before it runs', () => {
        expect(textOf(notebook.cells[0]?.source)).toMatch(/^# /)
        const prose = notebook.cells.filter((cell) => cell.cell_type === 'markdown')
        expect(prose.length).toBeGreaterThanOrEqual(code.length / 2)
      })

      it('is for tslab and stores nothing of one run alone', () => {
        expect(notebook.metadata.kernelspec).toMatchObject({ name: 'tslab', language: 'typescript' })
        const ids = notebook.cells.map((cell) => cell.id)
        expect(new Set(ids).size).toBe(ids.length)
        for (const [at, cell] of code.entries()) {
          // As Jupyter counts them when they are run from the top.
          expect(cell.execution_count).toBe(at + 1)
          expect(Object.keys(cell.metadata).filter((key) => key !== 'tags')).toEqual([])
        }
      })

      it('stores outputs, and no machine path among them', () => {
        const shown = code.map((cell) => shownBy(cell.outputs ?? [])).join('\n')
        expect(code.filter((cell) => (cell.outputs ?? []).length > 0).length).toBeGreaterThanOrEqual(code.length / 2)
        expect(shown).not.toMatch(/\/(?:home|root|work|tmp|Users)\/|node_modules|evalmachine/)
      })

      it('takes its tenant from lab(), which stays in the sandbox', () => {
        const sources = code.map((cell) => textOf(cell.source)).join('\n')
        expect(sources).toMatch(/await lab\(\{ seed: '/)
        expect(sources).not.toMatch(/process\.env|connect\(\)/)
        expect(sources).toContain('await finish()')
      })
    })
  }
})
