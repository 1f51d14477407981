import type { Json, JsonObject } from '../plan/index.ts'

/**
 * Query parameters as Auth0 reads them: a list repeats its name (`strategy=auth0&strategy=email`), an object is JSON
 * text, `null` leaves the parameter out. Answers without the question mark.
 */
export function serializeQuery(query: JsonObject): string {
  let text = ''
  for (const name of Object.keys(query)) {
    const value = query[name]
    if (value === undefined || value === null) continue
    if (Array.isArray(value)) for (const item of value as readonly Json[]) text = append(text, name, item)
    else text = append(text, name, value)
  }
  return text
}

/** A raw plan's own query, with the given parameters over it. Parameters that are not replaced stay letter by letter. */
export function mergeQuery(own: string, over: JsonObject): string {
  const names = new Set(Object.keys(over))
  const kept = own
    .split('&')
    .filter((pair) => pair !== '' && !names.has(decode(pair.split('=', 1)[0] ?? '')))
    .join('&')
  const added = serializeQuery(over)
  return kept !== '' && added !== '' ? `${kept}&${added}` : kept + added
}

function append(text: string, name: string, value: Json): string {
  const plain = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const pair = `${encodeURIComponent(name)}=${encodeURIComponent(plain)}`
  return text === '' ? pair : `${text}&${pair}`
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    // A name that is no valid percent-encoding can only be compared as it stands.
    return name
  }
}
