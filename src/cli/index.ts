// The room of the `tenantlab` command: one file per sub-command, and what they share.

export { runCommandLine } from './command-line.ts'
export { tourFlows } from './tour/index.ts'
