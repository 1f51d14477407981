import { stripVTControlCharacters } from 'node:util'

const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const INVISIBLE_BUT_LINES = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const LINE_BREAKS = /\r\n|[\r\n\t\v\f\u0085\u2028\u2029]/gu
const SUSPICIOUS = /[^\x20-\x7e\n\t]/

/**
 * Text that cannot act on a terminal or turn a line around: escape sequences, control characters, direction overrides
 * and lone surrogates are gone. Line breaks and tabs become spaces.
 */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(LINE_BREAKS, ' ').replace(INVISIBLE, '')
}

/** The same for a text of several lines, which stay lines. */
export function plainLines(text: string): readonly string[] {
  return stripVTControlCharacters(text)
    .split(/\r\n|[\r\n\u2028\u2029]/u)
    .map((line) => line.replaceAll('\t', '  ').replace(INVISIBLE, ''))
}

/** The same for a message: line breaks and tabs stay as they are. */
export function plainMessage(text: string): string {
  if (!SUSPICIOUS.test(text)) return text
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n').replace(INVISIBLE_BUT_LINES, '')
}
