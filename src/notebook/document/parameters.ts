import { ConfigurationError, type Json } from '../../plan/index.ts'
import { linesOf, type Notebook, type NotebookCell, tagsOf } from './notebook.ts'

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

/** `per_page=5` as a parameter: a value that is JSON is taken as such, anything else as text. */
export function parameterOf(given: string): readonly [string, Json] {
  const cut = given.indexOf('=')
  if (cut <= 0) throw new ConfigurationError(`The parameter "${given}" has no value. Give it as NAME=VALUE.`)
  const text = given.slice(cut + 1)
  return [given.slice(0, cut), jsonOrText(text)]
}

function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    // Not every text is JSON, and nobody quotes a word on a command line.
    return text
  }
}
