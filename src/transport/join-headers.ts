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

/** Names and values by turns, as bytes; some stand-ins give strings, or a list of values for one name. */
export function readRawHeaders(
  raw: readonly (Uint8Array | string | readonly (Uint8Array | string)[])[],
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = latin1(raw[index] as Uint8Array | string).toLowerCase()
    const given = raw[index + 1] as Uint8Array | string | readonly (Uint8Array | string)[]
    const value = Array.isArray(given) ? given.map(latin1).join(', ') : latin1(given as Uint8Array | string)
    const before = headers[name]
    headers[name] = before === undefined ? value : `${before}, ${value}`
  }
  return headers
}

function latin1(value: Uint8Array | string): string {
  return typeof value === 'string'
    ? value
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')
}
