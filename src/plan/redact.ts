import type { Json } from './json.ts'
import { isSecretSlot } from './secret.ts'
import { type Around, aroundIn, isSecretMember, PLAIN } from './secret-members.ts'
import {
  isSecretHeader,
  isSecretText,
  NOWHERE,
  type SecretPaths,
  type SecretPlace,
  secretPlaceOf,
  stepTo,
} from './secret-signs.ts'

/** What containers print in place of a secret. */
export const SECRET_MARK = '«secret»'

/** Header copy with the values of credential headers hidden. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const copy: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    copy[name] = isSecretHeader(name) || isSecretText(value) ? SECRET_MARK : value
  }
  return copy
}

/** A URL with its query and fragment hidden: tickets and signed links carry their secret there. */
export function hideQuery(url: string): string {
  const cut = url.search(/[?#]/)
  return cut === -1 ? url : `${url.slice(0, cut)}?${SECRET_MARK}`
}

interface RedactOptions extends SecretPaths {
  /** Also hide fields by their name, by what stands around them and by their shape; on unless said otherwise. */
  readonly byName?: boolean
  /** Names that hold no secret in this value, although elsewhere they do: `code` of an error. */
  readonly open?: readonly string[]
}

/** A container whose members are still to be copied. */
interface Uncopied {
  readonly source: object
  readonly copy: Record<string, unknown>
  readonly place: SecretPlace
  readonly around: Around
}

/**
 * A copy of `value` that is safe to print: secrets at the given paths, fields with a secret's name, and texts that are
 * credentials by their shape read `«secret»`. Secret slots stay as they are, they hold no value. Never changes `value`.
 */
export function redact<T>(value: T, options: RedactOptions = {}): T {
  const { byName = true, open = [] } = options
  const root = secretPlaceOf(options)
  if (typeof value === 'string') return byName && root === NOWHERE && isSecretText(value) ? (SECRET_MARK as T) : value
  if (typeof value !== 'object' || value === null || isSecretSlot(value)) return value
  // Each container once, also where it is met again, or holds itself.
  const copies = new Map<object, Record<string, unknown>>()
  const uncopied: Uncopied[] = []
  const copyOf = (source: object, place: SecretPlace, around: Around): Record<string, unknown> => {
    let copy = copies.get(source)
    if (copy === undefined) {
      copy = (Array.isArray(source) ? [] : {}) as Record<string, unknown>
      copies.set(source, copy)
      uncopied.push({ source, copy, place, around })
    }
    return copy
  }
  const whole = copyOf(value, root, PLAIN)
  for (const { source, copy, place, around } of uncopied) {
    for (const [key, member] of Object.entries(source) as [string, unknown][]) {
      const here = place === NOWHERE ? NOWHERE : stepTo(place, key)
      let safe = member
      if (typeof member === 'string' || typeof member === 'number') {
        if (here.hides === 'query' && typeof member === 'string') safe = hideQuery(member)
        else if (here.hides === 'value' || (byName && isSecretMember(member, key, source, around, open))) {
          safe = SECRET_MARK
        }
      } else if (member !== null && member !== undefined && !isSecretSlot(member)) {
        const within = byName && typeof member === 'object' ? aroundIn(key, source, around, open) : PLAIN
        if (here.hides === 'value' || isSecretList(member, within)) safe = SECRET_MARK
        else if (typeof member === 'object') safe = copyOf(member, here, within)
      }
      // Defined, not assigned: a key called __proto__ is a key like any other.
      if (key !== '__proto__') copy[key] = safe
      else Object.defineProperty(copy, key, { value: safe, enumerable: true, configurable: true, writable: true })
    }
  }
  return whole as T
}

/** A list of texts or numbers under a secret's name: `recovery_codes`. */
function isSecretList(value: unknown, around: Around): boolean {
  if (around.kind === 'nothing' || !Array.isArray(value) || value.length === 0) return false
  return value.every((element) => typeof element === 'string' || typeof element === 'number')
}

/** Replaces each of the given secret values in a text; the last guard before a text leaves the process. */
export function redactText(text: string, values: Iterable<string>): string {
  let safe = text
  for (const value of values) if (value.length >= 4) safe = safe.split(value).join(SECRET_MARK)
  return safe
}

/** Dotted paths of the texts that hold a mark in place of a secret. */
export function markedPaths(value: Json, at = ''): readonly string[] {
  if (typeof value === 'string') return value.includes(SECRET_MARK) ? [at] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => markedPaths(member as Json, at === '' ? key : `${at}.${key}`))
}
