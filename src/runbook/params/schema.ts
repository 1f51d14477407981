import { canonicalJson, isJsonObject, type Json, type JsonObject, jsonOf } from '../../plan/index.ts'
import type { ParamsSchema } from '../../run/index.ts'

/** The schemas of which a value has to fit one. */
export function alternatives(schema: JsonObject): readonly JsonObject[] {
  const several = [schema.anyOf, schema.oneOf].find(Array.isArray)
  if (several !== undefined) return several.filter(isJsonObject).flatMap(alternatives)
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => ({ const: value }))
  if (Array.isArray(schema.type)) return schema.type.map((type) => ({ ...schema, type }))
  return [schema]
}

/** The schema of one parameter, where the schema of all has one, as zod's objects have. */
export function schemaOf(schema: ParamsSchema<unknown> | undefined, name: string): ParamsSchema<unknown> | undefined {
  const own = (schema as { shape?: Record<string, Partial<ParamsSchema<unknown>>> } | undefined)?.shape?.[name]
  return typeof own?.parse === 'function' ? (own as ParamsSchema<unknown>) : undefined
}

/** Values from texts and JSON, which know no dates, as their schemas take them: a text becomes a date where only a date fits. */
export function withDates(
  schema: ParamsSchema<unknown> | undefined,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, withDatesIn(schemaOf(schema, name), value)]),
  )
}

const DATE = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/

function withDatesIn(schema: ParamsSchema<unknown> | undefined, value: unknown): unknown {
  const dates = dateIn(value)
  if (schema === undefined || dates === undefined || takes(schema, value)) return value
  return takes(schema, dates) ? dates : value
}

function dateIn(value: unknown): Date | readonly (Date | undefined)[] | undefined {
  if (Array.isArray(value)) {
    const dates = value.map(dateIn)
    return dates.every((each) => each instanceof Date) ? dates : undefined
  }
  const date = typeof value === 'string' && DATE.test(value) ? new Date(value) : undefined
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date
}

function takes(schema: ParamsSchema<unknown>, value: unknown): boolean {
  return made(schema, value) !== undefined
}

/** What a schema makes of a value; nothing where it refuses it. */
function made(schema: ParamsSchema<unknown>, value: unknown): { readonly value: unknown } | undefined {
  try {
    return { value: schema.parse(value) }
  } catch {
    // What is refused here is told where all parameters are checked.
    return undefined
  }
}

/**
 * Parameters that a journal recorded, as their schemas take them once more: it holds what they made of what was given. A
 * text that was made a number or a boolean is a text again; what a schema makes something else of each time is left out.
 */
export function givenAgain(
  schema: ParamsSchema<unknown> | undefined,
  recorded: Readonly<Record<string, Json>>,
): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(recorded).flatMap(([name, value]) => {
      const own = schemaOf(schema, name)
      if (own === undefined) return [[name, value]]
      const again = [value, String(value)].find((each) => isMade(own, each, value))
      return again === undefined ? [] : [[name, again]]
    }),
  )
}

function isMade(schema: ParamsSchema<unknown>, value: Json, wanted: Json): boolean {
  const result = made(schema, withDatesIn(schema, value))
  return result !== undefined && canonicalJson(jsonOf(result.value) ?? null) === canonicalJson(wanted)
}
