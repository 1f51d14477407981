import type { Token } from '../../code/index.ts'

/** Where in the arguments of a call the cursor stands. */
export interface PlaceInCall {
  /** Index of the token before the bracket of the call. */
  readonly callee: number
  /** Which argument: 0 for the first. */
  readonly argument: number
  /** Keys that lead into the argument, `[]` for an entry of a list; `undefined` directly in the brackets. */
  readonly path: readonly string[] | undefined
  /** Whether a key or the value of one is expected. */
  readonly expects: 'key' | 'value'
  /** Keys that the object has already. */
  readonly present: readonly string[]
}

/**
 * Where the cursor stands, when it stands in the arguments of a call.
 *
 * @param count Tokens before the one that is being typed.
 */
export function placeInCall(tokens: readonly Token[], count: number): PlaceInCall | undefined {
  const open = openBrackets(tokens, count)
  const call = open.findLastIndex((at) => tokens[at]?.text === '(')
  const bracket = open[call]
  if (bracket === undefined || bracket === 0) return undefined
  const inner = open.slice(call + 1)
  const argument = commasBetween(tokens, bracket, inner[0] ?? count)
  const innermost = inner.at(-1)
  if (innermost === undefined) {
    return { callee: bracket - 1, argument, path: undefined, expects: 'value', present: [] }
  }
  const path: string[] = []
  for (const [index, at] of inner.entries()) {
    if (index > 0) path.push(...keyBefore(tokens, at))
    if (tokens[at]?.text === '[') path.push('[]')
  }
  const last = tokens[count - 1]
  const value = tokens[innermost]?.text === '{' && last?.text === ':' ? keyBefore(tokens, count) : undefined
  const isKey = tokens[innermost]?.text === '{' && (last?.text === ',' || count - 1 === innermost)
  if (value === undefined && !isKey && tokens[innermost]?.text === '{') return undefined
  return {
    callee: bracket - 1,
    argument,
    path: value === undefined ? path : [...path, ...value],
    expects: isKey ? 'key' : 'value',
    present: keysOf(tokens, innermost, count),
  }
}

/** Brackets that are open at the cursor, from the outside in. */
function openBrackets(tokens: readonly Token[], count: number): readonly number[] {
  const open: number[] = []
  for (let at = 0; at < count; at++) {
    const text = tokens[at]?.text ?? ''
    if (text === '(' || text === '[' || text === '{') open.push(at)
    else if (text === ')' || text === ']' || text === '}') open.pop()
  }
  return open
}

function commasBetween(tokens: readonly Token[], bracket: number, end: number): number {
  const depth = (tokens[bracket]?.depth ?? 0) + 1
  return tokens.slice(bracket + 1, end).filter((token) => token.text === ',' && token.depth === depth).length
}

/** The key whose colon stands before `at`. */
function keyBefore(tokens: readonly Token[], at: number): readonly string[] {
  const key = tokens[at - 2]
  if (tokens[at - 1]?.text !== ':' || key === undefined) return []
  return [key.kind === 'string' ? key.text.slice(1, -1) : key.text]
}

function keysOf(tokens: readonly Token[], brace: number, count: number): readonly string[] {
  const depth = (tokens[brace]?.depth ?? 0) + 1
  const keys: string[] = []
  for (let at = brace + 1; at < count; at++) {
    const token = tokens[at]
    if (token?.text === ':' && token.depth === depth) keys.push(...keyBefore(tokens, at + 1))
  }
  return keys
}
