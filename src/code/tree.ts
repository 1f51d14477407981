/** A node of a syntax tree; which members it has, its type tells. */
export interface TreeNode {
  readonly type: string
  readonly start: number
  readonly end: number
  // biome-ignore lint/suspicious/noExplicitAny: the parser's TypeScript nodes have no declared types.
  readonly [member: string]: any
}

/** The nodes directly below a node, in the order of the text. */
export function childrenOf(node: TreeNode): readonly TreeNode[] {
  return Object.entries(node)
    .filter(([name]) => name !== 'parent' && name !== 'loc')
    .flatMap(([, member]) => member as unknown)
    .filter(isNode)
    .sort((a, b) => a.start - b.start)
}

/** A node and all below it. */
export function* nodesOf(node: TreeNode): Generator<TreeNode, void, undefined> {
  yield node
  for (const child of childrenOf(node)) yield* nodesOf(child)
}

export function isNode(value: unknown): value is TreeNode {
  return typeof (value as { type?: unknown } | null | undefined)?.type === 'string'
}

export function isFunction({ type }: TreeNode): boolean {
  return type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression'
}

/** The expression without what only the compiler sees: `x!`, `x as T`, `(x)`. */
export function bare(node: TreeNode): TreeNode {
  switch (node.type) {
    case 'TSNonNullExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return bare(node.expression)
    default:
      return node
  }
}
