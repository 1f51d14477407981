import { inspect } from 'node:util'
import { isTenantlabError } from '../plan/index.ts'
import { attachedLook } from './attach.ts'
import { isExecution, watch } from './live/index.ts'
import type { MimeBundle } from './look.ts'
import { JUPYTER } from './look.ts'
import { showError } from './looks/error.ts'
import { displayTarget, writeDisplay } from './target.ts'

/**
 * Shows a value as richly as the place allows: HTML, JSON and text in a notebook (Deno's kernel or tslab), text in a
 * terminal or a pipe. One message per value; an execution is watched until it ends.
 */
export function show(value: unknown): void {
  if (isExecution(value)) watch(value)
  else writeDisplay(displayTarget(), bundleOf(value))
}

/** The forms in which a value would be shown. */
export function bundleOf(value: unknown): MimeBundle {
  if (isTenantlabError(value)) return showError(value).bundle()
  if (typeof value === 'object' && value !== null) {
    const look = attachedLook(value)
    if (look !== undefined) return look.bundle()
    const own: unknown = (value as { [JUPYTER]?: unknown })[JUPYTER]
    if (typeof own === 'function') return own.call(value) as MimeBundle
  }
  return { 'text/plain': typeof value === 'string' ? value : inspect(value) }
}
