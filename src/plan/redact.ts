import { isSecretSlot } from './secret.ts'
import { isSecretHeader, isSecretMember, isSecretName, isSecretText, opensSecrets } from './secret-names.ts'

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

interface RedactOptions {
  /** Dotted paths of secrets; `*` stands for any one key or index. */
  readonly paths?: readonly string[]
  /** Dotted paths of URLs whose query is a secret. */
  readonly urls?: readonly string[]
  /** Also hide fields by their name, by what stands around them and by their shape; on unless said otherwise. */
  readonly byName?: boolean
  /** Names that hold no secret in this value, although elsewhere they do: `code` of an error. */
  readonly open?: readonly string[]
}

/**
 * A copy of `value` that is safe to print: secrets at the given paths, fields with a secret's name, and texts that are
 * credentials by their shape read `«secret»`. Secret slots stay as they are, they hold no value. Never changes `value`.
 */
export function redact<T>(value: T, options: RedactOptions = {}): T {
  const { paths = [], urls = [], byName = true, open = [] } = options
  const split = paths.map((path) => path.split('.'))
  const splitUrls = urls.map((path) => path.split('.'))
  const seen = new Map<object, unknown>()
  const visit = (item: unknown, at: readonly string[], inSecrets: boolean): unknown => {
    if (typeof item === 'string' && splitUrls.some((pattern) => matches(pattern, at))) return hideQuery(item)
    if (typeof item !== 'object' || item === null || isSecretSlot(item)) return item
    const known = seen.get(item)
    if (known !== undefined) return known
    const copy: unknown[] | Record<string, unknown> = Array.isArray(item) ? [] : {}
    seen.set(item, copy)
    for (const [key, member] of Object.entries(item)) {
      const here = [...at, key]
      const safe = hidden(member, here, key, item, inSecrets)
        ? SECRET_MARK
        : visit(member, here, opensSecrets(key, inSecrets))
      // Defined, not assigned: a key called __proto__ is a key like any other.
      Object.defineProperty(copy, key, { value: safe, enumerable: true, configurable: true, writable: true })
    }
    return copy
  }
  const hidden = (item: unknown, at: readonly string[], key: string, holder: object, inSecrets: boolean): boolean => {
    if (item === null || item === undefined || isSecretSlot(item)) return false
    if (split.some((pattern) => matches(pattern, at))) return true
    if (!byName) return false
    if (typeof item === 'string') {
      if (splitUrls.length > 0 && splitUrls.some((pattern) => matches(pattern, at))) return false
      return isSecretMember(item, key, holder, inSecrets, open)
    }
    if (!Array.isArray(item) || item.length === 0 || open.includes(key) || !isSecretName(key)) return false
    return item.every((element) => typeof element === 'string')
  }
  if (byName && typeof value === 'string' && urls.length === 0 && paths.length === 0 && isSecretText(value)) {
    return SECRET_MARK as T
  }
  return visit(value, [], false) as T
}

/** Replaces each of the given secret values in a text; the last guard before a text leaves the process. */
export function redactText(text: string, values: Iterable<string>): string {
  let safe = text
  for (const value of values) if (value.length >= 4) safe = safe.split(value).join(SECRET_MARK)
  return safe
}

function matches(pattern: readonly string[], at: readonly string[]): boolean {
  return pattern.length === at.length && pattern.every((part, index) => part === '*' || part === at[index])
}
