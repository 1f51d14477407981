// The JSON Schemas that validation needs: bodies and query parameters and what they reach.
import { property, quoted } from './print.mjs'

/** Schemas by name, sorted: bodies, queries, and everything they refer to. */
export function schemaClosure({ schemas }, rows) {
  const found = new Map()
  const add = (name) => {
    if (found.has(name)) return
    const schema = schemas.get(name)
    if (schema === undefined) throw new Error(`Schema ${name} is referred to and does not exist.`)
    found.set(name, schema)
    references(schema).forEach(add)
  }
  for (const row of rows) {
    if (row.body !== undefined) add(row.body.schema)
    if (row.queryName !== undefined) {
      const schema = querySchema(row)
      if (schemas.has(row.queryName) || found.has(row.queryName))
        throw new Error(`Two schemas are called ${row.queryName}.`)
      found.set(row.queryName, schema)
      references(schema).forEach(add)
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The query parameters of a row as one object schema. */
export function querySchema(row) {
  const required = row.query.filter((one) => one.required).map((one) => one.name)
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(row.query.map((one) => [one.name, one.schema])),
  }
}

function references(node, found = new Set()) {
  if (Array.isArray(node)) for (const item of node) references(item, found)
  else if (typeof node === 'object' && node !== null) {
    if (typeof node.$ref === 'string') found.add(node.$ref)
    for (const [key, item] of Object.entries(node)) if (key !== 'enum' && key !== 'const') references(item, found)
  }
  return found
}

/**
 * A module of JSON texts by name: nothing is parsed before it is asked for. They stand in a function, so that an import
 * only scans them.
 */
export function printSchemas(schemas) {
  return [
    '/** JSON Schemas as text, by name; parsed one by one on use. */',
    'export function schemaTexts(): Readonly<Record<string, string>> {',
    '  return {',
    ...[...schemas].map(([name, schema]) => `    ${property(name)}: ${quoted(JSON.stringify(schema))},`),
    '  }',
    '}',
    '',
  ].join('\n')
}
