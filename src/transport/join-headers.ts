/** Headers with lower-case names, the values of one name joined by `, `; what is empty is left out. */
export function joinHeaders(entries: Iterable<readonly [string, unknown]>): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const [given, value] of entries) {
    if (value === undefined || value === null) continue
    const name = given.toLowerCase()
    const text = Array.isArray(value) ? value.join(', ') : String(value)
    const before = joined[name]
    joined[name] = before === undefined ? text : `${before}, ${text}`
  }
  return joined
}
