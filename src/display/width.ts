import stringWidth from 'fast-string-width'

const NARROW = /^[\x20-\x7e]*$/

let segmenter: Intl.Segmenter | undefined

/** What a reader takes for one character: a flag or a family is one, though it has many code points. */
function characters(text: string): readonly string[] {
  if (NARROW.test(text)) return [...text]
  segmenter ??= new Intl.Segmenter()
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** How many terminal columns a cleaned text takes. */
export function width(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text)
}

/** The text, cut with `…` where it takes more than `most` columns. */
export function clip(text: string, most: number): string {
  if (width(text) <= most) return text
  if (most <= 1) return '…'.slice(0, Math.max(most, 0))
  let used = 0
  let kept = ''
  for (const character of characters(text)) {
    const columns = width(character)
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

/** The text over lines of at most `most` columns, spaces kept: broken behind a space, and within a word where it must. */
export function breakSoft(text: string, most: number): readonly string[] {
  const lines: string[] = []
  let rest = text
  while (width(rest) > most) {
    const [piece = ''] = breakHard(rest, most)
    const cut = rest[piece.length] === ' ' ? piece.length : piece.lastIndexOf(' ')
    // What stands in is no place to break at.
    const at = piece.slice(0, Math.max(cut, 0)).trim() === '' ? piece.length : cut
    lines.push(rest.slice(0, at))
    rest = rest.slice(rest[at] === ' ' ? at + 1 : at)
  }
  lines.push(rest)
  return lines
}

/** The text over lines of at most `most` columns, spaces kept, broken anywhere. */
export function breakHard(text: string, most: number): readonly string[] {
  if (width(text) <= most) return [text]
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const character of characters(text)) {
    const columns = width(character)
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
