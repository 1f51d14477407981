import { inspect } from 'node:util'
import { isTenantlabError } from '../plan/index.ts'
import { attachedLook } from './attach.ts'
import { type JoinOptions, type RowSource, showJoined } from './joined.ts'
import { isExecution, watch } from './live/index.ts'
import { JUPYTER, type MimeBundle } from './look.ts'
import { isRecord, showError } from './looks/index.ts'
import { guardedText } from './notebook-guard.ts'
import { shownNothing } from './nothing.ts'
import { asksForRows, checkShowOptions, rowsIn, rowsLook, type ShowOptions } from './rows.ts'
import { displayTarget, writeDisplay } from './target.ts'

/**
 * Shows a value as richly as the place allows: HTML, JSON and text in a notebook (Deno's kernel or tslab), text in a
 * terminal or a pipe. One message per value; an execution is watched until it ends.
 *
 * @param value Anything; a list of records is drawn as a table.
 * @param options Which columns of rows to draw, in which order and how many, how times are written, and what stands above. A
 *   list of numbers in a row is drawn as its course: `▁▃█ 12`.
 * With `with`, the rows of a list, a flow or an array, and columns that are read for each: only reads are sent, and only for
 * rows that are drawn.
 *
 * @returns Nothing, or with `with` the end of the reads, to await.
 * @throws ConfigurationError for options that do not fit.
 * @example
 * ```ts
 * await show(auth0.users.list(), { columns: ['email'], with: { roles: (user) => auth0.users(user.user_id ?? '').roles.list() } })
 * const page = await auth0.users.list().run()
 * show(page.items.filter((user) => user.blocked), { columns: ['email', 'app_metadata.plan'], sort: 'email', limit: 10 })
 * ```
 */
export function show<T>(source: RowSource<T>, options: JoinOptions<T>): Promise<void>
export function show(value: unknown, options?: ShowOptions): void
export function show(value: unknown, options: ShowOptions | JoinOptions<unknown> = {}): Promise<void> | void {
  if ('with' in options) return showJoined(value, options)
  checkShowOptions(options)
  if (isExecution(value)) watch(value)
  else writeDisplay(displayTarget(), bundleOf(value, options))
}

/** The forms in which a value would be shown. */
export function bundleOf(value: unknown, options: ShowOptions = {}): MimeBundle {
  if (asksForRows(options)) return rowsLook(rowsIn(value), options).bundle()
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
  return { 'text/plain': guardedText(typeof value === 'string' ? value : inspect(value)) }
}
