import jsTokens from 'js-tokens'

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

const KINDS: Readonly<Record<string, Token['kind']>> = {
  IdentifierName: 'word',
  PrivateIdentifier: 'word',
  NumericLiteral: 'number',
  StringLiteral: 'string',
  NoSubstitutionTemplate: 'template',
  TemplateHead: 'template',
  TemplateMiddle: 'template',
  TemplateTail: 'template',
  RegularExpressionLiteral: 'regex',
  Punctuator: 'mark',
  Invalid: 'mark',
}

/** Reads code into tokens, white space and comments left out; never fails, whatever the code. */
export function scan(code: string): Scan {
  const tokens: Token[] = []
  let at = 0
  let depth = 0
  let isOpen = false
  for (const token of jsTokens(code)) {
    const { type, value } = token
    const closed = 'closed' in token ? token.closed : true
    const start = at
    at += value.length
    if (type === 'MultiLineComment') isOpen = !closed
    const kind = KINDS[type]
    if (kind === undefined) continue
    // A backslash before the end of a line carries a text over it.
    isOpen = (kind === 'template' && !closed) || (value === '\\' && tokens.at(-1)?.open === true)
    if (closes(type, value)) depth = Math.max(0, depth - 1)
    tokens.push({ kind, text: value, start, end: at, depth, open: !closed })
    if (opens(type, value)) depth += 1
  }
  return { tokens, depth, unfinished: depth > 0 || isOpen }
}

function opens(type: string, value: string): boolean {
  if (type === 'TemplateHead' || type === 'TemplateMiddle') return true
  return type === 'Punctuator' && (value === '(' || value === '[' || value === '{')
}

function closes(type: string, value: string): boolean {
  if (type === 'TemplateMiddle' || type === 'TemplateTail') return true
  return type === 'Punctuator' && (value === ')' || value === ']' || value === '}')
}
