import { type JsonSchema, type OperationRow, row, type SchemaLookup, schemaOf } from '../../../catalogue/index.ts'
import type { Json, JsonObject } from '../../../plan/index.ts'
import { isJsonObject } from '../../../plan/index.ts'
import { Refusal } from '../../refusal.ts'
import { emptyMembers } from '../generic/index.ts'
import type { ParsedBody } from './body.ts'
import { checkSchema, type SchemaBreach, type SchemaCheck } from './schema-check.ts'

/**
 * Checks body and query against the operation's schemas.
 * @param refuseUnknown whether what the schemas do not name is refused
 * @returns what the schemas do not name: `query.name` and dotted paths of the body
 * @throws 400 `invalid_body` or `invalid_query_string` for the first rule that is broken
 */
export function validateCall(
  row: OperationRow,
  parsed: ParsedBody,
  query: Readonly<Record<string, string>>,
  refuseUnknown: boolean,
): readonly string[] {
  const lookup = schemaOf
  const open = (): SchemaCheck & { readonly unknown?: Set<string> } =>
    refuseUnknown ? { lookup } : { lookup, unknown: new Set<string>() }
  const asked = open()
  if (row.querySchema === undefined) {
    const names = Object.keys(query)
    if (refuseUnknown && names[0] !== undefined)
      refuse('Query', 'invalid_query_string', `Additional properties not allowed: ${names[0]}`)
    for (const name of names) asked.unknown?.add(name)
  } else {
    const schema = lookup(row.querySchema)
    // A parameter that the document does not list is no member of the query's schema, whatever the schema leaves open.
    const closed: JsonSchema = { ...schema, additionalProperties: false }
    report('Query', 'invalid_query_string', checkSchema(typedQuery(query, schema, lookup), closed, asked))
  }
  const sent = open()
  if (row.body !== undefined && row.body.encoding !== 'multipart') {
    if (parsed.body !== undefined)
      report('Payload', 'invalid_body', checkSchema(writable(row, parsed.body), lookup(row.body.schema), sent))
    else if (row.body.required) refuse('Payload', 'invalid_body', 'Expected type object but found type undefined')
  }
  return [...[...(asked.unknown ?? [])].map((name) => `query.${name}`), ...(sent.unknown ?? [])]
}

/** What `POST /users` would refuse about the form of a user; `undefined` for one that it would take. */
export function breachOfUser(user: JsonObject): string | undefined {
  const body = row('users.create')?.body
  if (body === undefined) throw new Error('users.create takes a body; this is a defect of tenantlab.')
  const breach = checkSchema(user, schemaOf(body.schema), { lookup: schemaOf })
  return breach && sentence(breach.rule, breach.path)
}

/** A body without the members that `null` makes empty again, whatever the schema of requests says. */
function writable(row: OperationRow, body: Json): Json {
  const empty = emptyMembers(row.path)
  if (!isJsonObject(body)) return body
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => value !== null || empty[name] === undefined))
}

/** Query values are text on the wire; where the schema wants a number, a boolean or a list, the text is read as one. */
function typedQuery(query: Readonly<Record<string, string>>, schema: JsonSchema, lookup: SchemaLookup): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  return Object.fromEntries(
    Object.entries(query).map(([name, text]) => {
      const own = properties[name]
      return [name, isJsonObject(own) ? typedText(text, own as JsonSchema, lookup) : text]
    }),
  )
}

function typedText(text: string, schema: JsonSchema, lookup: SchemaLookup): Json {
  if (typeof schema.$ref === 'string') return typedText(text, lookup(schema.$ref.replace(/^.*\//, '')), lookup)
  const types = [schema.type].flat()
  if (types.includes('array')) {
    const items = isJsonObject(schema.items) ? (schema.items as JsonSchema) : {}
    return text.split(',').map((each) => typedText(each, items, lookup))
  }
  if (types.includes('boolean') && /^(true|false)$/.test(text)) return text === 'true'
  const numeric = types.includes('integer') || types.includes('number')
  return numeric && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

function report(what: string, errorCode: string, breach: SchemaBreach | undefined): void {
  if (breach !== undefined) refuse(what, errorCode, breach.rule, breach.path)
}

function refuse(what: string, errorCode: string, rule: string, path = ''): never {
  throw new Refusal(400, `${what} validation error: ${sentence(rule, path)}`, { errorCode })
}

function sentence(rule: string, path: string): string {
  return `'${rule}'${path === '' ? '' : ` on property ${path}`}.`
}
