import type { JsonSchema, SchemaLookup } from '../catalogue/index.ts'
import { type OperationRow, rows, schemaOf } from '../catalogue/index.ts'
import { behindReferences, itemsOf, membersOf, placeOf, signatureOf } from '../grammar/index.ts'
import { ValidationError } from '../plan/index.ts'

/** One operation that a search found. */
export interface FoundOperation {
  /** How it is written: `auth0.clients(id).update(body)`. */
  readonly word: string
  readonly route: string
  readonly effect: 'read' | 'write' | 'token'
  readonly scopes: readonly string[]
  /** Fields of the body or query that the search met; absent where it met the name itself. */
  readonly fields?: readonly string[]
}

const MOST = 25
const DEEPEST = 3

/**
 * Searches the operations of the Management API by words: in their names, routes and scopes, then in their fields.
 *
 * @param text One or more words; all of them must be met.
 */
export async function findOperations(text: string): Promise<readonly FoundOperation[]> {
  if (typeof text !== 'string' || text.trim() === '') {
    const rule = 'must be a text'
    throw new ValidationError(`auth0.find(): the words ${rule}. Write auth0.find('quota').`, {
      issues: [{ path: 'text', rule }],
    })
  }
  const words = text
    .trim()
    .toLowerCase()
    .split(/[\s._/-]+/)
  const lookup = schemaOf
  const found: { readonly rank: number; readonly operation: FoundOperation }[] = []
  for (const row of rows()) {
    if (row.api !== 'management') continue
    const named = haystack(row)
    const missing = words.filter((word) => !named.includes(word))
    const fields = missing.length === 0 ? [] : fieldsWith(row, missing, lookup)
    if (fields === undefined) continue
    found.push({ rank: missing.length === 0 ? rankOf(row, words) : 10, operation: operationOf(row, fields) })
  }
  found.sort((a, b) => a.rank - b.rank || a.operation.word.localeCompare(b.operation.word))
  return shown(
    found.slice(0, MOST).map(({ operation }) => operation),
    found.length,
  )
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom')
const JUPYTER = Symbol.for('Jupyter.display')

/** A list that shows each word whole: a column of a table would cut it. */
function shown(operations: readonly FoundOperation[], all: number): readonly FoundOperation[] {
  const text = (): string => {
    if (operations.length === 0) return 'Nothing was found. Try fewer words, or a part of one.'
    const lines = operations.flatMap(({ word, route, effect, scopes, fields }) => [
      word,
      `    ${[route, effect, scopes.join(' or '), fields?.join(', ') ?? ''].filter((part) => part !== '').join(' · ')}`,
    ])
    const rest = all - operations.length
    return [...lines, rest > 0 ? `${rest} more; add a word.` : 'Each has its .help.'].join('\n')
  }
  Object.defineProperty(operations, INSPECT, { value: text })
  Object.defineProperty(operations, JUPYTER, {
    value: () => ({ 'text/plain': text(), 'application/vnd.tenantlab+json': operations }),
  })
  return operations
}

function operationOf(row: OperationRow, fields: readonly string[]): FoundOperation {
  return {
    word: placeOf(row) + signatureOf(row),
    route: `${row.method} ${row.path}`,
    effect: row.effect,
    scopes: row.scopes,
    ...(fields.length > 0 && { fields }),
  }
}

function haystack(row: OperationRow): string {
  return `${row.id} ${row.path} ${row.scopes.join(' ')}`.toLowerCase()
}

/** A word that is a whole part of the name counts more than a part of one. */
function rankOf(row: OperationRow, words: readonly string[]): number {
  const parts = `${row.id.replace(/[A-Z]/g, (letter) => ` ${letter}`)} ${row.path}`.toLowerCase().split(/[^a-z0-9]+/)
  return words.every((word) => parts.includes(word)) ? 0 : 1
}

/** The fields that hold the words, or `undefined` where one word is met nowhere. */
function fieldsWith(row: OperationRow, words: readonly string[], lookup: SchemaLookup): readonly string[] | undefined {
  const name = row.body?.schema ?? row.querySchema
  if (name === undefined) return undefined
  const paths = pathsOf(lookup(name), lookup, '', 0)
  const met = words.map((word) => paths.filter((path) => path.toLowerCase().includes(word)))
  if (met.some((each) => each.length === 0)) return undefined
  // The outermost field says it; those inside it would repeat it.
  const all = [...new Set(met.flat())]
  return all.filter((path) => !all.some((other) => path !== other && path.startsWith(`${other}.`))).slice(0, 4)
}

function pathsOf(schema: JsonSchema, lookup: SchemaLookup, lead: string, depth: number): readonly string[] {
  const own = itemsOf(schema, lookup) ?? behindReferences(schema, lookup)
  return membersOf(own, lookup).flatMap((member) => {
    const path = lead + member.name
    return depth >= DEEPEST ? [path] : [path, ...pathsOf(member.schema, lookup, `${path}.`, depth + 1)]
  })
}
