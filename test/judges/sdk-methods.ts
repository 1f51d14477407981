/** The methods of the SDK by their path, `users.create`. */
export function methodsOf(node: object, path: readonly string[] = []): readonly string[] {
  const found: string[] = []
  for (let type = Object.getPrototypeOf(node); type !== Object.prototype; type = Object.getPrototypeOf(type))
    for (const [name, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(type as object))) {
      if (name === 'constructor' || name.startsWith('_')) continue
      const child: unknown = get === undefined ? undefined : (node as Record<string, unknown>)[name]
      if (typeof child === 'object' && child !== null) found.push(...methodsOf(child, [...path, name]))
      else if (typeof value === 'function') found.push([...path, name].join('.'))
    }
  return found
}
