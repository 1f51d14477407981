// The room of notebooks: the profile that makes a better kernel of tslab, and what checks, cleans, runs and installs.
export { runNotebook } from './cells/index.ts'
export { canariesOf, checkNotebook, faultsOfCells, tslabSyntax, withoutStoredSecrets } from './check/index.ts'
export {
  cleaned,
  type DeclaredParameter,
  declaredParameters,
  type Notebook,
  parameterOf,
  readNotebook,
  textOf,
  withParameters,
  writeNotebook,
} from './document/index.ts'
export { exportNotebook } from './export/index.ts'
export { installKernel, uninstallKernel } from './install.ts'
export {
  type EndedRun,
  isWithinStep,
  runCells,
  type ScriptContext,
  ScriptRun,
  type ScriptRunOptions,
} from './script/index.ts'
export { PROFILED_TSLAB, packageFolder } from './tslab-location.ts'
