import { nearest } from '../../catalogue/index.ts'
import { scan, type Token } from '../../code/index.ts'
import { memberOf } from './members.ts'
import { namesAfter, type Shape, shapeOf, stepInto, stepTo } from './shape.ts'

/**
 * What a statement that failed may have meant: the first name in it that its place does not have.
 *
 * @param variables what the names of the statement stand for.
 * @returns `auth0.user is not there. Did you mean auth0.users?`; nothing where all names are there.
 */
export function nearestWord(statement: string, variables: Readonly<Record<string, unknown>>): string | undefined {
  const { tokens } = scan(statement)
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1]?.text
    if (token.kind !== 'word' || before === '.' || before === '?.' || !Object.hasOwn(variables, token.text)) continue
    const found = wrongIn(tokens, index, variables)
    if (found !== undefined) return found
  }
  return undefined
}

function wrongIn(
  tokens: readonly Token[],
  start: number,
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  let path = tokens[start]?.text ?? ''
  let shape: Shape = shapeOf(variables[path])
  for (let at = start + 1; at < tokens.length; ) {
    const token = tokens[at]
    if (token?.text === '(') {
      const depth = token.depth
      while (at < tokens.length && !(tokens[at]?.text === ')' && tokens[at]?.depth === depth)) at += 1
      path += '(…)'
      shape = stepInto(shape)
      at += 1
      continue
    }
    const name = tokens[at + 1]
    if ((token?.text !== '.' && token?.text !== '?.') || name?.kind !== 'word') return undefined
    const wrong = missing(shape, name.text, path)
    if (wrong !== undefined) return wrong
    path += `.${name.text}`
    shape = stepTo(shape, name.text)
    at += 2
  }
  return undefined
}

function missing(shape: Shape, name: string, path: string): string | undefined {
  if (shape.kind === 'unknown' || shape.kind === 'value') return undefined
  const names = namesAfter(shape).map((each) => each.replace(/\(.*$/, ''))
  if (names.length === 0 || names.includes(name)) return undefined
  if (shape.kind === 'session' && memberOf(shape.value, name) !== undefined) return undefined
  const near = nearest(name, names)
  const hint =
    near === undefined ? ` There are ${names.sort().slice(0, 12).join(', ')}.` : ` Did you mean ${path}.${near}?`
  return `${path}.${name} is not there.${hint}`
}
