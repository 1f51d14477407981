import type { StoredOutput } from '../../src/notebook/document/index.ts'
import type { NotebookCell } from '../../src/notebook/document/notebook.ts'
import type { Notebook } from '../../src/notebook/index.ts'

interface CellParts {
  readonly outputs?: readonly StoredOutput[]
  readonly tags?: readonly string[]
}

export function code(source: string, { outputs = [], tags }: CellParts = {}): NotebookCell {
  const metadata = tags === undefined ? {} : { tags }
  return { cell_type: 'code', execution_count: 1, metadata, outputs, source: source.split(/(?<=\n)/) }
}

export function notebookOf(...cells: readonly NotebookCell[]): Notebook {
  return { cells, metadata: { kernelspec: { name: 'tslab' } }, nbformat: 4, nbformat_minor: 5 }
}
