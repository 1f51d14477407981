import { readFileSync } from 'node:fs'
import { ConfigurationError } from '../../plan/index.ts'
import { writeWhole } from '../../profiles/index.ts'

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
 * Reads a notebook file.
 *
 * @throws ConfigurationError when it cannot be read or is not a notebook.
 */
export function readNotebook(path: string): Notebook {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const fault = code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`
    const why = code === 'ENOENT' ? `There is no notebook ${path}.` : `${path} ${fault}.`
    throw new ConfigurationError(`${why} Give the path of an .ipynb file.`, { cause })
  }
  return parseNotebook(text, path)
}

/**
 * Reads the text of a notebook.
 *
 * @param file its name, for messages.
 * @throws ConfigurationError when it is not a notebook of format 4.
 */
export function parseNotebook(text: string, file: string): Notebook {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch (cause) {
    throw new ConfigurationError(
      `${file} cannot be read as a notebook: it is not JSON. Give a file that Jupyter has saved.`,
      {
        cause,
      },
    )
  }
  const { cells, nbformat } = (read ?? {}) as Partial<Notebook>
  if (nbformat !== undefined && nbformat !== 4)
    throw new ConfigurationError(`${file} is not a notebook of format 4. Save it again in Jupyter, which converts it.`)
  if (!Array.isArray(cells))
    throw new ConfigurationError(`${file} is not a notebook: it has no cells. Give a file that Jupyter has saved.`)
  const wrong = (cells as readonly unknown[]).findIndex((cell) => !isCell(cell))
  if (wrong !== -1)
    throw new ConfigurationError(`${file}, cell ${wrong + 1} is not a cell of a notebook. Save it again in Jupyter.`)
  return {
    ...(read as Notebook),
    nbformat: 4,
    nbformat_minor: (read as Notebook).nbformat_minor ?? 5,
    metadata: (read as Notebook).metadata ?? {},
    cells: (cells as readonly NotebookCell[]).map((cell) => ({
      ...cell,
      source: cell.source ?? '',
      metadata: cell.metadata ?? {},
    })),
  }
}

function isCell(cell: unknown): boolean {
  const { cell_type, source = '' } = (cell ?? {}) as Partial<NotebookCell>
  return typeof cell_type === 'string' && (typeof source === 'string' || Array.isArray(source))
}

/** Writes a notebook in the layout that Jupyter uses; a reader meets the old file or the new one. */
export function writeNotebook(path: string, notebook: Notebook): void {
  writeWhole(path, `${JSON.stringify(notebook, null, 1)}\n`, 'shared')
}

export function textOf(text: Multiline | undefined): string {
  return typeof text === 'string' ? text : (text ?? []).join('')
}

export function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/)
}

export function tagsOf(cell: NotebookCell): readonly string[] {
  const { tags } = cell.metadata
  return Array.isArray(tags) ? tags.map(String) : []
}

/** A cell of a notebook, as far as a script needs it. */
export interface Cell {
  /** Place in the notebook, from 1, prose counted: what a front end shows and messages name. */
  readonly number: number
  readonly kind: 'code' | 'prose'
  readonly text: string
  readonly tags: readonly string[]
}

/** The cells of a notebook in order, empty ones left out. */
export function cellsOf({ cells }: Notebook): readonly Cell[] {
  return cells.flatMap((cell, index) => {
    const text = textOf(cell.source)
    if (text.trim() === '') return []
    return [{ number: index + 1, kind: cell.cell_type === 'code' ? 'code' : 'prose', text, tags: tagsOf(cell) }]
  })
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
