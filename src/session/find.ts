import type MiniSearch from 'minisearch'
import type { SearchResult } from 'minisearch'
import { nearMiss, type OperationRow, PACKAGE_WORDS, RECIPES, row, type WordRow, wordRow } from '../catalogue/index.ts'
import { placeOf, signatureOf, wordSignature } from '../grammar/index.ts'
import { ValidationError } from '../plan/index.ts'
import { type Entry, entries, pathsOf, stemOf, wordsIn } from './find-entries.ts'
import { synonymsOf } from './find-synonyms.ts'
import { methodsMeant, withoutCountries } from './find-words.ts'

/** One operation or word that a search found. */
export interface FoundOperation {
  /** How it is written: `auth0.clients(id).update(body)`, or with the query or body that does what was searched for. */
  readonly word: string
  /** What it sends; empty for a word that sends nothing by itself. */
  readonly route: string
  /** `none`: a word of the package, such as `chart`. */
  readonly effect: 'read' | 'write' | 'token' | 'none'
  readonly scopes: readonly string[]
  /** Fields of the body or query that the search met; absent where it met the name itself. */
  readonly fields?: readonly string[]
  /** What a word of the package does, and where it is from. */
  readonly says?: string
}

const MOST = 25

/** Share of the words that a hit must meet, by what they say. */
const LEAST_MET = 0.4

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
  const found = ranked(await index, withoutCountries(text))
  return shown(found.slice(0, MOST).map(foundOf), found.length)
}

async function built(): Promise<MiniSearch<Entry>> {
  const { default: Index } = await import('minisearch')
  const search = new Index<Entry>({
    fields: ['name', 'said', 'route', 'says', 'fields'],
    tokenize: wordsIn,
    processTerm: (word) => word,
    searchOptions: { combineWith: 'OR', maxFuzzy: 2, boost: { name: 8, said: 10, route: 2, says: 1, fields: 0.4 } },
  })
  search.addAll(entries())
  return search
}

/** What a search met, with the terms that were met in fields alone. */
interface Hit {
  readonly id: string
  /** The entry that met best: the row itself, a phrase, or an expression. */
  readonly entry: string
  readonly terms: readonly string[]
}

/**
 * Each word is searched for by itself, together with what else people call it; an entry counts for each word with its
 * best match, and for the share of the words that it meets. What has another verb than was asked for counts less, and so
 * does what stands deeper in the tree than the words say.
 */
function ranked(search: MiniSearch<Entry>, text: string): readonly Hit[] {
  const words = wordsIn(text)
  const hits = new Map<string, { score: number; met: number; terms: string[] }>()
  let asked = 0
  for (const word of words) {
    const results = resultsOf(search, word)
    // A word that many entries have says little, and one that none has says nothing of any.
    const weight = results.length === 0 ? 0 : Math.log(1 + search.documentCount / results.length)
    asked += weight
    for (const { id, score, match } of results) {
      const hit = hits.get(id) ?? { score: 0, met: 0, terms: [] }
      const terms = Object.entries(match).flatMap(([term, where]) =>
        where.every((at) => at === 'fields') ? [term] : [],
      )
      hits.set(id, { score: hit.score + score, met: hit.met + weight, terms: [...hit.terms, ...terms] })
    }
  }
  const meant = methodsMeant(text)
  const known = new Set(words.flatMap((word) => [word, ...synonymsOf(word, stemOf)]))
  const best = new Map<string, { entry: string; terms: readonly string[]; score: number }>()
  for (const [entry, { score, met, terms }] of hits) {
    const share = met / asked
    if (share < LEAST_MET) continue
    const id = entry.replace(/#\w+$/, '')
    const purpose = /#r\d/.test(entry) ? PURPOSE : 1
    const whole = score * share ** 2 * kindShare(id, meant) * depthShare(id, known) * purpose
    if (whole > (best.get(id)?.score ?? 0)) best.set(id, { entry, terms, score: whole })
  }
  const top = Math.max(...[...best.values()].map(({ score }) => score))
  return [...best]
    .map(([id, hit]) => ({ id, ...hit }))
    .filter(({ score }) => words.length === 1 || score >= top * WORTH)
    .sort((a, b) => Number(isNamed(b.id, text)) - Number(isNamed(a.id, text)) || b.score - a.score)
}

/** True where the text is the very name: `users.every`, `auth0.users(id).update`. */
function isNamed(id: string, text: string): boolean {
  const plain = (name: string): string => name.replace(/\([^)]*\)/g, '').toLowerCase()
  return plain(id.replace(/^(?:word|package) /, '')) === plain(text.trim().replace(/^auth0\./, ''))
}

/** What an expression for one purpose is worth more than the bare operation, whose route is met besides. */
const PURPOSE = 1.15

/** What an operation is worth that does something else than the verb says. */
const OTHER_KIND = 0.45

/** What a write is worth where no verb says what is to be done: 'open invitations' rather asks for a list. */
const WRITE_UNASKED = 0.85

function kindShare(id: string, meant: readonly string[] | undefined): number {
  const sent = sentBy(id)
  if (sent === undefined || sent.effect === 'token') return 1
  if (meant === undefined) return sent.effect === 'read' ? 1 : WRITE_UNASKED
  return meant.includes(sent.method) ? 1 : OTHER_KIND
}

/** What an operation is worth of whose name no group was asked for. */
const UNASKED = 0.5

/** Groups of its name that the words speak of, as a share: `users.roles.list` answers less to 'users' than `users.list`. */
function depthShare(id: string, known: ReadonlySet<string>): number {
  if (id.startsWith('package ')) return 1
  const groups = id
    .replace(/^word /, '')
    .split('.')
    .slice(0, -1)
    .flatMap((group) => wordsIn(group))
  if (groups.length === 0) return 1
  const asked = groups.filter((group) => known.has(group)).length
  return UNASKED + (1 - UNASKED) * (asked / groups.length)
}

function sentBy(id: string): OperationRow | undefined {
  if (id.startsWith('package ')) return undefined
  if (!id.startsWith('word ')) return row(id)
  const operation = wordRow(id.slice('word '.length))?.operation
  return operation === undefined ? undefined : row(operation)
}

/** What words met before: the same few stand in most of what is searched for. */
const before = new Map<string, readonly SearchResult[]>()

/** The entries that have the word; a synonym counts less. */
function resultsOf(search: MiniSearch<Entry>, word: string): readonly SearchResult[] {
  const known = before.get(word)
  if (known !== undefined) return known
  const found = searched(search, word)
  if (before.size < MOST_KEPT) before.set(word, found)
  return found
}

const MOST_KEPT = 500

function searched(search: MiniSearch<Entry>, word: string): readonly SearchResult[] {
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
  // Two letters of a short word are no slip, unless they are swapped: 'thing' is not 'then'.
  const isSlip = (term: string): boolean => word.length > SHORT || nearMiss(word, [term]) !== undefined
  return near.filter(({ terms }) => terms.some((term) => term[0] === word[0] && isSlip(term)))
}

const SYNONYM = 0.6
const SHORT = 5

/** How many letters of a word may be wrong: none of the short ones; swapped neighbours are two. */
function slips(word: string): number | false {
  if (word.length < 4) return false
  return word.length === 4 ? 1 : 2
}

function foundOf({ id, entry, terms }: Hit): FoundOperation {
  if (id.startsWith('package ')) return packageWordOf(id.slice('package '.length))
  const recipe = RECIPES[Number(/#r(\d+)_/.exec(entry)?.[1] ?? -1)]
  const found = operationOf(id, terms)
  if (recipe === undefined) return found
  const { fields: _met, ...rest } = found
  return { ...rest, word: recipe.expression }
}

function packageWordOf(name: string): FoundOperation {
  const { written = name, from, says = '' } = PACKAGE_WORDS.find((word) => word.name === name) ?? {}
  const source = from === undefined ? '' : ` From '${from}'.`
  return { word: written, route: '', effect: 'none', scopes: [], says: says + source }
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
    const lines = operations.flatMap(({ word, route, effect, scopes, fields, says }) => [
      word,
      `    ${says ?? [route, effect, scopes.join(' or '), fields?.join(', ') ?? ''].filter((part) => part !== '').join(' · ')}`,
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
