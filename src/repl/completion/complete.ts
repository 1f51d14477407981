import { type JsonSchema, schemaOf } from '../../catalogue/index.ts'
import { scan, type Token } from '../../code/index.ts'
import { choicesOf, itemsOf, membersOf } from '../../grammar/index.ts'
import type { LiveIds } from './live-ids.ts'
import { type PlaceInCall, placeInCall } from './place-in-call.ts'
import { namesAfter, rowOfCall, shapeOfChain } from './shape.ts'

/** Where completion looks names up. */
export interface CompletionSource {
  /** Variables of the console, by name. */
  readonly variables: Readonly<Record<string, unknown>>
  /** Dot commands, without the dot. */
  readonly commands: readonly string[]
  readonly ids: LiveIds
}

type Candidates = [string[], string]

/**
 * Candidates for the end of what was typed. Reads names only: no call is made, no getter is run, nothing is sent.
 *
 * @param typed All lines of the statement, up to the cursor.
 * @returns The candidates and the part of the line that they complete, as Node's readline wants them.
 */
export function complete(typed: string, source: CompletionSource): Candidates {
  const command = /^\s*\.(\w*)$/.exec(typed)
  if (command !== null)
    return matching(
      source.commands.map((name) => `.${name}`),
      `.${command[1] ?? ''}`,
    )
  const after = /^\s*\.(?:help|find)\s+(.*)$/s.exec(typed)
  const code = after === null ? typed : (after[1] ?? '')
  const { tokens } = scan(code)
  const last = tokens.at(-1)
  if (last?.kind === 'string' && last.open) return withinText(tokens, last, source)
  const partial = last?.kind === 'word' && last.end === code.length ? last.text : ''
  const count = partial === '' ? tokens.length : tokens.length - 1
  const before = tokens[count - 1]
  if (before?.text === '.' || before?.text === '?.') {
    const shape = shapeOfChain(tokens, count - 2, source.variables)
    return matching(shape === undefined ? [] : namesAfter(shape), partial)
  }
  const place = placeInCall(tokens, count)
  const inCall = place === undefined ? undefined : candidatesIn(place, tokens, source)
  if (inCall !== undefined && (inCall.length > 0 || place?.expects === 'key')) return matching(inCall, partial)
  return matching(Object.keys(source.variables), partial)
}

function matching(names: readonly string[], typed: string): Candidates {
  return [[...new Set(names.filter((name) => name.startsWith(typed)))].sort(), typed]
}

/** Within quotes: a listed value of the field, or the identifier of something that was listed. */
function withinText(tokens: readonly Token[], text: Token, source: CompletionSource): Candidates {
  const place = placeInCall(tokens, tokens.length - 1)
  const quote = text.text.charAt(0)
  if (place === undefined) return [[], text.text]
  const values =
    place.expects === 'key' ? [] : valuesIn(place, tokens, source).filter((value) => typeof value === 'string')
  return matching(
    values.map((value) => quote + value + quote),
    text.text,
  )
}

function candidatesIn(place: PlaceInCall, tokens: readonly Token[], source: CompletionSource): readonly string[] {
  if (place.expects === 'value') {
    return valuesIn(place, tokens, source).map((value) => (typeof value === 'string' ? `'${value}'` : String(value)))
  }
  const schema = schemaIn(place, tokens, source)
  if (schema === undefined) return []
  const names = membersOf(schema, schemaOf).map((member) => member.name)
  return names.filter((name) => !place.present.includes(name)).map((name) => `${name}: `)
}

type Value = string | number | boolean | null

function valuesIn(place: PlaceInCall, tokens: readonly Token[], source: CompletionSource): readonly Value[] {
  if (place.path === undefined) return idsFor(place, tokens, source)
  const schema = schemaIn(place, tokens, source)
  if (schema === undefined) return []
  const choices = choicesOf(schema, schemaOf)
  const listed = choices.filter((choice): choice is Value => typeof choice !== 'object' || choice === null)
  return listed.length === 0 && schema.type === 'boolean' ? [true, false] : listed
}

function idsFor(
  { callee }: PlaceInCall,
  tokens: readonly Token[],
  { variables, ids }: CompletionSource,
): readonly string[] {
  const shape = shapeOfChain(tokens, callee, variables)
  return shape?.kind === 'place' && shape.place.called !== undefined ? ids.at(shape.place) : []
}

/** The schema of what the cursor stands in: the object whose key, or the field whose value, is being typed. */
function schemaIn(place: PlaceInCall, tokens: readonly Token[], source: CompletionSource): JsonSchema | undefined {
  if (place.path === undefined) return undefined
  const row = rowOfCall(tokens, place, source.variables)
  const name = row?.body?.schema ?? row?.querySchema
  let schema: JsonSchema | undefined = name === undefined ? undefined : schemaOf(name)
  for (const key of place.path) {
    if (schema === undefined) return undefined
    schema =
      key === '[]'
        ? itemsOf(schema, schemaOf)
        : membersOf(schema, schemaOf).find((member) => member.name === key)?.schema
  }
  return schema === undefined || typeof schema.$ref !== 'string' ? schema : schemaOf(schema.$ref)
}
