/** A cell of a notebook, as far as a script needs it. */
export interface Cell {
  readonly kind: 'code' | 'prose'
  readonly text: string
}

/**
 * The cells of a notebook file, in order.
 *
 * @throws Error when the text is no notebook.
 */
export function cellsOf(notebook: string, file: string): readonly Cell[] {
  let content: { cells?: unknown } | undefined
  try {
    content = JSON.parse(notebook) as { cells?: unknown }
  } catch (cause) {
    throw new Error(`${file} is no notebook: it is not JSON. Give a file that Jupyter has saved.`, { cause })
  }
  if (!Array.isArray(content?.cells))
    throw new Error(`${file} is no notebook: it has no cells. Give a file that Jupyter has saved.`)
  return content.cells.flatMap((cell: { cell_type?: string; source?: string | string[] }) => {
    const text = Array.isArray(cell.source) ? cell.source.join('') : (cell.source ?? '')
    if (text.trim() === '') return []
    return [{ kind: cell.cell_type === 'code' ? 'code' : 'prose', text } as const]
  })
}

/**
 * The code cells of a notebook as one script. Cells may declare a name again, which one module may not: their constants
 * become variables, and an import of a name that an earlier cell imported is left out.
 */
export function notebookScript(notebook: string, file: string): string {
  const imported = new Set<string>()
  return cellsOf(notebook, file)
    .filter(({ kind }) => kind === 'code')
    .map(({ text }) => withoutMagic(withoutImports(text, imported)).replace(/^(?:const|let)(?=\s)/gm, 'var'))
    .join('\n;\n')
}

/** The kernel's own lines are none of the language. */
function withoutMagic(code: string): string {
  return code.replace(/^%.*$/gm, '')
}

const IMPORT = /^import\s+(type\s+)?\{([^}]*)\}\s*from\s*(['"][^'"]+['"])[ \t]*;?/gm

function withoutImports(code: string, imported: Set<string>): string {
  return code.replace(IMPORT, (_, type: string | undefined, names: string, from: string) => {
    const fresh = names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => {
        const local =
          name
            .split(/\s+as\s+/)
            .pop()
            ?.replace(/^type\s+/, '') ?? ''
        if (name === '' || imported.has(local)) return false
        imported.add(local)
        return true
      })
    return fresh.length === 0 ? '' : `import ${type ?? ''}{ ${fresh.join(', ')} } from ${from}`
  })
}
