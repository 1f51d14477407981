import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { textOf } from '../../src/notebook/index.ts'
import { shownBy, twins } from './stored.ts'

const runbooks = readdirSync(resolve(import.meta.dirname, '..', '..', 'runbooks'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replace(/\.ts$/, ''))

// That they run, and put out what they store, is held with all other notebooks in run.test.ts.
describe('notebook twins of runbooks', () => {
  it('are as many as the runbooks', () => {
    expect(twins.map(({ name }) => name.replace('.ipynb', ''))).toEqual(runbooks.sort())
  })

  it.each(twins)('$name runs the file itself, from its check to its undo', ({ name, notebook }) => {
    const code = notebook.cells.filter((cell) => cell.cell_type === 'code').map((cell) => textOf(cell.source))
    const file = `../../runbooks/${name.replace('.ipynb', '.ts')}`
    expect(code[0]).toContain(`loadRunbook('${file}')`)
    expect(textOf(notebook.cells[0]?.source)).toContain(`](${file})`)
    const sources = code.join('\n')
    const places = ["mode: 'check'", 'memoryJournal()', 'show(journal)', 'undoRun(journal'].map((each) =>
      sources.indexOf(each),
    )
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    // Nothing of the runbook is written down a second time, and no cell draws what shows itself.
    expect(sources).not.toMatch(/defineRunbook|yield\*|planned_change/)
    expect(sources).toContain('listener: liveReport()')
    const journal = notebook.cells.find((cell) => textOf(cell.source) === 'show(journal)')
    expect(shownBy(journal?.outputs ?? [])).toContain('journal · ')
  })
})
