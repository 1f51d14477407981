import { plain } from '../../plan/index.ts'
import { escapeHtml } from '../html.ts'
import type { Look } from '../look.ts'
import { type QrMatrix, qrMatrix } from './qr-code.ts'

/** A QR code and what to say around it. */
export interface QrView {
  /** What the code holds; a secret as a rule. */
  readonly text: string
  /** Whole sentences below it. */
  readonly notes: readonly string[]
}

/** Modules that must stay light around a code. */
const QUIET = 4
/** A terminal's rows are dear; readers find a code with half the margin. */
const TERMINAL_QUIET = 2
const BLACK_ON_WHITE = '\u001b[30;107m'
const PLAIN = '\u001b[0m'

/** The look of a QR code: half blocks in a terminal, SVG in a notebook, and nothing of it as data. */
export function showQr({ notes, text }: QrView): Look {
  const lines = notes.map(plain)
  const look: Look = {
    text: ({ colours = false } = {}) => [...halfBlocks(qrMatrix(text), colours), ...lines].join('\n'),
    html: () => `<div>${qrSvg(qrMatrix(text))}${lines.map((line) => `<div>${escapeHtml(line)}</div>`).join('')}</div>`,
    json: () => ({ kind: 'qr-code' }),
    line: () => 'QR code',
    bundle: () => ({ 'text/plain': look.text(), 'text/html': look.html() }),
  }
  return look
}

/** A QR code as SVG, black on white whatever the theme. */
export function qrSvg(matrix: QrMatrix): string {
  const size = matrix.length + QUIET * 2
  const runs = matrix.flatMap((row, at) =>
    [
      ...row
        .map((dark) => (dark ? '1' : '0'))
        .join('')
        .matchAll(/1+/g),
    ].map(({ 0: run, index }) => `M${index + QUIET} ${at + QUIET}h${run.length}v1h-${run.length}z`),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="QR code" width="240" height="240" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"></rect><path fill="#000" d="${runs.join('')}"></path></svg>`
}

/**
 * Two rows of modules on each line. Without colours the light modules are drawn, as text is light on dark in most
 * terminals; with them it is black on white everywhere.
 */
function halfBlocks(matrix: QrMatrix, colours: boolean): readonly string[] {
  const size = matrix.length + TERMINAL_QUIET * 2
  const dark = (row: number, column: number): boolean =>
    matrix[row - TERMINAL_QUIET]?.[column - TERMINAL_QUIET] === true
  const lines: string[] = []
  for (let row = 0; row < size; row += 2) {
    let line = ''
    for (let column = 0; column < size; column += 1) {
      // Below an odd last row there is nothing to draw on.
      const pair = [dark(row, column), row + 1 < size && dark(row + 1, column)]
      const [upper, lower] = colours ? pair : [!pair[0], row + 1 < size && !pair[1]]
      line += upper ? (lower ? '█' : '▀') : lower ? '▄' : ' '
    }
    lines.push(colours ? `${BLACK_ON_WHITE}${line}${PLAIN}` : line)
  }
  return lines
}
