import { formatWithOptions, inspect } from 'node:util'
import { processSecrets } from '../plan/index.ts'

const FORMATTED = ['log', 'info', 'debug', 'warn', 'error', 'trace', 'group', 'groupCollapsed'] as const
const OTHERS = ['dir', 'dirxml', 'table', 'assert', 'count', 'time', 'timeEnd', 'timeLog'] as const
type Print = (...values: readonly unknown[]) => void

/**
 * Hides what the process knows as secret in what code of the console prints; what holds none is printed as ever.
 *
 * @returns A function that ends it.
 */
export function guardOutput(): () => void {
  const before = new Map<string, Print>()
  const replace = (name: string, made: (inner: Print) => Print): void => {
    const printers = console as unknown as Record<string, Print>
    const inner = printers[name] as Print
    before.set(name, inner)
    printers[name] = made(inner.bind(console))
  }
  for (const name of FORMATTED) {
    replace(name, (inner) => (...values) => {
      const text = formatWithOptions({ colors: false }, ...values)
      const safe = processSecrets().text(text)
      // A display of this package hides by itself, and may show one on purpose.
      if (safe === text || values.some(isDisplay)) inner(...values)
      else inner('%s', safe)
    })
  }
  for (const name of OTHERS)
    replace(
      name,
      (inner) =>
        (...values) =>
          inner(...values.map(safeValue)),
    )
  return () => {
    for (const [name, inner] of before) (console as unknown as Record<string, Print>)[name] = inner
  }
}

function isDisplay(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.for('Jupyter.display') in value
}

function safeValue(value: unknown): unknown {
  const safe = processSecrets().data(value)
  if (typeof safe !== 'object' || safe === null) return safe
  const text = inspect(safe, { depth: 6 })
  const hidden = processSecrets().text(text)
  return hidden === text ? safe : { [inspect.custom]: () => hidden }
}
