// Finds the dotted paths of secrets in a schema by the names of its fields.
import { notSecret, secretNames, secretObjects } from '../../src/catalogue/corrections.mjs'

const snake = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

/** True when a field of this name holds a secret. */
export function isSecretField(name) {
  const plain = snake(name)
  return secretNames.test(plain) && !notSecret.test(plain)
}

/** Sorted dotted paths of all secrets below `schema`; `*` stands for an index or a key. */
export function secretPaths(schema, schemas) {
  const found = new Set()
  visit(schema, [], [], false, false)
  return [...found].sort()

  // `whole`: inside an object that is secret in all its text. `secret`: the value of a field with a secret's name.
  function visit(node, path, names, secret, whole) {
    if (typeof node !== 'object' || node === null) return
    if (node.$ref !== undefined) {
      if (!names.includes(node.$ref)) visit(schemas.get(node.$ref), path, [...names, node.$ref], secret, whole)
      return
    }
    for (const key of ['oneOf', 'anyOf', 'allOf']) {
      for (const member of node[key] ?? []) visit(member, path, names, secret, whole)
    }
    if (node.items !== undefined) visit(node.items, [...path, '*'], names, secret, whole)
    for (const [key, member] of Object.entries(node.properties ?? {})) {
      visit(member, [...path, key], names, whole || isSecretField(key), whole || secretObjects.test(snake(key)))
    }
    if (typeof node.additionalProperties === 'object') {
      visit(node.additionalProperties, [...path, '*'], names, whole, whole)
    }
    if (secret && path.length > 0 && isText(node)) found.add(path.join('.'))
  }
}

function isText(node) {
  return node.enum === undefined && node.const === undefined && [node.type].flat().includes('string')
}
