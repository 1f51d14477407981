import { plain, processSecrets } from '../plan/index.ts'
import type { Card } from './card.ts'
import { renderHtml } from './html.ts'
import { renderText, type TextOptions } from './text/index.ts'

/** One display in several media types, as Jupyter takes it. */
export interface MimeBundle {
  readonly 'text/plain': string
  readonly 'text/html'?: string
  readonly 'image/png'?: string
  readonly 'application/vnd.vegalite.v5+json'?: unknown
  /** Not `application/json`: JupyterLab would draw a tree of that instead of the HTML. */
  readonly 'application/vnd.tenantlab+json'?: unknown
}

/** How a value looks, in each of the forms that a reader may want. Secrets are hidden in all of them. */
export interface Look {
  text(options?: TextOptions): string
  html(): string
  /** The value as data. */
  json(): unknown
  /** One line, for a value inside another. */
  line(): string
  bundle(): MimeBundle
}

/** The options of `util.inspect` that matter here, by structure: the declarations of this package name no Node types. */
export interface InspectStyle {
  readonly depth?: number | null
  readonly colors?: boolean
  readonly compact?: boolean | number
  readonly breakLength?: number
}

export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never
export const JUPYTER: unique symbol = Symbol.for('Jupyter.display') as never

/** How a look differs from the others. */
export interface LookManner {
  /** It shows a secret on purpose. */
  readonly revealing?: boolean
  /** Of what a server listed, only the rows that are drawn are stored with the display. */
  readonly rows?: boolean
}

/**
 * A look that is drawn when somebody wants to see it. Secrets that the process knows are hidden by value, whatever the card
 * says.
 */
export function lookOf(drawn: () => Card, data: () => unknown, { revealing, rows }: LookManner = {}): Look {
  const card = revealing === true ? drawn : () => processSecrets().data(drawn())
  const json = revealing === true ? data : () => processSecrets().data(data())
  const look: Look = {
    text: (options) => renderText(card(), options),
    html: () => renderHtml(card()),
    json,
    line: () => plain(card().title),
    bundle: () => ({
      'text/plain': look.text(),
      'text/html': look.html(),
      'application/vnd.tenantlab+json': rows === true ? drawnRows(json()) : json(),
    }),
  }
  return look
}

/** Rows that a display draws; more are neither drawn nor stored. */
export const ROWS_DRAWN = 50

/** Of a long list what a display draws: a notebook must not keep the data of a thousand people behind a table of fifty. */
function drawnRows(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, ROWS_DRAWN)
  if (typeof value !== 'object' || value === null || !('items' in value) || !Array.isArray(value.items)) return value
  return { ...value, items: value.items.slice(0, ROWS_DRAWN) }
}

/**
 * Gives all objects of a class their look: text for `util.inspect`, text, HTML and JSON for notebooks. Inside another
 * value an object prints as one line. The members are not enumerable, so neither comparison nor completion meets them.
 *
 * @param prototype Where to define the members: a class's prototype, or a single object.
 * @param make Called when the object is displayed.
 */
export function giveLook<T extends object>(prototype: T, make: (self: T) => Look): void {
  Object.defineProperties(prototype, {
    [INSPECT]: {
      value(this: T, depth: number | null, style: InspectStyle): string {
        return isOutermost(depth, style) ? make(this).text(textOptions(style)) : make(this).line()
      },
      configurable: true,
      writable: true,
    },
    [JUPYTER]: {
      value(this: T): MimeBundle {
        return make(this).bundle()
      },
      configurable: true,
      writable: true,
    },
  })
}

/** True where the value is what the caller prints, not a member of it; also where a depth without end hides which. */
export function isOutermost(depth: number | null | undefined, style: InspectStyle | undefined): boolean {
  return depth === null || depth === undefined || depth === (style?.depth ?? 2)
}

export function textOptions(style: InspectStyle | undefined): TextOptions {
  return { colours: style?.colors === true }
}
