// Prints values as TypeScript, the way the formatter would leave them.

/** A JSON value as a literal with single quotes and bare keys where they can be. */
export function literal(value) {
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
    return entries.length === 0
      ? '{}'
      : `{ ${entries.map(([key, item]) => `${property(key)}: ${literal(item)}`).join(', ')} }`
  }
  return String(value)
}

/** A string in single quotes, or in double ones when that saves a backslash. */
export function quoted(text) {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`
}

/** A property name, quoted where it must be. */
export function property(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)
}
