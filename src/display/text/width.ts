const NARROW = /^[\x20-\x7e]*$/
const ZERO = /\p{Mn}|\p{Me}|\u200c|\u200d/u
// East Asian wide and fullwidth blocks, and pictographs: what terminals draw over two columns.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u

function columnsOf(character: string): number {
  if (ZERO.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

/** How many terminal columns a cleaned text takes. */
export function width(text: string): number {
  if (NARROW.test(text)) return text.length
  let columns = 0
  for (const character of text) columns += columnsOf(character)
  return columns
}

/** The text, cut with `…` where it takes more than `most` columns. */
export function clip(text: string, most: number): string {
  if (width(text) <= most) return text
  if (most <= 1) return '…'.slice(0, Math.max(most, 0))
  let used = 0
  let kept = ''
  for (const character of text) {
    const columns = columnsOf(character)
    if (used + columns > most - 1) break
    used += columns
    kept += character
  }
  return `${kept}…`
}

/** The text, filled with spaces up to `columns`. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(columns - width(text), 0))
}

/** The text over lines of at most `most` columns, broken between words where they fit. */
export function wrap(text: string, most: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (width(joined) <= most) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = breakHard(word, most)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
  }
  lines.push(line)
  return lines
}

/** The text over lines of at most `most` columns, spaces kept, broken anywhere. */
export function breakHard(text: string, most: number): readonly string[] {
  if (width(text) <= most) return [text]
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const character of text) {
    const columns = columnsOf(character)
    if (used + columns > most && line !== '') {
      lines.push(line)
      line = ''
      used = 0
    }
    line += character
    used += columns
  }
  lines.push(line)
  return lines
}
