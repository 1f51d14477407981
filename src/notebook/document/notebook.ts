import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { ConfigurationError } from '../../plan/index.ts'

/** Text as nbformat keeps it: whole, or as a list of lines. */
export type Multiline = string | readonly string[]

/** An output of a cell, as a notebook stores it. */
export interface StoredOutput {
  readonly output_type: string
  readonly name?: string
  readonly text?: Multiline
  readonly data?: Readonly<Record<string, unknown>>
  readonly metadata?: object
  readonly [other: string]: unknown
}

/** A cell of a notebook. */
export interface NotebookCell {
  readonly cell_type: string
  readonly id?: string
  readonly source: Multiline
  readonly metadata: { readonly tags?: readonly string[]; readonly [other: string]: unknown }
  readonly execution_count?: number | null
  readonly outputs?: readonly StoredOutput[]
}

/** A notebook (nbformat 4). */
export interface Notebook {
  readonly cells: readonly NotebookCell[]
  readonly metadata: { readonly [name: string]: unknown }
  readonly nbformat: number
  readonly nbformat_minor: number
}

/**
 * Reads a notebook.
 *
 * @throws ConfigurationError when the file holds none.
 */
export function readNotebook(path: string): Notebook {
  let read: unknown
  try {
    read = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new ConfigurationError(`${path} cannot be read as a notebook: ${(error as Error).message}. Check the path.`, {
      cause: error,
    })
  }
  const { cells, nbformat } = (read ?? {}) as Partial<Notebook>
  if (!Array.isArray(cells) || nbformat !== 4) {
    throw new ConfigurationError(`${path} is no notebook of format 4. Save it again in Jupyter, which converts it.`)
  }
  return read as Notebook
}

/** Writes a notebook in the layout that Jupyter uses; a reader meets the old file or the new one. */
export function writeNotebook(path: string, notebook: Notebook): void {
  writeFileSync(`${path}.part`, `${JSON.stringify(notebook, null, 1)}\n`)
  renameSync(`${path}.part`, path)
}

export function textOf(text: Multiline | undefined): string {
  return typeof text === 'string' ? text : (text ?? []).join('')
}

export function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/)
}

export function tagsOf(cell: NotebookCell): readonly string[] {
  return cell.metadata.tags ?? []
}

/** A code cell that a run executes. */
export interface RunnableCell {
  /** Index in the notebook. */
  readonly index: number
  readonly source: string
  /** It is tagged `raises-exception`: its failure does not end the run. */
  readonly mayFail: boolean
}

/** The code cells of a notebook in order, those tagged `skip-execution` left out. */
export function cellsToRun(notebook: Notebook): RunnableCell[] {
  return notebook.cells.flatMap((cell, index) => {
    const tags = tagsOf(cell)
    if (cell.cell_type !== 'code' || tags.includes('skip-execution')) return []
    return [{ index, source: textOf(cell.source), mayFail: tags.includes('raises-exception') }]
  })
}

/** The notebook without outputs and execution counts. */
export function cleaned(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === 'code' ? { ...cell, execution_count: null, outputs: [] } : cell,
  )
  return { ...notebook, cells }
}
