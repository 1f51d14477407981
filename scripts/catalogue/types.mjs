// Turns schemas into named, exported TypeScript interfaces and aliases. Types of equal shape become one.
import * as corrections from '../../src/catalogue/corrections.mjs'
import { nameGroups } from './names.mjs'
import { property, quoted } from './print.mjs'
import { querySchema } from './schemas.mjs'

// Short types stand where they are used: a hover then shows them instead of a name.
const inlineLength = 60

/** Types of all operations: declarations, and for each operation the expressions of query, body, answer and list item. */
export function typesOf({ schemas }, rows) {
  const shapes = new Map()
  const pending = []
  const all = new Map(schemas)
  // Bodies and queries keep a type of their own: a hover shall say ListUsersParameters, not whichever is alike.
  const single = new Set(rows.map((row) => row.queryName).filter(Boolean))

  const roots = rows.map((row) => {
    const root = { id: row.id }
    if (row.body !== undefined) single.add(row.body.schema)
    if (row.queryName !== undefined) {
      all.set(row.queryName, querySchema(row))
      root.query = named(row.queryName)
    }
    if (row.body !== undefined && corrections.bodyTypes[row.id] === undefined)
      root.body = expression({ $ref: row.body.schema })
    if (row.paging !== undefined) root.item = expression(row.paging.item, `${row.queryName ?? row.id}Item`)
    else
      root.answers = row.answers.map((answer) =>
        answer.schema === undefined ? undefined : answerExpression(answer.schema, row),
      )
    return root
  })
  while (pending.length > 0) {
    const name = pending.shift()
    shapes.set(name, shapeOf(all.get(name), name))
  }

  function answerExpression(schema, row) {
    if (schema.$ref !== undefined || schema.type === 'array') return expression(schema, `${typeBase(row.id)}`)
    return schema.properties === undefined && schema.oneOf === undefined
      ? expression(schema)
      : named(`${typeBase(row.id)}Answer`, schema)
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
    if (own.length > 0) return { kind: 'interface', bases: [], members: own }
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

  flatten(shapes)
  const { canonical, groups } = deduplicate(shapes, single)
  const requestNames = reachable(
    roots.flatMap((root) => [root.query, root.body]),
    shapes,
    canonical,
  )
  const names = nameGroups(groups, corrections)
  const resolve = (text) => text?.replace(/@\{([^}]+)\}/g, (_, name) => names.get(canonical.get(name)))
  const declarations = [...groups.keys()]
    .map((representative) =>
      declarationOf(names.get(representative), shapes.get(representative), requestNames.has(representative)),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))

  function declarationOf(name, shape, documented) {
    if (shape.kind === 'alias') return { name, text: `export type ${name} = ${resolve(shape.text)}` }
    const bases = [...new Set(shape.bases.map((base) => names.get(canonical.get(base))))]
    const lines = shape.members.map((member) => {
      const doc = documented && member.doc ? `  /** ${member.doc} */\n` : ''
      return `${doc}  ${member.key}${member.optional ? '?' : ''}: ${resolve(member.type)}`
    })
    const head = `export interface ${name}${bases.length > 0 ? ` extends ${bases.join(', ')}` : ''} {`
    return { name, text: lines.length === 0 ? `${head}}` : `${head}\n${lines.join('\n')}\n}` }
  }

  const operations = new Map(
    roots.map((root) => [
      root.id,
      {
        query: resolve(root.query),
        body: corrections.bodyTypes[root.id] ?? resolve(root.body),
        item: resolve(root.item),
        answer: corrections.answerTypes[root.id] ?? answerUnion(root.answers, resolve),
      },
    ]),
  )
  return { declarations, operations }
}

function answerUnion(answers = [], resolve) {
  if (answers.every((answer) => answer === undefined)) return 'void'
  return union(answers.map((answer) => (answer === undefined ? 'undefined' : resolve(answer))))
}

const typeBase = (text) =>
  text
    .replace(/^authentication\./, '')
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('')
const alias = (text) => ({ kind: 'alias', text })
const isNullable = (schema) => [schema.type].flat().includes('null')
const arrayOf = (text) => (text.includes(' | ') ? `(${text})[]` : `${text}[]`)

function union(parts) {
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

/** Replaces combined shapes by interfaces: `extends` where all agrees, one flat list of members where two parts contradict. */
function flatten(shapes) {
  const done = new Set()
  const allMembers = (name) => {
    settle(name)
    const shape = shapes.get(name)
    return [...shape.bases.flatMap(allMembers), ...shape.members]
  }
  const settle = (name) => {
    if (done.has(name)) return
    done.add(name)
    const shape = shapes.get(name)
    if (shape.kind !== 'combined') return
    const bases = shape.bases.filter((base) => {
      settle(base)
      return shapes.get(base).kind === 'interface'
    })
    if (bases.length < shape.bases.length)
      throw new Error(`${name} combines something that is no object: ${shape.bases.join(', ')}.`)
    const seen = new Map()
    let contradiction = false
    for (const member of [...bases.flatMap(allMembers), ...shape.members]) {
      const before = seen.get(member.key)
      if (before !== undefined && (before.type !== member.type || before.optional !== member.optional))
        contradiction = true
      seen.set(member.key, before === undefined ? member : { ...member, optional: before.optional && member.optional })
    }
    const own = [...new Map(shape.members.map((member) => [member.key, member])).values()]
    shapes.set(
      name,
      contradiction
        ? { kind: 'interface', bases: [], members: [...seen.values()] }
        : { kind: 'interface', bases, members: own },
    )
  }
  for (const name of [...shapes.keys()]) settle(name)
}

/** Groups names whose types are the same once the types they use are the same. */
function deduplicate(shapes, single) {
  let canonical = new Map([...shapes.keys()].map((name) => [name, name]))
  let groups
  for (;;) {
    const text = (value) => value.replace(/@\{([^}]+)\}/g, (_, name) => `@{${canonical.get(name)}}`)
    groups = new Map()
    for (const [name, shape] of shapes) {
      const own = single.has(name) ? `${name} ` : ''
      const key =
        own +
        (shape.kind === 'alias'
          ? text(shape.text)
          : `${shape.bases.map((base) => canonical.get(base)).join()}{${shape.members
              .map((member) => `${member.key}${member.optional ? '?' : ''}:${text(member.type)}`)
              .sort()
              .join(';')}}`)
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [name])
      else group.push(name)
    }
    const next = new Map()
    const byRepresentative = new Map()
    for (const group of groups.values()) {
      const representative = [...group].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0]
      byRepresentative.set(representative, group)
      for (const name of group) next.set(name, representative)
    }
    const settled = [...next].every(([name, representative]) => canonical.get(name) === representative)
    canonical = next
    if (settled) return { canonical, groups: byRepresentative }
  }
}

function reachable(texts, shapes, canonical) {
  const found = new Set()
  const visit = (text) => {
    for (const [, name] of (text ?? '').matchAll(/@\{([^}]+)\}/g)) add(name)
  }
  const add = (name) => {
    const representative = canonical.get(name)
    if (found.has(representative)) return
    found.add(representative)
    const shape = shapes.get(representative)
    if (shape.kind === 'alias') visit(shape.text)
    else {
      shape.bases.forEach(add)
      for (const member of shape.members) visit(member.type)
    }
  }
  texts.forEach(visit)
  return found
}

/** All declarations as a module. */
export function printTypes({ declarations }) {
  return [
    '/** An object of any fields: metadata, settings of others. */',
    'export interface OpenObject {',
    '  [key: string]: unknown',
    '}',
    '',
    '/** An object without fields. */',
    'export interface EmptyObject {}',
    '',
    ...declarations.flatMap(({ text }) => [text, '']),
  ].join('\n')
}
