import { type JsonSchema, loadSchemas, type OperationRow } from '../../../catalogue/index.ts'
import type { Json, JsonObject } from '../../../plan/index.ts'
import { isJsonObject } from '../../../plan/index.ts'
import type { ParsedBody } from './body.ts'
import { FrontDoorRefusal } from './refusal.ts'
import { checkSchema, type SchemaBreach } from './schema-check.ts'

/**
 * Checks body and query against the operation's schemas.
 * @throws 400 `invalid_body` or `invalid_query_string` for the first rule that is broken
 */
export async function validateCall(
  row: OperationRow,
  parsed: ParsedBody,
  query: Readonly<Record<string, string>>,
): Promise<void> {
  const lookup = await loadSchemas()
  if (row.querySchema !== undefined) {
    const schema = lookup(row.querySchema)
    report('Query', 'invalid_query_string', checkSchema(typedQuery(query, schema), schema, lookup))
  }
  if (!row.body || row.body.encoding === 'multipart') return
  if (parsed.body !== undefined)
    report('Payload', 'invalid_body', checkSchema(parsed.body, lookup(row.body.schema), lookup))
  else if (row.body.required) refuse('Payload', 'invalid_body', 'Expected type object but found type undefined')
}

/** Query values are text on the wire; where the schema wants a number or a boolean, the text is read as one. */
function typedQuery(query: Readonly<Record<string, string>>, schema: JsonSchema): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const typed = (name: string, text: string): Json => {
    const types = isJsonObject(properties[name]) ? [properties[name].type].flat() : []
    if (types.includes('boolean') && /^(true|false)$/.test(text)) return text === 'true'
    const numeric = types.includes('integer') || types.includes('number')
    if (numeric && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
    return types.includes('array') ? [text] : text
  }
  return Object.fromEntries(Object.entries(query).map(([name, text]) => [name, typed(name, text)]))
}

function report(what: string, errorCode: string, breach: SchemaBreach | undefined): void {
  if (breach !== undefined) refuse(what, errorCode, breach.rule, breach.path)
}

function refuse(what: string, errorCode: string, rule: string, path = ''): never {
  const place = path === '' ? '' : ` on property ${path}`
  throw new FrontDoorRefusal(400, `${what} validation error: '${rule}'${place}.`, { errorCode })
}
