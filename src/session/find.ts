import type MiniSearch from 'minisearch'
import {
  type JsonSchema,
  type OperationRow,
  row,
  rows,
  schemaOf,
  type WordRow,
  wordRow,
  wordRows,
} from '../catalogue/index.ts'
import { behindReferences, itemsOf, membersOf, placeOf, signatureOf, wordSignature } from '../grammar/index.ts'
import { ValidationError } from '../plan/index.ts'

/** One operation or word that a search found. */
export interface FoundOperation {
  /** How it is written: `auth0.clients(id).update(body)`. */
  readonly word: string
  /** What it sends; empty for a word that sends nothing by itself. */
  readonly route: string
  readonly effect: 'read' | 'write' | 'token'
  readonly scopes: readonly string[]
  /** Fields of the body or query that the search met; absent where it met the name itself. */
  readonly fields?: readonly string[]
}

/** What is searched: an operation of the Management API, or a word that was chosen by hand. */
interface Entry {
  readonly id: string
  readonly name: string
  readonly route: string
  readonly says: string
  readonly fields: string
}

const MOST = 25
const DEEPEST = 3

let index: Promise<MiniSearch<Entry>> | undefined

/**
 * Searches operations and words: by their names and routes, by what is said of them, then by their fields. Where nothing
 * is met, by words that differ from those in up to two letters.
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
  index ??= built()
  const search = await index
  const asWritten = search.search(text)
  const met = asWritten.length > 0 ? asWritten : search.search(text, { fuzzy: slips })
  const found = met.map(({ id, match }) => {
    const terms = Object.entries(match).filter(([, where]) => where.every((field) => field === 'fields'))
    return operationOf(
      String(id),
      terms.map(([term]) => term),
    )
  })
  return shown(found.slice(0, MOST), found.length)
}

async function built(): Promise<MiniSearch<Entry>> {
  const { default: Index } = await import('minisearch')
  const search = new Index<Entry>({
    fields: ['name', 'route', 'says', 'fields'],
    tokenize: wordsIn,
    searchOptions: {
      combineWith: 'AND',
      prefix: true,
      maxFuzzy: 2,
      boost: { name: 8, route: 3, says: 2 },
    },
  })
  const operations = rows().filter(({ api }) => api === 'management')
  search.addAll([...operations.map(entryOf), ...wordRows().map(entryOfWord)])
  return search
}

/** How many letters of a word may be wrong: none of the short ones; swapped neighbours are two. */
function slips(word: string): number | false {
  if (word.length < 4) return false
  return word.length === 4 ? 1 : 2
}

/** Words of a text, those of a name in camel case apart. */
function wordsIn(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

function entryOf(operation: OperationRow): Entry {
  const { id, path, scopes, notes, docs } = operation
  const page = docs.slice(docs.lastIndexOf('/') + 1)
  return {
    id,
    name: id,
    route: `${path} ${scopes.join(' ')}`,
    says: `${page} ${notes.join(' ')}`,
    fields: [...new Set(pathsOf(operation).flatMap((field) => field.split('.')))].join(' '),
  }
}

function entryOfWord({ path, says, fields = [], args }: WordRow): Entry {
  const names = [...fields, ...args].filter(({ in: place }) => place !== 'client').map(({ name }) => name)
  return { id: `word ${path}`, name: path, route: '', says, fields: names.join(' ') }
}

function operationOf(id: string, terms: readonly string[]): FoundOperation {
  if (!id.startsWith('word ')) {
    const operation = row(id) as OperationRow
    const fields = fieldsWith(operation, terms)
    return {
      word: placeOf(operation) + signatureOf(operation),
      route: `${operation.method} ${operation.path}`,
      effect: operation.effect,
      scopes: operation.scopes,
      ...(fields.length > 0 && { fields }),
    }
  }
  const path = id.slice('word '.length)
  const word = wordRow(path) as WordRow
  const sent = word.operation === undefined ? undefined : row(word.operation)
  const called = path.startsWith('mfa') ? 'error' : 'id'
  return {
    word: `auth0.${path.replace('()', `(${called})`)}${wordSignature(word)}`,
    route: sent === undefined ? '' : `${sent.method} ${sent.path}`,
    effect: sent?.effect ?? 'token',
    scopes: sent?.scopes ?? [],
  }
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

/** The fields that hold the terms; of nested ones the outermost, since those inside it would repeat it. */
function fieldsWith(operation: OperationRow, terms: readonly string[]): readonly string[] {
  const paths = terms.length === 0 ? [] : pathsOf(operation)
  const met = paths.filter((path) => terms.some((term) => path.toLowerCase().includes(term)))
  const all = [...new Set(met)]
  return all.filter((path) => !all.some((other) => path !== other && path.startsWith(`${other}.`))).slice(0, 4)
}

function pathsOf({ body, querySchema }: OperationRow): readonly string[] {
  const name = body?.schema ?? querySchema
  return name === undefined ? [] : pathsIn(schemaOf(name), '', 0)
}

function pathsIn(schema: JsonSchema, lead: string, depth: number): readonly string[] {
  const own = itemsOf(schema, schemaOf) ?? behindReferences(schema, schemaOf)
  return membersOf(own, schemaOf).flatMap((member) => {
    const path = lead + member.name
    return depth >= DEEPEST ? [path] : [path, ...pathsIn(member.schema, `${path}.`, depth + 1)]
  })
}
