import { styleText } from 'node:util'
import type { Tone } from '../card.ts'

/** Colours a cleaned text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

// Node 22 looks at the stream behind stdout on its own account unless told not to; Node 20 has no third argument.
const style = styleText as (format: Style, text: string, options: { validateStream: boolean }) => string

/** A painter that colours only when colours are wanted. */
export function painter(colours: boolean): Paint {
  return colours ? (format, text) => style(format, text, { validateStream: false }) : (_, text) => text
}

const STYLES: Readonly<Record<Tone, Style>> = { plain: 'bold', good: 'green', warn: 'yellow', bad: 'red' }

/** The colour of a tone. */
export function toneStyle(tone: Tone): Style {
  return STYLES[tone]
}
