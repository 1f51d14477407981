import { type Json, SECRET_MARK } from '../plan/index.ts'

export { Redactor } from '../plan/index.ts'

/** Dotted paths at which `safe` hides what `value` shows. */
export function hiddenPaths(value: unknown, safe: unknown, at = ''): readonly string[] {
  if (typeof value === 'string') return value === safe ? [] : [at]
  if (typeof value !== 'object' || value === null) return Object.is(value, safe) ? [] : [at]
  if (typeof safe !== 'object' || safe === null) return [at]
  return Object.entries(value).flatMap(([key, member]) =>
    member === undefined
      ? []
      : hiddenPaths(member, (safe as Record<string, unknown>)[key], at === '' ? key : `${at}.${key}`),
  )
}

/** Dotted paths of the texts that hold a mark in place of a secret. */
export function markedPaths(value: Json, at = ''): readonly string[] {
  if (typeof value === 'string') return value.includes(SECRET_MARK) ? [at] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => markedPaths(member as Json, at === '' ? key : `${at}.${key}`))
}

/** The JSON of a value, as it would be sent; `undefined` where there is none. */
export function jsonOf(value: unknown): Json | undefined {
  const text = JSON.stringify(value)
  return text === undefined ? undefined : (JSON.parse(text) as Json)
}
