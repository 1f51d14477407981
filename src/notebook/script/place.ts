import { basename } from 'node:path'
import { fileOf } from '../../code/index.ts'
import { TenantlabError } from '../../plan/index.ts'
import { stopOf } from './stop.ts'

/** The line of a cell that an error comes from, as far as its stack or its causes' tell. */
export function lineIn(error: unknown, path: string, place: string): number | undefined {
  const file = `${fileOf(path, place)}:`
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const { stack = '' } = each
    const at = stack.indexOf(file)
    const line = at === -1 ? Number.NaN : Number.parseInt(stack.slice(at + file.length), 10)
    if (line >= 1) return line
  }
  return undefined
}

/**
 * The error with its place in front: `x.ipynb, cell 4, line 2`.
 *
 * @param hint what the code may have meant, to stand behind its message.
 */
export function placed(error: unknown, path: string, place: string, line?: number, hint?: string): TenantlabError {
  const { kind, message } = stopOf(error)
  const where = whereOf(path, place, line ?? lineIn(error, path, place))
  return new TenantlabError(kind, `${where}: ${message}${hint === undefined ? '' : `. ${hint}`}`, { cause: error })
}

function whereOf(path: string, place: string, line: number | undefined): string {
  return [basename(path), place, ...(line === undefined ? [] : [`line ${line}`])].join(', ')
}
