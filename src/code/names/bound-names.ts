import type { Token } from '../tokens.ts'

/** What a name of the code stands for: a session, or what names and calls lead to from another name. */
export type Bound = 'session' | { readonly root: string; readonly steps: readonly string[] }

/** Functions that answer a session. */
const CONNECTING = ['connect', 'as']

/**
 * What the code itself tells of its names: `const auth0 = connect(…)`, the `auth0` that a script is given, and
 * `const { users } = auth0`. What it does not tell is left out.
 */
export function boundNames(tokens: readonly Token[]): ReadonlyMap<string, Bound> {
  // Runbooks, scripts, notebooks and the console all call it so.
  const bound = new Map<string, Bound>([['auth0', 'session']])
  for (const [index, token] of tokens.entries()) {
    if (token.text !== '=') continue
    const before = tokens[index - 1]
    const chain = chainFrom(tokens, index + 1)
    if (chain === undefined || before === undefined) continue
    const declared = declaredBefore(tokens, index)
    if (declared !== undefined) bound.set(declared, chain)
    else if (before.kind === 'word') bound.set(before.text, chain)
    else if (before.text === '}')
      for (const [name, member] of destructured(tokens, index - 1)) bound.set(name, below(chain, member))
  }
  return bound
}

/** The name that is declared with a type before the sign at `sign`: `const loose: any =`. */
function declaredBefore(tokens: readonly Token[], sign: number): string | undefined {
  const depth = tokens[sign]?.depth
  const start = tokens
    .slice(0, sign)
    .findLastIndex((each) => each.depth === depth && /^(?:const|let|var|[=;])$/.test(each.text))
  const [keyword, name, colon] = tokens.slice(start, start + 3)
  return keyword?.kind === 'word' && colon?.text === ':' ? name?.text : undefined
}

const below = (chain: Bound, member: string): Bound =>
  chain === 'session' ? { root: 'auth0', steps: [member] } : { ...chain, steps: [...chain.steps, member] }

/** `await`, names, dots and calls: a chain that ends with the statement. */
function chainFrom(tokens: readonly Token[], from: number): Bound | undefined {
  let at = tokens[from]?.text === 'await' ? from + 1 : from
  const root = tokens[at]
  if (root?.kind !== 'word') return undefined
  const steps: string[] = []
  let last = root.text
  for (at += 1; at < tokens.length; ) {
    const token = tokens[at]
    if (token?.text === '(') {
      const { depth } = token
      while (at < tokens.length && !(tokens[at]?.text === ')' && tokens[at]?.depth === depth)) at += 1
      steps.push('()')
      at += 1
    } else if ((token?.text === '.' || token?.text === '?.') && tokens[at + 1]?.kind === 'word') {
      last = tokens[at + 1]?.text ?? ''
      steps.push(last)
      at += 2
    } else break
  }
  if (steps.at(-1) === '()' && CONNECTING.includes(last)) return 'session'
  // The value of a plan that was run is data, and no place.
  return steps.includes('run') ? undefined : { root: root.text, steps }
}

/** `{ users, roles: r }` */
function destructured(tokens: readonly Token[], closing: number): readonly (readonly [string, string])[] {
  const depth = tokens[closing]?.depth
  const opening = tokens.slice(0, closing).findLastIndex((each) => each.text === '{' && each.depth === depth)
  const inner = tokens.slice(opening + 1, closing)
  return inner.flatMap((token, index) => {
    if (token.kind !== 'word' || inner[index - 1]?.text === ':') return []
    const renamed = inner[index + 1]?.text === ':' ? inner[index + 2]?.text : token.text
    return renamed === undefined ? [] : [[renamed, token.text] as const]
  })
}
