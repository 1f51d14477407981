// The room of the `tenantlab` command: one command line, one file per command, and what they share.
export { runCommandLine } from './command-line.ts'
