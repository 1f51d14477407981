import type * as Zod from 'zod'
import type { JsonSchema, SchemaLookup } from '../../catalogue/index.ts'
import { isJsonObject, type Json } from '../../plan/index.ts'
import { formats } from './formats.ts'

type Check = Zod.ZodType<unknown>

/** Name under which an open object's check says that a field is written in another case than the one it has. */
export const MISSPELT = 'misspelt'

/**
 * Turns the catalogue's JSON Schemas into zod checks, each named schema once, when it is first needed. Defaults are not
 * among what it reads: those of the documents are samples, and filling one in would send what nobody wrote.
 */
export class Converter {
  readonly #z: typeof Zod
  readonly #lookup: SchemaLookup
  readonly #named = new Map<string, Check>()

  constructor(z: typeof Zod, lookup: SchemaLookup) {
    this.#z = z
    this.#lookup = lookup
  }

  named(name: string): Check {
    let check = this.#named.get(name)
    if (check === undefined) {
      // Lazy first, so that a schema may refer to itself.
      this.#named.set(
        name,
        this.#z.lazy(() => this.#named.get(name) as Check),
      )
      check = this.convert(this.#lookup(name))
      this.#named.set(name, check)
    }
    return check
  }

  convert(schema: JsonSchema): Check {
    if (typeof schema.$ref === 'string') return this.named(schema.$ref)
    const kinds = asTexts(schema.type)
    const nullable = kinds.includes('null')
    const rest = kinds.filter((kind) => kind !== 'null')
    const check = this.#converted(schema, rest)
    return nullable ? check.nullable() : check
  }

  #converted(schema: JsonSchema, kinds: readonly string[]): Check {
    const z = this.#z
    if (Array.isArray(schema.enum)) return z.literal(schema.enum as [string, ...string[]])
    const choices = asSchemas(schema.oneOf) ?? asSchemas(schema.anyOf)
    const own =
      kinds.length > 1 ? this.#anyOf(kinds.map((kind) => this.#typed(schema, kind))) : this.#typed(schema, kinds[0])
    if (choices !== undefined) {
      const choice = this.#anyOf(choices.map((each) => this.convert(each)))
      return hasOwnRules(schema) ? z.intersection(own, choice) : choice
    }
    const parts = (asSchemas(schema.allOf) ?? []).filter(hasOwnRules)
    return parts.reduce<Check>((whole, part) => z.intersection(whole, this.convert(part)), own)
  }

  #anyOf(checks: readonly Check[]): Check {
    const [first, second, ...more] = checks
    if (first === undefined) return this.#z.unknown()
    return second === undefined ? first : this.#z.union([first, second, ...more])
  }

  #typed(schema: JsonSchema, kind: string | undefined): Check {
    const z = this.#z
    switch (kind) {
      case 'string':
        return this.#string(schema)
      case 'integer':
      case 'number': {
        let check = kind === 'integer' ? z.number().int() : z.number()
        if (typeof schema.minimum === 'number') check = check.min(schema.minimum)
        if (typeof schema.maximum === 'number') check = check.max(schema.maximum)
        return check
      }
      case 'boolean':
        return z.boolean()
      case 'null':
        return z.null()
      case 'array': {
        let check = z.array(isJsonObject(schema.items) ? this.convert(schema.items) : z.unknown())
        if (typeof schema.minItems === 'number') check = check.min(schema.minItems)
        if (typeof schema.maxItems === 'number') check = check.max(schema.maxItems)
        return check
      }
      case 'object':
        return this.#object(schema)
      default:
        return isJsonObject(schema.properties) ? this.#object(schema) : z.unknown()
    }
  }

  #string(schema: JsonSchema): Check {
    let check = this.#z.string()
    if (typeof schema.minLength === 'number') check = check.min(schema.minLength)
    if (typeof schema.maxLength === 'number') check = check.max(schema.maxLength)
    if (typeof schema.pattern === 'string') check = check.regex(asRegExp(schema.pattern))
    const format = typeof schema.format === 'string' ? formats.get(schema.format) : undefined
    return format === undefined ? check : check.refine((text) => format.test(text), { error: format.rule })
  }

  #object(schema: JsonSchema): Check {
    const z = this.#z
    const required = new Set(asTexts(schema.required))
    const shape: Record<string, Check> = {}
    for (const [key, value] of Object.entries(isJsonObject(schema.properties) ? schema.properties : {})) {
      const check = this.convert(value as JsonSchema)
      shape[key] = required.has(key) ? check : check.optional()
    }
    const extra = schema.additionalProperties
    const object = isJsonObject(extra)
      ? z.object(shape).catchall(this.convert(extra))
      : extra === false
        ? z.strictObject(shape)
        : z.looseObject(shape)
    const { minProperties, maxProperties } = schema
    const folded = new Map(Object.keys(shape).map((key) => [fold(key), key]))
    const open = extra !== false && folded.size > 0
    if (!open && minProperties === undefined && maxProperties === undefined) return object
    return object.superRefine((value, context) => {
      const keys = Object.keys(value)
      if (typeof minProperties === 'number' && keys.length < minProperties) {
        context.addIssue({ code: 'custom', message: `must have ${count(minProperties, 'field')} or more` })
      }
      if (typeof maxProperties === 'number' && keys.length > maxProperties) {
        context.addIssue({ code: 'custom', message: `must have ${count(maxProperties, 'field')} at most` })
      }
      if (!open) return
      for (const key of keys) {
        const right = Object.hasOwn(shape, key) ? undefined : folded.get(fold(key))
        if (right === undefined || Object.hasOwn(value, right)) continue
        context.addIssue({ code: 'custom', message: MISSPELT, path: [key], params: { suggestion: right } })
      }
    })
  }
}

/** The documents' patterns are written for the looser mode; only property escapes need the other. */
function asRegExp(pattern: string): RegExp {
  return new RegExp(pattern, /\\p\{/i.test(pattern) ? 'u' : '')
}

/** Whether a schema says anything beside which of several schemas may hold. */
function hasOwnRules(schema: JsonSchema): boolean {
  if (typeof schema.$ref === 'string' || schema.enum !== undefined) return true
  return ['properties', 'minLength', 'maxLength', 'pattern', 'format', 'minimum', 'maximum', 'minProperties'].some(
    (rule) => schema[rule] !== undefined,
  )
}

function asTexts(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? (value as string[]) : []
}

function asSchemas(value: Json | undefined): readonly JsonSchema[] | undefined {
  return Array.isArray(value) ? (value as unknown as JsonSchema[]) : undefined
}

function fold(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase()
}

function count(number: number, what: string): string {
  return number === 1 ? `one ${what}` : `${number} ${what}s`
}
