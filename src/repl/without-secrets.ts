import { nearMiss } from '../catalogue/index.ts'
import { fieldsOfWord, scan, shapeOfChain, type Token } from '../code/index.ts'
import { isSecretHeader, isSecretName, isSecretText, processSecrets, SECRET_MARK } from '../plan/index.ts'
import { placeInCall, rowOfCall } from './completion/index.ts'

/** Words whose arguments are secrets: one-time codes, tokens, and what is shown on purpose. */
const SECRET_CALLS = new Set([
  'mfa',
  'verify',
  'challenge',
  'enroll',
  'revoke',
  'userInfo',
  'reveal',
  'otp',
  'recoveryCode',
  'btoa',
  'createHmac',
  'sign',
])
/** Called on a secret, they are given a part of one: `password.startsWith('…')`. */
const COMPARING = new Set([
  'startsWith',
  'endsWith',
  'includes',
  'equals',
  'indexOf',
  'localeCompare',
  'concat',
  'replace',
])
/** Words that are made of a secret: `login.refreshToken('…')`, `setPassword('…')`; not `refreshTokens('id')`. */
const SINGULAR = /(token|secret|password|passphrase|code)$/i
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g
/** A parameter of a URL, and what follows the flag of a command. */
const PARAMETER = /([?&]([\w.%[\]-]{2,60})=)([^&#\s'"`]+)/g
const FLAG = /(\s-{1,2}([\w-]{2,40})[\s=]+)(\S+)/g
const TOKENS =
  /eyJ[\w-]{8,}(?:\.[\w-]*)*|Fe26\.2[\w*.~-]{8,}|-----BEGIN[\s\S]*?(?:-----END[^\n]*|$)|\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{40,}/g
const TEXTS: ReadonlySet<Token['kind']> = new Set(['string', 'template', 'number', 'regex'])

/**
 * A statement as it may be kept in a file: its secrets are cut out. Those are known by the fields of the operations that
 * it names, by names, by their shape, and by the values that plans and sessions of this process have taught.
 *
 * @param variables what the names of the statement stand for.
 */
export function withoutSecrets(statement: string, variables: Readonly<Record<string, unknown>>): string {
  const { tokens } = scan(statement)
  let kept = ''
  let at = 0
  for (const [index, token] of tokens.entries()) {
    if (!TEXTS.has(token.kind) || !holdsSecret(tokens, headOf(tokens, index), contentOf(token), variables)) continue
    kept += statement.slice(at, token.start) + marked(token)
    at = token.end
  }
  const text = kept + statement.slice(at)
  const safe = processSecrets().text(withoutComments(text).replace(PARAMETER, hidden)).replace(TOKENS, SECRET_MARK)
  return statement.trimStart().startsWith('.') ? safe.replace(FLAG, hidden) : safe
}

function hidden(whole: string, before: string, name: string): string {
  return isSecret(name) ? before + SECRET_MARK : whole
}

/** Code without the comments that speak of a secret: `// the password is …`. */
function withoutComments(text: string): string {
  const { tokens } = scan(text)
  let kept = ''
  let at = 0
  for (const { start, end } of [...tokens, { start: text.length, end: text.length }]) {
    kept += text.slice(at, start).replace(COMMENT, (comment) => {
      const speaks = (comment.match(/[\w-]{3,}/g) ?? []).some(isSecret)
      if (!speaks) return comment
      return comment.startsWith('//') ? `// ${SECRET_MARK}` : `/* ${SECRET_MARK} */`
    })
    kept += text.slice(start, end)
    at = end
  }
  return kept
}

function marked({ kind, text, open }: Token): string {
  if (kind === 'number') return SECRET_MARK
  if (kind === 'regex') return `/${SECRET_MARK}/`
  const opening = text.charAt(0)
  const end = open ? '' : /\$\{$/.test(text) ? '${' : text.charAt(text.length - 1)
  return opening + SECRET_MARK + end
}

/** The part of a template that its other parts belong to. */
function headOf(tokens: readonly Token[], index: number): number {
  const { text, kind, depth } = tokens[index] as Token
  if (kind !== 'template' || text.startsWith('`')) return index
  const head = tokens
    .slice(0, index)
    .findLastIndex((each) => each.kind === 'template' && each.depth === depth && each.text.startsWith('`'))
  return head === -1 ? index : head
}

function holdsSecret(
  tokens: readonly Token[],
  index: number,
  text: string,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  const token = tokens[index] as Token
  if (text === '' || isName(tokens, index)) return false
  if (isSecretText(text)) return true
  if (namesOfValue(tokens, index, /^(:|[^<>]*=|\?\?|\|\|)$/).some(isSecret)) return true
  if (isComparedWithSecret(tokens, index) || isGivenBackBySecret(tokens, index)) return true
  const around = bracketsAround(tokens, index)
  const key = nameBefore(tokens, index)[0]
  for (const [level, at] of around.entries()) {
    const isList = tokens[at]?.text !== '('
    if (isList && key !== 'name' && nameBefore(tokens, at).some(isSecret)) return true
    if (!isList && namesOfValue(tokens, at, /^:$/).some(isSecret)) return true
    if (level === 0 && tokens[at]?.text === '{' && key === 'value' && hasSecretName(tokens, at)) return true
    if (!isList && (level === 0 || TEXTS.has(token.kind)) && isSecretCall(tokens, at, index, level)) return true
    if (level === 0 && followsSecretName(tokens, index)) return true
  }
  return isSecretField(tokens, index, variables)
}

const isSecret = (name: string): boolean =>
  name !== 'code' && (isSecretName(name) || isSecretHeader(name) || nearMiss(name, MISTYPED) !== undefined)
/** A name that is nearly one of these is a mistyped one. */
const MISTYPED = ['password', 'client_secret', 'clientSecret', 'access_token', 'refresh_token', 'api_key']

/** A field that a row of the catalogue calls secret, whatever its name. */
function isSecretField(tokens: readonly Token[], index: number, variables: Readonly<Record<string, unknown>>): boolean {
  const place = placeInCall(tokens, index)
  if (place?.path === undefined || place.expects !== 'value') return false
  const path = place.path
  const shape = shapeOfChain(tokens, place.callee, variables)
  if (shape?.kind === 'word') {
    const [name] = path
    return fieldsOfWord(shape.path, place.argument).some((field) => field.name === name && field.secret)
  }
  const row = rowOfCall(tokens, place, variables)
  return (row?.secretBody ?? []).some((secret) => {
    const parts = secret.split('.')
    return parts.length <= path.length && parts.every((part, at) => part === '*' || part === path[at])
  })
}

function contentOf({ kind, text, open }: Token): string {
  if (kind === 'number' || kind === 'regex') return text
  return text.slice(1, open ? undefined : text.endsWith('${') ? -2 : -1)
}

/** A key of an object, or the name in `record['name'] = …`. */
function isName(tokens: readonly Token[], index: number): boolean {
  const next = tokens[index + 1]?.text
  // In a choice, `? 'a' : 'b'`, a text is a value.
  if (next === ':') return /^[{,]?$/.test(tokens[index - 1]?.text ?? '')
  return next === ']' && tokens[index - 1]?.text === '[' && tokens[index + 2]?.text === '='
}

/** Names that a value is given to: its key, the variable that it is assigned to or compared with. */
function nameBefore(tokens: readonly Token[], index: number): readonly string[] {
  const operator = tokens[index - 1]
  if (operator?.kind !== 'mark' || !/^(:|[^<>]*=|\?\?|\|\|)$/.test(operator.text) || operator.text === '=>') return []
  const names: string[] = []
  for (const at of [index - 2, index - 4]) {
    const token = tokens[at]?.text === ']' ? tokens[at - 1] : tokens[at]
    if (token?.kind === 'word') names.push(token.text)
    else if (token?.kind === 'string') names.push(contentOf(token))
    // Behind a name may stand its type.
    if (operator.text === ':' || tokens[at - 1]?.text !== ':') break
  }
  return names
}

/** Names that the whole value is given to which a token is a part of: `password: 'a' + 'b'`, `password: String('a')`. */
function namesOfValue(tokens: readonly Token[], index: number, operators: RegExp): readonly string[] {
  const { depth } = tokens[index] as Token
  const names: string[] = []
  for (let at = index - 1; at >= 0; at -= 1) {
    const token = tokens[at] as Token
    if (token.depth > depth) continue
    if (token.depth < depth || ENDS.test(token.text)) break
    if (token.kind === 'mark' && operators.test(token.text)) names.push(...nameBefore(tokens, at + 1))
  }
  return names
}

/** What a value does not reach beyond. */
const ENDS = /^([,;]|=>|const|let|var|return|function|if|for|while)$/

/** Brackets around a token, from the inside out. */
function bracketsAround(tokens: readonly Token[], index: number): readonly number[] {
  const around: number[] = []
  let depth = tokens[index]?.depth ?? 0
  for (let at = index - 1; at >= 0 && depth > 0; at -= 1) {
    const token = tokens[at]
    if (token === undefined || token.depth !== depth - 1 || !'([{'.includes(token.text)) continue
    around.push(at)
    depth = token.depth
  }
  return around
}

/** `{ name: 'DB_PASSWORD', value: … }` */
function hasSecretName(tokens: readonly Token[], brace: number): boolean {
  const depth = (tokens[brace]?.depth ?? 0) + 1
  for (let at = brace + 1; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined || token.depth < depth) return false
    const isKey = token.depth === depth && /^(name|header|key)$/.test(nameBefore(tokens, at)[0] ?? '')
    if (isKey && token.kind === 'string' && isSecret(contentOf(token))) return true
  }
  return false
}

/** `….verify.otp('123456')`, and `set('password', 'x')`. */
function isSecretCall(tokens: readonly Token[], bracket: number, index: number, level: number): boolean {
  if (level > 0) return false
  const called = tokens[bracket - 1]
  const owner = tokens[bracket - 3]
  if (called?.kind === 'word') {
    if (COMPARING.has(called.text) && owner?.kind === 'word' && isSecret(owner.text)) return true
    if (called.text === 'from' && owner?.text === 'Buffer') return true
    // `secret('name')` names one.
    const isNamed = called.text === 'secret' && index === bracket + 1
    if (!isNamed && SINGULAR.test(called.text) && isSecret(called.text)) return true
  }
  for (let at = bracket - 1; at >= 0; at -= 2) {
    const word = tokens[at]
    if (word?.kind !== 'word') break
    if (SECRET_CALLS.has(word.text)) return true
    const dot = tokens[at - 1]?.text
    if (dot !== '.' && dot !== '?.') break
  }
  return false
}

/** `set('password', 'x')`, and `['authorization', 'x']` of a map or of headers. */
function followsSecretName(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 2]
  return tokens[index - 1]?.text === ',' && before?.kind === 'string' && isSecret(contentOf(before))
}

const COMPARISON = /^[!=]==?$/

/** `'x' === password`, `switch (password) { case 'x':`, `/x/.test(password)`. */
function isComparedWithSecret(tokens: readonly Token[], index: number): boolean {
  if (COMPARISON.test(tokens[index + 1]?.text ?? '')) return isSecret(lastNameFrom(tokens, index + 2))
  if (tokens[index]?.kind === 'regex') {
    const isAsked = tokens[index + 1]?.text === '.' && /^(test|exec)$/.test(tokens[index + 2]?.text ?? '')
    return isAsked && isSecret(lastNameFrom(tokens, index + 4))
  }
  if (tokens[index - 1]?.text !== 'case') return false
  const brace = bracketsAround(tokens, index)[0] ?? 0
  return tokens[brace - 1]?.text === ')' && isSecret(tokens[brace - 2]?.text ?? '')
}

/** The last name of a chain: `password` of `user.password`. */
function lastNameFrom(tokens: readonly Token[], start: number): string {
  let at = start
  while (tokens[at]?.kind === 'word' && /^\??\.$/.test(tokens[at + 1]?.text ?? '')) at += 2
  return tokens[at]?.kind === 'word' ? (tokens[at]?.text ?? '') : ''
}

/** `get password() { return 'x' }` */
function isGivenBackBySecret(tokens: readonly Token[], index: number): boolean {
  if (tokens[index - 1]?.text !== 'return') return false
  const brace = bracketsAround(tokens, index)[0] ?? 0
  const depth = tokens[brace]?.depth
  if (tokens[brace - 1]?.text !== ')') return false
  const bracket = tokens.slice(0, brace - 1).findLastIndex((token) => token.depth === depth && token.text === '(')
  return isSecret(tokens[bracket - 1]?.text ?? '')
}
