// Notebook files as data: reading, writing, cleaning, parameters.
export {
  type Cell,
  cellsOf,
  cellsToRun,
  cleaned,
  linesOf,
  type Notebook,
  parseNotebook,
  type RunnableCell,
  readNotebook,
  type StoredOutput,
  tagsOf,
  textOf,
  writeNotebook,
} from './notebook.ts'
export { type DeclaredParameter, declaredParameters, parameterOf, withParameters } from './parameters.ts'
