// Says of answers what they always have: the key that names a record, and what corrections.mjs adds. The documents leave
// nearly all members of answers optional, so that no answer could be used where a key is asked for.
import { alwaysAnswered, keysNotAnswered } from '../../src/catalogue/corrections.mjs'

const snake = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
const singular = (word) =>
  /(ss|us|is)$/.test(word) ? word : word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/s$/, '')

/** Marks members of answers as required, in place. `requests` are the schemas that requests reach: they stay as they are. */
export function requireKeys(rows, schemas, requests) {
  for (const row of rows) {
    if (row.api !== 'management' || keysNotAnswered.includes(row.id)) continue
    const keys = ['id', `${snake(singular(row.group.at(-1)))}_id`, 'user_id']
    const roots = row.paging === undefined ? row.answers.map(({ schema }) => schema) : [row.paging.item]
    for (const record of roots.flatMap((root) => recordsIn(root, schemas))) {
      const key = keys.find((name) => record.schema.properties[name] !== undefined)
      if (key !== undefined && !requests.has(record.name)) require(record.schema, [key])
    }
  }
  for (const [name, members] of Object.entries(alwaysAnswered)) {
    const schema = schemas.get(name)
    const unknown = members.find((member) => schema?.properties?.[member] === undefined)
    if (unknown !== undefined)
      throw new Error(`corrections.mjs speaks of ${name}.${unknown} in alwaysAnswered; no document has it. Remove it.`)
    if (requests.has(name)) throw new Error(`${name} in alwaysAnswered of corrections.mjs is part of requests as well.`)
    require(schema, members)
  }
}

function require(schema, members) {
  schema.required = [...new Set([...(schema.required ?? []), ...members])]
}

/** The records of an answer: itself, the items of a list, or those of a wrapper around one. */
function recordsIn(schema, schemas, name) {
  if (schema === undefined) return []
  if (schema.$ref !== undefined) return recordsIn(schemas.get(schema.$ref), schemas, schema.$ref)
  if (schema.type === 'array') return recordsIn(schema.items, schemas)
  if (schema.oneOf !== undefined) return schema.oneOf.flatMap((one) => recordsIn(one, schemas))
  if (schema.properties === undefined) return []
  const lists = Object.values(schema.properties).filter((member) => member.type === 'array')
  const wraps = lists.length === 1 && Object.keys(schema.properties).every((key) => !/(^|_)id$/.test(key))
  return wraps ? recordsIn(lists[0].items, schemas) : [{ name, schema }]
}
