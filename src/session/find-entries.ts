import {
  type JsonSchema,
  type OperationRow,
  PACKAGE_WORDS,
  RECIPES,
  rows,
  SAID,
  schemaOf,
  type WordRow,
  wordRow,
  wordRows,
} from '../catalogue/index.ts'
import { behindReferences, itemsOf, membersOf } from '../grammar/index.ts'
import { EMPTY, withoutPhrases } from './find-words.ts'

/** What is searched: an operation, a word, or an expression for one purpose, in one way of saying it. */
export interface Entry {
  readonly id: string
  readonly name: string
  readonly route: string
  readonly said: string
  readonly says: string
  readonly fields: string
}

const DEEPEST = 3

/** All that is searched. */
export function entries(): readonly Entry[] {
  const operations = rows().filter(({ api }) => api === 'management')
  return [
    ...[...operations.map(entryOf), ...wordRows().map(entryOfWord)].flatMap(withPhrases),
    ...RECIPES.flatMap(recipeEntries),
    ...PACKAGE_WORDS.flatMap(packageEntries),
  ]
}

/** Words of a text without those that say nothing, those of a name in camel case apart, in one form each. */
export function wordsIn(text: string): string[] {
  const words = withoutPhrases(text.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2'))
    .replace(/['’]s\b/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  const telling = words.filter((word) => !EMPTY.has(word))
  return (telling.length > 0 ? telling : words).map(stemOf)
}

/** Without the endings of a plural and of a verb, alike in what is searched and in what is searched for. */
export function stemOf(word: string): string {
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

function recipeEntries({ id, expression, said }: (typeof RECIPES)[number], at: number): readonly Entry[] {
  const name = wordRow(id) === undefined ? id : `word ${id}`
  return said.split(', ').map((phrase, index) => {
    return { id: `${name}#r${at}_${index}`, name: id, said: phrase, route: '', says: '', fields: expression }
  })
}

function packageEntries({ name, says, said }: (typeof PACKAGE_WORDS)[number]): readonly Entry[] {
  return ['', ...said.split(', ')].map((phrase, index) => {
    return { id: `package ${name}#${index}`, name, said: phrase, route: '', says: index === 0 ? says : '', fields: '' }
  })
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

/** Names of the fields that an operation takes, nested ones with the names before them. */
export function pathsOf({ body, querySchema }: OperationRow): readonly string[] {
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
