import { operationIds } from '../../catalogue/index.ts'
import { memberKeys, namesAfter, scan, shapeOfChain, type Token } from '../../code/index.ts'
import { processSecrets } from '../../plan/index.ts'
import { fieldsIn, sessionMember, valuesIn } from './fields.ts'
import type { LiveIds } from './live-ids.ts'
import { type PlaceInCall, placeInCall } from './place-in-call.ts'
import { helpedNames, routesFor, searchesFor } from './texts.ts'

/** Where completion looks names up. */
export interface CompletionSource {
  /** Variables of the console, by name. */
  readonly variables: Readonly<Record<string, unknown>>
  /** Dot commands, without the dot. */
  readonly commands: readonly string[]
  readonly ids: LiveIds
  /** What may follow a dot command. */
  argumentsOf?(command: string): readonly string[]
}

type Candidates = [string[], string]

/**
 * Candidates for the end of what was typed. Reads names only: no call is made, no getter is run, nothing is sent.
 *
 * @param typed All lines of the statement, up to the cursor.
 * @returns The candidates and the part of the line that they complete, as Node's readline wants them.
 */
export function complete(typed: string, source: CompletionSource): Candidates {
  const dotted = /^\s*\.(\w*)(\s+)?(.*)$/s.exec(typed)
  if (dotted === null) return completeCode(typed, source)
  const [, command = '', space, argument = ''] = dotted
  if (space === undefined)
    return matching(
      source.commands.map((name) => `.${name}`),
      `.${command}`,
    )
  if (command === 'find') return matching(searchesFor(argument), argument)
  if (command === 'help') {
    const found = completeCode(argument, source)
    return found[0].length > 0 || argument.includes('(') ? found : matching(helpedNames(), argument)
  }
  return matching(source.argumentsOf?.(command) ?? [], argument)
}

function completeCode(code: string, source: CompletionSource): Candidates {
  const { tokens } = scan(code)
  const last = tokens.at(-1)
  if (last?.kind === 'string' && last.open) return withinText(tokens, last, source)
  if (last?.open === true || isComment(code.slice(last?.end ?? 0))) return [[], '']
  const partial = last?.kind === 'word' && last.end === code.length ? last.text : ''
  const count = partial === '' ? tokens.length : tokens.length - 1
  const before = tokens[count - 1]
  if (before?.text === '.' || before?.text === '?.') {
    const shape = shapeOfChain(tokens, count - 2, source.variables)
    return matching(shape === undefined ? [] : namesAfter(shape), partial)
  }
  // Behind a finished value comes an operator, and no second value.
  if (before !== undefined && isFinished(before) && !beginsAnew(tokens, count - 1, code, partial)) return [[], partial]
  const place = placeInCall(tokens, count)
  const inCall = place === undefined ? undefined : candidatesIn(place, tokens, source)
  if (inCall !== undefined && (inCall.length > 0 || place?.expects === 'key')) return matching(inCall, partial)
  return matching(Object.keys(source.variables), partial)
}

/** Words that a value may follow. */
const LEADING =
  /^(?:await|return|yield|typeof|void|new|delete|throw|case|in|of|instanceof|else|do|if|while|for|const|let|var|async|export|default|import|from|as|extends|satisfies)$/

function isFinished({ kind, text, open }: Token): boolean {
  if (kind === 'word') return !LEADING.test(text)
  if (kind === 'mark') return text === ')' || text === ']' || text === '}' || text === '++' || text === '--'
  return !open && !text.endsWith('${')
}

/** A word on a new line, or behind a bracket such as that of `if (…)`, begins a statement. */
function beginsAnew(tokens: readonly Token[], at: number, code: string, partial: string): boolean {
  const { text, end, depth } = tokens[at] as Token
  const between = code.slice(end, code.length - partial.length)
  if (between.includes('\n')) return true
  if (partial === '' || between === '') return false
  if (text !== ')') return text === '}'
  const opening = tokens.slice(0, at).findLastIndex((token) => token.depth === depth && token.text === '(')
  return CONDITION.test(tokens[opening - 1]?.text ?? '')
}

/** Words whose brackets a statement follows. */
const CONDITION = /^(?:if|for|while|with|await)$/

/** Whether what stands behind the last token is a comment that the cursor is in. */
function isComment(behind: string): boolean {
  return /^\s*(?:\/\/[^\n]*|\/\*(?:(?!\*\/)[\s\S])*)$/.test(behind)
}

/** Names that go on as typed. A known secret is none: a map may have tokens for its keys. */
function matching(names: readonly string[], typed: string): Candidates {
  const known = processSecrets()
  const fitting = names.filter((name) => name.startsWith(typed) && known.text(name) === name)
  return [[...new Set(fitting)].sort(), typed]
}

/** Within quotes: a listed value of the field, the identifier of something that was listed, a route, or words of a search. */
function withinText(tokens: readonly Token[], text: Token, source: CompletionSource): Candidates {
  const quote = text.text.charAt(0)
  const typed = text.text.slice(1)
  const keys = keysOfIndexed(tokens, source)
  if (keys !== undefined)
    return matching(
      keys.map((key) => quote + key + quote),
      text.text,
    )
  const place = placeInCall(tokens, tokens.length - 1)
  if (place === undefined || place.expects === 'key') return [[], text.text]
  const member = place.path === undefined ? sessionMember(place, tokens, source.variables) : undefined
  if (member !== undefined && place.argument === 0) {
    // Where more may follow, the quote stays open.
    const written = textsFor(member, typed).map(
      (each) => quote + each + (/[/ ]$/.test(each) || member === 'find' ? '' : quote),
    )
    return matching(written, text.text)
  }
  const values = candidateValues(place, tokens, source).filter((value) => typeof value === 'string')
  return matching(
    values.map((value) => quote + value + quote),
    text.text,
  )
}

/** Keys of what is being indexed: `record['…`. */
function keysOfIndexed(tokens: readonly Token[], { variables }: CompletionSource): readonly string[] | undefined {
  const [owner, bracket] = [tokens.at(-3), tokens.at(-2)]
  if (bracket?.text !== '[' || owner === undefined || !isFinished(owner)) return undefined
  const shape = shapeOfChain(tokens, tokens.length - 3, variables)
  return shape?.kind === 'value' ? memberKeys(shape.value) : []
}

function textsFor(member: string, typed: string): readonly string[] {
  switch (member) {
    case 'raw':
      return routesFor(typed)
    case 'find':
      return searchesFor(typed)
    case 'help':
      return helpedNames()
    case 'schema':
      return operationIds()
    default:
      return []
  }
}

function candidatesIn(place: PlaceInCall, tokens: readonly Token[], source: CompletionSource): readonly string[] {
  if (place.expects === 'value') {
    return candidateValues(place, tokens, source).map((value) =>
      typeof value === 'string' ? `'${value}'` : String(value),
    )
  }
  const names = fieldsIn(place, tokens, source.variables)
  return names.filter((name) => !place.present.includes(name)).map((name) => `${name}: `)
}

function candidateValues(place: PlaceInCall, tokens: readonly Token[], source: CompletionSource) {
  const values = valuesIn(place, tokens, source.variables)
  return values.length > 0 || place.path !== undefined ? values : idsFor(place, tokens, source)
}

function idsFor(
  { callee }: PlaceInCall,
  tokens: readonly Token[],
  { variables, ids }: CompletionSource,
): readonly string[] {
  const shape = shapeOfChain(tokens, callee, variables)
  return shape?.kind === 'place' && shape.place.called !== undefined ? ids.at(shape.place) : []
}
