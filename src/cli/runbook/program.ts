import { readFileSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { loadFile } from '../../code/index.ts'
import { ConfigurationError } from '../../plan/index.ts'
import type { Runbook } from '../../run/index.ts'
import { isRunbook, parametersOf } from '../../runbook/index.ts'
import { type Described, MisuseError } from '../words/index.ts'

/**
 * What a file is, as far as its text tells before it runs: `statements` export nothing, `function` exports something of
 * its own, `imported` exports what may be a runbook of another file.
 */
export type ProgramKind = 'notebook' | 'runbook' | 'imported' | 'function' | 'statements'

const DEFAULT = /\bexport\s+default\b|\bas\s+default\b|\bexport\s*\{[^}]*\bdefault\b/

/** Reads what a file is from its text; words must be judged before a script runs, as loading it is running it. */
export function kindOf(file: string): ProgramKind {
  if (extname(file) === '.ipynb') return 'notebook'
  const text = readFileSync(file, 'utf8')
  if (/\bdefineRunbook\b/.test(text)) return 'runbook'
  if (!DEFAULT.test(text)) return 'statements'
  return /\bfrom\s*['"]\./.test(text) ? 'imported' : 'function'
}

/**
 * Refuses a file that is not there, before anything is made of the other words.
 *
 * @throws MisuseError naming it, and what is taken.
 */
export function requireFile(file: string): void {
  const is = statSync(file, { throwIfNoEntry: false })
  if (is?.isFile() === true) return
  const what = is === undefined ? `There is no file ${file}.` : `${file} is a folder.`
  throw new MisuseError(`${what} Give the path of a .ts, .mts, .js or .mjs file, or of a notebook.`)
}

/** What the help of a file says: the parameters of a runbook; any other file would have to run for it. */
export async function describeFile(file: string): Promise<Described> {
  requireFile(file)
  if (kindOf(file) !== 'runbook') return { file, parameters: [] }
  const exported = await loadFile(file)
  if (!isRunbook(exported)) return { file, parameters: [] }
  const { description, params } = exported as Runbook<unknown>
  return { file, description, parameters: parametersOf(params) }
}

/**
 * Refuses a file that was to export a runbook, saying what it exports instead.
 *
 * @param exported its default export.
 * @throws ConfigurationError, always.
 */
export function refuseUnexported(file: string, exported: unknown): never {
  const text = readFileSync(file, 'utf8')
  const named =
    /\bexport\s+(?:const|let|var)\s+([\w$]+)\s*(?::[^=]+)?=\s*defineRunbook\b/.exec(text)?.[1] ??
    /\bexport\s*\{\s*(?:[\w$]+\s+as\s+)?([\w$]+)/.exec(text)?.[1]
  const defined = /\bdefineRunbook\s*[(<]/.test(text)
  const what =
    typeof (exported as { steps?: unknown } | null | undefined)?.steps === 'function'
      ? 'exports steps that are not a runbook'
      : exported !== undefined
        ? `exports ${nounOf(exported)} that is not a runbook`
        : defined && named !== undefined
          ? `exports "${named}" by its name, and no runbook as its default`
          : defined
            ? 'defines a runbook and does not export it'
            : 'exports no runbook'
  throw new ConfigurationError(`${file} ${what}, so that nothing was run. Write export default defineRunbook({ … }).`)
}

function nounOf(value: unknown): string {
  if (value === null) return 'a null'
  return typeof value === 'function'
    ? 'a function'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'an object'
        : `a ${typeof value}`
}
