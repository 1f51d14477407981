import type { SchemaLookup } from '../../catalogue/index.ts'
import { loadSchemas } from '../../catalogue/index.ts'

const INSPECT = Symbol.for('nodejs.util.inspect.custom')
const JUPYTER = Symbol.for('Jupyter.display')

let schemas: SchemaLookup | undefined

/** The schemas, once something has loaded them. */
export function loadedSchemas(): SchemaLookup | undefined {
  return schemas
}

/** Loads the schemas, so that help and completion know fields without waiting. */
export async function prepareHelp(): Promise<SchemaLookup> {
  schemas ??= await loadSchemas()
  return schemas
}

/**
 * What there is to say about a group, a verb or a word. Shown, it is text; awaited, the text that knows the fields of
 * the body as well, which are loaded on first use.
 */
export interface Help extends PromiseLike<HelpText> {
  /** The text, as far as it is known without waiting. */
  toString(): string
}

/** Help with all that there is to know. */
export interface HelpText {
  toString(): string
}

class ShownHelp implements HelpText {
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

class AwaitableHelp extends ShownHelp implements Help {
  readonly #full: () => string

  constructor(write: () => string) {
    super(write)
    this.#full = write
  }

  // biome-ignore lint/suspicious/noThenProperty: the fields are loaded when somebody waits for them; nothing is sent.
  then<R1 = HelpText, R2 = never>(
    onFulfilled?: ((value: HelpText) => R1 | PromiseLike<R1>) | null,
    onRejected?: ((reason: unknown) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    return prepareHelp()
      .then((): HelpText => new ShownHelp(this.#full))
      .then(onFulfilled, onRejected)
  }
}

/** Help whose text is written when it is shown. */
export function help(write: (lookup: SchemaLookup | undefined) => string): Help {
  return new AwaitableHelp(() => write(schemas))
}

/** True for what `.help` of a group, verb or word answers. */
export function isHelp(value: unknown): value is Help | HelpText {
  return value instanceof ShownHelp
}

/** Gives an object its `help`, which neither enumeration nor comparison meets. */
export function giveHelp(target: object, make: () => Help): void {
  Object.defineProperty(target, 'help', { get: make, enumerable: false, configurable: true })
}
