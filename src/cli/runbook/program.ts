import { existsSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { loadFile } from '../../code/index.ts'
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
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (/\bdefineRunbook\b/.test(text)) return 'runbook'
  if (!DEFAULT.test(text)) return 'statements'
  return /\bfrom\s*['"]\./.test(text) ? 'imported' : 'function'
}

/** What the help of a file says: the parameters of a runbook; any other file would have to run for it. */
export async function describeFile(file: string): Promise<Described> {
  if (!existsSync(file)) throw new MisuseError(`There is no file ${file} whose parameters could be told.`)
  if (kindOf(file) !== 'runbook') return { file, parameters: [] }
  const exported = await loadFile(file)
  if (!isRunbook(exported)) return { file, parameters: [] }
  const { description, params } = exported as Runbook<unknown>
  return { file, description, parameters: parametersOf(params) }
}
