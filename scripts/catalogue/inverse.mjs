// Derives how a write is undone: what was created is deleted, what was changed gets its values back.
import { createdKeys, withoutInverse } from '../../src/catalogue/corrections.mjs'

const snake = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

/**
 * The column `inverse` of a row: `['delete', operation, key]` for what a POST creates, `['restore', operation, hidden]`
 * for what a PUT or PATCH changes and a twin reads; `undefined` for a write that nothing undoes.
 */
export function inverseOf(row, rows, schemas) {
  if (row.api !== 'management' || row.id in withoutInverse) return undefined
  if (row.method === 'POST') return removal(row, rows, schemas)
  if (row.method === 'PUT' || row.method === 'PATCH') return restoring(row, rows, schemas)
  return undefined
}

// A delete that takes a body speaks of several things at once: they may have been there before.
function removal(row, rows, schemas) {
  if (row.merge !== 'create') return undefined
  const below = /^\/\{[^}]+\}$/
  const found = rows.filter(
    (other) =>
      other.method === 'DELETE' &&
      other.body === undefined &&
      other.path.startsWith(row.path) &&
      (other.path === row.path || below.test(other.path.slice(row.path.length))),
  )
  const single = found.find((other) => other.path !== row.path)
  if (single !== undefined) return ['delete', single.id, keyOf(row, single.parameters.at(-1).name, schemas)]
  return found.length === 0 ? undefined : ['delete', found[0].id]
}

function keyOf(row, parameter, schemas) {
  const known = membersOf(row.answer, schemas)
  const candidates = [createdKeys[row.id], parameter, snake(parameter), 'id'].filter(Boolean)
  const key = candidates.find((name) => known.includes(name))
  if (key === undefined)
    throw new Error(
      `The answer of ${row.id} does not name what it creates. Say which in createdKeys of corrections.mjs.`,
    )
  return key
}

function restoring(row, rows, schemas) {
  if (row.twin === undefined || row.body === undefined) return undefined
  const shown = membersOf(rows.find((other) => other.id === row.twin).answer, schemas)
  const hidden = membersOf(row.body.definition, schemas).filter((name) => !shown.includes(name))
  return ['restore', row.id, ...(hidden.length > 0 ? [hidden.join(' ')] : [])]
}

/** Names of the members of an object schema, those of its parts and choices included. */
function membersOf(schema, schemas) {
  if (schema === undefined) return []
  if (schema.$ref !== undefined) return membersOf(schemas.get(schema.$ref), schemas)
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]
  return [...new Set([...Object.keys(schema.properties ?? {}), ...parts.flatMap((part) => membersOf(part, schemas))])]
}
