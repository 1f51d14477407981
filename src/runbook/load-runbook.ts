import { loadFile } from '../code/index.ts'
import { ConfigurationError } from '../plan/index.ts'
import type { Runbook } from '../run/index.ts'
import { isRunbook } from './define.ts'

/**
 * Loads the runbook that a TypeScript or JavaScript file exports, for programs and notebooks that run it themselves with
 * `runRunbook()`. Nothing is sent.
 *
 * @param file path of the file, from the folder that the process runs in.
 * @returns the default export of the file.
 * @throws ConfigurationError when the file is not there, is not a script, or exports no runbook.
 * @example
 * // not run: needs the file
 * const runbook = await loadRunbook('runbooks/audit.ts')
 * await runRunbook(runbook, auth0, { mode: 'check' })
 */
export async function loadRunbook(file: string): Promise<Runbook<unknown>> {
  const exported = await loadFile(file)
  if (isRunbook(exported)) return exported
  throw new ConfigurationError(
    `${file} exports no runbook. Write export default defineRunbook({ … }) in it, or give another file.`,
  )
}
