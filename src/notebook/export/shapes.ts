import { bare, nodesOf, type TreeNode } from '../../code/index.ts'
import { bindingsOf } from './names.ts'

export const LOOPS = new Set(['ForStatement', 'ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement'])
/** Where `yield*` needs no parentheses. */
export const ROOMY = new Set([
  'VariableDeclarator',
  'ExpressionStatement',
  'ReturnStatement',
  'AssignmentExpression',
  'ArrayExpression',
  'ForOfStatement',
  'TemplateLiteral',
  'SpreadElement',
  'Property',
])

/** `plan.run()`, `plan.run({ … })` and either with `.outcome()`. */
export function isRun(node: TreeNode): boolean {
  const inner = bare(node)
  if (inner.type !== 'CallExpression') return false
  const callee = bare(inner.callee)
  if (callee.type !== 'MemberExpression' || callee.computed) return false
  if (callee.property.name === 'outcome') return isRun(callee.object)
  return callee.property.name === 'run' && inner.arguments.length <= 2
}

/** The names that are declared anywhere within a node. */
export function declaredWithin(node: TreeNode): readonly string[] {
  return [...nodesOf(node)].flatMap((each) =>
    each.type === 'VariableDeclarator' ? bindingsOf(each.id).map(({ name }) => name as string) : [],
  )
}

export function isConsole(callee: TreeNode): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee.object.name === 'console' &&
    /^(log|info|debug|warn|error|table|dir)$/.test(callee.property.name ?? '')
  )
}

export function isPromiseAll(callee: TreeNode): boolean {
  return callee.type === 'MemberExpression' && callee.object.name === 'Promise' && callee.property.name === 'all'
}

export function isAwaitedStep(init: TreeNode): boolean {
  return bare(init).type === 'AwaitExpression'
}

export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
