/**
 * A function that carries members and shows only those: its own `name`, `length` and prototype are gone, so that
 * completion and printing show what the grammar offers and nothing of the language.
 */
export function callable<F extends (...args: never[]) => unknown, M extends object>(call: F, members: M): F & M {
  const target = ((...args: never[]) => call(...args)) as unknown as F & M
  Reflect.deleteProperty(target, 'name')
  Reflect.deleteProperty(target, 'length')
  Object.setPrototypeOf(target, null)
  return Object.assign(target, members)
}
