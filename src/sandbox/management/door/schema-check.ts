import type { JsonSchema, SchemaLookup } from '../../../catalogue/index.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../plan/index.ts'

/** The first rule of a schema that a value broke, in Auth0's words. */
export interface SchemaBreach {
  readonly rule: string
  /** Dotted path with indexes in brackets (`groups[0].email`); `''` is the whole value. */
  readonly path: string
}

const FORMATS: Readonly<Record<string, RegExp>> = {
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  'date-time': /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i,
  date: /^\d{4}-\d\d-\d\d$/,
  uri: /^[a-z][a-z0-9+.-]*:\S+$/i,
  url: /^[a-z][a-z0-9+.-]*:\S+$/i,
  'strict-https-uri': /^https:\/\/\S+$/i,
  'html-color': /^#([0-9a-f]{3}|[0-9a-f]{6})$/i,
  ipv4: /^\d{1,3}(\.\d{1,3}){3}$/,
  ipv6: /^[0-9a-f:.]+$/i,
}

/** How a value is checked. */
export interface SchemaCheck {
  readonly lookup: SchemaLookup
  /** Where members that a closed schema does not name are noted; without it they break the schema. */
  readonly unknown?: Set<string>
}

/** Checks a value against a JSON Schema (the keywords that the catalogue uses); unknown formats pass. */
export function checkSchema(value: Json, schema: JsonSchema, check: SchemaCheck, path = ''): SchemaBreach | undefined {
  const { lookup } = check
  const reference = schema.$ref
  if (typeof reference === 'string') {
    const target = lookup(reference.replace(/^.*\//, ''))
    return checkSchema(value, target, check, path)
  }
  if (value === null && schema.nullable === true) return undefined
  const simple = typeBreach(value, schema, path) ?? choiceBreach(value, schema, path)
  if (simple) return simple
  const own =
    (typeof value === 'string' && textBreach(value, schema, path)) ||
    (typeof value === 'number' && numberBreach(value, schema, path)) ||
    (Array.isArray(value) && listBreach(value, schema, check, path)) ||
    (isJsonObject(value) && objectBreach(value, schema, check, path))
  return own || combinedBreach(value, schema, check, path)
}

function typeBreach(value: Json, schema: JsonSchema, path: string): SchemaBreach | undefined {
  const types = [schema.type].flat().filter((type): type is string => typeof type === 'string')
  if (types.length === 0 || types.some((type) => isOfType(value, type))) return undefined
  return { rule: `Expected type ${types.join(',')} but found type ${typeName(value)}`, path }
}

function isOfType(value: Json, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'number') return typeof value === 'number'
  return typeName(value) === type
}

function typeName(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function choiceBreach(value: Json, schema: JsonSchema, path: string): SchemaBreach | undefined {
  const choices = Array.isArray(schema.enum) ? schema.enum : schema.const === undefined ? undefined : [schema.const]
  if (choices === undefined || choices.includes(value)) return undefined
  return { rule: `No enum match for: ${typeof value === 'string' ? value : JSON.stringify(value)}`, path }
}

function textBreach(value: string, schema: JsonSchema, path: string): SchemaBreach | undefined {
  const { format, maxLength, minLength, pattern } = schema
  if (typeof minLength === 'number' && [...value].length < minLength)
    return { rule: `String is too short (${value.length} chars), minimum ${minLength}`, path }
  if (typeof maxLength === 'number' && [...value].length > maxLength)
    return { rule: `String is too long (${value.length} chars), maximum ${maxLength}`, path }
  if (typeof pattern === 'string' && !compiled(pattern).test(value))
    return { rule: `String does not match pattern ${pattern}`, path }
  const known = typeof format === 'string' ? FORMATS[format] : undefined
  if (known && !known.test(value)) return { rule: `Object didn't pass validation for format ${format}: ${value}`, path }
  return undefined
}

const patterns = new Map<string, RegExp>()

/** Auth0's patterns are written without the flag `u`, and some are not valid with it; `\\p{…}` has no meaning without. */
function compiled(pattern: string): RegExp {
  let known = patterns.get(pattern)
  if (known === undefined) {
    known = new RegExp(pattern, /\\p\{/i.test(pattern) ? 'u' : '')
    patterns.set(pattern, known)
  }
  return known
}

function numberBreach(value: number, schema: JsonSchema, path: string): SchemaBreach | undefined {
  if (typeof schema.minimum === 'number' && value < schema.minimum)
    return { rule: `Value ${value} is less than minimum ${schema.minimum}`, path }
  if (typeof schema.maximum === 'number' && value > schema.maximum)
    return { rule: `Value ${value} is greater than maximum ${schema.maximum}`, path }
  return undefined
}

function listBreach(
  value: readonly Json[],
  schema: JsonSchema,
  check: SchemaCheck,
  path: string,
): SchemaBreach | undefined {
  const { items, maxItems, minItems, uniqueItems } = schema
  if (typeof minItems === 'number' && value.length < minItems)
    return { rule: `Array is too short (${value.length}), minimum ${minItems}`, path }
  if (typeof maxItems === 'number' && value.length > maxItems)
    return { rule: `Array is too long (${value.length}), maximum ${maxItems}`, path }
  if (uniqueItems === true) {
    const texts = value.map((item) => JSON.stringify(item))
    const second = texts.findIndex((text, index) => texts.indexOf(text) !== index)
    const first = second === -1 ? -1 : texts.indexOf(texts[second] ?? '')
    if (second !== -1) return { rule: `Array items are not unique (indexes ${first} and ${second})`, path }
  }
  if (!isJsonObject(items)) return undefined
  for (const [index, item] of value.entries()) {
    const breach = checkSchema(item, items as JsonSchema, check, `${path}[${index}]`)
    if (breach) return breach
  }
  return undefined
}

function objectBreach(
  value: JsonObject,
  schema: JsonSchema,
  check: SchemaCheck,
  path: string,
): SchemaBreach | undefined {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`)
  for (const key of Array.isArray(schema.required) ? schema.required.map(String) : [])
    if (value[key] === undefined) return { rule: `Missing required property: ${key}`, path }
  const count = Object.keys(value).length
  if (typeof schema.minProperties === 'number' && count < schema.minProperties)
    return { rule: `Too few properties defined (${count}), minimum ${schema.minProperties}`, path }
  if (typeof schema.maxProperties === 'number' && count > schema.maxProperties)
    return { rule: `Too many properties defined (${count}), maximum ${schema.maxProperties}`, path }
  for (const [key, member] of Object.entries(value)) {
    const known = properties[key] ?? schema.additionalProperties
    if (known === false) {
      if (check.unknown === undefined) return { rule: `Additional properties not allowed: ${key}`, path }
      check.unknown.add(at(key))
      continue
    }
    const breach = isJsonObject(known) ? checkSchema(member, known as JsonSchema, check, at(key)) : undefined
    if (breach) return breach
  }
  return undefined
}

function combinedBreach(value: Json, schema: JsonSchema, check: SchemaCheck, path: string): SchemaBreach | undefined {
  for (const part of listOf(schema.allOf)) {
    const breach = checkSchema(value, part, check, path)
    if (breach) return breach
  }
  for (const keyword of ['oneOf', 'anyOf'] as const) {
    const parts = listOf(schema[keyword])
    if (parts.length === 0) continue
    // What one alternative does not name another may: only what the best fit leaves unnamed is unknown.
    const tries = parts.map((part) => {
      const unknown = new Set<string>()
      const own = check.unknown === undefined ? check : { ...check, unknown }
      return { breach: checkSchema(value, part, own, path), unknown }
    })
    const fitting = tries.filter((each) => each.breach === undefined)
    if (fitting.length === 0) {
      const breaches = tries.map((each) => each.breach)
      return nearestBreach(breaches) ?? breaches[0]
    }
    const best = fitting.reduce((a, b) => (b.unknown.size < a.unknown.size ? b : a))
    for (const name of best.unknown) check.unknown?.add(name)
  }
  return undefined
}

/** Of several alternatives that all failed, the breach that lies deepest says most about what was meant. */
function nearestBreach(breaches: readonly (SchemaBreach | undefined)[]): SchemaBreach | undefined {
  return breaches.toSorted((a, b) => (b?.path.length ?? 0) - (a?.path.length ?? 0))[0]
}

function listOf(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? (value as JsonSchema[]) : []
}
