import { packedRows, secretSets } from './generated/rows.ts'
import { schemaTexts } from './generated/schemas.ts'
import { type PackedRow, unpack } from './packed.ts'
import type { JsonSchema, OperationRow } from './row.ts'

// The generated tables, looked up by name: a row is unpacked, and a schema parsed, when it is first asked for.

let table: readonly PackedRow[] | undefined
const positions = new Map<string, number>()
const unpacked: OperationRow[] = []
let everything: readonly OperationRow[] | undefined

function packed(): readonly PackedRow[] {
  table ??= packedRows()
  return table
}

function at(position: number): OperationRow {
  let found = unpacked[position]
  if (found === undefined) {
    const row = packed()[position]
    if (row === undefined) throw new RangeError(`The catalogue has no row ${position}.`)
    found = unpack(row, secretSets)
    unpacked[position] = found
  }
  return found
}

/** All operations that the catalogue knows, in order of their ids. */
export function rows(): readonly OperationRow[] {
  everything ??= packed().map((_, position) => at(position))
  return everything
}

/** The row of an operation id (`users.update`, `authentication.token`); `undefined` for an id the catalogue lacks. */
export function row(id: string): OperationRow | undefined {
  if (positions.size === 0) for (const [index, [each]] of packed().entries()) positions.set(each, index)
  const position = positions.get(id)
  return position === undefined ? undefined : at(position)
}

/** Ids of all operations, in order; reads no row. */
export function operationIds(): readonly string[] {
  return packed().map(([id]) => id)
}

const CODE = ['code']
const NONE: readonly string[] = []

/**
 * Names that hold no secret in requests and answers of an operation, although elsewhere they do: the Management API says
 * `code` of errors, countries and actions; a login's code is in none of them.
 */
export function openNames({ api }: Pick<OperationRow, 'api'>): readonly string[] {
  return api === 'management' ? CODE : NONE
}

let texts: Readonly<Record<string, string>> | undefined
const parsed = new Map<string, JsonSchema>()

/** Looks schemas up by name. */
export type SchemaLookup = (name: string) => JsonSchema

/**
 * The JSON Schema of a request body or of the query parameters of an operation. `$ref` in it is the name of another
 * schema. Each text is parsed when it is first asked for.
 *
 * @param name `row.body.schema`, `row.querySchema`, or a `$ref`.
 * @throws RangeError when there is none of that name.
 */
export function schemaOf(name: string): JsonSchema {
  let schema = parsed.get(name)
  if (schema === undefined) {
    texts ??= schemaTexts()
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined
    if (text === undefined) {
      throw new RangeError(
        `The catalogue has no schema called ${name}. Take the name from a row's body or querySchema.`,
      )
    }
    schema = JSON.parse(text) as JsonSchema
    parsed.set(name, schema)
  }
  return schema
}
