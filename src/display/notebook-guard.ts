import { createRequire } from 'node:module'
import { StringDecoder } from 'node:string_decoder'
import { learnEnvironment, processSecrets } from '../plan/index.ts'
import { forgetNothing, shownNothing } from './nothing.ts'

/** Around what is shown on purpose: private-use characters, which no text of a tenant keeps. */
const OPEN = '\ue010'
const CLOSE = '\ue011'

/** Longest that the end of an output waits for the rest of what may be a secret, in milliseconds. */
const PATIENCE = 1000

let guarded: 'tslab' | 'deno' | undefined

/** Marks a text that is shown on purpose, where the outputs of a notebook are guarded. */
export function shownOnPurpose(text: string): string {
  return guarded === 'tslab' ? OPEN + text + CLOSE : text
}

/** A text for an output: the secrets of the process hidden, and what is shown on purpose as it is. */
export function guardedText(text: string): string {
  if (!text.includes(OPEN)) return processSecrets().text(text)
  return text
    .split(new RegExp(`${OPEN}([^${CLOSE}]*)${CLOSE}?`))
    .map((part, index) => (index % 2 === 1 ? part : processSecrets().text(part)))
    .join('')
}

/**
 * Hides the secrets of this process in everything that a notebook stores: a copy of an answer has no look of its own, and a
 * printed token is plain text. Works in tslab and in Deno's kernel, as they come; does nothing elsewhere, nor twice.
 */
export function guardNotebook(): void {
  if (guarded !== undefined) return
  const module = tslabModule()
  if (module !== undefined) {
    guarded = 'tslab'
    learnEnvironment(process.env)
    guardStream(process.stdout)
    guardStream(process.stderr)
    guardDisplays(module)
    showNothing()
    return
  }
  const { Deno } = globalThis as { Deno?: DenoKernel }
  if (Deno === undefined || denoJupyter() === undefined) return
  guarded = 'deno'
  learnEnvironment(process.env)
  guardConsole(Deno)
  guardResults(Deno)
  guardThrown()
}

/** What Deno's kernel shows things by. */
export interface DenoJupyter {
  broadcast(kind: 'display_data' | 'update_display_data', content: object): Promise<void>
}

/** The way to the front end of Deno's kernel; nothing where this is another kernel, or Deno without one. */
export function denoJupyter(): DenoJupyter | undefined {
  const { Deno } = globalThis as { Deno?: { readonly jupyter?: Partial<DenoJupyter> } }
  try {
    const jupyter = Deno?.jupyter
    return typeof jupyter?.broadcast === 'function' ? (jupyter as DenoJupyter) : undefined
  } catch {
    // `deno run` and `deno test` have the member too, and throw when it is read.
    return undefined
  }
}

interface TslabModule {
  lastWriteDisplayData?: ((content: object, update?: boolean) => void) | null
}

/** The part of tslab through which displays go; nothing where the process is no tslab kernel. */
export function tslabModule(): TslabModule | undefined {
  const { cache } = createRequire(import.meta.url ?? process.execPath)
  const path = Object.keys(cache).find((each) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(each))
  const module = path === undefined ? undefined : (cache[path]?.exports as TslabModule | undefined)
  return typeof module?.lastWriteDisplayData === 'function' ? module : undefined
}

type Write = (chunk: string | Uint8Array, ...rest: unknown[]) => boolean

// tslab sets `write` anew for each cell, so that a function put in its place once would not last.
function guardStream(stream: NodeJS.WriteStream): void {
  let inner = stream.write.bind(stream) as Write
  const text = new StreamGuard((safe) => void inner(safe))
  const write: Write = (chunk, ...rest) => {
    forgetNothing()
    text.write(chunk)
    const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined
    done?.()
    return true
  }
  Object.defineProperty(stream, 'write', {
    configurable: true,
    enumerable: true,
    get: () => write,
    set(next: Write) {
      if (next === write) return
      // tslab sets it when a cell begins.
      forgetNothing()
      // What a cell has left belongs to that cell.
      text.flush()
      inner = next
    },
  })
}

/** Hides secrets in a text that comes in pieces: an end that may begin a secret waits for what follows. */
export class StreamGuard {
  readonly #out: (text: string) => void
  readonly #decoder = new StringDecoder('utf8')
  #held = ''
  #timer: NodeJS.Timeout | undefined

  constructor(out: (text: string) => void) {
    this.#out = out
  }

  write(chunk: string | Uint8Array): void {
    const text = this.#held + (typeof chunk === 'string' ? chunk : this.#decoder.write(Buffer.from(chunk)))
    clearTimeout(this.#timer)
    // What is shown on purpose must not be cut in two.
    const opened = text.lastIndexOf(OPEN)
    const open = opened > text.lastIndexOf(CLOSE) ? text.length - opened : processSecrets().openEnd(text)
    this.#held = open === 0 ? '' : text.slice(-open)
    const ready = open === 0 ? text : text.slice(0, -open)
    if (ready !== '') this.#out(guardedText(ready))
    if (open > 0) {
      this.#timer = setTimeout(() => this.flush(), PATIENCE)
      this.#timer.unref()
    }
  }

  /** Writes what waits. */
  flush(): void {
    clearTimeout(this.#timer)
    const held = this.#held
    this.#held = ''
    if (held !== '') this.#out(guardedText(held))
  }
}

function guardDisplays(module: TslabModule): void {
  let inner = module.lastWriteDisplayData
  const write = (content: object, update?: boolean): void => inner?.(guardedContent(content), update)
  Object.defineProperty(module, 'lastWriteDisplayData', {
    configurable: true,
    enumerable: true,
    get: () => (inner === null || inner === undefined ? inner : write),
    set(next: typeof inner) {
      if (next !== write) inner = next
    },
  })
}

/** The content of a display as a notebook may store it. */
export function guardedContent<T extends object>(content: T): T {
  const { data } = content as { data?: Readonly<Record<string, unknown>> }
  if (typeof data !== 'object' || data === null) return content
  const safe = Object.entries(data).map(([type, value]) => {
    const picture = /^image\/(?!svg)/.test(type)
    return [type, picture ? value : typeof value === 'string' ? guardedText(value) : processSecrets().data(value)]
  })
  return { ...content, data: Object.fromEntries(safe) }
}

/** Where tslab puts the last value of a cell. */
const LAST = 'tsLastExpr'

/**
 * tslab prints no last value that is `undefined`, and an answer without content is just that. What a cell leaves there is
 * set through a prototype, so that nothing else of it changes: where a request has been answered with nothing and nothing
 * was shown since, one line says so.
 */
function showNothing(): void {
  const { __tslab__ } = globalThis as { __tslab__?: { readonly exports?: object } }
  const names = __tslab__?.exports
  if (names === undefined) return
  const prototype: object = Object.create(Object.getPrototypeOf(names) as object | null) as object
  Object.defineProperty(prototype, LAST, {
    get: () => undefined,
    set(this: object, value: unknown) {
      const shown = value === undefined ? shownNothing() : value
      if (shown === undefined) return
      Object.defineProperty(this, LAST, { value: shown, configurable: true, enumerable: true, writable: true })
    },
  })
  Object.setPrototypeOf(names, prototype)
}

interface DenoKernel {
  readonly jupyter?: { broadcast?: unknown }
  readonly internal?: symbol
  inspect?(value: unknown, options?: object): string
}

const PRINTING =
  'log info warn error debug trace table dir dirxml group groupCollapsed assert count countReset time timeEnd timeLog'.split(
    ' ',
  ) as 'log'[]

/**
 * A value as it may be printed: the same where its printed form holds no secret, otherwise a copy, or its text where a copy
 * would hold it still, as that of a map or an error.
 */
function guardedValue(value: unknown, { inspect }: DenoKernel): unknown {
  if (typeof value === 'string') return guardedText(value)
  const safe = processSecrets().data(value)
  if (typeof safe !== 'object' || safe === null || inspect === undefined) return safe
  const text = inspect(safe, { depth: 8, iterableLimit: 1000, strAbbreviateSize: Number.POSITIVE_INFINITY })
  const guarded = guardedText(text)
  return guarded === text ? safe : new Shown(guarded)
}

/** A text that prints as it is, and not in quotes. */
class Shown {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  get [Symbol.for('Deno.customInspect')](): () => string {
    return () => this.#text
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.#text
  }
}

/** Deno's kernel asks an error that ended a cell for its texts by JSON of these three, and by nothing else. */
function guardThrown(): void {
  const inner = JSON.stringify as (value: unknown, ...rest: unknown[]) => string
  const guarded = (value: unknown, ...rest: unknown[]): string => {
    const { name, message, stack } = (value ?? {}) as { name?: unknown; message?: unknown; stack?: unknown }
    const isThrown = typeof name === 'string' && typeof message === 'string' && typeof stack === 'string'
    return inner(isThrown ? processSecrets().data(value) : value, ...rest)
  }
  JSON.stringify = guarded as typeof JSON.stringify
}

function guardConsole(Deno: DenoKernel): void {
  for (const name of PRINTING) {
    const inner = console[name] as (...values: readonly unknown[]) => void
    console[name] = (...values: readonly unknown[]) => {
      forgetNothing()
      inner(...values.map((value) => guardedValue(value, Deno)))
    }
  }
}

/** Deno gives the last value of a cell to a function of its own, by a name that it looks up each time. */
function guardResults(Deno: DenoKernel): void {
  const inside = Deno.internal === undefined ? undefined : (Deno as Record<symbol, unknown>)[Deno.internal]
  const jupyter = (inside as { jupyter?: { broadcastResult?: unknown } } | undefined)?.jupyter
  const inner = jupyter?.broadcastResult
  if (jupyter === undefined || typeof inner !== 'function') return
  jupyter.broadcastResult = (count: unknown, value: unknown): unknown => {
    const shown = value === undefined ? shownNothing() : value
    forgetNothing()
    return inner.call(jupyter, count, guardedValue(shown, Deno))
  }
}
