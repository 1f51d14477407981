// The room of notebooks: the profile that makes a better kernel of tslab, and what checks, cleans, runs and installs.
export { canariesOf, checkNotebook, tslabSyntax } from './check/index.ts'
export {
  cleaned,
  type Notebook,
  type NotebookCell,
  parameterOf,
  readNotebook,
  type StoredOutput,
  textOf,
  withParameters,
  writeNotebook,
} from './document/index.ts'
export { installKernel } from './install.ts'
export { type RanCell, runNotebook, runNotebooks } from './run/index.ts'
export { PROFILED_TSLAB } from './tslab-location.ts'
