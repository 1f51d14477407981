/** What a piece of code is to the console: enough to tell code from text, and how deep it stands in brackets. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'template' | 'regex' | 'mark'
  readonly text: string
  readonly start: number
  readonly end: number
  /** Brackets that are open before the token; a closing bracket stands at the depth of its opening one. */
  readonly depth: number
  /** True for a text that the code ends within. */
  readonly open: boolean
}

/** A piece of code as tokens. */
export interface Scan {
  readonly tokens: readonly Token[]
  /** Brackets that are still open at the end. */
  readonly depth: number
  /** True where the code ends within a bracket, a template or a comment, so that the next line goes on with it. */
  readonly unfinished: boolean
}

const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$\u200c\u200d]*/uy
const NUMBER = /(?:0[xob][\da-f_]+n?|\d[\d_]*n?(?:\.[\d_]*)?(?:e[+-]?\d+)?|\.\d[\d_]*(?:e[+-]?\d+)?)/iy
const MARK = /=>|\?\.(?!\d)|\.\.\.|\+\+|--|\*\*|&&|\|\||\?\?|[-+*/%&|^!=<>]=*|[^\s]/uy
/** After these a slash begins a regular expression although a word stands before it. */
const BEFORE_REGEX = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'await',
  'yield',
  'new',
  'do',
  'else',
])

/** Reads code into tokens; never fails, whatever the code. */
export function scan(code: string): Scan {
  const tokens: Token[] = []
  let at = 0
  let depth = 0
  let inComment = false
  while (at < code.length) {
    const char = code.charAt(at)
    if (/\s/.test(char)) {
      at += 1
      continue
    }
    if (code.startsWith('//', at)) {
      const end = code.indexOf('\n', at)
      at = end === -1 ? code.length : end
      continue
    }
    if (code.startsWith('/*', at)) {
      const end = code.indexOf('*/', at + 2)
      inComment = end === -1
      at = end === -1 ? code.length : end + 2
      continue
    }
    const token = tokenAt(code, at, depth, tokens.at(-1))
    if ('([{'.includes(token.text)) depth += 1
    const closes = ')]}'.includes(token.text)
    if (closes) depth = Math.max(0, depth - 1)
    tokens.push(closes ? { ...token, depth } : token)
    at = token.end
  }
  const last = tokens.at(-1)
  return { tokens, depth, unfinished: depth > 0 || inComment || (last?.kind === 'template' && last.open) }
}

function tokenAt(code: string, start: number, depth: number, before: Token | undefined): Token {
  const char = code.charAt(start)
  const token = (kind: Token['kind'], end: number, open = false): Token => ({
    kind,
    text: code.slice(start, end),
    start,
    end,
    depth,
    open,
  })
  if (char === "'" || char === '"') {
    const { end, open } = endOfString(code, start)
    return token('string', end, open)
  }
  if (char === '`') {
    const { end, open } = endOfTemplate(code, start)
    return token('template', end, open)
  }
  if (char === '/' && mayBeginRegex(before)) {
    const end = endOfRegex(code, start)
    if (end !== undefined) return token('regex', end)
  }
  const word = match(WORD, code, start)
  if (word !== undefined) return token('word', start + word.length)
  const number = match(NUMBER, code, start)
  if (number !== undefined) return token('number', start + number.length)
  return token('mark', start + (match(MARK, code, start) ?? char).length)
}

function match(pattern: RegExp, code: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(code)?.[0]
}

function mayBeginRegex(before: Token | undefined): boolean {
  if (before === undefined) return true
  if (before.kind === 'word') return BEFORE_REGEX.has(before.text)
  return before.kind === 'mark' && ![')', ']', '}', '++', '--'].includes(before.text)
}

function endOfString(code: string, start: number): { end: number; open: boolean } {
  const quote = code.charAt(start)
  for (let at = start + 1; at < code.length; at++) {
    const char = code.charAt(at)
    if (char === '\\') at += 1
    else if (char === quote) return { end: at + 1, open: false }
    else if (char === '\n') return { end: at, open: true }
  }
  return { end: code.length, open: true }
}

function endOfTemplate(code: string, start: number): { end: number; open: boolean } {
  for (let at = start + 1; at < code.length; at++) {
    const char = code.charAt(at)
    if (char === '\\') at += 1
    else if (char === '`') return { end: at + 1, open: false }
    else if (code.startsWith('${', at)) {
      const inner = endOfInsertion(code, at + 2)
      if (inner === undefined) break
      at = inner
    }
  }
  return { end: code.length, open: true }
}

/** Where the brace of `${…}` closes. */
function endOfInsertion(code: string, start: number): number | undefined {
  let depth = 0
  let before: Token | undefined
  for (let at = start; at < code.length; ) {
    if (/\s/.test(code.charAt(at))) {
      at += 1
      continue
    }
    const token = tokenAt(code, at, depth, before)
    if (token.open) return undefined
    if (token.text === '{') depth += 1
    if (token.text === '}') {
      if (depth === 0) return at
      depth -= 1
    }
    before = token
    at = token.end
  }
  return undefined
}

function endOfRegex(code: string, start: number): number | undefined {
  let inClass = false
  for (let at = start + 1; at < code.length; at++) {
    const char = code.charAt(at)
    if (char === '\n') return undefined
    if (char === '\\') at += 1
    else if (char === '[') inClass = true
    else if (char === ']') inClass = false
    else if (char === '/' && !inClass) {
      const flags = /[a-z]*/iy
      flags.lastIndex = at + 1
      return at + 1 + (flags.exec(code)?.[0].length ?? 0)
    }
  }
  return undefined
}
