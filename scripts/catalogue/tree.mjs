// The resource tree: where each operation of the Management API stands in the grammar, and its interfaces.
import { planTypes, treeWords } from '../../src/catalogue/corrections.mjs'
import { property } from './print.mjs'

/** Nodes of the tree by path: `users`, `users()`, `users().identities`, `users().identities()`. */
export function treeOf(rows, types) {
  const nodes = new Map([['', newNode('')]])
  const claimed = new Map()
  for (const row of rows) {
    if (row.api !== 'management') continue
    let path = ''
    row.group.forEach((segment, index) => {
      path = member(nodes, path, segment)
      const parameters = row.parameters.filter((place) => place.segment === index)
      if (parameters.length > 0) path = call(nodes, path, parameters, row)
    })
    const place = `${path}.${row.verb}`
    if (claimed.has(place))
      throw new Error(`${row.id} and ${claimed.get(place)} both claim ${place}. Rename a verb in corrections.mjs.`)
    claimed.set(place, row.id)
    nodes.get(path).verbs.push(verbOf(row, types.operations.get(row.id)))
  }
  const list = [...nodes.values()]
  for (const node of list) {
    const clash = node.verbs.find((verb) => node.children.includes(verb.name))
    if (clash !== undefined) throw new Error(`${node.path} has a verb and a group called ${clash.name}.`)
    node.type = typeName(node)
  }
  const names = list.map((node) => node.type)
  const declared = new Set(types.declarations.map((one) => one.name))
  const twice = names.find((name, index) => names.indexOf(name) !== index || declared.has(name))
  if (twice !== undefined)
    throw new Error(`Two types are called ${twice}. Add one of them to typeNames in corrections.mjs.`)
  return { nodes: list, declared }
}

const newNode = (path) => ({ path, children: [], verbs: [], called: undefined })

function member(nodes, path, segment) {
  const next = path === '' ? segment : `${path}.${segment}`
  if (!nodes.has(next)) {
    nodes.set(next, newNode(next))
    nodes.get(path).children.push(segment)
  }
  return next
}

function call(nodes, path, parameters, row) {
  const node = nodes.get(path)
  const next = `${path}()`
  if (node.called === undefined) {
    node.called = { path: next, names: parameters.map((place) => place.name) }
    nodes.set(next, newNode(next))
  }
  if (node.called.names.length !== parameters.length) {
    throw new Error(
      `${row.id} calls ${path} with ${parameters.length} arguments, another operation with ${node.called.names.length}.`,
    )
  }
  return next
}

function verbOf(row, operation) {
  const own = row.parameters
    .filter((place) => place.segment === -1)
    .map((place) => `${parameterName(place.name)}: string`)
  if (row.body !== undefined) own.push(`body${row.body.required ? '' : '?'}: ${operation.body}`)
  if (row.queryName !== undefined)
    own.push(`query${row.query.some((one) => one.required) ? '' : '?'}: ${operation.query}`)
  return {
    name: row.verb,
    id: row.id,
    signature: `(${own.join(', ')}): ${planOf(row)}<${row.paging === undefined ? operation.answer : operation.item}>`,
    doc: [
      `${row.method} ${row.path.replace('/api/v2', '')}`,
      row.scopes.join(row.allScopes ? ' and ' : ' or ') || 'scope not published',
      row.effect,
      row.docs,
    ].join(' · '),
  }
}

// What a PUT or PATCH names is replaced whole, and what is there now can be read.
const replaces = ({ merge, twin, body }) => twin !== undefined && body !== undefined && /^(replace|assign)/.test(merge)

function planOf(row) {
  if (row.paging !== undefined) return 'ListPlan'
  return planTypes[row.id] ?? (replaces(row) ? 'ReplacingPlan' : 'Plan')
}

const parameterName = (name) => name.replace(/[-_]([a-z])/g, (_, letter) => letter.toUpperCase())

const singular = (word) =>
  /(ss|us|is)$/.test(word) ? word : word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/s$/, '')
const capital = (word) => word.slice(0, 1).toUpperCase() + word.slice(1)

function typeName(node) {
  if (node.path === '') return 'ManagementTree'
  const parts = node.path
    .split('.')
    .map((part) => (part.endsWith('()') ? capital(singular(part.slice(0, -2))) : capital(part)))
  return parts.join('') + (node.path.endsWith('()') ? 'Resource' : node.called === undefined ? 'Group' : 'Collection')
}

/** All nodes as interfaces; `examples` has a line for each verb, by the id of its operation. */
export function printTree({ nodes, declared }, examples) {
  const byPath = new Map(nodes.map((node) => [node.path, node]))
  const blocks = nodes.map((node) => {
    const words = treeWords[node.path]
    const lines = []
    if (node.called !== undefined) {
      lines.push(
        `  (${node.called.names.map((name) => `${parameterName(name)}: string`).join(', ')}): ${byPath.get(node.called.path).type}`,
      )
    }
    for (const verb of node.verbs) {
      lines.push('  /**', `   * ${verb.doc}`, `   * @example ${examples.get(verb.id)}`, '   */')
      lines.push(`  ${property(verb.name)}${verb.signature}`)
    }
    for (const child of node.children) {
      lines.push(
        `  readonly ${property(child)}: ${byPath.get(node.path === '' ? child : `${node.path}.${child}`).type}`,
      )
    }
    return `export interface ${node.type}${words === undefined ? '' : ` extends ${words}`} {\n${lines.join('\n')}\n}\n`
  })
  const missing = Object.keys(treeWords).find((path) => !byPath.has(path))
  if (missing !== undefined) throw new Error(`treeWords of corrections.mjs speaks of ${missing}, which is no node.`)
  const body = blocks.join('\n')
  const used = (names) => [...new Set(names)].filter((name) => new RegExp(`\\b${name}\\b`).test(body)).sort()
  const plans = ['ReplacingPlan', ...Object.values(planTypes)]
  const words = used([...Object.values(treeWords), ...plans, 'JobErrors', 'CreateUsersImport'])
  const types = used([...declared, 'OpenObject', 'EmptyObject'])
  return [
    "import type { ListPlan, Plan } from '../../plan/index.ts'",
    `import type { ${words.join(', ')} } from '../words.ts'`,
    'import type {',
    ...types.map((name) => `  ${name},`),
    "} from './types.ts'",
    '',
    body,
  ].join('\n')
}
