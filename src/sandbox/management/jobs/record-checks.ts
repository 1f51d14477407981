import { isJsonObject, type Json } from '../../../plan/index.ts'

/** One rule that a record of an import breaks. */
export interface RecordError {
  readonly code: string
  readonly message: string
  readonly path: string
}

export const emailPattern = /^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$/

function typeOf(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : isJsonObject(value) ? 'object' : typeof value
}

export function checkType(value: Json, type: string, path: string): readonly RecordError[] {
  if (typeOf(value) === type) return []
  return [{ code: 'INVALID_TYPE', message: `Expected type ${type} but found type ${typeOf(value)}`, path }]
}

export function checkPattern(
  value: Json,
  pattern: RegExp,
  path: string,
  code: string,
  shown: string,
): readonly RecordError[] {
  if (typeof value !== 'string' || pattern.test(value)) return []
  const rule =
    code === 'FORMAT' ? `Object didn't pass validation for format ${shown}` : `String does not match pattern: ${shown}`
  return [{ code, message: rule, path }]
}

export function checkLength(value: Json, path: string, least: number, most: number): readonly RecordError[] {
  if (typeof value !== 'string') return []
  if (value.length < least)
    return [{ code: 'MIN_LENGTH', message: `String is too short (${value.length}), minimum ${least}`, path }]
  if (value.length > most)
    return [{ code: 'MAX_LENGTH', message: `String is too long (${value.length}), maximum ${most}`, path }]
  return []
}

export function checkOneOf(value: Json, allowed: readonly string[], path: string): readonly RecordError[] {
  if (typeof value === 'string' && allowed.includes(value)) return []
  return [
    { code: 'ENUM_MISMATCH', message: `No enum match for: ${typeof value === 'string' ? value : typeOf(value)}`, path },
  ]
}

export function checkRange(value: Json, path: string, least: number, most: number): readonly RecordError[] {
  if (typeof value !== 'number') return checkType(value, 'number', path)
  if (value < least) return [{ code: 'MINIMUM', message: `Value ${value} is less than minimum ${least}`, path }]
  if (value > most) return [{ code: 'MAXIMUM', message: `Value ${value} is greater than maximum ${most}`, path }]
  return []
}
