// Notebook files as data: reading, writing, cleaning, parameters.
export {
  cleaned,
  linesOf,
  type Notebook,
  type NotebookCell,
  readNotebook,
  type StoredOutput,
  tagsOf,
  textOf,
  writeNotebook,
} from './notebook.ts'
export { parameterOf, withParameters } from './parameters.ts'
