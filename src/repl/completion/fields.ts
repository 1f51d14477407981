import { type JsonSchema, row, schemaOf } from '../../catalogue/index.ts'
import { fieldsOfWord, optionsOf, type Shape, shapeOfChain, type Token } from '../../code/index.ts'
import { choicesOf, itemsOf, membersOf } from '../../grammar/index.ts'
import type { PlaceInCall } from './place-in-call.ts'
import { rowOfCall } from './row-of-call.ts'

/** A value that can be listed. */
export type Value = string | number | boolean | null

type Variables = Readonly<Record<string, unknown>>

/** Fields of the object that the cursor stands in. */
export function fieldsIn(place: PlaceInCall, tokens: readonly Token[], variables: Variables): readonly string[] {
  const schema = schemaIn(place, tokens, variables)
  if (schema !== undefined) return membersOf(schema, schemaOf).map((member) => member.name)
  if (place.path?.length !== 0) return []
  const shape = shapeOfChain(tokens, place.callee, variables)
  if (shape === undefined) return []
  if (shape.kind === 'word') return fieldsOfWord(shape.path, place.argument).map(({ name }) => name)
  const name = shape.kind === 'plan-member' || shape.kind === 'value' ? (shape.name ?? globalName(shape)) : undefined
  return name === undefined || place.argument !== (SECOND.has(name) ? 1 : 0) ? [] : optionsOf(name)
}

/** Members whose options are their second argument. */
const SECOND = new Set(['raw', 'show'])

/** The functions of this package that stand for themselves. */
function globalName(shape: Shape): string | undefined {
  const name = shape.kind === 'value' && typeof shape.value === 'function' ? shape.value.name : undefined
  return name === 'connect' || name === 'show' ? name : undefined
}

/** Listed values of the field that the cursor stands behind. */
export function valuesIn(place: PlaceInCall, tokens: readonly Token[], variables: Variables): readonly Value[] {
  const shape = shapeOfChain(tokens, place.callee, variables)
  const [field, ...deeper] = place.path ?? []
  if (shape?.kind === 'word' && field !== undefined && deeper.length === 0) {
    const known = fieldsOfWord(shape.path, place.argument).find(({ name }) => name === field)
    return known?.type === 'boolean' ? [true, false] : (known?.values ?? [])
  }
  const schema = schemaIn(place, tokens, variables)
  if (schema === undefined) return []
  const choices = choicesOf(schema, schemaOf)
  const listed = choices.filter((choice): choice is Value => typeof choice !== 'object' || choice === null)
  return listed.length === 0 && schema.type === 'boolean' ? [true, false] : listed
}

/** The schema of what the cursor stands in: the object whose key, or the field whose value, is being typed. */
function schemaIn(place: PlaceInCall, tokens: readonly Token[], variables: Variables): JsonSchema | undefined {
  const shape = shapeOfChain(tokens, place.callee, variables)
  const builder = shape?.kind === 'chain' ? BUILT[shape.name ?? ''] : undefined
  if (builder !== undefined)
    return schemaAt(schemaOf(bodyOf('networkAcls.create')), [...builder, ...(place.path ?? [])])
  if (place.path === undefined) return undefined
  const found = rowOfCall(tokens, place, variables)
  const name = found?.body?.schema ?? found?.querySchema
  return name === undefined ? undefined : schemaAt(schemaOf(name), place.path)
}

/** Where in a rule of a network ACL a word of its builder says something. */
const BUILT: Readonly<Record<string, readonly string[]>> = {
  matching: ['rule', 'match'],
  notMatching: ['rule', 'not_match'],
  scope: ['rule', 'scope'],
}

const bodyOf = (operation: string): string => row(operation)?.body?.schema ?? ''

function schemaAt(start: JsonSchema | undefined, path: readonly string[]): JsonSchema | undefined {
  let schema = start
  for (const key of path) {
    if (schema === undefined) return undefined
    schema =
      key === '[]'
        ? itemsOf(schema, schemaOf)
        : membersOf(schema, schemaOf).find((member) => member.name === key)?.schema
  }
  return schema === undefined || typeof schema.$ref !== 'string' ? schema : schemaOf(schema.$ref)
}

/** The member of the session that a place stands in the arguments of: `raw`, `find`. */
export function sessionMember(place: PlaceInCall, tokens: readonly Token[], variables: Variables): string | undefined {
  const shape: Shape | undefined = shapeOfChain(tokens, place.callee, variables)
  return shape?.kind === 'value' ? shape.name : undefined
}
