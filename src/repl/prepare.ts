import { transform } from 'sucrase'
import { scan, type Token } from '../code/index.ts'

/**
 * Makes of what was typed what Node evaluates: types are taken out, `import … from` becomes an awaited import, and
 * `const`, `let` and `class` at the outermost level may be declared again.
 */
export function prepare(code: string): string {
  return redeclarable(withoutTypes(code))
}

/** Takes the types out of a piece of TypeScript; what does not parse is left for Node to complain about. */
export function withoutTypes(code: string): string {
  try {
    const transforms: ['typescript'] = ['typescript']
    const options = { transforms, disableESTransforms: true, preserveDynamicImport: true, keepUnusedImports: true }
    return transform(code, options).code
  } catch {
    // The console shows Node's complaint, which names the place in the code as it was typed.
    return code
  }
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

function redeclarable(code: string): string {
  const { tokens } = scan(code)
  const edits: Edit[] = []
  for (const [index, token] of tokens.entries()) {
    if (token.depth !== 0 || token.kind !== 'word' || !beginsStatement(tokens, index, code)) continue
    if ((token.text === 'const' || token.text === 'let') && declares(tokens[index + 1])) {
      edits.push({ start: token.start, end: token.end, text: 'var' })
    } else if (token.text === 'class') edits.push(...classEdits(tokens, index))
    else if (token.text === 'import') edits.push(...importEdits(tokens, index))
  }
  return applied(edits, code)
}

function applied(edits: readonly Edit[], code: string): string {
  let result = ''
  let at = 0
  for (const { start, end, text } of edits) {
    result += code.slice(at, start) + text
    at = end
  }
  return result + code.slice(at)
}

function beginsStatement(tokens: readonly Token[], index: number, code: string): boolean {
  const before = tokens[index - 1]
  if (before === undefined || before.text === ';') return true
  if (before.text === '}' && before.depth === 0) return true
  return code.slice(before.end, tokens[index]?.start).includes('\n') && before.text !== '='
}

/** `let` may also be a name. */
function declares(next: Token | undefined): boolean {
  return next !== undefined && (next.kind === 'word' || next.text === '{' || next.text === '[')
}

function classEdits(tokens: readonly Token[], index: number): readonly Edit[] {
  const [word, name] = [tokens[index], tokens[index + 1]]
  if (word === undefined || name?.kind !== 'word' || name.text === 'extends') return []
  // The body is the last pair of braces: `extends mixin({})` may hold others, and a method call none at this depth.
  const opening = tokens.findIndex((token, at) => at > index && token.text === '{' && token.depth === 0)
  const closing = tokens.findIndex((token, at) => at > opening && token.text === '}' && token.depth === 0)
  const last = tokens[closing]
  if (opening === -1 || last === undefined) return []
  return [
    { start: word.start, end: word.start, text: `var ${name.text} = ` },
    { start: last.end, end: last.end, text: ';' },
  ]
}

function importEdits(tokens: readonly Token[], index: number): readonly Edit[] {
  const next = tokens[index + 1]
  if (next === undefined || next.text === '(' || next.text === '.') return []
  const from = tokens.findIndex((token, at) => at > index && token.kind === 'string')
  const [word, source] = [tokens[index], tokens[from]]
  if (word === undefined || source === undefined) return []
  const names = tokens.slice(index + 1, from).filter((token) => token.text !== 'from' || token.depth !== 0)
  const attributes = attributesAfter(tokens, from)
  const options = attributes === undefined ? '' : `, { with: ${attributes.text} }`
  const call = `await import(${source.text}${options})`
  const end = attributes?.end ?? source.end
  return [{ start: word.start, end, text: names.length === 0 ? call : `var ${pattern(names)} = ${call}` }]
}

function attributesAfter(tokens: readonly Token[], from: number): { text: string; end: number } | undefined {
  if (tokens[from + 1]?.text !== 'with' || tokens[from + 2]?.text !== '{') return undefined
  const closing = tokens.findIndex((token, at) => at > from && token.text === '}' && token.depth === 0)
  const end = tokens[closing]?.end
  if (end === undefined) return undefined
  return {
    text: tokens
      .slice(from + 2, closing + 1)
      .map((token) => token.text)
      .join(' '),
    end,
  }
}

/** `d, { a as b }` as `{ default: d, a: b }`; `* as all` as `all`. */
function pattern(names: readonly Token[]): string {
  const star = names.findIndex((token) => token.text === '*')
  const space = star === -1 ? undefined : names[star + 2]?.text
  const standard = names[0]?.kind === 'word' ? names[0].text : undefined
  if (space !== undefined) return standard === undefined ? space : `${space}, { default: ${standard} }`
  const inner = names.filter((token) => token.depth > 0)
  const members = inner.map((token) => (token.text === 'as' ? ':' : token.text)).join(' ')
  const all = [standard === undefined ? '' : `default: ${standard}`, members].filter((part) => part !== '')
  return `{ ${all.join(', ')} }`
}
