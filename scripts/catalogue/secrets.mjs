// Finds the dotted paths of secrets in a schema: by the names of its fields, and where the document says that a value is
// only written. The list of names is the one that everything which prints asks at run time.
import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'

const source = readFileSync(new URL('../../src/plan/secret-signs.ts', import.meta.url), 'utf8')
const { code } = transformSync(source, { loader: 'ts', format: 'esm' })
const { isSecretName } = await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)

/** Names that mean a secret only beside others, or hold public keys as well: their values are judged, not their paths. */
const JUDGED = new Set(['code', 'hash', 'pem'])

/** Names of objects that are a secret in all their text. */
const secretObjects = /(^|_)(decryption_key|signing_key|custom_password_hash)$/

const snake = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

/** True when a field of this name holds a secret. */
export function isSecretField(name) {
  return isSecretName(name) && !JUDGED.has(name)
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
      const told = member.writeOnly === true || member.format === 'password'
      visit(member, [...path, key], names, whole || told || isSecretField(key), whole || secretObjects.test(snake(key)))
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
