import { ConfigurationError, isTenantlabError, messageOf } from '../../plan/index.ts'

/** A word, flag or value that the command line does not take: exit code 64. Nothing was done. */
export class MisuseError extends ConfigurationError {}

/** Whether words cannot be understood, or what they name is missing or something else: nothing has begun then. */
export function isMisuse(error: unknown): boolean {
  if (isTenantlabError(error)) return error.kind === 'configuration'
  const { code, path, syscall } = (error ?? {}) as NodeJS.ErrnoException
  return code === 'EISDIR' ? syscall === 'read' : path !== undefined && code === 'ENOENT'
}

/**
 * Opens what a word of the command line names, such as a plan file or a tenant.
 *
 * @throws MisuseError where it is missing, or something else.
 */
export function openNamed<T>(word: string, open: () => T): T {
  try {
    return open()
  } catch (error) {
    if (!isMisuse(error) || error instanceof MisuseError) throw error
    const folder = (error as NodeJS.ErrnoException).code === 'EISDIR'
    throw new MisuseError(folder ? `${word} is a folder. Give the path of a file.` : messageOf(error), { cause: error })
  }
}
