import { isJsonObject, type Json, type JsonObject } from '../../../plan/index.ts'
import { refuseQuery } from '../answer.ts'

/** What a searchable collection allows. */
export interface SearchRules {
  /** Fields that a term without a field name looks at. */
  readonly bare: readonly string[]
  /** Fields whose values match whatever their case. */
  readonly caseless: readonly string[]
  /** Fields under which wildcards and ranges are refused (`user_metadata`). */
  readonly exactOnly: readonly string[]
}

const MOST_LEVELS = 100

type Test = (record: JsonObject) => boolean

interface Token {
  readonly kind: 'open' | 'close' | 'and' | 'or' | 'not' | 'field' | 'word' | 'phrase' | 'range'
  readonly text: string
}

const anyToken =
  /\s+|(?<open>\()|(?<close>\))|(?<phrase>"(?:[^"\\]|\\.)*")|(?<range>[[{][^\]}]*[\]}])|(?<field>(?:[^\s:()"[\]{}\\]|\\.)+):|(?<word>(?:[^\s:()"[\]{}\\]|\\.|:)+)/y
/** Behind `field:` a value may hold colons, as a date does. */
const valueToken = new RegExp(anyToken.source.replace(/\(\?<field>.*?\):\|/, ''), 'y')

/**
 * Compiles the subset of Lucene that Auth0's searches take: fields, quotes, AND OR NOT, parentheses, `_exists_`,
 * ranges and `*`. A query that does not parse is a 400.
 * Page: https://auth0.com/docs/manage-users/user-search/user-search-query-syntax
 */
export function compileQuery(query: string, rules: SearchRules): Test {
  const parser = new Parser(tokenize(query), rules)
  return parser.parse()
}

function syntax(message: string): never {
  return refuseQuery(`The query string is invalid: ${message}`)
}

function tokenize(query: string): readonly Token[] {
  const found: Token[] = []
  let at = 0
  while (at < query.length) {
    const pattern = found.at(-1)?.kind === 'field' ? valueToken : anyToken
    pattern.lastIndex = at
    const match = pattern.exec(query)
    if (match === null) return syntax(`unexpected character '${query[at]}' at position ${at}.`)
    at = pattern.lastIndex
    const groups = match.groups ?? {}
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined)
    if (kind === undefined) continue
    found.push(tokenOf(kind, groups[kind] ?? ''))
  }
  return found
}

function tokenOf(kind: string, text: string): Token {
  if (kind === 'word') {
    if (text === 'AND' || text === '&&') return { kind: 'and', text }
    if (text === 'OR' || text === '||') return { kind: 'or', text }
    if (text === 'NOT' || text === '!') return { kind: 'not', text }
    return { kind: 'word', text }
  }
  if (kind === 'phrase') return { kind: 'phrase', text: text.slice(1, -1).replace(/\\(.)/g, '$1') }
  if (kind === 'open' || kind === 'close' || kind === 'range' || kind === 'field') return { kind, text }
  throw new Error(`The tokenizer produced a kind '${kind}' that the parser does not know.`)
}

class Parser {
  private readonly tokens: readonly Token[]
  private readonly rules: SearchRules
  private at = 0
  private depth = 0

  constructor(list: readonly Token[], rules: SearchRules) {
    this.tokens = list
    this.rules = rules
  }

  parse(): Test {
    const test = this.or()
    const left = this.tokens[this.at]
    if (left !== undefined) return syntax(`unexpected '${left.text}'.`)
    return test
  }

  private take(kind: Token['kind']): Token | undefined {
    const token = this.tokens[this.at]
    if (token?.kind !== kind) return undefined
    this.at += 1
    return token
  }

  private or(field?: string): Test {
    const tests = [this.and(field)]
    while (this.take('or') !== undefined || this.starts()) tests.push(this.and(field))
    return (record) => tests.some((test) => test(record))
  }

  private and(field?: string): Test {
    const tests = [this.not(field)]
    while (this.take('and') !== undefined || this.narrows()) tests.push(this.not(field))
    return (record) => tests.every((test) => test(record))
  }

  /** `a NOT b` and `a -field:b` narrow what stands before them. */
  private narrows(): boolean {
    const next = this.tokens[this.at]
    return next?.kind === 'not' || (next?.kind === 'field' && next.text.startsWith('-'))
  }

  /** Terms that stand side by side without an operator are alternatives. */
  private starts(): boolean {
    const kind = this.tokens[this.at]?.kind
    return kind !== undefined && kind !== 'close' && kind !== 'and' && kind !== 'or'
  }

  private not(field?: string): Test {
    if (this.take('not') === undefined) return this.term(field)
    const test = this.deeper(() => this.not(field))
    return (record) => !test(record)
  }

  private term(field?: string): Test {
    if (this.take('open') !== undefined) {
      const test = this.deeper(() => this.or(field))
      if (this.take('close') === undefined) return syntax('a closing parenthesis is missing.')
      return test
    }
    const named = this.take('field')
    if (named !== undefined) {
      if (field !== undefined) return syntax(`the field '${named.text}' stands inside the group of '${field}'.`)
      const negated = named.text.startsWith('-')
      const name = (negated ? named.text.slice(1) : named.text).replace(/\\(.)/g, '$1')
      const test = name === '_exists_' ? this.exists() : this.term(name)
      return negated ? (record) => !test(record) : test
    }
    const phrase = this.take('phrase')
    if (phrase !== undefined) return this.equals(field, phrase.text)
    const range = this.take('range')
    if (range !== undefined) return this.range(field, range.text)
    const word = this.take('word')
    if (word === undefined) return syntax('a value is missing.')
    return this.word(field, word.text)
  }

  /** One level further in; a query that goes deeper than any program writes would end the stack. */
  private deeper(read: () => Test): Test {
    this.depth += 1
    if (this.depth > MOST_LEVELS) return syntax(`it is nested deeper than ${MOST_LEVELS} levels.`)
    const test = read()
    this.depth -= 1
    return test
  }

  private exists(): Test {
    const word = this.take('word') ?? this.take('phrase')
    if (word === undefined) return syntax('_exists_ needs a field name.')
    return (record) => valuesAt(record, word.text).length > 0
  }

  private word(field: string | undefined, text: string): Test {
    if (text === '*' && field !== undefined) return (record) => valuesAt(record, field).length > 0
    if (!/(^|[^\\])\*/.test(text)) return this.equals(field, text.replace(/\\(.)/g, '$1'))
    this.refuseExactOnly(field, 'wildcards')
    if (text.startsWith('*') && text.replaceAll('*', '').length < 3) {
      return syntax('a search by suffix needs at least 3 characters beside the wildcard.')
    }
    const parts = text.split('*').map((part) => part.replace(/\\(.)/g, '$1'))
    const matches = (name: string): Test => {
      const caseless = this.rules.caseless.includes(name)
      const wanted = caseless ? parts.map((part) => part.toLowerCase()) : parts
      return (record) =>
        valuesAt(record, name).some((value) => {
          const written = String(value)
          return fitsParts(caseless ? written.toLowerCase() : written, wanted)
        })
    }
    return this.over(field, matches)
  }

  private equals(field: string | undefined, text: string): Test {
    return this.over(field, (name) => {
      const caseless = this.rules.caseless.includes(name)
      const wanted = caseless ? text.toLowerCase() : text
      return (record) =>
        valuesAt(record, name).some((value) => {
          const written = caseless ? String(value).toLowerCase() : String(value)
          return written === wanted || isPeriod(value, text)
        })
    })
  }

  private range(field: string | undefined, text: string): Test {
    if (field === undefined) return syntax('a range needs a field name.')
    this.refuseExactOnly(field, 'ranges')
    const bounds = /^([[{])\s*(\S+)\s+TO\s+(\S+)\s*([\]}])$/.exec(text)
    if (bounds === null) return syntax(`'${text}' is not a range of the form [a TO b].`)
    const [, open, low = '*', high = '*', close] = bounds
    const least = low.replace(/^"|"$/g, '')
    const most = high.replace(/^"|"$/g, '')
    return (record) =>
      valuesAt(record, field).some((value) => {
        if (least !== '*' && compare(value, least) < (open === '[' ? 0 : 1)) return false
        return most === '*' || compare(value, most) <= (close === ']' ? 0 : -1)
      })
  }

  private over(field: string | undefined, test: (name: string) => Test): Test {
    if (field !== undefined) return test(field)
    const tests = this.rules.bare.map(test)
    return (record) => tests.some((one) => one(record))
  }

  private refuseExactOnly(field: string | undefined, what: string): void {
    const refused = this.rules.exactOnly.some((name) => field === name || field?.startsWith(`${name}.`) === true)
    if (refused) syntax(`${what} are not supported on '${field}'.`)
  }
}

/** Whether a text is the parts in their order with anything between them. Never looks at a character twice per part. */
function fitsParts(text: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return at <= text.length - last.length
}

/** A date written as year, month or day stands for the whole period. */
function isPeriod(value: string | number | boolean, text: string): boolean {
  return (
    /^\d{4}(-\d{2}){0,2}$/.test(text) &&
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T/.test(value) &&
    value.startsWith(text)
  )
}

function compare(value: string | number | boolean, bound: string): number {
  const numbers = [Number(value), Number(bound)] as const
  if (bound !== '' && !numbers.some(Number.isNaN)) return Math.sign(numbers[0] - numbers[1])
  const written = String(value)
  const dates = [Date.parse(written), Date.parse(bound)] as const
  if (/^\d{4}-/.test(bound) && !dates.some(Number.isNaN)) return Math.sign(dates[0] - dates[1])
  return written < bound ? -1 : written > bound ? 1 : 0
}

/**
 * Leaf values under a dotted path; the levels of lists are skipped. Empty lists, empty objects and null are not indexed,
 * and nothing that is private to the sandbox or that every object has.
 */
export function valuesAt(record: JsonObject, path: string): readonly (string | number | boolean)[] {
  let level: readonly Json[] = [record]
  for (const [index, key] of path.split('.').entries()) {
    const whole = index === 0 ? memberOf(record, path) : undefined
    if (whole !== undefined) return leaves(whole)
    level = level.flatMap((value) => {
      const items = Array.isArray(value) ? value : [value]
      return items.filter(isJsonObject).flatMap((item) => {
        const next = memberOf(item, key)
        return next === undefined ? [] : [next]
      })
    })
    // `email.domain` is an index of its own: the part of the address behind the at sign.
    if (path === 'email.domain') return level.flatMap((value) => String(value).split('@').slice(1))
  }
  return level.flatMap(leaves)
}

function memberOf(record: JsonObject, key: string): Json | undefined {
  return !key.startsWith('$') && Object.hasOwn(record, key) ? record[key] : undefined
}

function leaves(value: Json): readonly (string | number | boolean)[] {
  if (value === null) return []
  if (Array.isArray(value)) return value.flatMap(leaves)
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([key, each]) => (key.startsWith('$') ? [] : leaves(each)))
  return [value as string | number | boolean]
}
