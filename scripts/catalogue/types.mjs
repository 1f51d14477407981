// The named, exported TypeScript types of all parameters, bodies and answers, and which of them each operation uses.
import * as corrections from '../../src/catalogue/corrections.mjs'
import { sentences } from '../../src/catalogue/sentences.mjs'
import { closeAnswers, deduplicate, flatten, reachable } from './merge.mjs'
import { nameGroups } from './names.mjs'
import { querySchema } from './schemas.mjs'
import { shapeBuilder, typeBase, union } from './shapes.mjs'

/** Types of all operations: declarations, and for each operation the expressions of query, body, answer and list item. */
export function typesOf({ schemas }, rows) {
  const all = new Map(schemas)
  for (const row of rows) if (row.queryName !== undefined) all.set(row.queryName, querySchema(row))
  const builder = shapeBuilder(all)
  const roots = rows.map((row) => rootOf(row, builder))
  builder.settle()
  const { shapes } = builder
  flatten(shapes)
  const bodies = roots.map((root) => root.body)
  closeAnswers(bodies, shapes)

  // Bodies and queries keep a type of their own: a hover shall say ListUsersParameters, not whichever is alike.
  const single = new Set(rows.flatMap((row) => [row.queryName, row.body?.schema]).filter(Boolean))
  const { canonical, groups } = deduplicate(shapes, single)
  const names = nameGroups(groups, corrections)
  const nameOf = (schema) => names.get(canonical.get(schema))
  const resolve = (text) => text?.replace(/@\{([^}]+)\}/g, (_, schema) => nameOf(schema))
  const requests = reachable([...bodies, ...roots.map((root) => root.query)], shapes, (name) => canonical.get(name))

  const declarations = [...groups.keys()]
    .map((key) => declarationOf(nameOf(key), shapes.get(key), { nameOf, resolve, documented: requests.has(key) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  checkSentences(declarations)
  const operations = new Map(roots.map((root) => [root.id, expressionsOf(root, resolve)]))
  return { declarations, operations }
}

function rootOf(row, { expression, named }) {
  const { id, queryName, body, paging, answers } = row
  return {
    id,
    query: queryName === undefined ? undefined : named(queryName),
    body: body === undefined || id in corrections.bodyTypes ? undefined : bodyOf(body, expression),
    item: paging === undefined ? undefined : expression(paging.item, `${typeBase(id)}Item`),
    answers: paging === undefined ? answers.map(({ schema }) => answerOf(schema, row, { expression, named })) : [],
  }
}

// A body that may be null is left out instead.
function bodyOf({ schema }, expression) {
  return expression({ $ref: schema }).replace(/ \| null$/, '')
}

function answerOf(schema, { id }, { expression, named }) {
  if (schema === undefined) return undefined
  if (schema.$ref !== undefined || schema.type === 'array') return expression(schema, typeBase(id))
  const inline = schema.properties === undefined && schema.oneOf === undefined
  return inline ? expression(schema) : named(`${typeBase(id)}Answer`, schema)
}

function expressionsOf({ id, query, body, item, answers }, resolve) {
  const known = answers.map((answer) => (answer === undefined ? 'undefined' : resolve(answer)))
  return {
    query: resolve(query),
    body: corrections.bodyTypes[id] ?? resolve(body),
    item: resolve(item),
    answer: corrections.answerTypes[id] ?? (answers.every((one) => one === undefined) ? 'void' : union(known)),
  }
}

function declarationOf(name, shape, { nameOf, resolve, documented }) {
  if (shape.kind === 'alias') return { name, text: `export type ${name} = ${resolve(shape.text)}` }
  const bases = [...new Set(shape.bases.map(nameOf))]
  const said = sentences[name] ?? {}
  const lines = shape.members.map((member) => {
    const limits = documented && member.doc ? member.doc : ''
    const text = [said[member.key], limits && said[member.key] ? `${limits}.` : limits].filter(Boolean).join(' ')
    const doc = text === '' ? '' : `  /** ${text} */\n`
    return `${doc}  ${member.key}${member.optional ? '?' : ''}: ${resolve(member.type)}`
  })
  if (shape.open) lines.push('  [key: string]: unknown')
  const head = `export interface ${name}${bases.length > 0 ? ` extends ${bases.join(', ')}` : ''} {`
  return { name, text: lines.length === 0 ? `${head}}` : `${head}\n${lines.join('\n')}\n}` }
}

function checkSentences(declarations) {
  for (const [name, said] of Object.entries(sentences)) {
    const text = declarations.find((one) => one.name === name)?.text ?? ''
    const gone = Object.keys(said).find((key) => !new RegExp(`^ {2}${key}\\??: `, 'm').test(text))
    if (gone !== undefined)
      throw new Error(`sentences.mjs speaks of ${name}.${gone}; no type has that field. Remove or rename the entry.`)
  }
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
