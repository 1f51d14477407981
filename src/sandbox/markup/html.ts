/** A piece of HTML that is safe to write as it is. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What a template may hold. Texts are escaped; only `Markup` is not. */
export type Piece = Markup | string | number | undefined | readonly Piece[]

// Control characters and direction overrides of a tenant's texts could hide what a line says.
const INVISIBLE = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Text made safe between tags and inside quoted attributes. */
export function escapeText(text: string): string {
  return text
    .replace(INVISIBLE, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** A template whose holes are escaped. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(strings.map((text, index) => text + (index < pieces.length ? written(pieces[index]) : '')).join(''))
}

function written(piece: Piece): string {
  if (piece === undefined) return ''
  if (piece instanceof Markup) return piece.text
  if (typeof piece === 'string' || typeof piece === 'number') return escapeText(String(piece))
  return piece.map(written).join('')
}
