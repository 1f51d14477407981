import { type JsonSchema, schemaOf } from '../../catalogue/index.ts'
import { isJsonObject, type Json } from '../../plan/index.ts'

const alternatives = new WeakMap<JsonSchema, readonly JsonSchema[]>()

/** A schema and everything that it is composed of or may be instead, references resolved. */
export function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  if (typeof schema.$ref === 'string') return alternativesOf(schemaOf(schema.$ref))
  let known = alternatives.get(schema)
  if (known === undefined) {
    const inner = [...schemasIn(schema.oneOf), ...schemasIn(schema.anyOf), ...schemasIn(schema.allOf)]
    known = [schema, ...inner.flatMap(alternativesOf)]
    alternatives.set(schema, known)
  }
  return known
}

/** The schemas of a keyword that lists some. */
export function schemasIn(value: Json | undefined): readonly JsonSchema[] {
  return Array.isArray(value) ? (value as unknown as JsonSchema[]) : []
}

/** The schemas of the members of an object, by name. */
export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return isJsonObject(schema.properties) ? (schema.properties as unknown as Record<string, JsonSchema>) : {}
}

/** What shapes say of the member of a name: one schema of each that declares it. */
export function declaredIn(shapes: readonly JsonSchema[], name: string): readonly JsonSchema[] {
  return shapes.flatMap((shape) => {
    const properties = propertiesOf(shape)
    return Object.hasOwn(properties, name) ? [properties[name] as JsonSchema] : []
  })
}

/** The types that a schema names; none where it names none. */
export function typesOf({ type }: JsonSchema): readonly string[] {
  if (typeof type === 'string') return [type]
  return Array.isArray(type) ? (type as string[]) : []
}

/** The values that a schema lists; `undefined` where it lists none. */
export function valuesOf(schema: JsonSchema): readonly Json[] | undefined {
  if (schema.const !== undefined) return [schema.const]
  return Array.isArray(schema.enum) ? schema.enum : undefined
}

/** Whether a schema takes every value of a type, or every value at all. */
export function takesAny(shape: JsonSchema, type: string): boolean {
  if (valuesOf(shape) !== undefined) return false
  const types = typesOf(shape)
  if (types.length === 0) return Object.keys(shape).length === 0
  return types.includes(type) || (type === 'number' && types.includes('integer'))
}
