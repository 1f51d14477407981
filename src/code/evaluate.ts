import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { constants, Script } from 'node:vm'
import type { CellCode } from './prepare.ts'
import type { CellNames } from './scope.ts'

const HEAD = "(function ($names) { with ($names) { return (async function () { 'use strict'; "

/** What the code of a notebook finds beside the globals of Node. */
export function offeredTo(path: string): Readonly<Record<string, unknown>> {
  return { require: createRequire(path) }
}

/**
 * Runs a cell.
 *
 * @param path of the notebook: relative imports start there.
 * @param place how stack traces name the cell: `cell 4`.
 * @returns What its last expression answers.
 */
export function evaluate({ body }: CellCode, names: CellNames, path: string, place: string): Promise<unknown> {
  // import.meta belongs to modules only.
  const meta = `const $meta = { url: ${JSON.stringify(pathToFileURL(path).href)} };`
  const head = `${HEAD}${meta}`
  const script = new Script(`${head}${body}\n}) } })`, {
    filename: fileOf(path, place),
    columnOffset: -head.length,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const make = script.runInThisContext() as (scope: object) => () => Promise<unknown>
  return make(names.scope)()
}

/** The name of a cell's code in stack traces. In the folder of the notebook, as relative imports start there. */
export function fileOf(path: string, place: string): string {
  return `${path}, ${place}`
}

/**
 * Keeps Node 20 from warning that it may change how scripts import, which no reader of a notebook can do anything about;
 * the answer ends it.
 */
export function withoutImportWarning(): () => void {
  const { emitWarning } = process
  const quiet = (warning: string | Error, ...more: unknown[]): void => {
    if (!String(warning).includes('USE_MAIN_CONTEXT_DEFAULT_LOADER'))
      (emitWarning as (...words: unknown[]) => void).call(process, warning, ...more)
  }
  process.emitWarning = quiet
  return () => {
    if (process.emitWarning === quiet) process.emitWarning = emitWarning
  }
}
