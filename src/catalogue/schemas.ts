import type { JsonSchema } from './row.ts'

let texts: Readonly<Record<string, string>> | undefined
const parsed = new Map<string, JsonSchema>()

async function load(): Promise<Readonly<Record<string, string>>> {
  texts ??= (await import('./generated/schemas.ts')).schemaTexts
  return texts
}

function parse(all: Readonly<Record<string, string>>, name: string): JsonSchema {
  let schema = parsed.get(name)
  if (schema === undefined) {
    const text = Object.hasOwn(all, name) ? all[name] : undefined
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

/**
 * The JSON Schema of a request body or of the query parameters of an operation. `$ref` in it is the name of another
 * schema. The texts are loaded on first use.
 *
 * @param name `row.body.schema`, `row.querySchema`, or a `$ref`.
 * @throws RangeError when there is none of that name.
 */
export async function loadSchema(name: string): Promise<JsonSchema> {
  return parse(await load(), name)
}

/** Looks schemas up by name without waiting, once their texts are loaded. */
export type SchemaLookup = (name: string) => JsonSchema

/** Loads the texts and gives a lookup that needs no waiting; `names` lists what it knows. */
export async function loadSchemas(): Promise<SchemaLookup & { readonly names: readonly string[] }> {
  const all = await load()
  return Object.assign((name: string) => parse(all, name), { names: Object.keys(all) })
}
