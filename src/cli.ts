import { runCommandLine } from './cli/index.ts'

runCommandLine()
