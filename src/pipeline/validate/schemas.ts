import { type JsonSchema, nearest, nearMiss, schemaOf } from '../../catalogue/index.ts'
import {
  isJsonObject,
  isSecretSlot,
  type Json,
  type JsonObject,
  type UnknownPart,
  type ValidationIssue,
} from '../../plan/index.ts'

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

/** What of a request Auth0's documents do not know. */
interface Unknown {
  /** Names that are surely misspelt. */
  readonly misspelt: ValidationIssue[]
  /** What may be newer than the documents: it goes out, and is told. */
  readonly parts: UnknownPart[]
}

/**
 * Finds what the schemas do not know: names, listed values, nulls. A name that differs from a known sibling by its
 * casing or one edit is misspelt; everything else may be newer than the documents. Free objects such as metadata, which
 * declare no members, know every name. So do objects inside of a body that are documented as open, such as the options of
 * a connection, whose members depend on its strategy: only what is surely misspelt is told there.
 *
 * @param what How a member of the outermost object is called in messages.
 */
export function findUnknown(value: Json, schema: JsonSchema, what: 'field' | 'parameter'): Unknown {
  const found: Unknown = { misspelt: [], parts: [] }
  visit(value, [schema], '', what, found)
  return found
}

function visit(value: Json, schemas: readonly JsonSchema[], path: string, what: UnknownPart['what'], found: Unknown) {
  const shapes = schemas.flatMap(alternativesOf)
  if (value === null) {
    if (path !== '' && !takesNull(shapes)) found.parts.push({ path, what: 'null' })
  } else if (Array.isArray(value)) {
    const items = shapes.flatMap((shape) => (isJsonObject(shape.items) ? [shape.items as JsonSchema] : []))
    for (const [index, item] of (value as readonly Json[]).entries()) {
      if (item !== null && items.length > 0) visit(item, items, join(path, String(index)), 'field', found)
    }
  } else if (!isJsonObject(value)) visitValue(value, shapes, path, found)
  else if (!isSecretSlot(value)) visitMembers(value, shapes, path, what, found)
}

function visitMembers(
  value: JsonObject,
  shapes: readonly JsonSchema[],
  path: string,
  what: UnknownPart['what'],
  found: Unknown,
): void {
  const known = new Map<string, JsonSchema[]>()
  for (const shape of shapes) {
    for (const [name, schema] of Object.entries(propertiesOf(shape))) {
      const declared = known.get(name)
      if (declared === undefined) known.set(name, [schema])
      else declared.push(schema)
    }
  }
  const maps = shapes.flatMap(({ additionalProperties: more }) => (isJsonObject(more) ? [more as JsonSchema] : []))
  const free = known.size === 0 && !shapes.some((shape) => shape.additionalProperties === false)
  const open = path !== '' && shapes.some((shape) => shape.additionalProperties === true)
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue
    const inside = join(path, name)
    const declared = known.get(name)
    if (declared !== undefined) visit(member, declared, inside, 'field', found)
    else if (!free) {
      const near = nearMiss(name, known.keys()) ?? (what === 'parameter' ? filterMeant(name, known) : undefined)
      if (near !== undefined) found.misspelt.push({ path: inside, rule: `is not a ${what} here`, suggestion: near })
      else if (maps.length > 0) visit(member, maps, inside, 'field', found)
      else if (!open) found.parts.push({ path: inside, what, ...suggested(nearest(name, known.keys())) })
    } else if (maps.length > 0) visit(member, maps, inside, 'field', found)
  }
}

/** Words for a filter in other tools. Passed on as they are they filter nothing, and a list holds everybody. */
const FILTERS = new Set(['query', 'search', 'filter', 'filters', 'where'])

function filterMeant(name: string, known: ReadonlyMap<string, unknown>): string | undefined {
  return FILTERS.has(name.toLowerCase()) && known.has('q') ? 'q' : undefined
}

function visitValue(value: Json, shapes: readonly JsonSchema[], path: string, found: Unknown): void {
  const lists = shapes.flatMap((shape) => (valuesOf(shape) === undefined ? [] : [valuesOf(shape) as readonly Json[]]))
  const listed = lists.flat()
  if (lists.length === 0 || listed.includes(value)) return
  if (shapes.some((shape) => takesAny(shape, typeof value)) || !listed.some((each) => typeof each === typeof value))
    return
  const texts = listed.filter((each) => typeof each === 'string')
  found.parts.push({ path, what: 'value', ...(typeof value === 'string' && suggested(nearest(value, texts))) })
}

function takesNull(shapes: readonly JsonSchema[]): boolean {
  return shapes.some((shape) => {
    if (typesOf(shape).includes('null') || valuesOf(shape)?.includes(null) === true) return true
    return Object.keys(shape).length === 0
  })
}

const suggested = (suggestion: string | undefined) => (suggestion === undefined ? {} : { suggestion })
const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)
