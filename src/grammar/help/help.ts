import type { SchemaLookup } from '../../catalogue/index.ts'
import { schemaOf } from '../../catalogue/index.ts'

const INSPECT = Symbol.for('nodejs.util.inspect.custom')
const JUPYTER = Symbol.for('Jupyter.display')

/** What there is to say about a group, a verb or a word. Shown, it is text. */
export interface Help {
  toString(): string
}

class ShownHelp implements Help {
  readonly #write: () => string

  constructor(write: () => string) {
    this.#write = write
  }

  toString(): string {
    return this.#write()
  }

  toJSON(): string {
    return this.toString()
  }

  [INSPECT](): string {
    return this.toString()
  }

  [JUPYTER](): Record<string, string> {
    const text = this.toString()
    const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    return { 'text/plain': text, 'text/html': `<pre>${safe}</pre>` }
  }
}

/** Help whose text is written when it is shown. */
export function help(write: (lookup: SchemaLookup) => string): Help {
  return new ShownHelp(() => write(schemaOf))
}

/** True for what `.help` of a group, verb or word answers. */
export function isHelp(value: unknown): value is Help {
  return value instanceof ShownHelp
}

/** Gives an object its `help`, which neither enumeration nor comparison meets. */
export function giveHelp(target: object, make: () => Help): void {
  Object.defineProperty(target, 'help', { get: make, enumerable: false, configurable: true })
}
