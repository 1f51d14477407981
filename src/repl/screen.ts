import { foldedLines, showEvent } from '../display/index.ts'
import type { PlanEvent } from '../plan/index.ts'
import { csvOf } from './csv.ts'
import { errorData, errorText, jsonOf, type Style, textOf } from './present.ts'
import { isPage } from './shown.ts'

/** Where the console writes, and how. */
export interface ScreenOptions {
  /** Results. */
  out(text: string): void
  /** Errors and remarks, where results are not meant for a person. */
  err(text: string): void
  readonly style: () => Style
  /** One line of JSON for each result. */
  readonly json: boolean
  /** Results alone. */
  readonly quiet: boolean
  /** A person sits in front of it. */
  readonly terminal: boolean
  /** Lists of records as CSV. */
  readonly csv?: boolean
  /** Results go into a file, and failures do not. */
  readonly toFile?: boolean
}

/** What the console shows, in the form that was asked for. */
export interface Screen {
  /** How wide it is. */
  readonly columns: number
  result(value: unknown): void
  /** @param hint What may have been meant; it belongs to the failure, also where remarks are not wanted. */
  failure(error: unknown, hint?: string): void
  /** A remark of the console itself; none where results alone are wanted. */
  remark(text: string): void
  event(event: PlanEvent<unknown>): void
  /** A text as it is, or as the value of a member in JSON. */
  text(name: string, text: string): void
}

/** A screen over a way to write. */
export function screenOf(options: ScreenOptions): Screen {
  const { out, err, style, json, quiet, terminal, csv = false, toFile = false } = options
  const remark = (text: string): void => {
    if (quiet || json) return
    if (terminal) out(foldedLines(text, style().columns).join('\n'))
    else err(text)
  }
  return {
    get columns() {
      return style().columns
    },
    result(value) {
      if (csv && (isPage(value) || Array.isArray(value))) out(csvOf(value).replace(/\r\n$/, ''))
      else if (json) out(jsonOf(value))
      else if (value !== undefined) out(textOf(value, style()))
    },
    failure(error, hint) {
      const more = hint === undefined ? [] : [hint]
      if (json && !toFile) out(JSON.stringify({ error: errorData(error, hint) }))
      else if (terminal)
        out([errorText(error, style()), ...more.flatMap((text) => foldedLines(text, style().columns))].join('\n'))
      else err([errorText(error, style()), ...more].join('\n'))
    },
    remark,
    event(event) {
      if (json) out(JSON.stringify({ event: showEvent(event).json() }))
      else out(showEvent(event).line())
    },
    text: (name, text) => out(json ? JSON.stringify({ [name]: text }) : text),
  }
}
