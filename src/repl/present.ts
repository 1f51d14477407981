import { inspect, types } from 'node:util'
import { attachedLook, attachLook, bundleOf, foldedLines, plain, redactedInspect, showError } from '../display/index.ts'
import { isHelp } from '../grammar/index.ts'
import { isTenantlabError, processSecrets, redact, SECRET_MARK } from '../plan/index.ts'

/** How wide, and whether in colours. */
export interface Style {
  readonly columns: number
  readonly colours: boolean
}

const CUSTOM = Symbol.for('nodejs.util.inspect.custom')
const DISPLAY = Symbol.for('Jupyter.display')
const TOKEN_LIKE = /^(?:eyJ[\w-]+\.[\w-]+\.[\w-]*|(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w-]{43,}|Fe26\.2.*)$/

/** A value as the console prints it: tables as wide as the terminal, secrets hidden. */
export function textOf(value: unknown, style: Style): string {
  if (typeof value === 'string') return stringText(value)
  // `auth0.help` is a function that shows itself.
  if (typeof value === 'function' && CUSTOM in value) return foldedLines(inspect(value), style.columns).join('\n')
  if (typeof value !== 'object' || value === null) return inspect(value, { colors: style.colours })
  if (types.isNativeError(value)) return errorText(value, style)
  const look = attachedLook(value)
  if (look !== undefined) return look.text(style)
  if (isHelp(value)) return foldedLines(String(value), style.columns).join('\n')
  if (CUSTOM in value) {
    const text = inspect(value, { colors: style.colours })
    // A display of this package hides by itself, and may show one on purpose.
    return DISPLAY in value ? text : processSecrets().text(text)
  }
  return redactedInspect(value, { colors: style.colours, depth: 4, breakLength: style.columns })
}

/** A text prints as it is, without what could act on a terminal; what looks like a token stays hidden. */
function stringText(text: string): string {
  if (TOKEN_LIKE.test(text)) return `${SECRET_MARK} · reveal(it) shows it, where "it" is what you wrote`
  return processSecrets().text(text).split('\n').map(plain).join('\n')
}

/** An error as its card. */
export function errorText(error: unknown, style: Style): string {
  return showError(ownError(error)).text(style)
}

// Errors of the console's own scope are of another realm: `instanceof` does not know them.
function ownError(error: unknown): unknown {
  if (!types.isNativeError(error) || error instanceof Error || isTenantlabError(error)) return error
  const { name, message } = error as Error
  return Object.assign(new Error(message), { name })
}

/** A value as JSON on one line, secrets hidden. */
export function jsonOf(value: unknown): string {
  const data = typeof value === 'object' && value !== null ? dataOf(value) : processSecrets().data(value)
  return JSON.stringify(data === undefined ? null : data, bigIntsAsText) ?? JSON.stringify(inspect(value))
}

function dataOf(value: object): unknown {
  if (types.isNativeError(value)) return { error: errorData(value) }
  // A display stores the rows that it draws; data is all of them.
  const look = attachedLook(value) ?? (isRows(value) ? attachedLook(attachLook([...value], {})) : undefined)
  if (look !== undefined) return look.json()
  const own = bundleOf(value)['application/vnd.tenantlab+json']
  return own === undefined ? processSecrets().data(redact(value)) : own
}

/** A list that code made of records; one that shows itself is another. */
function isRows(value: object): value is readonly object[] {
  return Array.isArray(value) && !(CUSTOM in value) && value.length > 0 && value.every(isRecord)
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An error as data, secrets hidden. */
export function errorData(error: unknown, hint?: string): unknown {
  const data = showError(ownError(error)).json()
  return hint === undefined || typeof data !== 'object' ? data : { ...data, hint }
}

function bigIntsAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
