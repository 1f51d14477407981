import { ConfigurationError } from '../../plan/index.ts'

/** A word, flag or value that the command line does not take: exit code 64. Nothing was done. */
export class MisuseError extends ConfigurationError {}
