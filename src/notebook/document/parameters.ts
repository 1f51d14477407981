import { ConfigurationError, type Json } from '../../plan/index.ts'
import { linesOf, type Notebook, type NotebookCell, tagsOf, textOf } from './notebook.ts'

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u

/** Values by the names of variables. */
export type Parameters = Readonly<Record<string, Json>>

/**
 * The notebook with a cell of given values: in place of the one that an earlier run injected, else below the cell tagged
 * `parameters`, else at the top. The values of the `parameters` cell stay as defaults for what is not given.
 *
 * @throws ConfigurationError for a name that is no variable.
 */
export function withParameters(notebook: Notebook, parameters: Parameters): Notebook {
  const without = notebook.cells.filter((cell) => !tagsOf(cell).includes('injected-parameters'))
  const names = Object.keys(parameters)
  if (names.length === 0) return { ...notebook, cells: without }
  const wrong = names.find((name) => !NAME.test(name))
  if (wrong !== undefined) {
    throw new ConfigurationError(`"${wrong}" is no name of a variable. Give parameters as NAME=VALUE.`)
  }
  const injected = notebook.cells.findIndex((cell) => tagsOf(cell).includes('injected-parameters'))
  const defaults = without.findIndex((cell) => tagsOf(cell).includes('parameters'))
  const at = injected >= 0 ? injected : defaults + 1
  return { ...notebook, cells: [...without.slice(0, at), cellOf(parameters, notebook), ...without.slice(at)] }
}

/** A variable of the cell tagged `parameters`, and its type as far as its declaration tells. */
export interface DeclaredParameter {
  readonly name: string
  readonly type?: 'string' | 'number' | 'boolean'
}

const DECLARATION =
  /^\s*(?:export\s+)?(?:const|let|var)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?::\s*([^=]+?))?\s*=\s*(.*)$/gmu

/** The variables that values can be given for; `undefined` where no cell is tagged `parameters`. */
export function declaredParameters(notebook: Notebook): readonly DeclaredParameter[] | undefined {
  const cells = notebook.cells.filter((cell) => tagsOf(cell).includes('parameters'))
  if (cells.length === 0) return undefined
  return cells.flatMap((cell) =>
    [...textOf(cell.source).matchAll(DECLARATION)].map(([, name = '', annotation, value = '']) => {
      const type = typeFrom(annotation, value)
      return { name, ...(type !== undefined && { type }) }
    }),
  )
}

function typeFrom(annotation: string | undefined, value: string): DeclaredParameter['type'] {
  if (annotation === 'string' || annotation === 'number' || annotation === 'boolean') return annotation
  if (annotation !== undefined) return undefined
  if (/^['"`]/.test(value)) return 'string'
  if (/^-?[\d.]/.test(value)) return 'number'
  return /^(true|false)\b/.test(value) ? 'boolean' : undefined
}

function cellOf(parameters: Parameters, notebook: Notebook): NotebookCell {
  const lines = Object.entries(parameters).map(([name, value]) => `let ${name} = ${JSON.stringify(value)}`)
  const hasIds = notebook.nbformat_minor >= 5
  return {
    cell_type: 'code',
    ...(hasIds ? { id: 'injected-parameters' } : {}),
    metadata: { tags: ['injected-parameters'] },
    execution_count: null,
    outputs: [],
    source: linesOf(['// Parameters', ...lines].join('\n')),
  }
}

/**
 * `per_page=5` as a parameter, by its declared type; without one, a value that is JSON is taken as such, anything else as
 * text.
 */
export function parameterOf(given: string, declared: readonly DeclaredParameter[] = []): readonly [string, Json] {
  const cut = given.indexOf('=')
  if (cut <= 0) throw new ConfigurationError(`The parameter "${given}" has no value. Give it as NAME=VALUE.`)
  const [name, text] = [given.slice(0, cut), given.slice(cut + 1)]
  return [name, declared.find((each) => each.name === name)?.type === 'string' ? text : jsonOrText(text)]
}

function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    // Not every text is JSON, and nobody quotes a word on a command line.
    return text
  }
}
