import { childrenOf, isFunction, isNode, type TreeNode } from '../../code/index.ts'

/** A place where a statement uses a name that its own functions and blocks do not declare. */
export interface NameUse {
  readonly name: string
  readonly node: TreeNode
  /** `declare` where the statement itself makes the name. */
  readonly role: 'declare' | 'refer'
}

/** The outermost names that a statement declares and refers to. */
export function namesIn(statement: TreeNode): readonly NameUse[] {
  const uses: NameUse[] = []
  new Finder(uses).statement(statement, [])
  return uses
}

/** The names that a pattern binds, as their nodes. */
export function bindingsOf(pattern: TreeNode | null | undefined): readonly TreeNode[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern]
    case 'ObjectPattern':
      return pattern.properties.flatMap((each: TreeNode) => bindingsOf(each.value ?? each.argument))
    case 'ArrayPattern':
      return pattern.elements.flatMap((each: TreeNode | null) => bindingsOf(each))
    case 'AssignmentPattern':
      return bindingsOf(pattern.left)
    case 'RestElement':
      return bindingsOf(pattern.argument)
    case 'TSParameterProperty':
      return bindingsOf(pattern.parameter)
    default:
      return []
  }
}

type Scopes = readonly ReadonlySet<string>[]

class Finder {
  readonly #uses: NameUse[]

  constructor(uses: NameUse[]) {
    this.#uses = uses
  }

  /** @param scopes names of the functions and blocks around; none at the outermost level. */
  statement(node: TreeNode, scopes: Scopes): void {
    if (scopes.length === 0) for (const name of declaredBy(node)) this.#add(name, 'declare', scopes)
    this.visit(node, scopes)
  }

  visit(node: TreeNode, scopes: Scopes): void {
    if (isFunction(node)) return this.#function(node, scopes)
    switch (node.type) {
      case 'Identifier':
        this.#add(node, 'refer', scopes)
        return this.#types(node, scopes)
      case 'BlockStatement':
      case 'StaticBlock':
        return this.#within(node, scopes, node.body.flatMap(declaredBy))
      case 'SwitchStatement':
        return this.#within(
          node,
          scopes,
          node.cases.flatMap((each: TreeNode) => each.consequent.flatMap(declaredBy)),
        )
      case 'ForStatement':
        return this.#within(node, scopes, node.init ? declaredBy(node.init) : [])
      case 'ForInStatement':
      case 'ForOfStatement':
        return this.#within(node, scopes, declaredBy(node.left))
      case 'CatchClause':
        return this.#within(node, scopes, bindingsOf(node.param))
      case 'VariableDeclarator':
        this.#pattern(node.id, scopes)
        if (node.init) this.visit(node.init, scopes)
        return
      case 'Property':
        if (node.computed) this.visit(node.key, scopes)
        return this.visit(node.value, scopes)
      case 'MemberExpression':
        this.visit(node.object, scopes)
        if (node.computed) this.visit(node.property, scopes)
        return
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (node.computed) this.visit(node.key, scopes)
        for (const child of childrenOf(node)) if (child !== node.key) this.visit(child, scopes)
        return
      case 'ClassDeclaration':
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSEnumDeclaration':
        for (const child of childrenOf(node)) if (child !== node.id) this.visit(child, scopes)
        return
      case 'LabeledStatement':
        return this.visit(node.body, scopes)
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'ImportDeclaration':
        return
      case 'TSPropertySignature':
      case 'TSMethodSignature':
      case 'TSEnumMember':
        for (const child of childrenOf(node)) if (child !== node.key && child !== node.id) this.visit(child, scopes)
        return
      case 'TSFunctionType':
      case 'TSConstructorType':
        for (const child of childrenOf(node))
          if (child.type === 'Identifier') this.#types(child, scopes)
          else this.visit(child, scopes)
        return
      case 'TSQualifiedName':
        return this.visit(node.left, scopes)
      default:
        for (const child of childrenOf(node)) this.visit(child, scopes)
    }
  }

  #function(node: TreeNode, scopes: Scopes): void {
    const own: TreeNode[] = node.params.flatMap((each: TreeNode) => bindingsOf(each))
    if (node.type === 'FunctionExpression' && isNode(node.id)) own.push(node.id)
    const inner = [...scopes, namesOf(own)]
    for (const parameter of node.params) this.#pattern(parameter, inner)
    for (const child of childrenOf(node))
      if (child !== node.id && !node.params.includes(child)) this.visit(child, inner)
  }

  #within(node: TreeNode, scopes: Scopes, declared: readonly TreeNode[]): void {
    const inner = [...scopes, namesOf(declared)]
    for (const child of childrenOf(node)) this.visit(child, inner)
  }

  /** Bound names are no uses; default values, computed keys and types in a pattern are. */
  #pattern(node: TreeNode, scopes: Scopes): void {
    switch (node.type) {
      case 'Identifier':
        return this.#types(node, scopes)
      case 'AssignmentPattern':
        this.#pattern(node.left, scopes)
        return this.visit(node.right, scopes)
      case 'ObjectPattern':
        for (const each of node.properties) {
          if (each.computed) this.visit(each.key, scopes)
          this.#pattern(each.value ?? each.argument, scopes)
        }
        return this.#types(node, scopes)
      case 'ArrayPattern':
        for (const each of node.elements) if (each !== null) this.#pattern(each, scopes)
        return this.#types(node, scopes)
      case 'RestElement':
        return this.#pattern(node.argument, scopes)
      case 'TSParameterProperty':
        return this.#pattern(node.parameter, scopes)
      default:
        return this.visit(node, scopes)
    }
  }

  #types(node: TreeNode, scopes: Scopes): void {
    if (isNode(node.typeAnnotation)) this.visit(node.typeAnnotation, scopes)
  }

  #add(node: TreeNode, role: NameUse['role'], scopes: Scopes): void {
    const { name } = node
    if (typeof name === 'string' && !scopes.some((scope) => scope.has(name))) this.#uses.push({ name, node, role })
  }
}

/** The names that a statement makes for the statements beside it. */
export function declaredBy(node: TreeNode): readonly TreeNode[] {
  switch (node.type) {
    case 'VariableDeclaration':
      return node.declarations.flatMap((each: TreeNode) => bindingsOf(each.id))
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSEnumDeclaration':
      return isNode(node.id) ? [node.id] : []
    case 'ExportNamedDeclaration':
      return isNode(node.declaration) ? declaredBy(node.declaration) : []
    default:
      return []
  }
}

function namesOf(nodes: readonly TreeNode[]): ReadonlySet<string> {
  return new Set(nodes.map(({ name }) => name as string))
}
