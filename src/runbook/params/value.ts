import { isJsonObject, type Json, type JsonObject } from '../../plan/index.ts'
import { type Parameter, ParameterError } from './parameters.ts'
import { alternatives } from './schema.ts'

/** What a flag brought: texts, or `true` for a flag without a value. */
export type FlagValue = string | boolean | readonly (string | boolean)[]

const TRUE = ['true', '1', 'yes', 'y']
const FALSE = ['false', '0', 'no', 'n']

/**
 * The value of a parameter that was given as text, by the type that its schema declares. Of several types the first that
 * takes the text counts.
 *
 * @throws ParameterError for a text that is none of its type; its issue tells the rule.
 */
export function parameterValue(parameter: Parameter, given: FlagValue): Json {
  const { name, type, schema, secret } = parameter
  const texts = (Array.isArray(given) ? given : [given]).map(String)
  try {
    if (type === 'list') return listOf(texts, listIn(schema))
    return fromText(texts.at(-1) ?? '', type === 'json' ? { type: 'object' } : schema)
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    const { rule } = error
    const what = secret ? '' : `, not ${JSON.stringify(texts.join(','))}`
    throw new ParameterError(`The parameter "${name}" ${rule}${what}. Correct it.`, [parameter], [{ path: name, rule }])
  }
}

/** The rule that a text breaks. */
class RuleError extends Error {
  readonly rule: string

  constructor(takes: readonly string[]) {
    const rule = `takes ${[...new Set(takes)].join(' or ')}`
    super(rule)
    this.rule = rule
  }
}

function fromText(text: string, schema: JsonObject): Json {
  const known = alternatives(schema)
  for (const each of known) {
    const value = readAs(text, each, known.length === 1)
    if (value !== undefined) return value
  }
  throw new RuleError(known.map(nameOf))
}

/** @param alone true where the schema has no alternative, so that more words say the same. */
function readAs(text: string, schema: JsonObject, alone: boolean): Json | undefined {
  if ('const' in schema) return String(schema.const) === text ? schema.const : undefined
  switch (schema.type) {
    case 'number':
    case 'integer':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined
    case 'boolean': {
      const word = text.trim().toLowerCase()
      if (alone) return TRUE.includes(word) ? true : FALSE.includes(word) ? false : undefined
      return word === 'true' ? true : word === 'false' ? false : undefined
    }
    case 'null':
      return text === 'null' ? null : undefined
    case 'array':
      return alone || text.trim().startsWith('[') ? listOf([text], schema) : undefined
    case 'object': {
      const value = jsonIn(text)
      return isJsonObject(value) || (alone && value !== undefined) ? value : undefined
    }
    default:
      return text
  }
}

function nameOf(schema: JsonObject): string {
  if ('const' in schema) return String(schema.const)
  if (schema.type === 'number' || schema.type === 'integer') return 'a number'
  if (schema.type === 'boolean') return 'true or false'
  if (schema.type === 'null') return 'null'
  return schema.type === 'array' ? 'a list' : 'JSON'
}

/** A list in JSON, or texts that are lists by their commas; what is itself an object or a list is JSON. */
function listOf(texts: readonly string[], schema: JsonObject): readonly Json[] {
  const [only = ''] = texts
  if (texts.length === 1 && only.trim() === '') return []
  const whole = texts.length === 1 && only.trim().startsWith('[') ? jsonIn(only) : undefined
  if (Array.isArray(whole)) return whole
  const items = isJsonObject(schema.items) ? schema.items : {}
  const places = Array.isArray(schema.prefixItems) ? schema.prefixItems : []
  const nested = alternatives(items).every(({ type }) => type === 'object' || type === 'array')
  const parts = nested ? texts : texts.flatMap((text) => text.split(','))
  return parts.map((part, index) => {
    const place = places[index]
    return fromText(part, isJsonObject(place) ? place : items)
  })
}

/** The list of a schema that takes one, or nothing. */
function listIn(schema: JsonObject): JsonObject {
  return alternatives(schema).find(({ type }) => type === 'array') ?? {}
}

function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    // The caller says what is taken instead.
    return undefined
  }
}
