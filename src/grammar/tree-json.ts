import type { Json, SecretValues } from '../plan/index.ts'
import {
  type Around,
  aroundIn,
  HIDDEN,
  isPlain,
  isSecretMember,
  isSecretSlot,
  isSecretText,
  PLAIN,
  type SecretPlace,
  secretPlaceOf,
  secretSlot,
  stepTo,
} from '../plan/index.ts'

/** A copy of an argument that is JSON and holds no secret, and the secrets that were taken out of it. */
export interface CleanArgument {
  readonly json: Json
  readonly secrets: SecretValues
}

/** A value that JSON cannot carry, and where it stands. */
export class NotJson extends Error {
  readonly path: string
  readonly rule: string

  constructor(path: string, rule: string) {
    super(`${path}: ${rule}`)
    this.path = path
    this.rule = rule
  }
}

/**
 * Copies an argument into JSON: fields that are `undefined` are dropped, secrets are replaced by slots. A slot is named by
 * the field, and by its path where another one has that name, so that each secret of a plan has an address of its own.
 *
 * @param value What the caller passed.
 * @param secretPaths Dotted paths of secrets, `*` for any index or key; names and shapes tell the others.
 * @param open Names that hold no secret here, although elsewhere they do.
 * @param taken Names of slots that the plan has already.
 * @throws NotJson for a Date, a Map, a function, a number that is not finite, or a cycle.
 */
export function cleanArgument(
  value: unknown,
  secretPaths: readonly string[],
  open: readonly string[] = [],
  taken: readonly string[] = [],
): CleanArgument {
  const secrets: Record<string, string> = {}
  const above = new Set<object>()

  const isTaken = (name: string): boolean => name in secrets || taken.includes(name)

  const slot = (value: string | number, path: readonly string[]): Json => {
    const last = path.at(-1) as string
    let name = isTaken(last) || /^\d+$/.test(last) ? path.join('.') : last
    for (let count = 2; isTaken(name); count += 1) name = `${path.join('.')}.${count}`
    // Defined, not assigned: a secret called __proto__ is a secret like any other.
    Object.defineProperty(secrets, name, { value: String(value), enumerable: true, configurable: true, writable: true })
    return { ...secretSlot(name, typeof value === 'number' ? 'number' : undefined) }
  }

  const copyValue = (item: string | number, path: readonly string[], holder: object, at: Standing): Json => {
    const key = path.at(-1)
    // A body that is text as a whole, such as a page template, has no name.
    if (key === undefined) return typeof item === 'string' && isSecretText(item) ? slot(item, ['body']) : item
    const secret = at.place.hides !== undefined || isSecretMember(item, key, holder, at.around, open)
    return secret && item !== '' ? slot(item, path) : item
  }

  const copy = (item: unknown, path: readonly string[], holder: object, at: Standing): Json => {
    if (item === null || typeof item === 'boolean') return item
    if (typeof item === 'string') return copyValue(item, path, holder, at)
    if (typeof item === 'number') {
      if (!Number.isFinite(item)) throw new NotJson(path.join('.'), `${item} has no form in JSON`)
      return copyValue(item, path, holder, at)
    }
    if (typeof item !== 'object') throw new NotJson(path.join('.'), `a ${typeof item} has no form in JSON`)
    if (isSecretSlot(item)) return { ...secretSlot(item.$secret, item.as) }
    if (above.has(item)) throw new NotJson(path.join('.'), 'the object contains itself')
    above.add(item)
    const key = path.at(-1)
    const within =
      at.place.hides === 'value' ? HIDDEN : key === undefined ? PLAIN : aroundIn(key, holder, at.around, open)
    const below = (name: string): Standing => ({ around: within, place: stepTo(at.place, name) })
    const result = Array.isArray(item)
      ? item.map((element, index) => copy(element, [...path, String(index)], item, below(String(index))))
      : copyFields(item, path, below)
    above.delete(item)
    return result
  }

  const copyFields = (item: object, path: readonly string[], below: (name: string) => Standing): Json => {
    if (!isPlain(item)) throw new NotJson(path.join('.'), rejection(item))
    const result: Record<string, Json> = {}
    for (const [key, member] of Object.entries(item)) {
      if (member === undefined) continue
      // Defined, not assigned: a key called __proto__ is a key like any other.
      Object.defineProperty(result, key, {
        value: copy(member, [...path, key], item, below(key)),
        enumerable: true,
        configurable: true,
        writable: true,
      })
    }
    return result
  }

  const place = secretPlaceOf({ paths: secretPaths })
  return { json: copy(value, [], {}, { around: PLAIN, place }), secrets }
}

interface Standing {
  /** What the containers around a value say of it. */
  readonly around: Around
  /** Where the value stands among the paths of secrets. */
  readonly place: SecretPlace
}

function rejection(item: object): string {
  if (ArrayBuffer.isView(item) || item instanceof ArrayBuffer)
    return "bytes have no form in JSON; pass a text, such as Buffer.from(bytes).toString('base64')"
  if (item instanceof Date) return 'a Date has no form in JSON; pass date.toISOString()'
  if (item instanceof Map || item instanceof Set)
    return `a ${item.constructor.name} has no form in JSON; pass a plain object or an array`
  return `an object of class ${item.constructor?.name ?? 'unknown'} has no form in JSON; pass a plain object`
}
