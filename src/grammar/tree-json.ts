import type { Json, SecretValues } from '../plan/index.ts'
import { isSecretName, isSecretSlot, secretSlot } from '../plan/index.ts'

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
 * Copies an argument into JSON: fields that are `undefined` are dropped, secrets are replaced by slots.
 *
 * @param value What the caller passed.
 * @param secretPaths Dotted paths of secrets, `*` for any index or key.
 * @throws NotJson for a Date, a Map, a function, a number that is not finite, or a cycle.
 */
export function cleanArgument(value: unknown, secretPaths: readonly string[]): CleanArgument {
  const patterns = secretPaths.map((path) => path.split('.'))
  const secrets: Record<string, string> = {}
  const above = new Set<object>()

  const isSecret = (path: readonly string[]): boolean =>
    patterns.some(
      (pattern) => pattern.length === path.length && pattern.every((part, at) => part === '*' || part === path[at]),
    ) || isMetadataSecret(path)

  const slot = (text: string, path: readonly string[]): Json => {
    const last = path[path.length - 1] as string
    const name = last in secrets || /^\d+$/.test(last) ? path.join('.') : last
    secrets[name] = text
    return { $secret: secretSlot(name).$secret }
  }

  const copy = (item: unknown, path: readonly string[]): Json => {
    if (item === null || typeof item === 'boolean') return item
    if (typeof item === 'string') return isSecret(path) ? slot(item, path) : item
    if (typeof item === 'number') {
      if (!Number.isFinite(item)) throw new NotJson(path.join('.'), `${item} has no form in JSON`)
      return item
    }
    if (typeof item !== 'object') throw new NotJson(path.join('.'), `a ${typeof item} has no form in JSON`)
    if (isSecretSlot(item)) return { $secret: item.$secret }
    if (above.has(item)) throw new NotJson(path.join('.'), 'the object contains itself')
    above.add(item)
    const result = Array.isArray(item)
      ? item.map((element, index) => copy(element, [...path, String(index)]))
      : copyFields(item, path)
    above.delete(item)
    return result
  }

  const copyFields = (item: object, path: readonly string[]): Json => {
    if (!isPlain(item)) throw new NotJson(path.join('.'), rejection(item))
    const result: Record<string, Json> = {}
    for (const [key, member] of Object.entries(item)) {
      if (member === undefined) continue
      // Defined, not assigned: a key called __proto__ is a key like any other.
      Object.defineProperty(result, key, {
        value: copy(member, [...path, key]),
        enumerable: true,
        configurable: true,
        writable: true,
      })
    }
    return result
  }

  return { json: copy(value, []), secrets }
}

// Metadata is free of form: there the name alone tells a secret.
function isMetadataSecret(path: readonly string[]): boolean {
  const last = path[path.length - 1]
  return last !== undefined && isSecretName(last) && path.slice(0, -1).some((part) => part.endsWith('metadata'))
}

// Objects of another realm are plain as well: their prototype's prototype is null.
function isPlain(item: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(item)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function rejection(item: object): string {
  if (item instanceof Date) return 'a Date has no form in JSON; pass date.toISOString()'
  if (item instanceof Map || item instanceof Set)
    return `a ${item.constructor.name} has no form in JSON; pass a plain object or an array`
  return `an object of class ${item.constructor?.name ?? 'unknown'} has no form in JSON; pass a plain object`
}
