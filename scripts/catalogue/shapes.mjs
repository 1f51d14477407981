// Turns one schema at a time into a shape: an alias with its text, or an interface with bases and members. References to
// other types are written `@{Name}` until names are chosen.
import { property, quoted } from './print.mjs'

// Short types stand where they are used: a hover then shows them instead of a name.
const inlineLength = 60

/** A builder over all schemas; `shapes` fills with what `expression` and `named` were asked for, once `settle` is called. */
export function shapeBuilder(all) {
  const shapes = new Map()
  const pending = []
  return { shapes, expression, named, settle }

  function settle() {
    while (pending.length > 0) {
      const name = pending.shift()
      shapes.set(name, shapeOf(all.get(name), name))
    }
  }

  function named(name, schema) {
    if (schema !== undefined && !all.has(name)) all.set(name, schema)
    if (!all.has(name)) throw new Error(`Schema ${name} is referred to and does not exist.`)
    if (!shapes.has(name) && !pending.includes(name)) {
      pending.push(name)
      shapes.set(name, undefined)
    }
    return `@{${name}}`
  }

  function expression(schema, hint) {
    if (schema === true || schema === undefined || Object.keys(schema).length === 0) return 'unknown'
    if (schema.$ref !== undefined) {
      const target = all.get(schema.$ref)
      if (target === undefined) throw new Error(`Schema ${schema.$ref} is referred to and does not exist.`)
      const inline = inlineExpression(target, schema.$ref)
      if (inline !== undefined) return inline
      return named(schema.$ref) + (isNullable(target) ? ' | null' : '')
    }
    const inline = inlineExpression(schema, hint)
    if (inline !== undefined) return inline
    if (hint === undefined) throw new Error(`A schema without a name: ${JSON.stringify(schema).slice(0, 200)}`)
    return named(hint, schema) + (isNullable(schema) ? ' | null' : '')
  }

  /** The expression of what needs no name of its own; undefined for the rest. */
  function inlineExpression(schema, hint) {
    if (schema.enum !== undefined || schema.const !== undefined) {
      const values = schema.enum ?? [schema.const]
      const text = union([
        ...values.map((value) => (typeof value === 'string' ? quoted(value) : String(value))),
        ...(isNullable(schema) ? ['null'] : []),
      ])
      return text.length <= inlineLength ? text : undefined
    }
    const choice = schema.oneOf ?? schema.anyOf
    if (choice !== undefined && schema.properties === undefined) {
      const members = choice.map((member) => simple(member))
      if (members.includes(undefined)) return undefined
      const text = union(members)
      return text.length <= inlineLength ? text : undefined
    }
    if (schema.allOf !== undefined) return primitiveOf(schema)
    const types = [schema.type].flat()
    const parts = []
    for (const type of types) {
      if (type === 'array')
        parts.push(arrayOf(schema.items === undefined ? 'unknown' : expression(schema.items, hint && `${hint}Item`)))
      else if (type === 'object' || (type === undefined && schema.properties !== undefined)) {
        if (Object.keys(schema.properties ?? {}).length > 0 || typeof schema.additionalProperties === 'object')
          return undefined
        parts.push(schema.additionalProperties === false ? 'EmptyObject' : 'OpenObject')
      } else
        parts.push(
          { string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' }[type] ??
            'unknown',
        )
    }
    return union(parts)
  }

  function simple(schema) {
    if (schema.$ref !== undefined) {
      const target = all.get(schema.$ref)
      const type = inlineExpression(target, schema.$ref)
      return type ?? named(schema.$ref) + (isNullable(target) ? ' | null' : '')
    }
    return inlineExpression(schema)
  }

  /** string, number … when everything in an allOf is of that type; undefined when it is about objects. */
  function primitiveOf(schema) {
    const found = new Set()
    let hasObject = schema.properties !== undefined
    const visit = (node) => {
      if (node.$ref !== undefined) return visit(all.get(node.$ref))
      if (node.properties !== undefined || [node.type].flat().includes('object')) hasObject = true
      for (const type of [node.type].flat()) if (type !== undefined) found.add(type)
      for (const member of node.allOf ?? []) visit(member)
      for (const member of node.oneOf ?? node.anyOf ?? []) visit(member)
    }
    visit(schema)
    if (hasObject) return undefined
    if (found.size === 0) return 'unknown'
    return found.has('array') ? undefined : union([...found].map((type) => (type === 'integer' ? 'number' : type)))
  }

  function shapeOf(schema, name) {
    if (schema.enum !== undefined || schema.const !== undefined) {
      const values = schema.enum ?? [schema.const]
      return alias(union(values.map((value) => (typeof value === 'string' ? quoted(value) : String(value)))))
    }
    if (schema.allOf !== undefined) return combined(schema, name)
    const choice = schema.oneOf ?? schema.anyOf
    if (choice !== undefined && schema.properties === undefined) {
      return alias(union(choice.map((member, index) => expression(member, `${name}${choiceSuffix(member, index)}`))))
    }
    const own = members(schema, name)
    if (own.length > 0)
      return { kind: 'interface', bases: [], members: own, open: schema.additionalProperties === true }
    if (typeof schema.additionalProperties === 'object') {
      return {
        kind: 'interface',
        bases: [],
        members: [
          {
            key: '[key: string]',
            type: expression(schema.additionalProperties, `${name}Value`),
            optional: false,
            index: true,
          },
        ],
      }
    }
    return alias(inlineExpression(schema, name) ?? 'OpenObject')
  }

  function members(schema, name) {
    const required = schema.required ?? []
    return Object.entries(schema.properties ?? {}).map(([key, value]) => ({
      key: property(key),
      type: expression(value, `${name}${typeBase(key)}`),
      optional: !required.includes(key),
      doc: limits(value.$ref === undefined ? value : all.get(value.$ref)),
    }))
  }

  /** An allOf about objects: an interface that extends its named parts, or one flat interface where they contradict. */
  function combined(schema, name) {
    const parts = [
      ...schema.allOf.filter((part) => Object.keys(part).length > 0),
      ...(schema.properties ? [{ properties: schema.properties, required: schema.required }] : []),
    ]
    const bases = []
    const own = []
    for (const part of parts) {
      const target = part.$ref === undefined ? part : all.get(part.$ref)
      if (target.oneOf !== undefined || target.anyOf !== undefined) {
        return alias(
          parts
            .map((one, index) => expression(one, `${name}Part${index}`))
            .map((text) => (text.includes(' | ') ? `(${text})` : text))
            .join(' & '),
        )
      }
      if (part.$ref === undefined) own.push(...members(part, name))
      else if (inlineExpression(target, part.$ref) === undefined) bases.push(part.$ref)
    }
    for (const base of bases) named(base)
    return { kind: 'combined', bases, members: own }
  }
}

/** `jobs.errors.get` → `JobsErrorsGet` */
export const typeBase = (text) =>
  text
    .replace(/^authentication\./, '')
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('')
const alias = (text) => ({ kind: 'alias', text })
const isNullable = (schema) => [schema.type].flat().includes('null')
const arrayOf = (text) => (text.includes(' | ') ? `(${text})[]` : `${text}[]`)

/** A union of its parts, each once, null last. */
export function union(parts) {
  const unique = [...new Set(parts.flatMap((part) => (part.includes('(') ? [part] : part.split(' | '))))]
  const ordered = unique.includes('null') ? [...unique.filter((part) => part !== 'null'), 'null'] : unique
  return ordered.includes('unknown') ? 'unknown' : ordered.join(' | ')
}

function choiceSuffix(member, index) {
  const types = [member.type].flat()
  return types[0] === 'array' ? 'List' : `Choice${index + 1}`
}

/** What a comment can say from data alone: bounds and formats. */
function limits(schema) {
  const parts = []
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, format } = schema
  const range = (low, high) =>
    low === undefined ? `≤ ${high}` : high === undefined ? `≥ ${low}` : low === high ? `${low}` : `${low}…${high}`
  if (minimum !== undefined || maximum !== undefined) parts.push(range(minimum, maximum))
  if (minLength > 1 || maxLength !== undefined) parts.push(`${range(minLength || undefined, maxLength)} characters`)
  if (minItems > 0 || maxItems !== undefined) parts.push(`${range(minItems || undefined, maxItems)} items`)
  if (format !== undefined && format !== 'int32') parts.push(format)
  return parts.join(', ')
}
