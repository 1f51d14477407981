// Notebook files as data: reading, writing, cleaning, parameters.
export { type Cell, cellsOf } from './cells.ts'
export {
  cellsToRun,
  cleaned,
  linesOf,
  type Notebook,
  type NotebookCell,
  type RunnableCell,
  readNotebook,
  type StoredOutput,
  tagsOf,
  textOf,
  writeNotebook,
} from './notebook.ts'
export { type DeclaredParameter, declaredParameters, parameterOf, withParameters } from './parameters.ts'
