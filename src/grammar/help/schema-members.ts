import type { JsonSchema, SchemaLookup } from '../../catalogue/index.ts'
import type { Json } from '../../plan/index.ts'
import { isJsonObject } from '../../plan/index.ts'

/** One member of an object, as its schema tells it. */
export interface SchemaMember {
  readonly name: string
  readonly schema: JsonSchema
  readonly required: boolean
}

/** References of references are followed no further than this; Auth0's go two deep. */
const FARTHEST = 10

/** The schema itself, behind its references. */
export function behindReferences(schema: JsonSchema, lookup: SchemaLookup): JsonSchema {
  let found = schema
  for (let step = 0; step < FARTHEST && typeof found.$ref === 'string'; step++) found = lookup(found.$ref)
  return found
}

/** All members that an object may have, whichever of its alternatives it takes; those of no object are none. */
export function membersOf(schema: JsonSchema, lookup: SchemaLookup, depth = 0): readonly SchemaMember[] {
  const own = behindReferences(schema, lookup)
  const members = new Map<string, SchemaMember>()
  const required = Array.isArray(own.required) ? own.required : []
  if (isJsonObject(own.properties)) {
    for (const [name, member] of Object.entries(own.properties)) {
      if (isJsonObject(member)) members.set(name, { name, schema: member, required: required.includes(name) })
    }
  }
  if (depth < FARTHEST) {
    for (const part of partsOf(own, 'allOf')) {
      for (const member of membersOf(part, lookup, depth + 1)) members.set(member.name, member)
    }
    for (const part of [...partsOf(own, 'oneOf'), ...partsOf(own, 'anyOf')]) {
      for (const member of membersOf(part, lookup, depth + 1)) {
        if (!members.has(member.name)) members.set(member.name, { ...member, required: required.includes(member.name) })
      }
    }
  }
  return [...members.values()]
}

/** The values that a schema lists; none where it lists none. */
export function choicesOf(schema: JsonSchema, lookup: SchemaLookup, depth = 0): readonly Json[] {
  const own = behindReferences(schema, lookup)
  if (own.const !== undefined) return [own.const]
  if (Array.isArray(own.enum)) return own.enum
  if (depth >= FARTHEST) return []
  return ['allOf', 'oneOf', 'anyOf'].flatMap((word) =>
    partsOf(own, word).flatMap((part) => choicesOf(part, lookup, depth + 1)),
  )
}

/** The schema of a list's items; `undefined` for what is no list. */
export function itemsOf(schema: JsonSchema, lookup: SchemaLookup): JsonSchema | undefined {
  const own = behindReferences(schema, lookup)
  if (isJsonObject(own.items)) return own.items
  for (const word of ['allOf', 'oneOf', 'anyOf']) {
    for (const part of partsOf(own, word)) {
      const { items } = behindReferences(part, lookup)
      if (isJsonObject(items)) return items
    }
  }
  return undefined
}

/** What a value may be, in words: `string, 1…255 characters`, `list of integers, at least 1`. */
export function typeText(schema: JsonSchema, lookup: SchemaLookup): string {
  const own = behindReferences(schema, lookup)
  const parts = [kindText(own, lookup), ...limitsOf(own)]
  return parts.join(', ')
}

const MOST_CHOICES = 12

function kindText(schema: JsonSchema, lookup: SchemaLookup): string {
  const choices = choicesOf(schema, lookup)
  if (choices.length > 0) {
    const shown = choices.slice(0, MOST_CHOICES).map((choice) => JSON.stringify(choice))
    return shown.join(' | ') + (choices.length > MOST_CHOICES ? ` | … (${choices.length})` : '')
  }
  const items = itemsOf(schema, lookup)
  if (items !== undefined) return `list of ${typeText(items, lookup)}`
  const types = Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type]
  if (types.length > 0) return types.map(String).join(' or ')
  const alternatives = [...partsOf(schema, 'oneOf'), ...partsOf(schema, 'anyOf'), ...partsOf(schema, 'allOf')]
  const kinds = new Set(alternatives.map((part) => kindText(behindReferences(part, lookup), lookup)))
  return kinds.size === 0 ? 'any value' : [...kinds].join(' or ')
}

function limitsOf(schema: JsonSchema): readonly string[] {
  const limits = [
    range(schema.minLength, schema.maxLength, 'characters'),
    range(schema.minimum, schema.maximum, ''),
    range(schema.minItems, schema.maxItems, 'entries'),
    range(schema.minProperties, schema.maxProperties, 'members'),
    typeof schema.format === 'string' ? schema.format : undefined,
    typeof schema.pattern === 'string' ? `matching ${schema.pattern}` : undefined,
    schema.nullable === true ? 'or null' : undefined,
  ]
  return limits.filter((limit): limit is string => limit !== undefined)
}

function range(least: Json | undefined, most: Json | undefined, of: string): string | undefined {
  const unit = of === '' ? '' : ` ${of}`
  if (typeof least === 'number' && typeof most === 'number') return `${least}…${most}${unit}`
  if (typeof least === 'number') return `at least ${least}${unit}`
  return typeof most === 'number' ? `at most ${most}${unit}` : undefined
}

function partsOf(schema: JsonSchema, word: string): readonly JsonSchema[] {
  const parts = schema[word]
  return Array.isArray(parts) ? parts.filter(isJsonObject) : []
}
