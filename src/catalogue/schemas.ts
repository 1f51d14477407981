import { schemaTexts } from './generated/schemas.ts'
import type { JsonSchema } from './row.ts'

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

/** Names of all schemas. */
export function schemaNames(): readonly string[] {
  texts ??= schemaTexts()
  return Object.keys(texts)
}
