import { ConfigurationError } from '../plan/index.ts'
import { jsonOf } from './present.ts'
import { isPage } from './shown.ts'

/**
 * A list as CSV, as RFC 4180 has it: a line of headings, then one for each record, secrets hidden. What is nested stands as
 * JSON in its cell.
 *
 * @throws ConfigurationError where the value is neither a list nor a record.
 */
export function csvOf(value: unknown): string {
  const data: unknown = JSON.parse(jsonOf(isPage(value) ? value.items : value))
  const rows = Array.isArray(data) ? data : isRecord(data) ? [data] : undefined
  if (rows === undefined)
    throw new ConfigurationError('CSV holds a list of records, and what was shown last is none. .json holds any value.')
  const records = rows.map((row: unknown) => (isRecord(row) ? row : { value: row }))
  const headings = [...new Set(records.flatMap((record) => Object.keys(record)))]
  const lines = [headings, ...records.map((record) => headings.map((name) => record[name]))]
  return lines.map((line) => `${line.map(cellOf).join(',')}\r\n`).join('')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  const text =
    typeof value === 'string' ? harmless(value) : typeof value === 'object' ? JSON.stringify(value) : String(value)
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Users choose their names, and a spreadsheet runs a cell that begins like a formula; numbers and telephone numbers stay. */
function harmless(text: string): string {
  return /^[=@\t\r]|^[+-](?![\d\s()./-]*$)/.test(text) ? `'${text}` : text
}
