import { ConfigurationError } from '../../plan/index.ts'

/** A cell of a notebook, as far as a script needs it. */
export interface Cell {
  /** Place in the notebook, from 1, prose counted: what a front end shows and messages name. */
  readonly number: number
  readonly kind: 'code' | 'prose'
  readonly text: string
  readonly tags: readonly string[]
}

interface StoredCell {
  readonly cell_type?: unknown
  readonly source?: string | readonly string[]
  readonly metadata?: { readonly tags?: unknown }
}

/**
 * The cells of a notebook file, in order, empty ones left out.
 *
 * @param notebook text of the file.
 * @param file its name, for messages.
 * @throws ConfigurationError when the text is no notebook.
 */
export function cellsOf(notebook: string, file: string): readonly Cell[] {
  let content: { cells?: unknown } | undefined
  try {
    content = JSON.parse(notebook) as { cells?: unknown }
  } catch (cause) {
    throw new ConfigurationError(`${file} is no notebook: it is not JSON. Give a file that Jupyter has saved.`, {
      cause,
    })
  }
  if (!Array.isArray(content?.cells)) {
    throw new ConfigurationError(`${file} is no notebook: it has no cells. Give a file that Jupyter has saved.`)
  }
  return (content.cells as readonly StoredCell[]).flatMap(({ cell_type, source = '', metadata }, index) => {
    const text = typeof source === 'string' ? source : source.join('')
    if (text.trim() === '') return []
    const tags = Array.isArray(metadata?.tags) ? metadata.tags.map(String) : []
    return [{ number: index + 1, kind: cell_type === 'code' ? 'code' : 'prose', text, tags }]
  })
}
