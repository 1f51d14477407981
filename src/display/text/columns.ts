import { width, wrap } from '../width.ts'

/** What stands in two columns: a flag or command, and what it does. */
export interface ColumnEntry {
  readonly flag: string
  readonly text: string
}

/** Entries in two columns, wrapped by words; what has no place beside its flag comes below it. */
export function columnLines(entries: readonly ColumnEntry[], columns: number): readonly string[] {
  const longest = Math.max(...entries.map(({ flag }) => width(flag)))
  // On a narrow terminal what it does stands below the flag.
  const column = columns < 40 ? 4 : Math.min(longest, columns < 70 ? 8 : 26) + 4
  return entries.flatMap(({ flag, text }) => {
    const lines = wrap(text, columns - column).map((line) => ' '.repeat(column) + line)
    const head = `  ${flag}`
    if (width(head) + 2 > column) return [head, ...lines]
    const [first = '', ...rest] = lines
    return [head + first.slice(width(head)), ...rest]
  })
}
