import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a line of the page sends; `*` in a text stands for anything, `null` for what is not there. */
export interface LineRequest {
  readonly method: string
  readonly path: string
  readonly body?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string | null>>
}

/** A line of the examples page, and where it is done here. */
export interface PageLine {
  readonly part: string
  readonly line: string
  readonly notebook: string
  /** Id of the cell. */
  readonly cell: string
  /** Text that the cell has. */
  readonly shows: string
  /** Text of the cell that calls what this one makes. */
  readonly called?: string
  readonly flow: string
  readonly request?: LineRequest
  /** Texts that the flow and the notebook print; a `|` parts alternatives. */
  readonly prints?: readonly string[]
}

export const pageLines: readonly PageLine[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'scripts', 'page-lines.json'), 'utf8'),
)

/** A request as something has recorded it. */
export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Whether a request is the one that a line names. */
export function isRequestOf(wanted: LineRequest, { method, path, headers, body }: RecordedRequest): boolean {
  return (
    method === wanted.method &&
    fits(wanted.path, path) &&
    fits(wanted.headers ?? {}, headers) &&
    (wanted.body === undefined || fits(wanted.body, body))
  )
}

/** Objects need the members that are named, lists all of them. */
function fits(wanted: unknown, found: unknown): boolean {
  if (wanted === null) return found === undefined || found === null
  if (typeof wanted === 'string') {
    const pattern = wanted
      .split('|')
      .map((part) => part.replace(/[.*+?^${}()[\]\\]/g, '\\$&').replaceAll('\\*', '.*'))
      .join('|')
    return typeof found === 'string' && (wanted === found || new RegExp(`^(?:${pattern})$`).test(found))
  }
  if (Array.isArray(wanted)) {
    return Array.isArray(found) && found.length === wanted.length && wanted.every((each, at) => fits(each, found[at]))
  }
  if (typeof wanted !== 'object') return wanted === found
  return (
    typeof found === 'object' &&
    found !== null &&
    Object.entries(wanted).every(([name, value]) => fits(value, (found as Record<string, unknown>)[name]))
  )
}

/** Whether one of the alternatives stands in the text. */
export function isPrinted(wanted: string, text: string): boolean {
  return wanted.split('|').some((each) => text.includes(each))
}
