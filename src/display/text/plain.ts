import { stripVTControlCharacters } from 'node:util'

const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const LINE_BREAKS = /\r\n|[\r\n\t\v\f\u0085\u2028\u2029]/gu

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
