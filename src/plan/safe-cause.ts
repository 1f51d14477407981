import { isPlain } from './json.ts'

/** So many members of one cause are looked at; what lies beyond is not printed. */
const MOST_MEMBERS = 2000
const DEEPEST = 8

/**
 * The cause of an error, as a copy with its secrets hidden where it shows one; otherwise the cause itself. Errors of HTTP
 * libraries carry the request that failed, with its headers and its body.
 *
 * @param outward Text as it may leave the process.
 * @param isSafe Whether an error holds no secret, as it was made with care.
 */
export function safeCause(
  cause: unknown,
  outward: (text: string) => string,
  isSafe: (error: Error) => boolean,
): unknown {
  const seen = new Map<object, unknown>()
  let left = MOST_MEMBERS
  const safe = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return outward(value)
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
    if (value instanceof Error && isSafe(value)) return value
    if (seen.has(value)) return seen.get(value)
    if (left <= 0 || depth > DEEPEST) return undefined
    // A way back into what is being copied leads to the original.
    seen.set(value, undefined)
    const made = safeObject(value, depth)
    seen.set(value, made)
    return made
  }
  const safeObject = (value: object, depth: number): unknown => {
    // Its members are those of its class, and a copy of it has none.
    if (value instanceof DOMException) {
      const [message, stack] = [outward(value.message), outward(value.stack ?? '')]
      if (message === value.message && stack === (value.stack ?? '')) return value
      return Object.defineProperty(new DOMException(message, value.name), 'stack', { value: stack, configurable: true })
    }
    if (isCollection(value)) {
      const members = [...value]
      return safe(members, depth + 1) === members ? value : undefined
    }
    const changed: PropertyDescriptorMap = {}
    for (const [key, member, enumerable] of membersOf(value)) {
      left -= 1
      const shown = safe(member, depth + 1)
      // What has no safe copy stays for those who ask for it by name, and is not printed.
      if (shown !== member) changed[key] = { value: shown ?? member, enumerable: enumerable && shown !== undefined }
    }
    const keys = Reflect.ownKeys(changed)
    if (keys.length === 0) return value
    // A copy of an instance of a class does not work, unless it is an error's.
    if (!(value instanceof Error || Array.isArray(value) || isPlain(value))) return undefined
    const copy = (Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value))) as object
    Object.defineProperties(copy, Object.getOwnPropertyDescriptors(value))
    for (const key of keys)
      Object.defineProperty(copy, key, { ...changed[key as string], configurable: true, writable: true })
    return copy
  }
  const made = safe(cause, 0)
  return made === undefined && typeof cause === 'object' ? `[${cause?.constructor.name ?? 'object'}]` : made
}

/** What printing shows of a value: members that are data, and the texts of an error. */
function membersOf(value: object): [key: string, member: unknown, enumerable: boolean][] {
  const members = Reflect.ownKeys(value).flatMap((key): [string, unknown, boolean][] => {
    const property = Object.getOwnPropertyDescriptor(value, key)
    return property?.enumerable === true && 'value' in property ? [[key as string, property.value, true]] : []
  })
  if (!(value instanceof Error)) return members
  const hidden = ['message', 'stack', 'cause', 'errors'].filter(
    (key) => Object.hasOwn(value, key) && !members.some(([name]) => name === key),
  )
  return [...members, ...hidden.map((key): [string, unknown, boolean] => [key, value[key as keyof Error], false])]
}

function isCollection(value: object): value is Iterable<unknown> {
  return value instanceof Map || value instanceof Set || value instanceof Headers || value instanceof URLSearchParams
}
