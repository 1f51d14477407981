import type { Json } from './json.ts'
import { isJsonObject } from './json.ts'
import type { PlanData, SecretSlot } from './plan-data.ts'

/** Values of the secret slots of one plan, by slot name. */
export type SecretValues = Readonly<Record<string, string>>

/** A value that containers print as `«secret»`. */
export interface Secret {
  readonly kind: 'secret'
  readonly name: string
  /** The real value. */
  reveal(): string
}

/** A placeholder that says which secret belongs here. */
export function secretSlot(name: string, as?: SecretSlot['as']): SecretSlot {
  return { $secret: name, ...(as && { as }) }
}

/** True for `{ "$secret": "name" }`, which may say that it is a number, and nothing else. */
export function isSecretSlot(value: unknown): value is SecretSlot {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as SecretSlot).$secret === 'string' &&
    Object.keys(value).length === ((value as SecretSlot).as === 'number' ? 2 : 1)
  )
}

/** Names of all secret slots of a plan, in order of appearance, each once. */
export function secretNames(plan: PlanData): readonly string[] {
  const names = new Set<string>()
  const above = new Set<object>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (isSecretSlot(value)) {
      names.add(value.$secret)
      return
    }
    // An argument that holds itself is refused later, by name.
    if (above.has(value)) return
    above.add(value)
    for (const member of Object.values(value)) visit(member)
    above.delete(value)
  }
  visit(plan)
  return [...names]
}

/** True where a secret slot stands anywhere in a value; one walk without a call per member, since most hold none. */
export function holdsSlot(value: unknown): boolean {
  const inside: unknown[] = [value]
  for (const each of inside) {
    if (typeof each !== 'object' || each === null) continue
    if ('$secret' in each && isSecretSlot(each)) return true
    for (const member of Object.values(each)) if (typeof member === 'object') inside.push(member)
  }
  return false
}

/** A copy of `value` with each secret slot replaced by `lookup(name)`; without slots, `value` itself. */
export function resolveSecrets(value: Json, lookup: (name: string) => string): Json {
  return holdsSlot(value) ? resolved(value, lookup) : value
}

/** A secret number was kept as its text. */
function asSent({ as }: SecretSlot, text: string): Json {
  const number = as === 'number' && text.trim() !== '' ? Number(text) : Number.NaN
  return Number.isFinite(number) ? number : text
}

function resolved(value: Json, lookup: (name: string) => string): Json {
  if (isSecretSlot(value)) return asSent(value, lookup(value.$secret))
  if (Array.isArray(value)) {
    const copy = value.map((item: Json) => resolved(item, lookup))
    return copy.some((item, index) => item !== value[index]) ? copy : value
  }
  if (!isJsonObject(value)) return value
  let copy: Record<string, Json> | undefined
  for (const [key, item] of Object.entries(value)) {
    const inside = resolved(item, lookup)
    if (inside !== item) {
      copy ??= { ...value }
      copy[key] = inside
    }
  }
  return copy ?? value
}
