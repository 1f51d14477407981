// What a tenant starts from when a path names it: an export of auth0-deploy-cli, or a snapshot that was saved.
export { loadExport } from './load.ts'
export { readOrigin } from './read.ts'
