import type MiniSearch from 'minisearch'
import type { SearchResult } from 'minisearch'
import {
  type JsonSchema,
  type OperationRow,
  row,
  rows,
  SAID,
  schemaOf,
  type WordRow,
  wordRow,
  wordRows,
} from '../catalogue/index.ts'
import { behindReferences, itemsOf, membersOf, placeOf, signatureOf, wordSignature } from '../grammar/index.ts'
import { ValidationError } from '../plan/index.ts'
import { EMPTY, synonymsOf } from './find-words.ts'

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

/** What is searched: an operation of the Management API, or a word that was chosen by hand, in one way of saying it. */
interface Entry {
  readonly id: string
  readonly name: string
  readonly route: string
  readonly said: string
  readonly says: string
  readonly fields: string
}

const MOST = 25
const DEEPEST = 3

/** Share of the words that a hit must meet. */
const LEAST_MET = 0.5

/** Share of the best score below which a hit for several words is not worth showing. */
const WORTH = 0.25

let index: Promise<MiniSearch<Entry>> | undefined

/**
 * Searches operations and words: by their names and routes, by how people say what they do, then by their fields. What
 * meets more of the words comes first. A word that is met nowhere may differ from one that is in up to two letters.
 *
 * @param text One or more words, as one would say them: 'block a user', 'quota'.
 */
export async function findOperations(text: string): Promise<readonly FoundOperation[]> {
  if (typeof text !== 'string' || text.trim() === '') {
    const rule = 'must be a text'
    throw new ValidationError(`auth0.find(): the words ${rule}. Write auth0.find('quota').`, {
      issues: [{ path: 'text', rule }],
    })
  }
  index ??= built()
  const found = ranked(await index, wordsIn(text)).map(({ id, terms }) => operationOf(id, terms))
  return shown(found.slice(0, MOST), found.length)
}

async function built(): Promise<MiniSearch<Entry>> {
  const { default: Index } = await import('minisearch')
  const search = new Index<Entry>({
    fields: ['name', 'said', 'route', 'says', 'fields'],
    tokenize: wordsIn,
    processTerm: (word) => word,
    searchOptions: { combineWith: 'OR', maxFuzzy: 2, boost: { name: 8, said: 10, route: 2, says: 1, fields: 0.4 } },
  })
  const operations = rows().filter(({ api }) => api === 'management')
  search.addAll([...operations.map(entryOf), ...wordRows().map(entryOfWord)].flatMap(withPhrases))
  return search
}

/** What a search met, with the terms that were met in fields alone. */
interface Hit {
  readonly id: string
  readonly terms: readonly string[]
}

/**
 * Each word is searched for by itself, together with what else people call it; an entry counts for each word with its
 * best match, and for the share of the words that it meets.
 */
function ranked(search: MiniSearch<Entry>, words: readonly string[]): readonly Hit[] {
  const hits = new Map<string, { score: number; met: number; terms: string[] }>()
  for (const word of words) {
    for (const { id, score, match } of resultsOf(search, word)) {
      const hit = hits.get(id) ?? { score: 0, met: 0, terms: [] }
      const terms = Object.entries(match).flatMap(([term, where]) =>
        where.every((at) => at === 'fields') ? [term] : [],
      )
      hits.set(id, { score: hit.score + score, met: hit.met + 1, terms: [...hit.terms, ...terms] })
    }
  }
  const best = new Map<string, { terms: readonly string[]; score: number }>()
  for (const [entry, { score, met, terms }] of hits) {
    if (met / words.length < LEAST_MET) continue
    const id = entry.replace(/#\d+$/, '')
    const whole = score * (met / words.length) ** 2
    if (whole > (best.get(id)?.score ?? 0)) best.set(id, { terms, score: whole })
  }
  const top = Math.max(...[...best.values()].map(({ score }) => score))
  return [...best]
    .map(([id, hit]) => ({ id, ...hit }))
    .filter(({ score }) => words.length === 1 || score >= top * WORTH)
    .sort((a, b) => b.score - a.score)
}

/** The entries that have the word, best first; a synonym counts less. */
function resultsOf(search: MiniSearch<Entry>, word: string): readonly SearchResult[] {
  const whole = word.length >= 3 ? { prefix: true } : {}
  const asWritten = search.search(word, whole)
  const best = new Map(asWritten.map((result) => [result.id, result]))
  for (const other of synonymsOf(word, stemOf)) {
    for (const result of search.search(other)) {
      const score = result.score * SYNONYM
      if (score > (best.get(result.id)?.score ?? 0)) best.set(result.id, { ...result, score })
    }
  }
  if (best.size > 0) return [...best.values()]
  const near = search.search(word, { fuzzy: slips, fields: ['name', 'said', 'route'] })
  // A slip is seldom in the first letter, and other words are: 'thing' is not 'change'.
  return near.filter(({ terms }) => terms.some((term) => term[0] === word[0]))
}

const SYNONYM = 0.6

/** How many letters of a word may be wrong: none of the short ones; swapped neighbours are two. */
function slips(word: string): number | false {
  if (word.length < 4) return false
  return word.length === 4 ? 1 : 2
}

/** Words of a text without those that say nothing, those of a name in camel case apart, in one form each. */
function wordsIn(text: string): string[] {
  const words = text
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/['’]s\b/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  const telling = words.filter((word) => !EMPTY.has(word))
  return (telling.length > 0 ? telling : words).map(stemOf)
}

/** Without the endings of a plural and of a verb, alike in what is searched and in what is searched for. */
function stemOf(word: string): string {
  if (word.length < 4 || word.endsWith('ss')) return word
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  const bare = word.replace(/(?<=\p{L}{3})(ing|ed|s)$/u, '')
  return bare.replace(/(?<=\p{L}{3})e$/u, '').replace(/([bdgmnprt])\1$/u, '$1')
}

/** The entry, and once more for each phrase of how people say it: a phrase that is met whole counts as such. */
function withPhrases(entry: Omit<Entry, 'said'>): readonly Entry[] {
  const said = SAID[entry.id.replace(/^word /, '')]
  const phrases = (said?.split(', ') ?? []).map((phrase, index) => {
    return { id: `${entry.id}#${index}`, name: entry.name, said: phrase, route: '', says: '', fields: '' }
  })
  return [{ ...entry, said: '' }, ...phrases]
}

function entryOf(operation: OperationRow): Omit<Entry, 'said'> {
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

function entryOfWord({ path, says, fields = [], args }: WordRow): Omit<Entry, 'said'> {
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
  const called = path.startsWith('mfa') ? 'error' : path.startsWith('tenant') ? '' : 'id'
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
