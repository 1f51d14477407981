import { operationIds, row } from '../../catalogue/index.ts'
import { bare, type TreeNode } from '../../code/index.ts'

/** What the words of a plan say. */
export interface Spoken {
  readonly words: readonly string[]
  /** Operation, or the words where no operation has them. */
  readonly name: string
  /** What stands in the path: the argument of the last group that takes one. */
  readonly key?: TreeNode
  readonly writes: boolean
}

/** Words that make another plan of a plan, and name no operation. */
const ENDINGS = new Set(['first', 'all', 'take', 'with', 'customDomain', 'keepRest', 'run', 'outcome'])
const READS = /^(get|list|find|search|explain|inspect|userInfo|finished|head|read)/

let known: ReadonlySet<string> | undefined

/** The name at which a chain of members and calls begins. */
export function rootOf(node: TreeNode): TreeNode | undefined {
  const inner = bare(node)
  if (inner.type === 'Identifier') return inner
  if (inner.type === 'MemberExpression') return rootOf(inner.object)
  return inner.type === 'CallExpression' ? rootOf(inner.callee) : undefined
}

/**
 * Reads a chain of words.
 *
 * @param before what is known of the name that it begins with, where that is a plan or a group itself.
 */
export function spoken(node: TreeNode, before?: Spoken): Spoken {
  const { words, keys } = chainOf(node)
  const all = [...(before?.words ?? []), ...words.filter((word) => !ENDINGS.has(word))]
  const diff = all.at(-1) === 'diff'
  const plain = diff ? all.slice(0, -1) : all
  const operation = operationOf(plain)
  const name = operation ?? (plain.slice(0, 4).join('.') || 'step')
  const effect = operation === undefined ? undefined : row(operation)?.effect
  const isLogin = plain[0] === 'login'
  const writes = !diff && (effect === undefined ? !isLogin && !READS.test(plain.at(-1) ?? '') : effect === 'write')
  const key = keys.at(-1) ?? before?.key
  return { words: all, name: diff ? `${name} diff` : name, writes, ...(key && { key }) }
}

/** Words after the root, and the arguments of those that are called with one and spoken on. */
function chainOf(node: TreeNode): { words: readonly string[]; keys: readonly TreeNode[] } {
  const words: string[] = []
  const keys: TreeNode[] = []
  let inner = bare(node)
  let isLast = true
  while (inner.type === 'MemberExpression' || inner.type === 'CallExpression') {
    if (inner.type === 'CallExpression') {
      const callee = bare(inner.callee)
      const [argument] = inner.arguments
      const spokenOn = !isLast && inner.arguments.length === 1
      if (spokenOn && callee.type === 'MemberExpression' && !isBuilder(callee)) keys.unshift(argument)
      inner = callee
      if (inner.type !== 'MemberExpression') break
    }
    const { property } = inner
    if (!inner.computed && typeof property.name === 'string') {
      words.unshift(property.name)
      if (!ENDINGS.has(property.name)) isLast = false
    }
    inner = bare(inner.object)
  }
  return { words, keys }
}

/** The words of a builder come after its `rule()`, and what they take is body. */
function isBuilder(callee: TreeNode): boolean {
  for (let inner = bare(callee.object); ; inner = bare(inner.type === 'CallExpression' ? inner.callee : inner.object)) {
    if (inner.type !== 'CallExpression' && inner.type !== 'MemberExpression') return false
    if (inner.type === 'MemberExpression' && inner.property.name === 'rule') return true
  }
}

function operationOf(words: readonly string[]): string | undefined {
  known ??= new Set(operationIds())
  const verb = words.at(-1)
  for (let groups = words.length - 1; groups > 0; groups -= 1) {
    const name = [...words.slice(0, groups), verb].join('.')
    if (known.has(name)) return name
  }
  return undefined
}
