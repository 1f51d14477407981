import { inspect } from 'node:util'
import { ConfigurationError, isTenantlabError } from '../plan/index.ts'
import { attachedLook } from './attach.ts'
import { isExecution, watch } from './live/index.ts'
import { JUPYTER, type Look, lookOf, type MimeBundle } from './look.ts'
import { showError } from './looks/error.ts'
import { isRecord, listCard } from './looks/values.ts'
import { shownNothing } from './nothing.ts'
import { withoutSecrets } from './secrets.ts'
import { displayTarget, writeDisplay } from './target.ts'

/**
 * Shows a value as richly as the place allows: HTML, JSON and text in a notebook (Deno's kernel or tslab), text in a
 * terminal or a pipe. One message per value; an execution is watched until it ends.
 *
 * @param value Anything; a list of records is drawn as a table.
 * @param options Which columns of rows to draw, and what stands above.
 * @throws ConfigurationError for options that do not fit.
 * @example
 * ```ts
 * const page = await auth0.users.list().run()
 * show(page.items.filter((user) => user.blocked), { columns: ['email', 'app_metadata.plan'] })
 * ```
 */
export function show(value: unknown, options: ShowOptions = {}): void {
  checkOptions(options)
  if (isExecution(value)) watch(value)
  else writeDisplay(displayTarget(), bundleOf(value, options))
}

function checkOptions(options: ShowOptions): void {
  const { columns, title, ...rest } = options
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) {
    throw new ConfigurationError(`show(): unknown option "${unknown}". Options are columns and title.`)
  }
  if (columns !== undefined && !(Array.isArray(columns) && columns.every((name) => typeof name === 'string'))) {
    throw new ConfigurationError("show(): columns must be a list of names. Write show(rows, { columns: ['email'] }).")
  }
  if (title !== undefined && typeof title !== 'string') throw new ConfigurationError('show(): title must be a text.')
}

function rowsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (isRecord(value)) return Array.isArray(value.items) ? value.items : [value]
  throw new ConfigurationError('show(): columns and title belong to rows. Give a list of records, or a page of one.')
}

function rowsLook(rows: readonly unknown[], { columns, title }: ShowOptions): Look {
  const safe = (): readonly unknown[] => withoutSecrets(rows)
  const name = title ?? `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`
  return lookOf(() => listCard(name, safe(), undefined, columns), safe, { rows: true })
}

/** How `show()` draws rows. */
export interface ShowOptions {
  /** Members to draw, in order; dotted paths reach into records: `app_metadata.plan`. The most telling when left out. */
  readonly columns?: readonly string[]
  /** What stands above; the number of rows when left out. */
  readonly title?: string
}

/** The forms in which a value would be shown. */
export function bundleOf(value: unknown, options: ShowOptions = {}): MimeBundle {
  if (options.columns !== undefined || options.title !== undefined) return rowsLook(rowsIn(value), options).bundle()
  if (isTenantlabError(value)) return showError(value).bundle()
  if (typeof value === 'object' && value !== null) {
    const look = attachedLook(value)
    if (look !== undefined) return look.bundle()
    const own: unknown = (value as { [JUPYTER]?: unknown })[JUPYTER]
    if (typeof own === 'function') return own.call(value) as MimeBundle
  }
  // The rows of a list that was filtered or mapped have lost its look, and are still rows.
  if (Array.isArray(value) && value.length > 0 && value.every(isRecord)) return rowsLook(value, {}).bundle()
  if (value === undefined) {
    const nothing = shownNothing()
    return nothing === undefined ? { 'text/plain': 'No value: undefined.' } : bundleOf(nothing)
  }
  if (Array.isArray(value) && value.length === 0) return { 'text/plain': 'No rows.' }
  return { 'text/plain': typeof value === 'string' ? value : inspect(value) }
}
