// What may not stay in a stored notebook: secrets in its outputs, and what stock tslab cannot run.
export { checkNotebook, withoutStoredSecrets } from './check.ts'
export { faultsOfCells } from './prepared.ts'
export { canariesOf } from './stored-secrets.ts'
export { tslabSyntax } from './syntax.ts'
