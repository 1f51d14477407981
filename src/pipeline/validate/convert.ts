import { createRequire } from 'node:module'
import type * as Zod from 'zod'
import { type JsonSchema, schemaOf } from '../../catalogue/index.ts'
import { isJsonObject, type Json } from '../../plan/index.ts'
import { Choice } from './choice.ts'
import { formats } from './formats.ts'
import { propertiesOf, schemasIn, typesOf, valuesOf } from './schemas.ts'

type Check = Zod.ZodType<unknown>

/**
 * Turns the catalogue's JSON Schemas into zod checks, each named schema once, when a value first meets it: zod's own
 * `fromJSONSchema` builds whatever a body could hold, which for a form or a connection takes a tenth of a second.
 *
 * The checks are open where Auth0 may be newer than its documents: unknown members, listed values and nulls pass (see
 * `findUnknown`); types, ranges, patterns, required members and exclusive choices hold. Defaults are not among what is
 * read: those of the documents are samples, and filling one in would send what nobody wrote.
 */
export class Converter {
  readonly #z: typeof Zod
  readonly #named = new Map<string, Check>()

  constructor(z: typeof Zod) {
    this.#z = z
  }

  named(name: string): Check {
    let check = this.#named.get(name)
    if (check === undefined) {
      check = this.#z.lazy(() => this.convert(schemaOf(name)))
      this.#named.set(name, check)
    }
    return check
  }

  convert(schema: JsonSchema): Check {
    if (typeof schema.$ref === 'string') return this.named(schema.$ref)
    const kinds = typesOf(schema)
    const check = this.#converted(
      schema,
      kinds.filter((kind) => kind !== 'null'),
    )
    return kinds.includes('null') ? check.nullable() : check
  }

  #converted(schema: JsonSchema, kinds: readonly string[]): Check {
    const z = this.#z
    const values = valuesOf(schema)
    if (values !== undefined) return this.#anyOf([...new Set(values.map((value) => typeof value))].map(kindOf(z)))
    const own =
      kinds.length > 1 ? this.#anyOf(kinds.map((kind) => this.#typed(schema, kind))) : this.#typed(schema, kinds[0])
    const alternatives = [...schemasIn(schema.oneOf), ...schemasIn(schema.anyOf)]
    if (alternatives.length > 0) {
      const choice = this.#choice(alternatives)
      return hasOwnRules(schema) ? z.intersection(own, choice) : choice
    }
    const parts = schemasIn(schema.allOf).filter(hasOwnRules)
    return parts.reduce<Check>((whole, part) => z.intersection(whole, this.convert(part)), own)
  }

  /** One of several shapes; of objects, one whose rules hold and beside which nothing of another stands. */
  #choice(alternatives: readonly JsonSchema[]): Check {
    const checks = alternatives.map((alternative) => this.convert(alternative))
    const choice = new Choice(alternatives)
    if (!choice.isOfObjects) return this.#anyOf(checks)
    const guarded = checks.map((check, index) => check.superRefine(choice.guard(index)))
    return this.#anyOf([...guarded, this.#z.looseObject({}).superRefine(choice.guardNew())])
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
    const required = new Set(textsIn(schema.required))
    const shape: Record<string, Check> = {}
    for (const [key, value] of Object.entries(propertiesOf(schema))) {
      const check = this.convert(value).nullable()
      shape[key] = required.has(key) ? check : check.optional()
    }
    const more = schema.additionalProperties
    const object = isJsonObject(more) ? z.object(shape).catchall(this.convert(more).nullable()) : z.looseObject(shape)
    const { minProperties, maxProperties } = schema
    if (minProperties === undefined && maxProperties === undefined) return object
    return object.superRefine((value, context) => {
      const { length } = Object.keys(value)
      if (typeof minProperties === 'number' && length < minProperties) {
        context.addIssue({ code: 'custom', message: `must have ${count(minProperties, 'field')} or more` })
      }
      if (typeof maxProperties === 'number' && length > maxProperties) {
        context.addIssue({ code: 'custom', message: `must have ${count(maxProperties, 'field')} at most` })
      }
    })
  }
}

const kindOf =
  (z: typeof Zod) =>
  (type: string): Check => {
    if (type === 'string') return z.string()
    if (type === 'number') return z.number()
    return type === 'boolean' ? z.boolean() : z.unknown()
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

function textsIn(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? (value as string[]) : []
}

function count(number: number, what: string): string {
  return number === 1 ? `one ${what}` : `${number} ${what}s`
}

let ready: Converter | undefined
let loading: Promise<Converter> | undefined

/** The checks, with zod loaded when a plan with arguments first needs it. */
export function converter(): Promise<Converter> {
  loading ??= import('zod').then((z) => {
    ready ??= new Converter(z)
    return ready
  })
  return loading
}

/**
 * The checks, where zod is there already. `must` loads it now, for a card that cannot wait; in a bundle, which holds no
 * package to load, the answer stays `undefined` until a plan has been run.
 */
export function loadedConverter(must = false): Converter | undefined {
  if (ready === undefined && must) {
    const z = required()
    if (z !== undefined) ready = new Converter(z)
  }
  return ready
}

/** The zod schema of that name in the catalogue; `undefined` where zod cannot be loaded at once. */
export function zodOf(name: string): Zod.ZodType | undefined {
  return loadedConverter(true)?.convert(schemaOf(name))
}

function required(): typeof Zod | undefined {
  // Bundles in CommonJS have no import.meta.url.
  const here = import.meta.url as string | undefined
  if (here === undefined) return undefined
  try {
    return createRequire(here)('zod') as typeof Zod
  } catch {
    return undefined
  }
}
