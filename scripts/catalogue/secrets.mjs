// Finds the dotted paths of secrets in a schema by the names of its fields.
import { notSecret, secretNames } from '../../src/catalogue/corrections.mjs'

const snake = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

/** True when a field of this name holds a secret. */
export function isSecretField(name) {
  const plain = snake(name)
  return secretNames.test(plain) && !notSecret.test(plain)
}

/** Sorted dotted paths of all secrets below `schema`; `*` stands for an index or a key. */
export function secretPaths(schema, schemas) {
  const found = new Set()
  visit(schema, [], [], false)
  return [...found].sort()

  function visit(node, path, names, secret) {
    if (typeof node !== 'object' || node === null) return
    if (node.$ref !== undefined) {
      if (names.includes(node.$ref)) return
      visit(schemas.get(node.$ref), path, [...names, node.$ref], secret)
      return
    }
    for (const key of ['oneOf', 'anyOf', 'allOf'])
      for (const member of node[key] ?? []) visit(member, path, names, secret)
    if (node.items !== undefined) visit(node.items, [...path, '*'], names, secret)
    for (const [key, member] of Object.entries(node.properties ?? {}))
      visit(member, [...path, key], names, secret || isSecretField(key))
    if (typeof node.additionalProperties === 'object') visit(node.additionalProperties, [...path, '*'], names, secret)
    if (secret && path.length > 0 && isText(node)) found.add(path.join('.'))
  }
}

// A schema without a type is taken as text: one of its siblings in an allOf says so.
function isText(node) {
  if (node.enum !== undefined || node.const !== undefined) return false
  return [node.type].flat().includes('string')
}
