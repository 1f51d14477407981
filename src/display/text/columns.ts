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

/** A space at which no line is broken. */
const HARD = '\u00a0'

/** Lines that were laid out for a wide terminal, wrapped by words; what stands in a second column goes on in it. */
export function foldedLines(text: string, columns: number): readonly string[] {
  return text.split('\n').flatMap((line, index, lines) => {
    // An address is copied whole.
    if (width(line) <= columns || !/\S\s+\S/.test(line)) return [line]
    const [lead = ''] = /^\s*\S+\s{2,}(?=\S)/.exec(line) ?? /^\s*/.exec(line) ?? []
    const column = width(lead) <= columns / 2 ? width(lead) : 4
    const head = width(lead) <= columns / 2 ? lead : ''
    // An example is code that may be copied: its texts stay on one line.
    const body = lines[index - 1] === 'Example' ? line.replace(/'[^']*'/g, (each) => each.replaceAll(' ', HARD)) : line
    const [first = '', ...rest] = wrap(body.slice(head.length), columns - column)
    return [head + first, ...rest.map((each) => ' '.repeat(column) + each)].map((each) => each.replaceAll(HARD, ' '))
  })
}
