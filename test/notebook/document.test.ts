import { expect, it } from 'vitest'
import { cellsOf, parseNotebook } from '../../src/notebook/document/index.ts'

it('reads the cells of a notebook with the numbers that a front end shows', () => {
  const notebook = {
    cells: [
      { cell_type: 'markdown', source: ['# Title\n', 'text'] },
      { cell_type: 'code', source: '' },
      { cell_type: 'code', source: ['const a = 1\n', 'a'], metadata: { tags: ['parameters'] } },
    ],
  }
  expect(cellsOf(parseNotebook(JSON.stringify(notebook), 'x.ipynb'))).toEqual([
    { number: 1, kind: 'prose', text: '# Title\ntext', tags: [] },
    { number: 3, kind: 'code', text: 'const a = 1\na', tags: ['parameters'] },
  ])
})

it('says what is not a notebook', () => {
  expect(() => parseNotebook('{}', 'x.ipynb')).toThrow(/x.ipynb is not a notebook: it has no cells/)
  expect(() => parseNotebook('nothing', 'x.ipynb')).toThrow(/it is not JSON/)
})
