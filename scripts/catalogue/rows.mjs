// Derives the columns of every operation and prints them as packed rows.
import * as corrections from '../../src/catalogue/corrections.mjs'
import { inverseOf } from './inverse.mjs'
import { literal } from './print.mjs'
import { secretPaths } from './secrets.mjs'

const pascal = (text) =>
  text
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('')
const camel = (text) => text.replace(/[-_]([a-z0-9])/g, (_, letter) => letter.toUpperCase())

/** One object per operation with every column of the catalogue, sorted by id. */
export function rowsOf({ operations, schemas }) {
  const rows = operations.map((operation) => rowOf(operation, schemas)).sort((a, b) => (a.id < b.id ? -1 : 1))
  for (const [index, row] of rows.entries()) {
    if (rows[index + 1]?.id === row.id)
      throw new Error(`Two operations are called ${row.id}. Rename one in corrections.mjs.`)
  }
  for (const row of rows) row.twin = twinOf(row, rows)
  for (const row of rows) row.inverse = inverseOf(row, rows, schemas)
  checkCorrections(rows)
  return rows
}

function rowOf(operation, schemas) {
  const { id, method, path, query } = operation
  const body = bodyOf(operation, schemas)
  const answer = operation.answers.find((entry) => entry.schema !== undefined)?.schema
  const paging = pagingOf(operation, answer, schemas)
  if (body !== undefined && query.length > 0)
    throw new Error(`${id} has a body and a query. The grammar has one object for both.`)
  return {
    ...operation,
    path: renamed(path, operation.pathNames),
    parameters: parametersOf(operation),
    effect: operation.effect ?? corrections.effects[id] ?? (method === 'GET' ? 'read' : 'write'),
    retry: operation.retry ?? corrections.retries[id] ?? (method === 'POST' ? 'unsafe' : 'idempotent'),
    customDomainRule: corrections.customDomain[id] ?? (operation.customDomain ? 'kept' : 'removed'),
    rateKey: operation.rate ?? rateKeyOf(operation),
    allScopes: id in corrections.allScopes,
    scopes: corrections.allScopes[id] ?? operation.scopes,
    secretBody: merged(body === undefined ? [] : secretPaths(body.definition, schemas), corrections.secretBodies[id]),
    secretAnswer: withItems(merged(secretPaths(answer, schemas), corrections.secretAnswers[id]), paging),
    secretUrls: corrections.secretUrls[id] ?? [],
    merge: id in corrections.merges ? (corrections.merges[id] ?? undefined) : mergeOf(operation),
    notes: [...(operation.notes ?? []), ...(corrections.notes[id] ?? [])],
    statuses: id in corrections.statuses ? [corrections.statuses[id]] : operation.answers.map(({ status }) => status),
    index: corrections.indexReads[id],
    clientFields: corrections.clientFields[id],
    answerAs: corrections.answersAs[id],
    unique: corrections.uniqueMembers[id],
    body,
    answer,
    paging,
    queryName: query.length === 0 ? undefined : queryNameOf(operation),
  }
}

function renamed(path, names = {}) {
  return path.replace(/\{([^}]+)\}/g, (whole, name) => (names[name] === undefined ? whole : `{${names[name]}}`))
}

// The rule of the grammar: a parameter is a call on the segment that the literal before it maps to.
function parametersOf({ api, path, group }) {
  const places = []
  let literalBefore = ''
  for (const part of path.split('/')) {
    if (part.startsWith('{')) {
      const segment = api === 'management' ? group.lastIndexOf(camel(literalBefore)) : -1
      places.push({ name: part.slice(1, -1), segment })
    } else literalBefore = part
  }
  return places
}

function bodyOf(operation, schemas) {
  const { body, id, method } = operation
  if (body === undefined) return undefined
  let name = body.schema.$ref
  if (name === undefined) {
    name = `${pascal(id.replace(/^authentication\./, ''))}Body`
    if (schemas.has(name)) throw new Error(`The body of ${id} would be called ${name}, which exists.`)
    schemas.set(name, body.schema)
  }
  const definition = schemas.get(name)
  // The documents never say whether a body may be left out: it may where a POST or DELETE takes an object without
  // required fields, and where null would do.
  const types = [definition.type].flat()
  const demanding = !types.includes('object') || (definition.required ?? []).length > 0 || definition.minProperties > 0
  const required = body.required ?? (!types.includes('null') && (method === 'PATCH' || method === 'PUT' || demanding))
  return { encoding: body.encoding, schema: name, required, definition }
}

function queryNameOf({ parametersName, id }) {
  const given = parametersName?.replace(/(Request|Query)?Parameters$/, '')
  return `${given ?? pascal(id.replace(/^authentication\./, ''))}Parameters`
}

function rateKeyOf({ method, path }) {
  const short = path.replace(/^\/api\/v2/, '')
  const entry = corrections.rateKeys.find(
    ([allowed, pattern]) => allowed.split(' ').includes(method) && pattern.test(short),
  )
  return entry?.[2] ?? 'management'
}

function mergeOf({ api, method, verb }) {
  if (api !== 'management') return undefined
  if (method === 'POST') return /^(create|link|add|assign)/.test(verb) ? 'create' : undefined
  return { PUT: 'replace', PATCH: 'assign', DELETE: 'remove' }[method]
}

// What a write changes can be read where its path is read; a list is no twin, it tells pages only.
function twinOf(row, rows) {
  if (row.api !== 'management' || row.method === 'GET' || row.method === 'POST') return undefined
  if (row.merge === undefined) return undefined
  const shape = (path) => path.replace(/\{[^}]+\}/g, '{}')
  return rows.find(
    (other) =>
      other.method === 'GET' && shape(other.path) === shape(row.path) && other.paging === undefined && !isArray(other),
  )?.id
}

function isArray(row) {
  return row.answer?.type === 'array'
}

function pagingOf({ id, query }, answer, schemas) {
  const correction = corrections.paging[id] ?? {}
  const names = query.map((parameter) => parameter.name)
  const offset = names.includes('page') && names.includes('per_page')
  const checkpoint = names.includes('from') && names.includes('take')
  if (!offset && !checkpoint && correction.style === undefined) return undefined
  const most = Math.max(
    0,
    ...query.filter((one) => ['per_page', 'take'].includes(one.name)).map((one) => one.schema.maximum ?? 0),
  )
  const listed = listOf(answer, schemas)
  const items = correction.items ?? listed.items
  if (items === undefined)
    throw new Error(`The answer of ${id} names no collection. Say which in paging of corrections.mjs.`)
  return {
    style: correction.style ?? (offset ? (checkpoint ? 'both' : 'offset') : 'checkpoint'),
    items,
    totals: names.includes('include_totals') && offset,
    most: correction.most ?? (most || 50),
    reach: correction.reach,
    beyond: correction.beyond,
    item: listed.item ?? answer,
  }
}

// Looks into an answer (array, wrapper, or a choice of both) for its collection.
function listOf(schema, schemas) {
  if (schema === undefined) return {}
  if (schema.$ref !== undefined) return listOf(schemas.get(schema.$ref), schemas)
  if (schema.type === 'array') return { item: schema.items }
  if (schema.oneOf !== undefined) {
    const found = schema.oneOf.map((member) => listOf(member, schemas))
    return { items: found.find((one) => one.items)?.items, item: found.find((one) => one.item)?.item }
  }
  const arrays = Object.entries(schema.properties ?? {}).filter(([, value]) => value.type === 'array')
  return arrays.length === 1 ? { items: arrays[0][0], item: arrays[0][1].items } : {}
}

function merged(found, added = []) {
  return [...new Set([...found, ...added])].sort()
}

// A list comes as an array, in a wrapper, or as a page that shows its items under `items`: each secret has three paths.
function withItems(paths, paging) {
  if (paging === undefined) return paths
  const bare = new Set()
  for (const path of paths) {
    const [start, ...rest] = path.split('.')
    if (start === '*') bare.add(rest.join('.'))
    else if (start === paging.items && rest[0] === '*') bare.add(rest.slice(1).join('.'))
  }
  return merged([
    ...paths,
    ...[...bare].flatMap((path) => [`*.${path}`, `${paging.items}.*.${path}`, `items.*.${path}`]),
  ])
}

// Tables of corrections.mjs whose keys are ids of operations.
const byOperation = [
  'allScopes',
  'answerTypes',
  'answersAs',
  'bodyTypes',
  'clientFields',
  'createdKeys',
  'customDomain',
  'effects',
  'indexReads',
  'merges',
  'notes',
  'paging',
  'planTypes',
  'retries',
  'secretAnswers',
  'secretBodies',
  'secretUrls',
  'statuses',
  'uniqueMembers',
  'withoutInverse',
]

function checkCorrections(rows) {
  const ids = new Set(rows.map((row) => row.id))
  const check = (id, name) => {
    if (ids.has(id)) return
    throw new Error(
      `corrections.mjs speaks of ${id} in ${name}; no document has that operation. Remove or rename the entry.`,
    )
  }
  const tables = Object.entries(corrections).filter(([name]) => byOperation.includes(name))
  for (const [name, table] of tables) for (const id of Object.keys(table)) check(id, name)
  for (const { store = [] } of Object.values(corrections.indexReads)) for (const id of store) check(id, 'indexReads')
  for (const id of [...corrections.recordedOnly, ...corrections.withoutPage]) check(id, 'withoutPage')
}

/** The rows as a module: a tuple per row, what is not usual in an object at its end; secret paths as shared sets. */
export function printRows(rows) {
  const sets = []
  const setIndex = (paths) => {
    const text = paths.join(' ')
    if (!sets.includes(text)) sets.push(text)
    return sets.indexOf(text)
  }
  const lines = rows.map(
    (row) => `  ${literal([row.id, row.method, row.path, row.scopes.join(' '), row.docs, extras(row, setIndex)])},`,
  )
  return [
    "import type { PackedRow } from '../packed.ts'",
    '',
    '/** Paths of secrets, separated by spaces; rows name them by index. */',
    'export const secretSets: readonly string[] = [',
    ...sets.map((text) => `  ${literal(text)},`),
    ']',
    '',
    '/**',
    ' * Id, method, path, scopes, documentation, and every column that differs from the usual. Made when first asked for, since',
    ' * importing the package needs no row.',
    ' */',
    'export const packedRows = (): readonly PackedRow[] => [',
    ...lines,
    ']',
    '',
  ].join('\n')
}

function extras(row, setIndex) {
  const usualRetry = row.method === 'POST' ? 'unsafe' : 'idempotent'
  const usualEffect = row.method === 'GET' ? 'read' : 'write'
  const { paging, body, statuses, index, inverse } = row
  return {
    ...(row.parameters.length > 0 && { at: row.parameters.map((place) => place.segment) }),
    ...(row.query.length > 0 && { query: row.query.map((one) => one.name).join(' '), querySchema: row.queryName }),
    ...(body && { body: [body.schema, body.required ? 1 : 0, ...(body.encoding === 'json' ? [] : [body.encoding])] }),
    ...(paging && {
      paging: [
        paging.style,
        paging.items,
        paging.totals ? 1 : 0,
        paging.most,
        ...(paging.reach === undefined ? [] : [paging.reach]),
        ...(paging.beyond === undefined ? [] : [paging.beyond]),
      ],
    }),
    ...(row.effect !== usualEffect && { effect: row.effect }),
    ...(row.retry !== usualRetry && { retry: row.retry }),
    ...(row.allScopes && { allScopes: 1 }),
    ...(row.customDomainRule !== 'removed' && { customDomain: row.customDomainRule }),
    ...(row.rateKey !== row.api && { rate: row.rateKey.slice(row.api.length + 1) }),
    ...(row.secretBody.length > 0 && { secretBody: setIndex(row.secretBody) }),
    ...(row.secretAnswer.length > 0 && { secretAnswer: setIndex(row.secretAnswer) }),
    ...(row.secretUrls.length > 0 && { secretUrls: row.secretUrls.join(' ') }),
    ...(row.twin && { twin: row.twin }),
    ...(row.merge && { merge: row.merge }),
    ...(inverse && { inverse }),
    ...(index && { index: (index.store ?? []).join(' ') }),
    ...(index?.settle !== undefined && { settle: index.settle }),
    ...(statuses.join(' ') !== '200' && { statuses }),
    ...(row.clientFields && { clientFields: row.clientFields }),
    ...(row.answerAs && { answerAs: row.answerAs }),
    ...(row.unique && { unique: row.unique.join(' ') }),
    ...(row.lifecycle !== 'GA' && { lifecycle: row.lifecycle }),
    ...(row.notes.length > 0 && { notes: row.notes }),
    ...(row.added && { added: 1 }),
  }
}
